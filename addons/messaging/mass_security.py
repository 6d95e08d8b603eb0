"""Who keeps purposes and automatic answers; what somebody chose for themselves is theirs alone."""

from core.api import ME, F, Grant

OWN = F.user == ME

MASS_GRANTS = [
    Grant("messaging.purpose", "messaging.user", "r"),
    Grant("messaging.purpose", "messaging.manager", "cud"),
    Grant("messaging.autoresponder", "messaging.user", "r"),
    Grant("messaging.autoresponder", "messaging.manager", "cud"),
    Grant("messaging.autoresponder_text", "messaging.user", "r"),
    Grant("messaging.autoresponder_text", "messaging.manager", "cud"),
    Grant("messaging.preference", "base.user", "crud", where=OWN),
    Grant("messaging.preference", None, "crud", where=OWN),
    Grant("messaging.notice_settings", "base.user", "crud", where=OWN),
    Grant("messaging.notice_settings", None, "crud", where=OWN),
]
