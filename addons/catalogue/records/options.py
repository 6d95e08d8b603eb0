"""What is asked when a product is configured."""


from core.api import Record, _

from ..options import Asked, Offered


class OptionGroup(Asked, Record):
    """A question that the configurator asks: which of these, and how many of them."""

    record_name = "catalogue.option_group"
    record_label = _("Group of options")
    record_plural = _("Groups of options")
    record_icon = "ui-radios"
    record_order = ("position", "name")


class ProductOption(Offered, Record):
    """One answer: a product or a feature, its price, and what it needs or excludes."""

    record_name = "catalogue.option"
    record_label = _("Option")
    record_plural = _("Options")
    record_icon = "check2-square"
    record_order = ("position", "name")
    record_parent = "group"
