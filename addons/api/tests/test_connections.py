"""Connections to services: sealed, sent to their own address only, renewed once for all, logged."""

from __future__ import annotations

import json
import threading
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from addons.api.tests.receiving import HOST
from addons.base.connecting import connection, cut_off
from addons.base.connection_oauth import NotConnected
from addons.base.connection_rules import within
from core.api import SYSTEM, AccessDenied, DefinitionError, NotFound, NotOutside, ValidationFailed
from core.settings import Outward
from core.testing.browser import Visitor
from core.testing.jobs import run_jobs
from core.testing.plugin import user_id

pytestmark = [pytest.mark.addons("api")]
PUBLIC, URL = "https://crm.pars.example", "/x/api/connections"


class Service:
    """A service with OAuth 2 of its own: refresh tokens rotate, and each is good once."""

    def __init__(self):
        self.seen, self.issued, self.refresh, self.alive, self.lives = [], 0, "", set(), 3600
        self.lock = threading.Lock()

    def __enter__(self):
        self.server = make_server(HOST, 0, self.app, threaded=True)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"http://{HOST}:{self.server.server_port}"
        return self

    def __exit__(self, *error):
        self.server.shutdown()
        self.server.server_close()

    def app(self, environ, start_response):
        request = Request(environ)
        with self.lock:
            answer = self.token(dict(parse_qsl(request.get_data(as_text=True)))) if request.path == "/token" else self.page(request)
        return answer(environ, start_response)

    def token(self, form):
        good = {"authorization_code": form.get("code") == "good" and bool(form.get("code_verifier")), "client_credentials": True,
                "refresh_token": bool(self.refresh) and form.get("refresh_token") == self.refresh}
        if not good[form["grant_type"]]:
            said = {"error": "invalid_grant", "error_description": "Sign in again"}
            return Response(json.dumps(said), 400, content_type="application/json")
        self.issued += 1
        self.refresh, token = f"r{self.issued}", f"t{self.issued}"
        self.alive = {token}
        more = {} if form["grant_type"] == "client_credentials" else {"refresh_token": self.refresh}
        return Response(json.dumps({"access_token": token, "token_type": "Bearer", "expires_in": self.lives, **more}), 200,
                        content_type="application/json")

    def page(self, request):
        if request.path == "/away":
            return Response("", 302, headers={"Location": "http://evil.example/"})
        self.seen.append({k.lower(): v for k, v in request.headers.items()})
        held = request.headers.get("Authorization", "")
        return Response("{}", 200 if not held.startswith("Bearer t") or held.removeprefix("Bearer ") in self.alive else 401)


@pytest.fixture
def service(installation):
    settings = installation.settings
    before = settings.outward, settings.server.public_url
    object.__setattr__(settings, "outward", Outward(allowed=(HOST,)))
    object.__setattr__(settings.server, "public_url", PUBLIC)
    with Service() as made:
        yield made
    object.__setattr__(settings, "outward", before[0])
    object.__setattr__(settings.server, "public_url", before[1])


def make(installation, service, kind, **values):
    with installation.env(SYSTEM) as env:
        return env.create("base.connection", {"name": "Shop", "kind": kind, "address": f"{service.url}/v1", "secret": "s3cret",
                                              "client": "c", "username": "u", "authorise_url": f"{service.url}/authorise",
                                              "token_url": f"{service.url}/token", **values})


def tokens(installation, key):
    with installation.env(SYSTEM, write=False) as env:
        return json.loads(env.unseal(env.get("base.connection", key, "tokens").tokens) or "{}")


def give(installation, key, **held):
    with installation.env(SYSTEM) as env:
        env.update("base.connection", key, {"tokens": json.dumps(held)})


def call(installation, which="Shop", path="/x", purpose="a test"):
    with installation.env(SYSTEM) as env:
        made = connection(env, which, purpose)
        env.commit()
        with made:
            return made.get(path)


def call_and_fail(installation, which):
    """Work that uses a connection and is rolled back."""
    with installation.env(SYSTEM) as env:
        made = connection(env, which, "x")
        env.commit()
        assert made.get("/x").status_code == 200
        made.close()
        env.update("base.connection", which, {"scopes": "rolled back"})
        raise ZeroDivisionError


@pytest.mark.parametrize(("kind", "header", "value"), [
    ("key", "x-api-key", "s3cret"), ("bearer", "authorization", "Bearer s3cret"), ("basic", "authorization", "Basic dTpzM2NyZXQ="),
    ("client", "authorization", "Bearer t1")])
@pytest.mark.database("sqlite")
def test_each_kind_of_access(installation, service, kind, header, value):
    make(installation, service, kind)
    assert call(installation).status_code == 200 and service.seen[0][header] == value
    with installation.env(SYSTEM, write=False) as env:
        [use] = env.query("base.connection_use").select("purpose", "calls", "status").rows()
    assert (use["purpose"], use["calls"], use["status"]) == ("a test", 1, 200)


@pytest.mark.database("sqlite")
def test_secrets_go_nowhere_else(installation, service):
    key = make(installation, service, "key")
    for path in (f"{service.url}/v2/x", "http://evil.example/v1/x", "../x", "/x/../../y", f"{service.url}/v10", "//evil.example/x/../..",
                 "%2e%2e/x"):
        with pytest.raises(NotOutside):
            call(installation, path=path)
    assert not service.seen
    with installation.env(SYSTEM) as env:
        for values in ({"address": "https://evil.example/"}, {"token_url": "https://evil.example/"}, {"client": "other"}):
            with pytest.raises(ValidationFailed) as failed, env.attempt():
                env.update("base.connection", key, values)
            assert "secret" in failed.value.by_field()
        env.update("base.connection", key, {"address": "https://other.example/", "secret": "new"})
    for url in ("http://shop.example/", "https://u:p@shop.example/", "ftp://shop.example/"):
        with installation.env(SYSTEM) as env, pytest.raises(ValidationFailed):
            env.update("base.connection", key, {"address": url, "secret": "new"})


@pytest.mark.database("sqlite")
def test_only_elevated_code_and_never_inside_a_transaction(installation, env_as, service):
    make(installation, service, "key")
    with env_as("boss") as env:
        with pytest.raises(AccessDenied):
            connection(env, "Shop", "x")
        assert not any(env.can("read", "base.connection", name) for name in ("secret", "tokens", "pending"))
        with env.elevated("prices") as sudo:
            made = connection(sudo, "Shop", "prices")
            with pytest.raises(DefinitionError):
                made.get("/x")
            env.commit()
            with made:
                made.get("/x")
            env.query("base.user").exists()
            with pytest.raises(NotFound):
                connection(sudo, "None", "x")
    with env_as("sara") as env, pytest.raises(NotFound):
        cut_off(env, 1)
    with env_as("boss") as env:
        [use] = env.query("base.connection_use").select("user", "purpose").rows()
        assert (use["user"].id, use["purpose"]) == (env.actor.id, "prices")


def test_tokens_are_renewed_and_survive_a_roll_back(installation, service):
    key = make(installation, service, "oauth")
    service.refresh = "r0"
    give(installation, key, access_token="old", refresh_token="r0", expires_at=1)
    with pytest.raises(ZeroDivisionError):
        call_and_fail(installation, key)
    assert tokens(installation, key)["refresh_token"] == "r1", "what the service used up is not lost"
    service.alive = set()
    assert call(installation).status_code == 200 and service.issued == 2, "withdrawn before its time: once more with a fresh one"


def test_many_at_once_renew_once(installation, service):
    key = make(installation, service, "oauth")
    service.refresh = "r0"
    give(installation, key, access_token="old", refresh_token="r0", expires_at=1)
    found = []
    threads = [threading.Thread(target=lambda: found.append(call(installation).status_code)) for _one in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert found == [200] * 4 and service.issued == 1


@pytest.mark.database("sqlite")
def test_who_is_refused_has_to_sign_in_again(installation, service):
    key = make(installation, service, "oauth")
    with pytest.raises(NotConnected):
        call(installation)
    give(installation, key, access_token="old", refresh_token="stolen", expires_at=1)
    with pytest.raises(NotConnected, match="Sign in again"):
        call(installation)
    with installation.env(SYSTEM) as env:
        row = env.get("base.connection", key, "health", "problem")
        assert row.health == "failing" and row.problem == "Sign in again"
        env.update("base.connection", key, {"active": False})
    with pytest.raises(NotFound):
        call(installation)


@pytest.mark.database("sqlite")
def test_connecting_in_the_browser(installation, service):
    admin = Visitor(installation, user_id(installation, "admin"))
    assert "No connections yet" in admin.get(URL).get_data(as_text=True) and admin.get(f"{URL}/new").status_code == 200
    form = {"name": "Calendar", "address": f"{service.url}/v1", "authorise_url": f"{service.url}/authorise",
            "token_url": f"{service.url}/token", "client": "c",
            "secret": "s3cret", "active": "1", "active__present": "1", "test_path": "/me"}
    assert admin.post(f"{URL}/new?kind=oauth", {**form, "token_url": ""}).status_code == 422
    made = admin.post(f"{URL}/new?kind=oauth", form)
    assert made.status_code == 303, made.get_data(as_text=True).split("form-errors")[1][:600]
    place = made.headers["Location"]
    page = admin.get(place).get_data(as_text=True)
    assert "s3cret" not in page and f"{PUBLIC}/x/api/connections/back" in page
    shown = admin.post(f"{place}/connect").get_data(as_text=True)
    link = shown.split('href="' + service.url)[1].split('"')[0].replace("&amp;", "&")
    asked = {k: v[0] for k, v in parse_qs(urlsplit(link).query).items()}
    assert asked["code_challenge_method"] == "S256" and asked["redirect_uri"] == f"{PUBLIC}/x/api/connections/back"
    back = f"{URL}/back?code=good&state={asked['state']}"
    other = Visitor(installation, user_id(installation, "boss"))
    assert other.get(back).status_code == 404, "the code belongs to the session that went there"
    assert admin.get(f"{URL}/back?code=good&state={asked['state']}x").status_code == 404
    assert admin.get(back).status_code == 303
    assert admin.get(back).status_code == 404, "once"
    run_jobs(installation)
    key = int(place.rpartition("/")[2])
    assert tokens(installation, key)["access_token"] == "t1"
    assert admin.post(f"{place}/test").status_code == 303
    run_jobs(installation)
    page = admin.get(place).get_data(as_text=True)
    assert "Working" in page and "Who used it" in page and service.seen[-1]["authorization"] == "Bearer t1"
    assert admin.post(place, {**form, "secret": "", "address": f"{service.url}/v2"}).status_code == 422, "the secret does not follow"
    assert admin.post(place, {**form, "secret": "", "name": "Renamed"}).status_code == 303
    assert admin.post(f"{place}/cut").status_code == 303 and tokens(installation, key) == {}
    sara = Visitor(installation, user_id(installation, "sara"))
    assert all(sara.get(path).status_code in (403, 404) for path in (URL, f"{URL}/new", place))
    assert all(sara.post(f"{place}/{what}").status_code in (403, 404) for what in ("connect", "test", "cut", "delete"))
    assert admin.post(f"{place}/delete").status_code == 303


@pytest.mark.parametrize(("address", "url", "fits"), [
    ("https://a.example/v1", "https://a.example/v1/x", True), ("https://a.example", "https://a.example/x", True),
    ("https://a.example/v1", "https://a.example/v1", True), ("https://a.example/v1", "https://a.example/v12", False),
    ("https://a.example/v1", "http://a.example/v1/x", False), ("https://a.example", "https://a.example.evil.example/", False),
    ("https://a.example", "https://a.example:8443/", False), ("https://a.example/v1", "https://a.example/v1/../x", False)])
def test_what_lies_under_an_address(address, url, fits):
    assert within(address, url) is fits

