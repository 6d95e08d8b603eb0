"""Classes of taxes and their rates."""

from collections.abc import Iterator
from typing import Any

from core.api import Env, Invalid, Record, _, fields, validates

from .. import checks


class TaxClass(Record):
    """What products have in common for the tax office: taxable, reduced, exempt."""

    record_name = "catalogue.tax_class"
    record_label = _("Tax class")
    record_plural = _("Tax classes")
    record_icon = "bank"
    record_order = ("name",)

    name = fields.Text(_("Name"), size=120, required=True, unique=True, search=True, spoken="other_names")
    other_names = fields.Names(_("In other languages"), search=True)
    shipped = fields.Text(_("Shipped as"), size=40, readonly=True, copyable=False, tracked=False)
    is_default = fields.Flag(_("For new products"))
    taxes = fields.Children("catalogue.tax", _("Taxes"), by="tax_class", owned=True)


class Tax(Record):
    """A rate that a class of products bears in a country or a part of it, for a time."""

    record_name = "catalogue.tax"
    record_label = _("Tax")
    record_plural = _("Taxes")
    record_icon = "percent"
    record_order = ("name", "-starts")
    record_parent = "tax_class"

    tax_class = fields.Link("catalogue.tax_class", _("Tax class"), required=True, on_delete="cascade")
    name = fields.Text(_("Name"), size=120, required=True, search=True, spoken="other_names")
    other_names = fields.Names(_("In other languages"), search=True)
    country = fields.Link("base.country", _("Country"), on_delete="restrict", help=_("Empty: everywhere."))
    state = fields.Text(_("Province"), size=120, help=_("Empty: in the whole country."))
    percent = fields.Percent(_("Rate", context="tax"), required=True, minimum=0, maximum=1000)
    included = fields.Flag(_("Inside the price"), help=_("Prices hold this tax already, unless the price list says otherwise."))
    starts = fields.Date(_("From"))
    ends = fields.Date(_("To, inclusive"))

    @validates("starts", "ends")
    def in_order(records: list[Any], env: Env) -> Iterator[Invalid]:
        """Nothing ends before it starts."""
        yield from checks.in_order(records)
