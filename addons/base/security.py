"""Who may do what with the things of this addon."""

from core.api import ME, NOBODY, F, FieldGrant, Grant, PermissionSet, _

PERMISSION_SETS = [
    PermissionSet("base.user", _("Ordinary user"), help=_("What everybody who signs in needs.")),
    PermissionSet("base.people_admin", _("People administrator"), implies=["base.user"]),
    PermissionSet("base.rate_keeper", _("Keeper of exchange rates"), implies=["base.user"],
                  help=_("Adds and corrects exchange rates.")),
    PermissionSet("base.setup_admin", _("Set-up administrator"), implies=["base.user", "base.rate_keeper"]),
]

_READ_BY_ALL = ("base.user", "base.role", "base.team", "base.company", "base.currency", "base.country", "base.tag",
                "base.rate")
_SECRET = ("password_hash", "totp_secret", "totp_step", "recovery_codes")

GRANTS = [
    *(Grant(name, "base.user", "r") for name in _READ_BY_ALL),
    Grant("base.tag", "base.user", "c"),
    Grant("base.rate", "base.rate_keeper", "cud", also=("import", "export", "mass_edit")),
    Grant("base.note", "base.user", "cr"),
    Grant("base.note", "base.user", "ud", where=F.created_by == ME),
    Grant("base.file", "base.user", "cr"),
    Grant("base.file", "base.user", "ud", where=F.created_by == ME),
    Grant("base.view", "base.user", "crud"),
    Grant("base.macro", "base.user", "r", where=F.user.is_null() | (F.user == ME)),
    Grant("base.macro", "base.user", "cud", where=F.user == ME),
    Grant("base.macro", "base.setup_admin", "cud", where=F.user.is_null() | (F.user == ME)),
    Grant("base.notification", "base.user", "ru", where=F.user == ME),
    FieldGrant("base.notification", ["user", "kind", "text", "about", "url", "icon", "dedupe"], "base.user", "r"),
    Grant("base.follow", "base.user", "r"),
    Grant("base.follow", "base.user", "cud", where=F.user == ME),
    *(Grant(name, "base.people_admin", "crud", also=("import", "export", "mass_edit"))
      for name in ("base.user", "base.team", "base.role", "base.profile", "base.sharing_rule", "base.access_default")),
    *(Grant(name, "base.setup_admin", "crud", also=("import", "export", "mass_edit"))
      for name in ("base.company", "base.currency", "base.country", "base.tag", "base.move")),
    Grant("base.connection", "base.setup_admin", "crud"),
    FieldGrant("base.connection", ["secret", "tokens", "pending", "renewing_until"], NOBODY),
    Grant("base.connection_use", "base.setup_admin", "r"),
    FieldGrant("base.user", ["is_super", "profile", "extra_sets", "last_login_at", "password_changed_at"], "base.people_admin"),
    FieldGrant("base.user", _SECRET, NOBODY),
    FieldGrant("base.view", ["profiles", "teams", "opens_first"], NOBODY),
]
