"""What all papers with lines have in common: to whom, in what, with which conditions, and what it comes to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from core.api import TODAY, Change, Env, Invalid, _, fields, validates

from . import choices, lines, naming


def base_currency(env: Env) -> int | None:
    """The currency of one's own company."""
    code = env.actor.settings.get("currency") or env.installation.settings.locale.currency
    found = env.query("base.currency").where(f'code == "{code}"').ids(1)
    return found[0] if found else None


def own_company(env: Env) -> int | None:
    """The company of one's own that sells: the person's first, or the first there is."""
    if env.actor.company_ids:
        return min(env.actor.company_ids)
    with env.elevated("own company on a paper") as sudo:
        found = sudo.query("base.company").order("id").ids(1)
    return found[0] if found else None


def prefers_toman(env: Env) -> bool:
    """Whether the person who writes a paper reads rial as Toman."""
    return bool(env.actor.settings.get("toman"))


class Numbered:
    """Gets a number of a series without gaps when it leaves its draft."""

    number = fields.Text(_("Number"), size=60, readonly=True, copyable=False, search=True, index=True)

    @classmethod
    def number_kind(cls, record: Any) -> tuple[str, tuple[str, ...]]:
        """The series of a record, and the states in which it has a number."""
        raise NotImplementedError

    @classmethod
    def before_save(cls, env: Env, change: Change) -> None:
        """What leaves its draft gets a number."""
        super().before_save(env, change)  # type: ignore[misc]
        naming.number_entering(env, change, cls.number_kind)


class Paper(Numbered):
    """Number, name, account and conditions: of every paper, with or without lines."""

    name = fields.Text(_("Name"), size=255, readonly=True, copyable=False, search=True, tracked=False)
    subject = fields.Text(_("Subject"), size=160, required=True, search=True)
    account = fields.Link("contacts.account", _("Account"), required=True, on_delete="restrict")
    contact = fields.Link("contacts.contact", _("Contact"), on_delete="clear")
    company = fields.Link("base.company", _("Our company"), default=own_company, on_delete="restrict", index=False)
    currency = fields.Link("base.currency", _("Currency"), required=True, default=base_currency, on_delete="restrict",
                           index=False)
    language = fields.Choice(_("Language of the document"), options=choices.LANGUAGES, required=True,
                             default=lambda env: env.lang[:2])
    in_toman = fields.Flag(_("Rial in Toman on the document"), default=prefers_toman,
                           help=_("Amounts in rial are printed in Toman, ten rials, and in words too. They are kept in rial."))
    date = fields.Date(_("Date"), required=True, default=TODAY, index=True)
    terms = fields.LongText(_("Terms"), size=10_000, help=_("Printed under the lines."))
    remarks = fields.LongText(_("Internal remarks"), size=10_000, help=_("Not printed."))

    @classmethod
    def before_save(cls, env: Env, change: Change) -> None:
        """The name says number and subject."""
        super().before_save(env, change)
        naming.name_papers(env, change)

    @validates("contact", "account")
    def contact_of_account(records: Sequence[Any], env: Env) -> Iterator[Invalid]:
        """Who is written to belongs to the account that is written to."""
        yield from naming.foreign_contacts(records, env)


class Trade(Paper):
    """A paper with lines: discounts for the whole, and its sums, which are what its lines say."""

    price_list = fields.Link("catalogue.price_list", _("Price list"), on_delete="restrict", index=False,
                             help=_("Empty: the one that fits the customer."))
    customer_reference = fields.Text(_("Customer's reference"), size=120, search=True)
    billing_address = fields.LongText(_("Billing address"), size=2000)
    shipping_address = fields.LongText(_("Shipping address"), size=2000)
    discount_percent = fields.Percent(_("Discount on the whole"), minimum=0, maximum=100)
    discount_amount = fields.Money(_("Amount off the whole"), currency="currency", minimum=0)
    discount = fields.Money(_("Discounts"), currency="currency", readonly=True, default=0, copyable=False, tracked=False)
    net = fields.Money(_("Net"), currency="currency", readonly=True, default=0, copyable=False, tracked=False)
    tax = fields.Money(_("Taxes"), currency="currency", readonly=True, default=0, copyable=False, tracked=False)
    total = fields.Money(_("Total"), currency="currency", readonly=True, default=0, copyable=False, index=True)

    @classmethod
    def before_save(cls, env: Env, change: Change) -> None:
        """Addresses are the account's, unless others are written."""
        naming.fill_addresses(env, change)
        super().before_save(env, change)

    @classmethod
    def after_save(cls, env: Env, change: Change) -> None:
        """Amounts of lines and sums follow."""
        super().after_save(env, change)  # type: ignore[misc]
        lines.after_paper(env, change)


def in_order(records: Sequence[Any], begins: str, ends: str) -> Iterator[Invalid]:
    """Nothing ends before it begins."""
    for record in records:
        first, last = getattr(record, begins), getattr(record, ends)
        if isinstance(first, dt.date) and isinstance(last, dt.date) and last < first:
            yield Invalid(record, ends, _("This lies before the beginning."))
