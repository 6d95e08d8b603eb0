"""Who may do what with sales papers, payments and purchases."""

from core.api import NOBODY, FieldGrant, Grant, PermissionSet, _

PERMISSION_SETS = [
    PermissionSet("sales.user", _("Sales: user"), implies=["contacts.user", "catalogue.user"],
                  help=_("Quotes, orders, shipments and contracts; drafts of invoices, which the accountant issues.")),
    PermissionSet("sales.accountant", _("Sales: accountant"), implies=["sales.user"],
                  help=_("Also issues invoices and credit notes, and posts and allocates payments.")),
    PermissionSet("sales.buyer", _("Sales: buyer"), implies=["contacts.user", "catalogue.buyer"], help=_("Orders from vendors.")),
    PermissionSet("sales.manager", _("Sales: manager"), implies=["sales.accountant", "sales.buyer"],
                  help=_("Also deletes drafts, transfers papers and decides about number series.")),
]
_OUT = ("export", "share")
_LINES = ("quote_line", "order_line", "shipment_line", "invoice_line")
GRANTS = [
    Grant("sales.quote", "sales.user", "crud", also=(*_OUT, "import", "mass_edit", "action:send", "action:order")),
    Grant("sales.order", "sales.user", "cru", also=(*_OUT, "import", "mass_edit", "action:confirm", "action:ship", "action:invoice")),
    Grant("sales.shipment", "sales.user", "crud", also=("export", "action:ship")),
    Grant("sales.contract", "sales.user", "cru", also=(*_OUT, "import", "mass_edit", "action:sign")),
    Grant("sales.invoice", "sales.user", "cru", also=_OUT),
    *(Grant(f"sales.{name}", "sales.user", "crud", also=("export", "import")) for name in _LINES),
    Grant("sales.payment", "sales.user", "r", also=("export",)),
    Grant("sales.allocation", "sales.user", "r", also=("export",)),
    Grant("sales.invoice", "sales.accountant", "d", also=("mass_edit", "action:issue", "action:pay")),
    Grant("sales.payment", "sales.accountant", "cud", also=("import", "action:post")),
    Grant("sales.purchase", "sales.buyer", "cru", also=(*_OUT, "import", "mass_edit", "action:send")),
    Grant("sales.purchase_line", "sales.buyer", "crud", also=("export", "import")),
    *(Grant(f"sales.{name}", "sales.manager", "d", also=("transfer",)) for name in
      ("quote", "order", "invoice", "purchase", "contract", "shipment", "payment")),
    Grant("sales.series", "sales.user", "r"),
    Grant("sales.series", "sales.manager", "cud"),
    FieldGrant("sales.quote", ["link_key"], NOBODY),
    FieldGrant("sales.invoice", ["link_key"], NOBODY),
]
