"""Who may do what with deals, pipelines and plans."""

from core.api import NOBODY, FieldGrant, Grant, PermissionSet, _

PERMISSION_SETS = [
    PermissionSet("deals.user", _("Deals: user"), implies=["leads.user"],
                  help=_("Works with the deals that are open to them, sees the forecast of themselves and their people.")),
    PermissionSet("deals.manager", _("Deals: manager"), implies=["deals.user", "leads.manager"],
                  help=_("Also deletes, transfers and reopens deals, and decides about pipelines, stages, moves, reasons and quotas.")),
]
OWN_QUOTAS = "user == me or user in my_subordinates or team in my_teams"

GRANTS = [
    Grant("deals.deal", "deals.user", "cru", also=("import", "export", "mass_edit", "share")),
    Grant("deals.deal", "deals.manager", "d", also=("transfer", "action:reopen")),
    Grant("deals.contact_role", "deals.user", "crud", also=("export",)),
    Grant("deals.stay", "deals.user", "r", also=("export",)),
    Grant("deals.pipeline", "deals.user", "r"),
    Grant("deals.pipeline", "deals.manager", "cud"),
    Grant("deals.stage", "deals.user", "r"),
    Grant("deals.stage", "deals.manager", "cud"),
    Grant("deals.reason", "deals.user", "r"),
    Grant("deals.reason", "deals.manager", "cud"),
    Grant("deals.competitor", "deals.user", "cr"),
    Grant("deals.competitor", "deals.manager", "ud", also=("import", "export")),
    Grant("deals.quota", "deals.user", "r", where=OWN_QUOTAS),
    Grant("deals.quota", "deals.user", "cud", where="user in my_subordinates"),
    Grant("deals.quota", "deals.manager", "crud", also=("import", "export", "mass_edit")),
    Grant("deals.adjustment", "deals.user", "crud"),
    FieldGrant("contacts.account", ["deals_type_before"], NOBODY),
]
