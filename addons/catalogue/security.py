"""Who may do what with products, prices and discounts."""

from core.api import F, FieldGrant, Grant, PermissionSet, _

PERMISSION_SETS = [
    PermissionSet("catalogue.user", _("Catalogue: user"), implies=["contacts.user"],
                  help=_("Sees products, sales prices and discounts, and prices documents by them.")),
    PermissionSet("catalogue.buyer", _("Catalogue: buyer"), implies=["catalogue.user"],
                  help=_("Also sees costs and suppliers' price lists, and keeps the latter.")),
    PermissionSet("catalogue.manager", _("Catalogue: manager"), implies=["catalogue.buyer"],
                  help=_("Decides about products, prices, discounts, taxes and ceilings.")),
]
_OPEN = ("unit_group", "unit", "category", "family", "tax_class", "tax", "product", "translation", "option_group", "option",
         "price", "discount_list", "discount_tier", "discount", "ceiling")
_KEPT = ("import", "export", "mass_edit")
GRANTS = [
    *(Grant(f"catalogue.{name}", "catalogue.user", "r") for name in _OPEN),
    *(Grant(f"catalogue.{name}", "catalogue.manager", "cud", also=_KEPT) for name in _OPEN),
    Grant("catalogue.product", "catalogue.user", also=("export",)),
    Grant("catalogue.price_list", "catalogue.user", "r", where=F.kind != "purchase"),
    Grant("catalogue.price_list", "catalogue.buyer", "r"),
    Grant("catalogue.price_list", "catalogue.buyer", "cud", where=F.kind == "purchase"),
    Grant("catalogue.price", "catalogue.buyer", "cud", where=F.price_list.kind == "purchase", also=("import",)),
    Grant("catalogue.price_list", "catalogue.manager", "cud", also=_KEPT),
    FieldGrant("catalogue.price", ["percent", "cost"], "catalogue.buyer", "ru"),  # a price and its mark-up tell the cost
    FieldGrant("catalogue.product", ["standard_cost", "current_cost", "cost_currency"], "catalogue.buyer", "ru"),
]
