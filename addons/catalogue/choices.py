"""The picklists of the catalogue."""

from core.api import Option, _

LANGUAGES = [("fa", _("Persian")), ("en", _("English")), ("tr", _("Turkish")), ("ar", _("Arabic")), ("de", _("German")),
             ("fr", _("French")), ("ru", _("Russian")), ("zh", _("Chinese"))]
KINDS = [Option("goods", _("Goods"), "blue"), Option("service", _("Service"), "teal"), Option("bundle", _("Bundle"), "purple")]
LIST_KINDS = [Option("sale", _("Sales list"), "blue"), Option("special", _("Special offer"), "green"),
              Option("purchase", _("Supplier's list"), "amber")]
METHODS = [("amount", _("Fixed amount")), ("percent", _("Percent of the list it falls back on")),
           ("markup", _("Mark-up on cost")), ("margin", _("Margin on cost"))]
COSTS = [("current", _("Current cost")), ("standard", _("Standard cost"))]
ROUNDINGS = [("none", _("As calculated")), ("nearest", _("To the nearest")), ("up", _("Upwards")), ("down", _("Downwards"))]
WITH_TAX = [("tax", _("As the tax says")), ("included", _("Prices include tax")), ("excluded", _("Tax comes on top"))]
DISCOUNT_KINDS = [("percent", _("Percent")), ("each", _("Amount for each unit"))]
RULE_KINDS = [("percent", _("Percent of the line")), ("each", _("Amount for each unit")), ("document", _("Amount off the whole document"))]
OPTION_PRICES = [("included", _("Included in the price")), ("amount", _("Amount")), ("percent", _("Percent of the product's price")),
                 ("list", _("Price of its product in the price list"))]
