"""Connections to services of other companies, and who used them."""

from collections.abc import Iterator
from typing import Any

from core.api import Change, Env, Invalid, Record, _, fields, validates

from .. import connection_rules


class Connection(Record):
    """Access to another company's service, which addons use: a key, a password, or tokens of OAuth 2. All secrets are sealed."""

    record_name = "base.connection"
    record_label = _("Connection to a service")
    record_plural = _("Connections to services")
    record_icon = "plug"
    record_order = ("name",)
    record_by_hand = False
    record_help = _("Keys and tokens of services of other companies, in one sealed place.")
    record_outward = "active"

    name = fields.Text(_("Name"), size=120, required=True, unique=True, search=True)
    kind = fields.Choice(_("Kind"), options=connection_rules.KINDS, required=True)
    address = fields.Url(_("Address of the service"), required=True,
                         help=_("The secrets are sent to addresses that begin like this, and nowhere else."))
    header = fields.Text(_("Header of the key"), size=80, default="X-Api-Key")
    username = fields.Text(_("User name"), size=320)
    client = fields.Text(_("Client ID"), size=500)
    secret = fields.Secret(_("Key, password or client secret"))
    authorise_url = fields.Url(_("Where people agree"))
    token_url = fields.Url(_("Where tokens come from"))
    scopes = fields.Text(_("Scopes"), size=2000)
    test_path = fields.Text(_("Path for tests"), size=500, help=_("A page of the service that answers when the access is good."))
    tokens = fields.Secret(_("Tokens"), size=20000)
    pending = fields.Secret(_("Sign-in under way"), size=20000)
    active = fields.Flag(_("Active"), default=True)
    health = fields.Choice(_("Health", context="connection"), options=connection_rules.HEALTH, readonly=True, tracked=False, default="new")
    problem = fields.Text(_("Problem"), size=500, readonly=True, tracked=False)
    connected_at = fields.DateTime(_("Connected on"), readonly=True, tracked=False)
    renewing_until = fields.DateTime(_("Being renewed until"), readonly=True, tracked=False)

    @classmethod
    def before_save(cls, env: Env, change: Change) -> None:
        """Secrets do not follow to another address."""
        super().before_save(env, change)
        connection_rules.keep_safe(env, change)

    @validates()
    def sound(records: list[Any], env: Env) -> Iterator[Invalid]:
        """Each kind has what it needs."""
        yield from connection_rules.problems(env, records)


class ConnectionUse(Record):
    """Who used a connection, and what for."""

    record_name = "base.connection_use"
    record_label = _("Use of a connection")
    record_plural = _("Uses of connections")
    record_icon = "clock-history"
    record_title = "purpose"
    record_order = ("-id",)
    record_by_hand = False
    record_indexes = (("service", "id"),)

    service = fields.Link("base.connection", _("Connection to a service"), required=True, readonly=True, on_delete="cascade", index=False)
    user = fields.Link("base.user", _("Person"), readonly=True, index=False, help=_("Empty: the program itself."))
    purpose = fields.Text(_("What for"), size=200, required=True, readonly=True)
    calls = fields.Integer(_("Requests"), readonly=True, default=0, tracked=False)
    status = fields.Integer(_("Status of the last answer"), readonly=True, tracked=False)
    problem = fields.Text(_("Problem"), size=300, readonly=True, tracked=False)
