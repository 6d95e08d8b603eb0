"""Deals on papers, papers on deals."""

from core.api import Related, _, on

LAYOUTS = [
    on("sales.quote", "form").insert("deal", after=["contact", "account"]).insert("primary", after=["deal"]),
    on("sales.order", "form").insert("deal", after=["contact", "account"]),
    on("sales.contract", "form").insert("deal", after=["order", "contact"]),
    on("deals.deal", "form")
    .insert(Related("sales_quotes", columns=["name", "status", "primary", "date", "total"], label=_("Quotes")))
    .insert(Related("sales_orders", columns=["name", "status", "date", "total"], label=_("Orders"))),
]
