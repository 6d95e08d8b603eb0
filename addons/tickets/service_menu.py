"""Entries of the Tickets app for service levels, escalations and figures."""

from core.api import MenuItem, _

SERVICE_MENU = (
    MenuItem("ticket_figures", _("Figures"), icon="bar-chart-line", url="/x/service/figures", app="tickets", order=40),
    MenuItem("ticket_queues_now", _("Queues now"), icon="inboxes", url="/x/service/queues", app="tickets", order=45),
    MenuItem("ticket_policies", _("Service levels"), icon="stopwatch", record="tickets.policy", app="tickets", order=71),
    MenuItem("ticket_escalations", _("Escalations"), icon="arrow-up-right-circle", record="tickets.escalation", app="tickets", order=72),
    MenuItem("ticket_agents", _("Agents and skills"), icon="headset", record="tickets.agent", app="tickets", order=73),
    MenuItem("ticket_try", _("Try service levels"), icon="signpost-split", url="/x/service/try", app="tickets", order=74),
)
SERVICE_MANAGED = {"ticket_policies": "tickets.policy", "ticket_escalations": "tickets.escalation", "ticket_agents": "tickets.agent",
                   "ticket_try": "tickets.policy"}
