"""Who may do what with the doors for other programs."""

from core.api import NOBODY, FieldGrant, Grant, PermissionSet, _

PERMISSION_SETS = [
    PermissionSet("api.manager", _("Programs: manager"), implies=["base.user"],
                  help=_("Sets up webhooks, applications of others and connections to other services.")),
]

GRANTS = [
    Grant("api.webhook", "api.manager", "crud"),
    FieldGrant("api.webhook", ["secret", "old_secret", "held_by", "held_until"], NOBODY),
    Grant("base.connection", "api.manager", "crud"),
    Grant("base.connection_use", "api.manager", "r"),
    Grant("api.delivery", "api.manager", "r"),
    FieldGrant("api.delivery", ["request", "answer"], NOBODY),
]
