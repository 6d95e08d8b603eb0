"""Price lists and their prices."""

from collections.abc import Iterator
from typing import Any

from addons.contacts import choices as shared
from core.api import Change, Env, Invalid, Record, _, fields, validates

from .. import checks, choices, names


class PriceList(Record):
    """What things cost, for whom and for how long; what it lacks is looked up in the list it falls back on."""

    record_name = "catalogue.price_list"
    record_label = _("Price list")
    record_plural = _("Price lists")
    record_icon = "tags"
    record_order = ("name",)

    name = fields.Text(_("Name"), size=160, required=True, unique=True, search=True, spoken="other_names")
    other_names = fields.Names(_("In other languages"), search=True)
    kind = fields.Choice(_("Kind"), options=choices.LIST_KINDS, required=True, default="sale")
    currency = fields.Link("base.currency", _("Currency"), required=True, on_delete="restrict")
    active = fields.Flag(_("Active"), default=True)
    starts = fields.Date(_("From"))
    ends = fields.Date(_("To, inclusive"))
    parent = fields.Link("catalogue.price_list", _("Falls back on"), on_delete="restrict")
    priority = fields.Integer(_("Priority"), default=0, help=_("Of lists that fit equally well the higher one is taken."))
    supplier = fields.Link("contacts.account", _("Supplier"), on_delete="restrict")
    accounts = fields.Many("contacts.account", _("For these accounts"))
    account_types = fields.MultiChoice(_("For these types of accounts"), options=shared.ACCOUNT_TYPES)
    territories = fields.LongText(_("For these territories"), size=2000, help=_("One a line, as written on the accounts."))
    rounding = fields.Choice(_("Rounding"), options=choices.ROUNDINGS, required=True, default="none",
                             help=_("Of calculated prices; fixed amounts stay."))
    step = fields.Money(_("To steps of"), currency="currency", minimum=0)
    ending = fields.Money(_("Ending in"), currency="currency", minimum=0,
                          help=_("With steps of 1,000 and the ending 990, prices become 1,990, 2,990 ..."))
    with_tax = fields.Choice(_("Tax"), options=choices.WITH_TAX, required=True, default="tax")
    discount_list = fields.Link("catalogue.discount_list", _("Discount list"), on_delete="restrict", index=False)
    description = fields.LongText(_("Description"), size=4000)
    prices = fields.Children("catalogue.price", _("Prices"), by="price_list", owned=True)
    children = fields.Children("catalogue.price_list", _("Lists that fall back on it"), by="parent")

    @validates("parent", "currency")
    def chain(records: list[Any], env: Env) -> Iterator[Invalid]:
        """No list falls back on itself, nor on one in another currency."""
        yield from checks.no_circle(env, records, "catalogue.price_list", "parent")
        yield from checks.same_currency(env, records)

    @validates("starts", "ends", "kind", "supplier", "rounding", "step", "ending")
    def sound(records: list[Any], env: Env) -> Iterator[Invalid]:
        """Dates are in order, a supplier's list has a supplier, and rounding has its step."""
        yield from checks.in_order(records)
        yield from checks.price_lists(records)


class Price(Record):
    """The price of a product in a list: for one unit, from a quantity upwards."""

    record_name = "catalogue.price"
    record_label = _("Price")
    record_plural = _("Prices")
    record_icon = "tag"
    record_title = "code"
    record_order = ("code", "minimum_quantity")
    record_parent = "price_list"
    record_unique = (("price_list", "product", "unit", "minimum_quantity"),)

    price_list = fields.Link("catalogue.price_list", _("Price list"), required=True, on_delete="cascade")
    product = fields.Link("catalogue.product", _("Product"), required=True, on_delete="cascade")
    unit = fields.Link("catalogue.unit", _("Unit"), on_delete="restrict", index=False, within={"product.unit_group": "unit_group"},
                       help=_("Empty: the product's default unit."))
    minimum_quantity = fields.Decimal(_("From quantity"), default=0, minimum=0, required=True)
    method = fields.Choice(_("Method"), options=choices.METHODS, required=True, default="amount")
    amount = fields.Money(_("Amount"), currency="currency", minimum=0)
    percent = fields.Percent(_("Percent"))
    cost = fields.Choice(_("Which cost"), options=choices.COSTS, default="current", required=True)
    discount_list = fields.Link("catalogue.discount_list", _("Discount list"), on_delete="restrict", index=False)
    currency = fields.Link("base.currency", _("Currency"), readonly=True, on_delete="restrict", index=False)
    code = fields.Text(_("Product code"), size=60, readonly=True, search=True, index=True, copyable=False, tracked=False)

    @classmethod
    def before_save(cls, env: Env, change: Change) -> None:
        """The unit is the product's unless another is named; the currency is the list's."""
        super().before_save(env, change)
        names.fill_prices(env, change)

    @validates("method", "amount", "percent", "product", "unit", "price_list")
    def sound(records: list[Any], env: Env) -> Iterator[Invalid]:
        """What the method needs is there, and the unit is one of the product's."""
        yield from checks.prices(env, records)
