"""Who sees what: their own number, and administrators of messages how many codes are asked for."""

from core.api import ME, NOBODY, F, FieldGrant, Grant

GRANTS = [
    Grant("sms.code_number", "messaging.user", "r", where=F.user == ME),
    FieldGrant("sms.code_number", ["pending", "digest", "purpose", "expires_at", "tries"], NOBODY),
    Grant("sms.code_request", "messaging.manager", "r"),
]
