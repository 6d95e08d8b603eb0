"""The Sales app in the navigation."""

from core.api import MenuItem, _

MENU = (
    MenuItem("sales", _("Sales"), icon="receipt", record="sales.quote", order=30),
    MenuItem("sales_quotes", _("Quotes"), icon="file-earmark-text", record="sales.quote", app="sales", order=10),
    MenuItem("sales_orders", _("Orders"), icon="bag", record="sales.order", app="sales", order=20),
    MenuItem("sales_shipments", _("Shipments"), icon="truck", record="sales.shipment", app="sales", order=30),
    MenuItem("sales_invoices", _("Invoices"), icon="receipt", record="sales.invoice", app="sales", order=40),
    MenuItem("sales_payments", _("Payments"), icon="cash-coin", record="sales.payment", app="sales", order=50),
    MenuItem("sales_contracts", _("Contracts"), icon="file-earmark-ruled", record="sales.contract", app="sales", order=60),
    MenuItem("sales_purchases", _("Purchase orders"), icon="cart", record="sales.purchase", app="sales", order=70),
    MenuItem("sales_series", _("Number series"), icon="123", record="sales.series", app="sales", order=90),
)
