"""Tokens with which programs come in, and the users that integrations act as."""

from __future__ import annotations

from typing import Any

from core.api import Env, Extension, Record, _, fields

KEPT = "api_tokens"
"""The counter that moves when a token comes or goes: what processes keep of tokens is read anew then."""


class Token(Record):
    """A token of a person or an integration; the token itself is shown once, and only its digest is kept."""

    record_name = "api.token"
    record_label = _("Access token")
    record_plural = _("Access tokens")
    record_icon = "key"
    record_by_hand = False
    record_indexes = (("user",),)

    name = fields.Text(_("Name"), required=True, size=120, search=True)
    user = fields.Link("base.user", _("Acts as"), required=True, on_delete="cascade", index=False)
    start = fields.Text(_("Begins with"), required=True, size=20, readonly=True, copyable=False)
    digest = fields.Text("", required=True, size=64, unique=True, readonly=True, sensitive=True, copyable=False, tracked=False)
    scopes = fields.Data(_("May do"), default=())
    expires_at = fields.DateTime(_("Ends on"))
    addresses = fields.Data(_("From these addresses only"), default=())
    last_used_at = fields.DateTime(_("Last used"), readonly=True, copyable=False, tracked=False)
    last_address = fields.Text(_("Last used from"), size=64, readonly=True, copyable=False, tracked=False)
    revoked_at = fields.DateTime(_("Revoked on"), readonly=True, copyable=False)

    @classmethod
    def after_save(cls, env: Env, change: Any) -> None:
        """Every process asks anew who a token belongs to."""
        super().after_save(env, change)
        env.changed(KEPT)


class UserOfPrograms(Extension):
    """Users that no person signs in as."""

    extends = "base.user"

    integration = fields.Flag(_("Integration"), readonly=True, copyable=False,
                              help=_("Another program acts as this user, with the rights of its profile; nobody signs in as it."))
