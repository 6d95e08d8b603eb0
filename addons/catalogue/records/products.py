"""Products, services and how they are sorted."""

from collections.abc import Iterator
from typing import Any

from core.api import Change, Env, Invalid, Record, _, fields, validates

from .. import checks, choices, names


class Category(Record):
    """A place in the tree of what is sold."""

    record_name = "catalogue.category"
    record_label = _("Product category")
    record_plural = _("Product categories")
    record_icon = "diagram-3"
    record_order = ("name",)

    name = fields.Text(_("Name"), size=160, required=True, search=True, spoken="other_names")
    other_names = fields.Names(_("In other languages"), search=True)
    parent = fields.Link("catalogue.category", _("Above it"), on_delete="restrict")
    description = fields.LongText(_("Description"), size=4000)
    children = fields.Children("catalogue.category", _("Below it"), by="parent")
    products = fields.Children("catalogue.product", _("Products"), by="category")

    @validates("parent")
    def no_circle(records: list[Any], env: Env) -> Iterator[Invalid]:
        """No category stands above itself."""
        yield from checks.no_circle(env, records, "catalogue.category", "parent")


class Family(Record):
    """Products of a kind, with options that all of them offer."""

    record_name = "catalogue.family"
    record_label = _("Product family")
    record_plural = _("Product families")
    record_icon = "collection"
    record_order = ("name",)

    name = fields.Text(_("Name"), size=160, required=True, unique=True, search=True, spoken="other_names")
    other_names = fields.Names(_("In other languages"), search=True)
    description = fields.LongText(_("Description"), size=4000)
    products = fields.Children("catalogue.product", _("Products"), by="family")
    groups = fields.Children("catalogue.option_group", _("Options"), by="family", owned=True)


class Product(Record):
    """Something that is sold: goods, a service, or a bundle whose parts are chosen."""

    record_name = "catalogue.product"
    record_label = _("Product")
    record_plural = _("Products")
    record_icon = "box-seam"
    record_order = ("name",)
    record_traits = ("noted",)
    record_indexes = (("category", "name"), ("kind", "name"))

    code = fields.Text(_("Code"), size=60, required=True, unique=True, search=True)
    name = fields.Text(_("Name"), required=True, search=True, index=True, spoken="other_names",
                       help=_("In the main language; other languages stand below."))
    other_names = fields.Names(_("In other languages"), readonly=True, copyable=False, tracked=False)
    kind = fields.Choice(_("Kind"), options=choices.KINDS, required=True, default="goods")
    category = fields.Link("catalogue.category", _("Category"), on_delete="restrict")
    family = fields.Link("catalogue.family", _("Family"), on_delete="restrict")
    unit_group = fields.Link("catalogue.unit_group", _("Unit group"), required=True, on_delete="restrict",
                             default=names.first_unit_group)
    unit = fields.Link("catalogue.unit", _("Default unit"), on_delete="restrict", within={"unit_group": "unit_group"},
                       help=_("Empty: the base unit of the group."))
    standard_cost = fields.Money(_("Standard cost"), currency="cost_currency", minimum=0, help=_("For one base unit."))
    current_cost = fields.Money(_("Current cost"), currency="cost_currency", minimum=0, help=_("For one base unit."))
    cost_currency = fields.Link("base.currency", _("Currency of costs"), on_delete="restrict", index=False)
    tax_class = fields.Link("catalogue.tax_class", _("Tax class"), on_delete="restrict", default=names.default_tax_class)
    picture = fields.Image(_("Picture"))
    active_from = fields.Date(_("Sold from"))
    active_to = fields.Date(_("Sold until"), help=_("Inclusive."))
    stock_text = fields.Text(_("Stock"), size=120, help=_("What people are told: in stock, in three weeks ..."))
    description = fields.LongText(_("Description"), size=20_000)
    tags = fields.Tags(_("Tags"))
    further_names = fields.LongText(_("Names in other languages"), readonly=True, search=True, copyable=False, tracked=False)
    translations = fields.Children("catalogue.translation", _("Other languages"), by="product", owned=True)
    groups = fields.Children("catalogue.option_group", _("Options"), by="product", owned=True)
    prices = fields.Children("catalogue.price", _("Prices"), by="product")

    @classmethod
    def before_save(cls, env: Env, change: Change) -> None:
        """Without a default unit it is the base unit of the group."""
        super().before_save(env, change)
        names.fill_units(env, change)

    @classmethod
    def after_save(cls, env: Env, change: Change) -> None:
        """Prices are found by the product's code."""
        super().after_save(env, change)
        names.follow_code(env, change)

    @validates("active_from", "active_to")
    def in_order(records: list[Any], env: Env) -> Iterator[Invalid]:
        """Nothing ends before it starts."""
        yield from checks.in_order(records, "active_from", "active_to")


class Translation(Record):
    """Code, name and description of a product in another language, as documents in that language use them."""

    record_name = "catalogue.translation"
    record_label = _("Product in another language")
    record_plural = _("Products in other languages")
    record_icon = "translate"
    record_parent = "product"
    record_unique = (("product", "language"),)

    product = fields.Link("catalogue.product", _("Product"), required=True, on_delete="cascade")
    language = fields.Choice(_("Language"), options=choices.LANGUAGES, required=True)
    name = fields.Text(_("Name"), required=True)
    code = fields.Text(_("Code"), size=60, help=_("Empty: as in the main language."))
    description = fields.LongText(_("Description"), size=20_000)

    @classmethod
    def after_save(cls, env: Env, change: Change) -> None:
        """Products are found by their names in all languages."""
        super().after_save(env, change)
        names.gather(env, change)
