"""Tokens are seen by those they act as and by administrators of people; they are made and ended by this addon's code alone."""

from core.api import ME, NOBODY, F, FieldGrant, Grant

GRANTS = [
    Grant("api.token", "base.user", "r", where=F.user == ME),
    Grant("api.token", "base.people_admin", "r"),
    FieldGrant("api.token", ["digest"], NOBODY),
]
