"""Applications are looked after by managers; what was let in is seen, and cut off, by whoever let it in."""

from core.api import ME, NOBODY, F, FieldGrant, Grant

GRANTS = [
    Grant("api.client", "api.manager", "crud"),
    FieldGrant("api.client", ["digest"], NOBODY),
    Grant("api.consent", "base.user", "r", where=F.user == ME),
    Grant("api.consent", "api.manager", "r"),
    Grant("api.credential", "api.manager", "r"),
    FieldGrant("api.credential", ["digest", "challenge", "family"], NOBODY),
]
