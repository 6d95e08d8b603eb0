"""Applications of others that people let in (OAuth 2): who they are, what they were given, and their tokens as digests."""

from collections.abc import Iterator
from typing import Any

from addons.api import oauth_rules
from core.api import Change, Env, Invalid, Record, _, fields, validates

KINDS = [("code", _("Code")), ("access", _("Access token")), ("refresh", _("Refresh token"))]


class Client(Record):
    """A program of somebody else that may ask people to let it in, or that comes in by itself."""

    record_name = "api.client"
    record_label = _("Application")
    record_plural = _("Applications")
    record_icon = "app-indicator"
    record_order = ("name", "id")
    record_by_hand = False
    record_help = _("A program of somebody else that people may connect with their account.")

    name = fields.Text(_("Name"), size=120, required=True, search=True)
    about = fields.Text(_("What it is for"), size=500)
    website = fields.Url(_("Website"))
    client_id = fields.Text(_("Client ID"), size=60, unique=True, readonly=True, copyable=False)
    digest = fields.Text("", size=64, readonly=True, sensitive=True, copyable=False, tracked=False)
    public = fields.Flag(_("Cannot keep a secret"), help=_("Programs on phones and in browsers: they prove themselves by PKCE alone."))
    redirects = fields.Data(_("Addresses to come back to"), default=())
    scopes = fields.Data(_("At most"), default=())
    user = fields.Link("base.user", _("Comes in by itself as"), on_delete="restrict",
                       help=_("An integration user: without any person agreeing, by client credentials."))
    active = fields.Flag(_("Active"), default=True)

    @classmethod
    def before_save(cls, env: Env, change: Change) -> None:
        """Every application has an ID of its own."""
        super().before_save(env, change)
        oauth_rules.fill(change)

    @classmethod
    def after_save(cls, env: Env, change: Change) -> None:
        """Every process asks anew what its tokens are worth."""
        super().after_save(env, change)
        env.changed(oauth_rules.COUNTER)

    @validates()
    def sound(records: list[Any], env: Env) -> Iterator[Invalid]:
        """Addresses are exact and safe, scopes mean something, and whoever it comes in as is the writer's to give."""
        yield from oauth_rules.problems(env, records)


class Consent(Record):
    """What a person (or, for client credentials, an administrator) let an application do."""

    record_name = "api.consent"
    record_label = _("Connected application")
    record_plural = _("Connected applications")
    record_icon = "plug"
    record_title = "id"
    record_by_hand = False
    record_indexes = (("user", "client"),)

    client = fields.Link("api.client", _("Application"), required=True, readonly=True, on_delete="cascade")
    user = fields.Link("base.user", _("Person"), required=True, readonly=True, on_delete="cascade", index=False)
    scopes = fields.Data(_("May do"), readonly=True, default=())
    last_used_at = fields.DateTime(_("Last used"), readonly=True, copyable=False, tracked=False)
    revoked_at = fields.DateTime(_("Cut off on"), readonly=True, copyable=False)


class Credential(Record):
    """A code or token of an application, as a digest. Those that came from one code are a family, which ends as a whole."""

    record_name = "api.credential"
    record_label = _("Token of an application")
    record_plural = _("Tokens of applications")
    record_icon = "key"
    record_title = "id"
    record_by_hand = False
    record_indexes = (("family",), ("expires_at",))

    consent = fields.Link("api.consent", _("Connected application"), required=True, readonly=True, on_delete="cascade")
    kind = fields.Choice(_("Kind"), options=KINDS, required=True, readonly=True)
    digest = fields.Text(_("Digest"), size=64, required=True, unique=True, readonly=True, sensitive=True, copyable=False, tracked=False)
    family = fields.Text(_("Family"), size=32, required=True, readonly=True, tracked=False)
    scopes = fields.Data(_("May do"), readonly=True, default=())
    expires_at = fields.DateTime(_("Ends on"), required=True, readonly=True, tracked=False)
    used_at = fields.DateTime(_("Used on"), readonly=True, tracked=False)
    redirect = fields.Text(_("Address to come back to"), size=2000, readonly=True, tracked=False)
    challenge = fields.Text(_("Challenge"), size=128, readonly=True, sensitive=True, tracked=False)
