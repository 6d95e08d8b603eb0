"""Product lines of deals: they make the amount of a deal that has any."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from addons.catalogue.lines import SETTLE, DocumentLine
from core.api import Change, Env, Extension, F, Invalid, Record, _, fields, rollup, validates

from . import lines


class Line(DocumentLine, Record):
    """A product (or something described) that a deal is about."""

    record_name = "deals.line"
    record_label = _("Product line")
    record_plural = _("Product lines")
    record_icon = "list-ul"
    record_title = "description"
    record_order = ("position", "id")
    record_parent = "deal"

    deal = fields.Link("deals.deal", _("Deal"), required=True, on_delete="cascade")

    @classmethod
    def after_save(cls, env: Env, change: Change) -> None:
        """The deal's amount follows its lines."""
        super().after_save(env, change)
        if change.source != SETTLE:
            lines.make_amounts(env, change)


class DealWithLines(Extension):
    """What lines come to, and the list they are priced by."""

    extends = "deals.deal"

    lines = fields.Children("deals.line", _("Product lines"), by="deal", owned=True)
    price_list = fields.Link("catalogue.price_list", _("Price list"), index=False)
    lines_count = rollup("lines", "count", label=_("Lines"))
    lines_net = rollup("lines", "sum", F.net, _("Sum of lines"), type="money")
    lines_discount = rollup("lines", "sum", F.discount, _("Discount of lines"), type="money")

    @validates("amount")
    def made_by_lines(records: list[Any], env: Env) -> Iterator[Invalid]:
        """Nobody types an amount over what the lines say."""
        for record in records:
            if record.get("lines_count") and record.amount != record.lines_net:
                yield Invalid(record, "amount", _("The product lines make the amount: change them instead."))

    @classmethod
    def after_save(cls, env: Env, change: Change) -> None:
        """New prices are offered when the list or the customer changed."""
        super().after_save(env, change)  # type: ignore[misc]
        lines.offer_prices(env, change)
