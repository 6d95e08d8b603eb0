"""The Tickets app in the navigation."""

from core.api import MenuItem, _

from .service_menu import SERVICE_MANAGED, SERVICE_MENU

MENU = (
    MenuItem("tickets", _("Tickets"), icon="life-preserver", url="/x/tickets/desk", order=45),
    MenuItem("ticket_desk", _("Desk", context="of agents"), icon="layout-split", url="/x/tickets/desk", app="tickets", order=10,
             live="tickets"),
    MenuItem("ticket_list", _("Tickets"), icon="life-preserver", record="tickets.ticket", app="tickets", order=20),
    MenuItem("ticket_canned", _("Canned answers"), icon="chat-square-text", record="tickets.canned", app="tickets", order=60),
    MenuItem("ticket_forms", _("Web forms"), icon="window", record="tickets.web_form", app="tickets", order=95),
    MenuItem("ticket_queues", _("Queues"), icon="inboxes", record="tickets.queue", app="tickets", order=70),
    MenuItem("ticket_categories", _("Categories"), icon="diagram-3", record="tickets.category", app="tickets", order=80),
    MenuItem("ticket_statuses", _("Statuses"), icon="signpost", record="tickets.status", app="tickets", order=90),
    *SERVICE_MENU,
)
MANAGED = {"ticket_forms": "tickets.web_form",
           "ticket_queues": "tickets.queue", "ticket_categories": "tickets.category", "ticket_statuses": "tickets.status",
           **SERVICE_MANAGED}
"""Entries for those who may change what they list."""
