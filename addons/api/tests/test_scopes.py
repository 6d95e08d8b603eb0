"""Scopes narrow and never widen; what the API shows somebody is what the record API shows them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from addons.api import tokens
from addons.api.tests.calling import Caller, token_for
from core.errors import AccessDenied, ValidationFailed
from core.testing.browser import Visitor, host_of
from core.testing.plugin import user_id

LEADS, ACCOUNTS = "/records/leads.lead", "/records/contacts.account"
pytestmark = pytest.mark.addons("api", "leads", "contacts")
SCOPES = ("*:read", "*:write", "leads.*:read", "leads.*:write", "leads.lead:read", "leads.lead:write", "contacts.account:read",
          "contacts.account:write", "base.user:read", "admin")
PEOPLE = ("admin", "boss", "mina", "sara", "omid", "nobody")


def allowed(scopes, operation, record):
    """What scopes allow, told the long way."""
    modes = ("write",) if operation != "read" else ("read", "write")
    return any(f"{what}:{mode}" in scopes for mode in modes for what in ("*", f"{record.partition('.')[0]}.*", record))


@pytest.mark.parametrize("login", ["sara", "admin"])
def test_a_narrow_token_reads_and_writes_what_it_says(installation, login):
    full = Caller(installation, login)
    account = full.post(ACCOUNTS, {"name": "Pars"}, 201)["id"]
    lead = full.post(LEADS, {"last_name": "K"}, 201)["id"]
    contact = full.post("/records/contacts.contact", {"last_name": "C", "account": account}, 201)["id"]
    note = full.post(f"{LEADS}/{lead}/notes", {"body": "secret"}, 201)["id"]
    reader = Caller(installation, login, "leads.lead:read")
    assert reader.get(f"{LEADS}/{lead}")["last_name"] == "K"
    for method, path, values in (("PATCH", f"{LEADS}/{lead}", {"last_name": "X"}), ("DELETE", f"{LEADS}/{lead}", None),
                                 ("POST", LEADS, {"last_name": "X"}), ("POST", f"{LEADS}/{lead}/actions/mark_contacted", {}),
                                 ("GET", f"{ACCOUNTS}/{account}", None), ("GET", ACCOUNTS, None), ("GET", "/types/contacts.account", None)):
        reader.send(method, path, values, 403)
    assert "insufficient_scope" in reader.last.headers["WWW-Authenticate"]
    hidden = Caller(installation, login, "contacts.contact:read").get(f"/records/contacts.contact/{contact}?fields=account&expand=account")
    assert hidden["account"]["label"] is None and hidden["account"]["values"] is None
    notes = Caller(installation, login, "base.note:read")
    assert notes.get("/records/base.note")["records"] == [] and notes.get(f"/records/base.note/{note}", 404)
    assert notes.get("/search?q=Pars")["results"] == []
    Caller(installation, login, "contacts.contact:read").get('/records/contacts.contact?filter=account.name == "Pars"')


def test_a_reader_takes_nothing_back(installation):
    writer = Caller(installation, "sara")
    made = writer.post(f"{LEADS}/bulk", {"operation": "create", "rows": [{"last_name": "Kept"}]}, 200)
    Caller(installation, "sara", "*:read").post("/undo", {"batch": made["batch"]}, 403)
    Caller(installation, "sara", "contacts.*:write", "*:read").post("/undo", {"batch": made["batch"]}, 403)
    assert writer.get(f"{LEADS}/count")["count"] == 1
    assert writer.post("/undo", {"batch": made["batch"]}, 200) == {"undone": 1, "left": 0}


def test_types_that_decide_are_closed(installation):
    sara = user_id(installation, "sara")
    admin = Caller(installation, "admin", "*:write")
    assert admin.get(f"/records/base.user/{sara}")["login"] == "sara"
    admin.patch(f"/records/base.user/{sara}", {"is_super": True}, 403)
    admin.post("/records/base.profile", {"name": "Thief"}, 403)
    Caller(installation, "admin", "*:write", "admin").patch(f"/records/base.user/{sara}", {"job_title": "Seller"}, 200)
    Caller(installation, "sara", "*:write", "admin").patch(f"/records/base.user/{sara}", {"is_super": True}, 403)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(login=st.sampled_from(PEOPLE), scopes=st.sets(st.sampled_from(SCOPES), min_size=1, max_size=3),
       where=st.sampled_from(["", 'last_name contains "a"', "owner == me", "id > 3"]))
def test_the_api_shows_what_the_record_api_shows(installation, login, scopes, where):
    people(installation)
    caller = known(installation, login, frozenset(scopes))
    actor = installation.load_actor(user_id(installation, login))
    with installation.env(actor, write=False) as env:
        for record, condition in (("leads.lead", where), ("base.user", "")):
            path = f"/records/{record}?limit=1000" + (f"&filter={condition}" if condition else "")
            if not (allowed(scopes, "read", record) and env.can("read", record)):
                caller.get(path, 403)
                continue
            rows = caller.get(path)["records"]
            assert {row["id"] for row in rows} == set(env.query(record).where(condition or None).ids())
            shown = {name for row in rows for name in row}
            assert not [name for name in shown if not env.access.readable(record, name) or env.registry.record(record).fields[name].opaque]


def people(installation):
    """Leads of several people, made once for each database."""
    if not hasattr(installation, "api_people"):
        for login in ("sara", "omid", "mina"):
            with installation.env(installation.load_actor(user_id(installation, login))) as env:
                env.create("leads.lead", [{"last_name": f"{login} {i}"} for i in range(3)])
        installation.api_people = {}


def known(installation, login, scopes):
    """The caller with these scopes, made once."""
    if (login, scopes) not in installation.api_people:
        installation.api_people[login, scopes] = Caller(installation, login, *sorted(scopes))
    return installation.api_people[login, scopes]


def test_tokens_end(installation, env_as):
    later = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=2)
    key = user_id(installation, "sara")
    with env_as("sara") as env:
        number, text = tokens.make(env, key, "short", ["*:read"], expires_at=later)
        with pytest.raises(ValidationFailed):
            tokens.make(env, key, "wrong", ["everything"])
        with pytest.raises(ValidationFailed):
            tokens.make(env, key, "wrong", ["*:read"], addresses=["nowhere"])
        with pytest.raises(AccessDenied):
            tokens.make(env, user_id(installation, "reza"), "not mine", ["*:read"])
    caller = Caller(installation, token=text)
    caller.get(LEADS)
    with env_as("reza") as env, pytest.raises(Exception):  # noqa: B017 - hidden or refused, both are right
        tokens.revoke(env, number)
    with env_as("sara") as env:
        tokens.revoke(env, number)
    caller.get(LEADS, 401)
    elsewhere = Caller(installation, token=token_for(installation, "sara", addresses=["10.0.0.0/8"]))
    elsewhere.get(LEADS, 401)
    Caller(installation, token=token_for(installation, "sara", addresses=["127.0.0.0/8"])).get(LEADS)
    with env_as("admin") as env, pytest.raises(AccessDenied):
        tokens.make(env, key, "not mine", ["*:read"])


def test_limits_are_told(installation, monkeypatch):
    sara, told = Caller(installation, "sara"), installation.settings
    monkeypatch.setattr(installation, "settings", replace(told, web=replace(told.web, cors_origins=("https://www.example.com",))))
    monkeypatch.setattr("core.web.gate.time", SimpleNamespace(time=lambda: 90.0))
    monkeypatch.setattr(host_of(installation).gate, "programs", 3)
    for left in (2, 1, 0):
        sara.get("/types")
        assert sara.last.headers["RateLimit-Remaining"] == str(left)
    problem = sara.get("/types", 429)
    assert problem["type"] == "/api/problems/too-many-requests" and int(sara.last.headers["Retry-After"]) > 0
    sara.send("OPTIONS", "/types", status=204, Origin="https://www.example.com")
    assert sara.last.headers["Access-Control-Allow-Origin"] == "https://www.example.com"
    sara.send("OPTIONS", "/types", status=204, Origin="https://evil.example.com")
    assert "Access-Control-Allow-Origin" not in sara.last.headers


def test_no_session_comes_in(installation):
    visitor = Visitor(installation, user_id(installation, "admin"))
    assert visitor.get("/api/v1/records/leads.lead").status_code == 401
    assert visitor.post("/api/v1/records/leads.lead", {"last_name": "x"}).status_code == 401
