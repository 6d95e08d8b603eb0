"""Discounts by quantity and condition, and how far people may go."""

from collections.abc import Iterator
from typing import Any

from core.api import Env, Invalid, Record, _, fields, validates

from .. import checks, choices


class DiscountList(Record):
    """Discounts by quantity, in tiers."""

    record_name = "catalogue.discount_list"
    record_label = _("Discount list")
    record_plural = _("Discount lists")
    record_icon = "sort-down"
    record_order = ("name",)

    name = fields.Text(_("Name"), size=160, required=True, unique=True, search=True, spoken="other_names")
    other_names = fields.Names(_("In other languages"), search=True)
    kind = fields.Choice(_("Kind"), options=choices.DISCOUNT_KINDS, required=True, default="percent")
    currency = fields.Link("base.currency", _("Currency"), on_delete="restrict", index=False)
    tiers = fields.Children("catalogue.discount_tier", _("Tiers"), by="list", owned=True)

    @validates("kind", "currency")
    def has_currency(records: list[Any], env: Env) -> Iterator[Invalid]:
        """Amounts are in a currency."""
        for record in records:
            if record.kind == "each" and record.currency is None:
                yield Invalid(record, "currency", _("Choose the currency of the amounts."))


class DiscountTier(Record):
    """From which quantity how much is taken off."""

    record_name = "catalogue.discount_tier"
    record_label = _("Discount tier")
    record_plural = _("Discount tiers")
    record_title = "quantity"
    record_order = ("quantity",)
    record_parent = "list"
    record_unique = (("list", "quantity"),)

    list = fields.Link("catalogue.discount_list", _("Discount list"), required=True, on_delete="cascade")
    quantity = fields.Decimal(_("From quantity"), required=True, minimum=0)
    value = fields.Decimal(_("Discount"), required=True, minimum=0, help=_("Percent, or an amount for each unit."))


class Discount(Record):
    """A discount by rule: flat for everybody, or differential by a condition over customer, product and order."""

    record_name = "catalogue.discount"
    record_label = _("Discount rule")
    record_plural = _("Discount rules")
    record_icon = "scissors"
    record_order = ("name",)

    name = fields.Text(_("Name"), size=160, required=True, unique=True, search=True, spoken="other_names")
    other_names = fields.Names(_("In other languages"), search=True)
    kind = fields.Choice(_("Kind"), options=choices.RULE_KINDS, required=True, default="percent")
    percent = fields.Percent(_("Percent"), minimum=0, maximum=100)
    amount = fields.Money(_("Amount"), currency="currency", minimum=0)
    currency = fields.Link("base.currency", _("Currency"), on_delete="restrict", index=False)
    category = fields.Link("catalogue.category", _("Only this category"), on_delete="restrict", help=_("With all below it."))
    family = fields.Link("catalogue.family", _("Only this family"), on_delete="restrict", index=False)
    condition = fields.LongText(_("Condition"), size=4000, help=_(
        "An expression over account, product, quantity, amount, order_amount, order_quantity and order_lines, such as "
        "account.type == \"customer\" and order_amount > 500000000. Empty: for everybody."))
    starts = fields.Date(_("From"))
    ends = fields.Date(_("To, inclusive"))
    combines = fields.Flag(_("Together with others"), help=_("Added to other discounts of this kind; otherwise the best one alone counts."))
    active = fields.Flag(_("Active"), default=True)

    @validates("kind", "percent", "amount", "currency", "condition", "starts", "ends")
    def sound(records: list[Any], env: Env) -> Iterator[Invalid]:
        """The value is there and the condition can be read."""
        yield from checks.in_order(records)
        yield from checks.discounts(env, records)


class Ceiling(Record):
    """How much below the price by the rules people of a profile may go without asking."""

    record_name = "catalogue.ceiling"
    record_label = _("Discount ceiling")
    record_plural = _("Discount ceilings")
    record_icon = "shield-check"
    record_title = "percent"
    record_order = ("percent",)

    profile = fields.Link("base.profile", _("Profile"), unique=True, on_delete="cascade", help=_("Empty: everybody else."))
    percent = fields.Percent(_("Highest discount"), required=True, minimum=0, maximum=100)
