"""Entries of the administration's menu for those who look after other programs."""

from __future__ import annotations

from addons.base.connection_rules import CONNECTION
from core.api import ActionLink, Env, _

from .oauth_rules import CLIENT
from .webhook_choices import WEBHOOK

WEBHOOKS = ActionLink(_("Webhooks"), "/x/api/webhooks", "broadcast", help=_("Other programs are told of changes as they happen."))
APPLICATIONS = ActionLink(_("Applications"), "/x/api/apps", "app-indicator",
                          help=_("Programs of others that people may connect (OAuth 2)."))
CONNECTED = ActionLink(_("Connected applications"), "/x/api/connected", "plug")
CONNECTIONS = ActionLink(_("Connections"), "/x/api/connections", "plug",
                         help=_("Keys and tokens of services of other companies, in one sealed place."))


def personal(env: Env) -> list[ActionLink]:
    """Of everybody's own settings."""
    return [CONNECTED]


def links(env: Env) -> list[ActionLink]:
    """Those that a person may follow."""
    return [link for record, link in ((WEBHOOK, WEBHOOKS), (CLIENT, APPLICATIONS), (CONNECTION, CONNECTIONS)) if env.can("create", record)]
