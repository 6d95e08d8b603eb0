"""Signing in with OAuth 2, at a server of our own."""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt
import hashlib
from urllib.parse import parse_qs, urlsplit

import pytest

from addons.mail import oauth
from addons.mail.oauth import GOOGLE, MICROSOFT, Endpoint, Tokens, begin, exchange, refresh, xoauth2
from addons.messaging.contract import Later, Refused
from addons.messaging.testing import ProviderServer
from core import outward
from core.settings import Outward


class TokenServer(ProviderServer):
    """Takes the code "good" with the right verifier, and the refresh token "r1"."""

    challenge = ""
    rotates = False

    def answer(self, asked):
        form = asked.form
        if form.get("client_id") != "client" or form.get("client_secret") != "secret":
            return 401, {}, {"error": "invalid_client"}
        if form["grant_type"] == "authorization_code":
            proof = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=").decode()
            if form["code"] != "good" or proof != self.challenge or form["redirect_uri"] != "https://crm.example/back":
                return 400, {}, {"error": "invalid_grant", "error_description": "Bad code"}
            return 200, {}, {"access_token": "a1", "refresh_token": "r1", "expires_in": 3600, "token_type": "Bearer"}
        if form.get("refresh_token") != "r1":
            return 400, {}, {"error": "invalid_grant"}
        return 200, {}, {"access_token": "a2", "expires_in": "3600"} | ({"refresh_token": "r2"} if self.rotates else {})


@pytest.fixture
def there():
    with TokenServer() as server:
        yield server


@pytest.fixture
def http(there):
    with outward.session(Outward(allowed=("127.0.0.1",))) as session:
        yield session


def endpoint(there):
    return Endpoint("own", "https://id.example/authorise", f"{there.address}/token", ("mail",))


@pytest.mark.parametrize("known", [GOOGLE, MICROSOFT])
def test_where_people_agree(known):
    begun = begin(known, "client", "https://crm.example/back", "sara@x.example")
    values = {name: value[0] for name, value in parse_qs(urlsplit(begun.address).query).items()}
    assert (
        values["redirect_uri"] == "https://crm.example/back"
        and values["state"] == begun.state
        and values["login_hint"] == "sara@x.example"
    )
    assert (
        values["code_challenge"]
        == base64.urlsafe_b64encode(hashlib.sha256(begun.verifier.encode()).digest()).rstrip(b"=").decode()
    )
    assert values["code_challenge_method"] == "S256" and values["scope"] == " ".join(known.scopes)
    assert (
        begun.verifier not in begun.address and begun.verifier not in repr(begun) and begin(known, "c", "r").state != begun.state
    )
    assert oauth.PRESETS[known.name] is known


def test_a_code_becomes_tokens_that_are_refreshed(there, http):
    begun = begin(endpoint(there), "client", "https://crm.example/back")
    there.challenge = parse_qs(urlsplit(begun.address).query)["code_challenge"][0]
    tokens = exchange(http, endpoint(there), "client", "secret", "good", begun.verifier, "https://crm.example/back")
    assert (tokens.access, tokens.refresh) == ("a1", "r1") and tokens.fresh() and "a1" not in repr(tokens)
    assert not tokens.fresh(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=58))
    again = refresh(http, endpoint(there), "client", "secret", tokens.refresh)
    assert (again.access, again.refresh) == ("a2", "r1")
    there.rotates = True
    assert refresh(http, endpoint(there), "client", "secret", "r1").refresh == "r2"
    with pytest.raises(Refused, match="Bad code"):
        exchange(http, endpoint(there), "client", "secret", "good", "another verifier", "https://crm.example/back")


def test_what_is_refused_and_what_may_go_later(there, http):
    with pytest.raises(Refused) as refused:
        refresh(http, endpoint(there), "client", "secret", "withdrawn")
    assert refused.value.code == "invalid_grant"
    with pytest.raises(Refused):
        refresh(http, endpoint(there), "client", "wrong", "r1")
    for trouble in ("500", "garbage", "drop"):
        there.trouble.append(trouble)
        with pytest.raises(Later):
            refresh(http, endpoint(there), "client", "secret", "r1")
    with outward.session(Outward()) as guarded, pytest.raises(Refused, match="public internet"):
        refresh(guarded, endpoint(there), "client", "secret", "r1")
    with pytest.raises(Later):
        refresh(http, dataclasses.replace(endpoint(there), token="http://127.0.0.1:9/"), "client", "secret", "r1")


def test_what_servers_are_told():
    assert xoauth2("sara@x.example", "t") == "user=sara@x.example\x01auth=Bearer t\x01\x01"
    assert Tokens("a").fresh() and not Tokens("").fresh()
