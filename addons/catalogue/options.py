"""Fields of questions and answers of configurable products; which record types they are is in `records.py`."""

from collections.abc import Iterator
from typing import Any

from core.api import Env, Invalid, _, fields, validates

from . import checks, choices


class Asked:
    """A question: whose it is, and how many of its options are chosen."""


    product = fields.Link("catalogue.product", _("Product"), on_delete="cascade")
    family = fields.Link("catalogue.family", _("Family"), on_delete="cascade")
    name = fields.Text(_("Question"), size=160, required=True, search=True, spoken="other_names")
    other_names = fields.Names(_("In other languages"), search=True)
    minimum = fields.Integer(_("At least"), required=True, default=0, minimum=0, maximum=100,
                             help=_("How many of the options must be chosen; 1 makes the question required."))
    maximum = fields.Integer(_("At most"), default=1, minimum=1, maximum=100,
                             help=_("1 makes the options exclude each other; empty: any number."))
    position = fields.Integer(_("Position"), default=10, minimum=0)
    options = fields.Children("catalogue.option", _("Options"), by="group", owned=True)

    @validates("product", "family", "minimum", "maximum")
    def sound(records: list[Any], env: Env) -> Iterator[Invalid]:
        """The question belongs to a product or to a family, and can be answered."""
        for record in records:
            if (record.product is None) == (record.family is None):
                yield Invalid(record, "product", _("Choose either a product or a family."))
            if record.maximum is not None and record.maximum < record.minimum:
                yield Invalid(record, "maximum", _("This is less than “at least”."))


class Offered:
    """An answer: its price, its quantities, and what it goes with."""


    group = fields.Link("catalogue.option_group", _("Group of options"), required=True, on_delete="cascade")
    name = fields.Text(_("Name"), size=160, required=True, search=True, spoken="other_names")
    other_names = fields.Names(_("In other languages"), search=True)
    product = fields.Link("catalogue.product", _("Product"), on_delete="restrict",
                          help=_("What is delivered; empty for a mere feature."))
    price_method = fields.Choice(_("Price"), options=choices.OPTION_PRICES, required=True, default="included")
    amount = fields.Money(_("Amount"), currency="currency")
    currency = fields.Link("base.currency", _("Currency"), on_delete="restrict", index=False)
    percent = fields.Percent(_("Percent"))
    chosen = fields.Flag(_("Chosen at first"))
    least = fields.Decimal(_("Fewest"), default=1, minimum=0, places=0, required=True)
    most = fields.Decimal(_("Most"), default=1, minimum=0, places=0, required=True)
    position = fields.Integer(_("Position"), default=10, minimum=0)
    requires = fields.Many("catalogue.option", _("Needs"), help=_("All of these must be chosen too."))
    excludes = fields.Many("catalogue.option", _("Does not go with"))

    @validates("price_method", "product", "amount", "currency", "percent", "least", "most")
    def sound(records: list[Any], env: Env) -> Iterator[Invalid]:
        """What the price needs is there."""
        yield from checks.options(records)
