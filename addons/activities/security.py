"""Who may do what with activities. Private ones are closed to all but those who take part."""

from core.api import ME, NOBODY, F, FieldGrant, Grant, PermissionSet, _

PERMISSION_SETS = [
    PermissionSet("activities.user", _("Activities: user"), implies=["contacts.user"],
                  help=_("Plans and does activities about the records that are open to them.")),
    PermissionSet("activities.manager", _("Activities: manager"), implies=["activities.user"],
                  help=_("Also deletes and imports activities of others and decides about outcomes.")),
]
TAKES_PART = (F.owner == ME) | F.co_owners.any(F.id == ME) | F.participants.any(F.id == ME)
MINE = (F.owner == ME) | (F.created_by == ME)

GRANTS = [
    Grant("activities.activity", "activities.user", "cru", also=("export", "mass_edit", "share", "transfer")),
    Grant("activities.activity", "activities.user", "d", where=MINE),
    Grant("activities.activity", "activities.manager", "d", also=("import",)),
    Grant("activities.activity", None, "rud", also=("export", "share", "transfer", "mass_edit"), where=~F.private | TAKES_PART),
    Grant("activities.guest", "activities.user", "crud", also=("export",)),
    Grant("activities.reminder", "activities.user", "crud"),
    Grant("activities.series", "activities.user", "r"),
    FieldGrant("activities.series", ["template"], NOBODY),
    FieldGrant("activities.feed", ["digest"], NOBODY),
    Grant("activities.feed", "activities.user", "rd", where=F.user == ME),
    Grant("activities.feed", None, "rd", where=F.user == ME),
    Grant("activities.outcome", "activities.user", "r"),
    Grant("activities.outcome", "activities.manager", "cud", also=("import", "export")),
]
