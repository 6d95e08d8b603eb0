"""Lines on the page of a deal."""

from core.api import F, Form, List, Place, Quick, Related, Section, _, on

COLUMNS = ["product", "description", "quantity", "unit", "unit_price", "discount_percent", "net", "offered_price"]

LAYOUTS = [
    on("deals.deal", "form").insert(
        Related("lines", columns=COLUMNS, label=_("Product lines")), after=["deal_people", "people_section", "main"]).insert(
        Place("price_list"), after=["currency", "amount"]).insert(
        Place("lines_discount", visible=F.lines_count > 0), after=["weighted"]),
    Form("deals.line",
         Section("main", "product", Place("description", span=2), "quantity", "unit", "unit_price", "discount_percent",
                 "discount_amount", label=_("Product line"), columns=2),
         Section("price", "list_price", "price_list", Place("reason", span=2), "net", label=_("Price"), columns=2)),
    List("deals.line", "deal", "product", "description", "quantity", "unit_price", "discount_percent", "net", order=["deal"]),
    Quick("deals.line", "deal", "product", "description", "quantity", "unit", "unit_price", "discount_percent"),
]
