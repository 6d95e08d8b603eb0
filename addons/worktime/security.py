"""Who may do what with working hours, shifts and absences."""

from core.api import ME, F, Grant, PermissionSet, _

PERMISSION_SETS = [
    PermissionSet("worktime.user", _("Working time: user"), help=_("Sees working hours and shifts, and enters own absences.")),
    PermissionSet("worktime.planner", _("Working time: planner"), implies=["worktime.user"],
                  help=_("Also plans shifts and enters absences of others.")),
    PermissionSet("worktime.manager", _("Working time: manager"), implies=["worktime.planner"],
                  help=_("Also decides about working hours and holidays.")),
]
_OPEN = ("calendar", "interval", "exception", "assignment", "holiday_set", "holiday", "shift_type", "rota", "rota_member", "shift")
_PLANNED = ("shift_type", "rota", "rota_member", "shift")
_DECIDED = ("calendar", "interval", "exception", "assignment", "holiday_set", "holiday")
GRANTS = [
    *(Grant(f"worktime.{name}", "worktime.user", "r", also=("export",)) for name in _OPEN),
    Grant("worktime.absence", "worktime.user", "r", also=("export",)),
    Grant("worktime.absence", "worktime.user", "cud", where=F.owner == ME),
    *(Grant(f"worktime.{name}", "worktime.planner", "cud", also=("import", "mass_edit")) for name in _PLANNED),
    Grant("worktime.absence", "worktime.planner", "cud", also=("import", "mass_edit", "transfer", "view_all", "edit_all")),
    *(Grant(f"worktime.{name}", "worktime.manager", "cud", also=("import", "mass_edit")) for name in _DECIDED),
]
