"""Who may do what with messages. What is private is closed to all but its owner and those it is shared with."""

from core.api import ME, NOBODY, F, FieldGrant, Grant, PermissionSet, _

from .mass_security import MASS_GRANTS
from .template_security import TEMPLATE_GRANTS

PERMISSION_SETS = [
    PermissionSet("messaging.user", _("Messaging: user"), implies=["contacts.user"],
                  help=_("Writes to people behind the records that are open to them, and reads what concerns those records.")),
    PermissionSet("messaging.sender", _("Messaging: mass sender"), implies=["messaging.user"],
                  help=_("Also writes to whole lists, and enters consents.")),
    PermissionSet("messaging.template_editor", _("Messaging: templates"), implies=["messaging.user"],
                  help=_("Writes templates and blocks.")),
    PermissionSet("messaging.manager", _("Messaging: manager"), implies=["messaging.sender", "messaging.template_editor"],
                  help=_("Also sets up accounts, rules and automatic answers.")),
]
SHARED = (F.owner == ME) | F.shared_with.any(F.id == ME)
MINE = F.person == ME
OPEN = MINE | F.members.any(F.id == ME) | (F.person.is_null() & ~F.members.any())
WORKINGS = ["settings", "secrets", "token"]

GRANTS = [
    Grant("messaging.message", "messaging.user", "r", also=("export", "share")),
    Grant("messaging.message", "messaging.user", "u", where=F.owner == ME),
    Grant("messaging.message", None, "ru", also=("export", "share"), where=~F.private | SHARED, closed=True),
    FieldGrant("messaging.message", ["sealed", "key"], NOBODY),
    Grant("messaging.concern", "messaging.user", "r"),
    Grant("messaging.thread", "messaging.user", "ru"),
    Grant("messaging.thread", None, "ru", where=~F.private | (F.owner == ME), closed=True),
    Grant("messaging.account", "messaging.user", "r", where=OPEN),
    Grant("messaging.account", "messaging.manager", "crud", where=F.person.is_null()),
    Grant("messaging.account", "messaging.user", "u", where=MINE),
    Grant("messaging.account", None, "u", where=F.person.is_null() | MINE, closed=True),
    FieldGrant("messaging.account", WORKINGS, NOBODY),
    Grant("messaging.batch", "messaging.sender", "cru", also=("share",)),
    Grant("messaging.batch", "messaging.manager", "d", also=("view_all", "edit_all")),
    Grant("messaging.consent", "messaging.sender", "cr", also=("import", "export")),
    Grant("messaging.policy", "messaging.user", "r"),
    Grant("messaging.policy", "messaging.manager", "cud"),
    *TEMPLATE_GRANTS,
    *MASS_GRANTS,
]
