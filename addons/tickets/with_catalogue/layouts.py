"""The product on the page and in the filters of tickets."""

from core.api import Place, on

LAYOUTS = [
    on("tickets.ticket", "form").insert("product", after=["category"]),
    on("tickets.ticket", "search").insert(Place("product", quick=True)),
]
