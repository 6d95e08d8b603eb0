"""Every page of webhooks, applications and connections, tried by people who have no business there."""

from __future__ import annotations

import pytest
from werkzeug.routing import BuildError

from core.api import SYSTEM
from core.testing.browser import Visitor, host_of
from core.testing.plugin import user_id

pytestmark = [pytest.mark.addons("api", "contacts"), pytest.mark.database("sqlite")]
MARKER = "Zqxvictim"
PLACES = ("/x/api/webhooks", "/x/api/apps", "/x/api/connect", "/x/api/oauth", "/.well-known")
REFUSED = {400, 401, 403, 404, 405, 303}
OPEN = {"/x/api/connected": {200, 400, 404}, "/x/api/oauth/token": {400, 401}, "/x/api/oauth/revoke": {400, 401},
        "/x/api/oauth/introspect": {400, 401}, "/.well-known/oauth-authorization-server": {200, 405}}


def victims(installation):
    """One record of each kind, every text of which holds the marker."""
    admin = user_id(installation, "admin")
    with installation.env(SYSTEM) as env:
        hook = env.create("api.webhook", {"name": MARKER, "url": "https://x.example/", "record_type": "contacts.contact", "user": admin,
                                          "events": ["created"]})
        env.create("contacts.contact", {"last_name": MARKER, "owner": admin})
        app = env.create("api.client", {"name": MARKER, "redirects": ["https://x.example/"], "scopes": ["*:read"]})
        consent = env.create("api.consent", {"client": app, "user": admin, "scopes": ["*:read"]})
        service = env.create("base.connection", {"name": MARKER, "kind": "bearer", "address": "https://x.example/", "secret": MARKER})
        [delivery] = env.query("api.delivery").ids()
    return {"key": (hook, app, service, 10**15), "delivery": (delivery,)}, consent


def state(installation):
    """Everything that could have been changed."""
    with installation.env(SYSTEM, write=False) as env:
        return {name: env.query(name).archived(None).deleted(None).select("version", "deleted_at").rows()
                for name in ("api.webhook", "api.delivery", "api.client", "api.consent", "api.credential", "base.connection")}


def test_nobody_gets_in(installation):
    numbers, consent = victims(installation)
    before, tried = state(installation), 0
    rules = [r for r in host_of(installation).app.url_map.iter_rules() if r.rule.startswith(PLACES)]
    adapter = host_of(installation).app.url_map.bind("localhost")
    for person in ("reza", "nobody", None):
        visitor = Visitor(installation, user_id(installation, person) if person else None)
        for rule in rules:
            for key in numbers["key"] if "key" in rule.arguments else (0,):
                given = {"key": key, "delivery": numbers["delivery"][0]}
                try:
                    path = adapter.build(rule.endpoint, {a: given[a] for a in rule.arguments})
                except BuildError:
                    continue
                for answer in (visitor.get(path), visitor.post(path, {"consent": str(consent), "decision": "yes", "what": "parked"})):
                    tried += 1
                    assert answer.status_code in REFUSED | OPEN.get(path, set()), (person, path, answer.status_code)
                    assert MARKER not in answer.get_data(as_text=True), (person, path)
    assert tried > 100 and state(installation) == before
