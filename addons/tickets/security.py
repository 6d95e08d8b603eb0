"""Who may do what with tickets. Internal notes are for agents alone."""

from core.api import ME, NOBODY, F, FieldGrant, Grant, PermissionSet, _

from .service_security import SERVICE_GRANTS

PERMISSION_SETS = [
    PermissionSet("tickets.agent", _("Tickets: agent"), implies=["contacts.user", "worktime.user"],
                  help=_("Answers the tickets that are open to them, and those that are nobody's in their queues.")),
    PermissionSet("tickets.manager", _("Tickets: manager"), implies=["tickets.agent"],
                  help=_("Also deletes tickets, and decides about statuses, moves, categories, queues and shared answers.")),
]
_SETUP = ("status", "category", "queue")

GRANTS = [
    Grant("tickets.ticket", "tickets.agent", "cru", also=("export", "mass_edit", "share", "transfer")),
    Grant("tickets.ticket", "tickets.manager", "d", also=("import", "view_all", "edit_all")),
    Grant("tickets.message", "tickets.agent", "cr", also=("export",)),
    Grant("tickets.message", "tickets.manager", "d"),
    FieldGrant("tickets.ticket", ["token"], NOBODY),
    FieldGrant("tickets.message", ["reference"], NOBODY),
    *(Grant(f"tickets.{name}", "tickets.agent", "r") for name in _SETUP),
    *(Grant(f"tickets.{name}", "tickets.manager", "cud", also=("import", "export")) for name in _SETUP),
    Grant("tickets.canned", "tickets.agent", "r", where=F.user.is_null() | (F.user == ME)),
    Grant("tickets.canned", "tickets.agent", "cud", where=F.user == ME),
    Grant("tickets.canned", "tickets.manager", "crud", also=("import", "export"), where=F.user.is_null() | (F.user == ME)),
    Grant("tickets.web_form", "tickets.manager", "crud"),
    Grant("tickets.submission", "tickets.manager", "rud", also=("export",)),
    FieldGrant("tickets.submission", ["ip_hash", "nonce"], NOBODY),
    Grant("base.move", "tickets.manager", "crud", where=F.record_type == "tickets.ticket"),
    *SERVICE_GRANTS,
]
