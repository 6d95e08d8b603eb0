"""Orders on the page of a ticket, the service level on that of a contract."""

from core.api import on

LAYOUTS = [
    on("tickets.ticket", "form").insert("orders", into="related"),
    on("sales.contract", "form").insert("service_level", after=["automatic", "notice_days"]),
]
