"""Lines of documents: the fields that quotes, orders, invoices and deals have in common, and how they are priced.

    class QuoteLine(DocumentLine, Record):
        record_name = "sales.quote_line"
        record_parent = "quote"
        quote = fields.Link("sales.quote", _("Quote"), required=True, on_delete="cascade")

The parent says what is needed by fields of these names, as far as it has them: `account`, `currency`, `date`, `price_list`,
`discount_percent`, `discount_amount`. Override `line_terms` where it calls them otherwise. Its sums are roll-ups:
`total = rollup("lines", "sum", F.total, _("Total"), type="money")`, and `held = rollup("lines", "count", where=F.held)`.

A new line is priced by the lists. A line that is there keeps its price when its quantity or its document's list changes: what the
price would be now stands in `offered` and `offered_price`, until somebody takes it over (`take_offers`) or keeps the old one
(`keep_prices`). A price typed by hand is never offered away. Lines written with source "copy" keep all their values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from core.api import Change, Env, F, Invalid, Message, _, action, fields, validates

from . import linework
from .asks import DocumentTerms

__all__ = ["COPY", "SETTLE", "DocumentLine", "DocumentTerms", "held_lines", "reprice", "settle"]

COPY, SETTLE = "copy", "settle"
"""Sources of writes that price nothing: lines copied with their prices, and the amounts that follow from lines."""


class DocumentLine:
    """Fields and behaviour of a line; mixed into a record type whose `record_parent` is the link to its document."""

    product = fields.Link("catalogue.product", _("Product"), on_delete="restrict")
    description = fields.Text(_("Description"), size=1000, search=True)
    quantity = fields.Decimal(_("Quantity"), required=True, default=1, places=2)
    unit = fields.Link("catalogue.unit", _("Unit"), on_delete="restrict", index=False, within={"product.unit_group": "unit_group"})
    unit_price = fields.Money(_("Unit price"), currency="currency", help=_("Empty: by the price list."))
    discount_percent = fields.Percent(_("Discount %"), minimum=0, maximum=100)
    discount_amount = fields.Money(_("Discount amount"), currency="currency", minimum=0, help=_("Off the whole line."))
    tax_class = fields.Link("catalogue.tax_class", _("Tax class"), on_delete="restrict", index=False)
    position = fields.Integer(_("Position"), default=0)
    configuration = fields.Data(_("Chosen options"))
    price_list = fields.Link("catalogue.price_list", _("Price list"), readonly=True, on_delete="clear", index=False)
    currency = fields.Link("base.currency", _("Currency"), readonly=True, on_delete="restrict", index=False)
    list_price = fields.Money(_("List price"), currency="currency", readonly=True, tracked=False)
    fair_price = fields.Money(_("Price by the rules"), currency="currency", readonly=True, tracked=False)
    by_hand = fields.Flag(_("Price typed by hand"), readonly=True)
    reason = fields.LongText(_("Where the price comes from"), size=4000, readonly=True, tracked=False)
    offered_price = fields.Money(_("New price"), currency="currency", readonly=True, tracked=False, copyable=False)
    offered = fields.Data("", readonly=True, tracked=False, copyable=False)
    discount = fields.Money(_("Discount"), currency="currency", readonly=True, tracked=False)
    net = fields.Money(_("Net"), currency="currency", readonly=True, tracked=False)
    taxes = fields.Data("", readonly=True, tracked=False)
    tax = fields.Money(_("Tax"), currency="currency", readonly=True, tracked=False)
    total = fields.Money(_("Total"), currency="currency", readonly=True, tracked=False)
    concession = fields.Percent(_("Below the rules"), readonly=True, tracked=False,
                                help=_("How far the price is below what lists and discounts give."))
    held = fields.Flag(_("Held"), readonly=True, copyable=False, help=_("The discount is above what its giver may decide alone."))
    released_percent = fields.Percent(_("Released up to"), readonly=True, copyable=False)

    @classmethod
    def line_terms(cls, env: Env, document: str, ids: Sequence[int]) -> Mapping[int, DocumentTerms]:
        """What documents say about prices: by default, from fields of the usual names."""
        return linework.usual_terms(env, document, ids)

    @classmethod
    def before_save(cls, env: Env, change: Change) -> None:
        """New products are priced; a changed quantity finds what the price would be now."""
        super().before_save(env, change)  # type: ignore[misc]  # of Record, beside which this stands
        if change.source not in (COPY, SETTLE) and change.action in ("create", "update"):
            linework.price_lines(env, change, cls.line_terms)

    @classmethod
    def after_save(cls, env: Env, change: Change) -> None:
        """The amounts of the whole document follow."""
        super().after_save(env, change)  # type: ignore[misc]
        if change.source != SETTLE:
            linework.settle_parents(env, change, cls.line_terms)

    @validates("product", "description", "unit_price")
    def something(records: list[Any], env: Env) -> Iterator[Invalid]:
        """A line is about a product or says what it is, and has a price."""
        for record in records:
            if record.product is None and not record.description:
                yield Invalid(record, "product", _("Choose a product or write a description."))
            if record.product is None and record.unit_price is None:
                yield Invalid(record, "unit_price", _("Write the price: there is no list for a line without a product."))

    @action(_("Take the new prices"), icon="arrow-repeat", where=F.offered_price.not_null())
    def take_offers(records: list[Any], env: Env) -> Message | str:
        """Prices that were found after a change of quantity or list replace the old ones."""
        return linework.take_offers(env, records)

    @action(_("Keep the old prices"), icon="x-lg", where=F.offered_price.not_null())
    def keep_prices(records: list[Any], env: Env) -> Message | str:
        """The offers are put aside."""
        return linework.keep_prices(env, records)

    @action(_("Release the discount"), icon="unlock", where=F.held)
    def release(records: list[Any], env: Env) -> Message | str:
        """Whoever may give this discount takes it upon themselves."""
        return linework.release(env, records)


def reprice(env: Env, record: str, documents: Sequence[int]) -> int:
    """Find new prices for all lines of documents whose list, customer or date changed; returns how many are offered."""
    return linework.offer(env, record, documents)


def settle(env: Env, record: str, documents: Sequence[int]) -> None:
    """Bring the amounts of all lines up to date, after a discount of the document or its rounding changed."""
    linework.settle(env, record, documents)


def held_lines(env: Env, record: str, documents: Sequence[int]) -> list[int]:
    """Lines whose discount waits for a release: what must not be sent to a customer yet."""
    parent = env.registry.record(record).parent
    assert parent is not None
    return env.query(record).holding(parent, documents).where(F.held).order("id").ids()
