"""OAuth 2: a third party connects with consent, works within it, and is cut off."""

from __future__ import annotations

import base64
import hashlib
import html
import re
import threading
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from authlib.integrations.requests_client import OAuth2Session
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.serving import make_server
from werkzeug.test import Client as Browser

from addons.api import oauth_rules, oauth_tokens, tokens_scopes
from addons.api.oauth_rules import covers, is_safe, leads_back
from addons.api.tests.calling import Caller
from core.api import SYSTEM, AccessDenied, NotFound, ValidationFailed
from core.testing.browser import Visitor, host_of
from core.testing.plugin import user_id

pytestmark = [pytest.mark.addons("api", "contacts")]
CONTACT, BACK = "contacts.contact", "https://third.example/back"
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


class Third:
    """A program of somebody else."""

    def __init__(self, installation, **values):
        self.inst = installation
        with installation.env(SYSTEM) as env:
            self.key = env.create("api.client", {"name": "Third", "redirects": [BACK], "scopes": ["*:write"], **values})
            row = env.get("api.client", self.key, "client_id", "public")
            self.id = row.client_id
            self.secret = "" if row.public else oauth_rules.renew_secret(env, self.key)
        self.http = Browser(host_of(installation))

    def url(self, **more):
        asked = {"response_type": "code", "client_id": self.id, "redirect_uri": BACK, "scope": f"{CONTACT}:read", "state": "s1",
                 "code_challenge": CHALLENGE, "code_challenge_method": "S256", **more}
        return f"/x/api/oauth/authorize?{urlencode({k: v for k, v in asked.items() if v is not None})}"

    def agree(self, login="sara", decision="yes", **more):
        visitor = Visitor(self.inst, user_id(self.inst, login))
        assert visitor.get(self.url(**more)).status_code == 200
        answer = visitor.post(self.url(**more), {"decision": decision})
        assert answer.status_code == 303 and answer.headers["Location"].startswith(BACK)
        return {k: v[0] for k, v in parse_qs(urlsplit(answer.headers["Location"]).query).items()}

    def ask(self, path="token", auth=True, **form):
        headers = {}
        if auth and self.secret:
            headers["Authorization"] = "Basic " + base64.b64encode(f"{self.id}:{self.secret}".encode()).decode()
        elif auth:
            form["client_id"] = self.id
        return self.http.post(f"/x/api/oauth/{path}", data=form, headers=headers)

    def exchange(self, code, **more):
        return self.ask(grant_type="authorization_code", code=code, redirect_uri=BACK, code_verifier=VERIFIER, **more)


@pytest.fixture
def third(installation):
    return Third(installation)


def test_a_third_party_connects_and_is_cut_off(installation, env_as, third):
    with env_as("sara") as env:
        env.create(CONTACT, {"last_name": "Hers"})
    with env_as("omid") as env:
        env.create(CONTACT, {"last_name": "His"})
    back = third.agree()
    assert back["state"] == "s1" and back["iss"]
    answer = third.exchange(back["code"])
    made = answer.get_json()
    assert answer.status_code == 200 and made["scope"] == f"{CONTACT}:read" and "no-store" in answer.headers["Cache-Control"]
    caller = Caller(installation, token=made["access_token"])
    assert [r["last_name"] for r in caller.get(f"/records/{CONTACT}?fields=last_name")["records"]] == ["Hers"]
    caller.post(f"/records/{CONTACT}", {"last_name": "More"}, 403)
    caller.get("/records/base.user", 403)
    visitor = Visitor(installation, user_id(installation, "sara"))
    page = visitor.get("/x/api/connected").get_data(as_text=True)
    assert "Third" in page
    consent = re.search(r'name="consent" value="(\d+)"', page)[1]
    assert Visitor(installation, user_id(installation, "reza")).post("/x/api/connected", {"consent": consent}).status_code == 404
    caller.get("", 200)
    assert visitor.post("/x/api/connected", {"consent": consent}).status_code == 303
    caller.get("", 401)
    assert third.ask(grant_type="refresh_token", refresh_token=made["refresh_token"]).status_code == 400
    assert "Third" not in visitor.get("/x/api/connected").get_data(as_text=True)


def test_nothing_is_kept_in_the_clear(installation, third):
    made = third.exchange(code := third.agree()["code"]).get_json()
    with installation.engine.connect() as connection:
        for table in ("api_credential", "api_client", "api_consent", "sys_audit"):
            text = str(connection.exec_driver_sql(f"SELECT * FROM {table}").fetchall())
            assert not any(one in text for one in (code, made["access_token"], made["refresh_token"], third.secret)), table


def test_a_code_is_good_once_and_its_second_use_ends_everything(installation, third):
    code = third.agree()["code"]
    made = third.exchange(code).get_json()
    Caller(installation, token=made["access_token"]).get("", 200)
    assert third.exchange(code).get_json()["error"] == "invalid_grant"
    Caller(installation, token=made["access_token"]).get("", 401)
    assert third.ask(grant_type="refresh_token", refresh_token=made["refresh_token"]).status_code == 400


def test_refresh_tokens_rotate_and_a_stolen_one_ends_the_family(installation, third):
    first = third.exchange(third.agree()["code"]).get_json()
    second = third.ask(grant_type="refresh_token", refresh_token=first["refresh_token"]).get_json()
    assert second["refresh_token"] != first["refresh_token"] and second["scope"] == first["scope"]
    Caller(installation, token=second["access_token"]).get("", 200)
    assert third.ask(grant_type="refresh_token", refresh_token=first["refresh_token"]).get_json()["error"] == "invalid_grant"
    Caller(installation, token=second["access_token"]).get("", 401)
    assert third.ask(grant_type="refresh_token", refresh_token=second["refresh_token"]).status_code == 400


def test_another_client_s_code_and_token_are_worth_nothing(installation, third):
    other = Third(installation, name="Other")
    code = third.agree()["code"]
    assert other.exchange(code).get_json()["error"] == "invalid_grant"
    made = third.exchange(code).get_json()  # who tried it with the wrong name did not use it up
    assert other.ask(grant_type="refresh_token", refresh_token=made["refresh_token"]).status_code == 400
    assert other.ask("introspect", token=made["access_token"]).get_json() == {"active": False}
    assert other.ask("revoke", token=made["access_token"]).status_code == 400
    told = third.ask("introspect", token=made["access_token"]).get_json()
    assert told["active"] and told["client_id"] == third.id and told["scope"] == f"{CONTACT}:read"
    assert third.ask("revoke", token=made["refresh_token"]).status_code == 200
    assert third.ask("introspect", token=made["access_token"]).get_json() == {"active": False}
    Caller(installation, token=made["access_token"]).get("", 401)


def test_pkce_is_s256_and_always_asked_for(installation, third):
    sara = Visitor(installation, user_id(installation, "sara"))
    for wrong in ({"code_challenge": None, "code_challenge_method": None}, {"code_challenge_method": "plain"},
                  {"code_challenge_method": None}):
        answer = sara.get(third.url(**wrong))
        assert answer.status_code == 303 and "error=invalid_request" in answer.headers["Location"]
    code = third.agree()["code"]
    answer = third.ask(grant_type="authorization_code", code=code, redirect_uri=BACK, code_verifier="w" * 64)
    assert answer.get_json()["error"] == "invalid_grant"
    code = third.agree()["code"]
    assert third.ask(grant_type="authorization_code", code=code, redirect_uri=BACK).status_code == 400
    code = third.agree()["code"]
    assert third.ask(grant_type="authorization_code", code=code, redirect_uri=f"{BACK}/", code_verifier=VERIFIER).status_code == 400


def test_nobody_is_sent_to_an_address_that_is_not_registered(installation, third):
    sara = Visitor(installation, user_id(installation, "sara"))
    for wrong in (f"{BACK}/", f"{BACK}?x=1", "https://evil.example/", "https://third.example.evil.example/back", None,
                  "javascript:alert(1)"):
        for answer in (sara.get(third.url(redirect_uri=wrong)), sara.post(third.url(redirect_uri=wrong), {"decision": "yes"})):
            assert answer.status_code == 400 and "Location" not in answer.headers, wrong
    assert sara.get(third.url(client_id="app_none")).status_code == 400
    answer = sara.get(third.url(scope="admin"))
    assert answer.status_code == 303 and "error=invalid_scope" in answer.headers["Location"]
    assert third.agree(decision="no")["error"] == "access_denied"


def test_the_consent_says_who_and_what_and_needs_a_session_and_a_form(installation, third):
    sara = Visitor(installation, user_id(installation, "sara"))
    answer = sara.get(third.url())
    text = html.unescape(answer.get_data(as_text=True))
    assert "Third" in text and "Read: Contacts" in text and "third.example" in text and "Sara Seller" in text
    assert "form-action 'self' https://third.example" in answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert sara.client.post(third.url(), data={"decision": "yes"}).status_code == 400, "without the form's token"
    visitor = Visitor(installation).get(third.url())
    assert visitor.status_code == 303 and visitor.headers["Location"].startswith("/login?next=")


def test_secrets_are_asked_for(installation, third):
    code = third.agree()["code"]
    assert third.exchange(code, auth=False).status_code in (400, 401)
    third.secret = "sns_wrong"
    assert third.exchange(code).status_code == 401
    public = Third(installation, name="Phone", public=True)
    assert public.exchange(public.agree()["code"]).status_code == 200


def test_client_credentials_come_in_as_an_integration(installation, env_as):
    with installation.env(SYSTEM) as env:
        profile = env.query("base.profile").where('name == "Standard"').ids()[0]
        robot = env.create("base.user", {"name": "Robot", "login": "robot", "email": "r@example.com", "profile": profile})
        with env.elevated("test") as sudo:
            sudo.derive("base.user", {robot: {"integration": True}})
        bare = env.create("base.user", {"name": "Bare", "login": "bare", "email": "b@example.com"})
    third = Third(installation, user=robot, redirects=[])
    made = third.ask(grant_type="client_credentials", scope=f"{CONTACT}:write").get_json()
    assert "refresh_token" not in made
    Caller(installation, token=made["access_token"]).post(f"/records/{CONTACT}", {"last_name": "By a robot"}, 201)
    assert third.ask(grant_type="client_credentials", scope="admin").get_json()["error"] == "invalid_scope"
    with installation.env(SYSTEM) as env:
        env.update("base.user", robot, {"active": False})
    assert third.ask(grant_type="client_credentials").status_code == 400
    Caller(installation, token=made["access_token"]).get("", 401)
    for user in (bare, user_id(installation, "sara"), user_id(installation, "admin")):
        with pytest.raises(ValidationFailed):
            Third(installation, user=user)
    assert Third(installation, name="Plain").ask(grant_type="client_credentials").get_json()["error"] == "unauthorized_client"


def test_switching_an_application_off_is_enough(installation, third):
    made = third.exchange(third.agree()["code"]).get_json()
    caller = Caller(installation, token=made["access_token"])
    caller.get("", 200)
    with installation.env(SYSTEM) as env:
        env.update("api.client", third.key, {"active": False})
    caller.get("", 401)
    assert third.ask(grant_type="refresh_token", refresh_token=made["refresh_token"]).status_code in (400, 401)


@pytest.mark.database("sqlite")
def test_a_client_library_of_others_finds_its_way(installation, third):
    """The whole walk over a real server, with what the metadata document says."""
    server = make_server("127.0.0.1", 0, host_of(installation), threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        base = f"http://127.0.0.1:{server.server_port}"
        session = OAuth2Session(third.id, third.secret, redirect_uri=BACK, scope=f"{CONTACT}:read", code_challenge_method="S256")
        found = session.get(f"{base}/.well-known/oauth-authorization-server", withhold_token=True).json()
        assert found["issuer"] == base and found["code_challenge_methods_supported"] == ["S256"]
        url, state = session.create_authorization_url(found["authorization_endpoint"], code_verifier=VERIFIER)
        visitor = Visitor(installation, user_id(installation, "sara"))
        answer = visitor.post(url.removeprefix(base), {"decision": "yes"})
        session.fetch_token(found["token_endpoint"], authorization_response=answer.headers["Location"], state=state, code_verifier=VERIFIER)
        assert session.get(f"{base}/api/v1").json()["scopes"] == [f"{CONTACT}:read"]
        before = session.token["access_token"]
        session.refresh_token(found["token_endpoint"])
        assert session.token["access_token"] != before and session.get(f"{base}/api/v1/records/{CONTACT}").status_code == 200
        session.revoke_token(found["revocation_endpoint"], token=session.token["refresh_token"])
        assert session.get(f"{base}/api/v1").status_code == 401
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.database("sqlite")
def test_pages_of_managers(installation, env_as):
    visitor = Visitor(installation, user_id(installation, "admin"))
    assert "No applications yet" in visitor.get("/x/api/apps").get_data(as_text=True)
    refused = visitor.post("/x/api/apps/new", {"name": "Shop", "redirects": "http://shop.example/", "scopes": ["*:read"], "active": "1"})
    assert refused.status_code == 422
    shown = visitor.post("/x/api/apps/new", {"name": "Shop", "redirects": "https://shop.example/back", "scopes": ["*:read"],
                                             "further": f"{CONTACT}:write", "active": "1"}).get_data(as_text=True)
    secret, key = re.search(r"sns_[\w-]+", shown)[0], int(re.search(r"/x/api/apps/(\d+)", shown)[1])
    page = visitor.get(f"/x/api/apps/{key}").get_data(as_text=True)
    assert secret not in page and "https://shop.example/back" in page and f"{CONTACT}:write" in page
    assert visitor.post(f"/x/api/apps/{key}/secret").get_data(as_text=True).count("sns_")
    assert visitor.post(f"/x/api/apps/{key}/delete").status_code == 303
    sara = Visitor(installation, user_id(installation, "sara"))
    assert all(sara.get(path).status_code in (403, 404) for path in ("/x/api/apps", "/x/api/apps/new", f"/x/api/apps/{key}"))


def test_programs_cut_nobody_off(installation, env_as, third):
    made = third.exchange(third.agree(scope="*:write")["code"]).get_json()
    with env_as("sara") as env:
        [consent] = env.query("api.consent").ids()
    Caller(installation, token=made["access_token"]).get(f"/records/api.consent/{consent}", None)
    with env_as("reza") as env, pytest.raises(NotFound):
        oauth_tokens.cut_off(env, consent)
    with env_as("boss") as env, pytest.raises((AccessDenied, NotFound)):
        oauth_tokens.cut_off(env, 10**6)


@pytest.mark.parametrize(("redirect", "safe"), [
    ("https://a.example/back", True), ("http://127.0.0.1:8000/b", True), ("http://localhost/b", True), ("http://[::1]/b", True),
    ("com.example.app:/back", True), ("http://a.example/b", False), ("https://a.example/#x", False), ("https://u:p@a.example/", False),
    ("javascript:alert(1)", False), ("data:text/html,x", False), ("https://*.example/", False), ("https:///x", False), ("", False),
    ("myapp:/x", False), ("https://a.example\\@b.example/", False)])
def test_redirects(redirect, safe):
    assert is_safe(redirect) is safe


@pytest.mark.parametrize(("registered", "asked", "fits"), [
    ("http://127.0.0.1/back", "http://127.0.0.1:49152/back", True), ("http://127.0.0.1:1/b?x=1", "http://127.0.0.1:80/b?x=1", True),
    ("http://[::1]/back", "http://[::1]:8000/back", True), ("http://127.0.0.1:8000", "http://127.0.0.1:9000", True),
    ("http://127.0.0.1/back", "http://[::1]:8000/back", False), ("http://127.0.0.1/back", "http://127.0.0.1:8000/other", False),
    ("http://127.0.0.1/back", "http://127.0.0.1:8000/back/", False), ("http://127.0.0.1/back", "http://127.0.0.1:8000/back?x=1", False),
    ("http://127.0.0.1/back", "https://127.0.0.1:8000/back", False), ("http://localhost/back", "http://localhost:8000/back", False),
    ("http://127.0.0.1/back", "http://127.0.0.1:8000@evil.example/back", False), ("http://127.0.0.1/", "http://127.0.0.1:0/", False),
    ("http://127.0.0.1/", "http://127.0.0.1:65536/", False), ("http://127.0.0.1/", "http://127.0.0.1:/", False),
    ("http://127.0.0.1/", "http://127.0.0.1:8000/#x", False), ("http://127.0.0.1/", "http://127.0.0.1.evil.example:8000/", False),
    ("http://127.0.0.2/", "http://127.0.0.2:8000/", False), ("https://a.example/", "https://a.example:444/", False),
    ("http://127.0.0.1/", "http://2130706433:8000/", False), ("http://127.0.0.1/", "http://127.0.0.1:8000/\n", False)])
def test_only_the_port_of_the_own_computer_is_free(registered, asked, fits):
    assert is_safe(registered) and leads_back([registered], asked) is fits and leads_back([registered], registered)


def test_a_program_on_the_own_computer_comes_back_to_the_port_it_found(installation):
    third = Third(installation, public=True, redirects=["http://127.0.0.1/back"])
    sara, there = Visitor(installation, user_id(installation, "sara")), "http://127.0.0.1:49321/back"
    assert f"form-action 'self' {there.removesuffix('/back')}" in sara.get(third.url(redirect_uri=there)).headers["Content-Security-Policy"]
    location = sara.post(third.url(redirect_uri=there), {"decision": "yes"}).headers["Location"]
    assert location.startswith(f"{there}?")
    given = {"grant_type": "authorization_code", "code": parse_qs(urlsplit(location).query)["code"][0], "code_verifier": VERIFIER}
    elsewhere = third.ask(redirect_uri="http://127.0.0.1:49322/back", **given)
    assert elsewhere.get_json()["error"] in ("invalid_grant", "invalid_request"), "the code is for the port that was asked with"
    location = sara.post(third.url(redirect_uri=there), {"decision": "yes"}).headers["Location"]
    given["code"] = parse_qs(urlsplit(location).query)["code"][0]
    assert third.ask(redirect_uri=there, **given).status_code == 200


def test_history_and_last_use_tell_the_application(installation, env_as, third):
    made = third.exchange(third.agree(scope="*:write")["code"]).get_json()
    key = Caller(installation, token=made["access_token"]).post(f"/records/{CONTACT}", {"last_name": "Theirs"}, 201)["id"]
    host_of(installation).later.flush()
    with env_as("admin") as env:
        table = env.registry.system.audit
        rows = env.execute(table.select().where(table.c.record == CONTACT, table.c.record_id == key)).all()
        consent = env.query("api.consent").first("last_used_at", "version")
    assert {row.note for row in rows} == {"API: Third"} and {row.actor_id for row in rows} == {user_id(installation, "sara")}
    assert consent.last_used_at is not None and consent.version == 1


WHATS = ("*", "leads.*", "base.*", "api.*", "leads.lead", "base.user", "api.token", "contacts.contact")
SCOPES = st.sampled_from(["admin", *(f"{what}:{mode}" for what in WHATS for mode in ("read", "write"))])
RECORDS = ("leads.lead", "leads.source", "base.user", "base.tag", "api.token", "contacts.contact")


@given(st.sets(SCOPES, min_size=1, max_size=4), SCOPES)
def test_a_scope_within_others_opens_nothing_more(allowed, scope):
    """What an application asks for is within what it may ask for at most, for every type and operation."""
    closed = tokens_scopes.DECIDING | {"api.token"}

    def may(scopes, operation, record):
        found = tokens_scopes._bounds(frozenset(scopes), closed)
        return found is None or found.allow(operation, record)

    if covers(allowed, scope):
        assert all(may(allowed, operation, record) for operation in ("read", "create", "update", "delete", "export") for record in RECORDS
                   if may({scope}, operation, record))


def test_scopes_within_scopes():
    assert covers(["*:read"], "leads.lead:read") and not covers(["*:read"], "leads.lead:write")
    assert covers(["leads.*:write"], "leads.lead:read")
    assert not covers(["*:write"], "admin") and covers(["admin"], "admin") and not covers(["leads.*:read"], "deals.deal:read")


def test_a_secret_is_for_who_may_make_tokens_of_the_application_s_user(installation):
    """With the secret one comes in as that user: managers of programs who do not manage people get none."""
    with installation.env(SYSTEM) as env:
        profile = env.query("base.profile").where('name == "Standard"').ids()[0]
        robot = env.create("base.user", {"name": "Robot", "login": "robot", "email": "r@example.com", "profile": profile})
        with env.elevated("test") as sudo:
            sudo.derive("base.user", {robot: {"integration": True}})
        env.update("base.profile", profile, {"sets": ["api.manager"], "areas": []})
    third = Third(installation, user=robot, redirects=[])
    sara, before = Visitor(installation, user_id(installation, "sara")), third.ask(grant_type="client_credentials").status_code
    assert before == 200
    answer = sara.post(f"/x/api/apps/{third.key}/secret")
    assert answer.status_code == 403 and "sns_" not in answer.get_data(as_text=True)
    assert third.ask(grant_type="client_credentials").status_code == 200  # the old one is good still
    plain = Third(installation, name="Plain")
    assert "sns_" in sara.post(f"/x/api/apps/{plain.key}/secret").get_data(as_text=True)
