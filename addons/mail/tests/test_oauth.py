"""Signing in with OAuth 2, at a server of our own: the tokens live in a connection, and are renewed there."""

from __future__ import annotations

import base64
import hashlib
import json
from urllib.parse import parse_qs, urlsplit

import pytest

from addons.mail import boxes, oauth
from addons.mail.oauth import GOOGLE, MICROSOFT
from addons.mail.provider import Smtp
from addons.mail.servers import TLS, xoauth2
from addons.mail.testing import SmtpServer
from addons.messaging import accounts
from addons.messaging.contract import Later, Refused
from addons.messaging.queueing import Draft, queue
from addons.messaging.testing import HOST, ProviderServer
from core.api import SYSTEM, ValidationFailed
from core.testing.browser import Visitor
from core.testing.jobs import run_jobs
from core.testing.plugin import user_id

pytestmark = pytest.mark.addons("mail", "contacts")
BACK = "/x/mail/oauth/back"


class TokenServer(ProviderServer):
    """Takes the code "good" with the right verifier, and the refresh token "r1"; its second access token is the one that mail takes."""

    challenge = ""
    back = ""
    refused = False

    def answer(self, asked):
        form = asked.form
        given = base64.b64decode(asked.headers.get("authorization", "").removeprefix("Basic ") or b"").decode()
        if given != "client:secret":
            return 401, {}, {"error": "invalid_client"}
        if form["grant_type"] == "authorization_code":
            proof = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=").decode()
            if form["code"] != "good" or proof != self.challenge or form["redirect_uri"] != self.back:
                return 400, {}, {"error": "invalid_grant", "error_description": "Bad code"}
            return 200, {}, {"access_token": "old-token", "refresh_token": "r1", "expires_in": 30, "token_type": "Bearer"}
        if self.refused or form.get("refresh_token") != "r1":
            return 400, {}, {"error": "invalid_grant"}
        return 200, {}, {"access_token": "good-token", "expires_in": 3600, "token_type": "Bearer"}


@pytest.fixture
def there():
    with TokenServer() as server:
        yield server


@pytest.fixture
def signing(post, installation, outside, there):
    """Sara's account at a mail server that takes tokens only, and her browser."""
    with SmtpServer(TLS, password="x") as smtp:
        account = post.account({"person": user_id(installation, "sara")}, port=str(smtp.port), encryption=TLS, user="sara",
                               certificate=smtp.certificate, oauth_company="other", oauth_client="client", oauth_secret="secret",
                               oauth_authorise=f"{there.address}/a", oauth_token=f"{there.address}/t", oauth_scopes="mail")
        there.back = f"{outside}{BACK}"
        yield account, Visitor(installation, user_id(installation, "sara")), smtp


def begun(sara, account, there):
    """The state of a sign-in that goes on at the company."""
    answer = sara.post(f"/x/mail/oauth/{account}")
    assert answer.status_code == 303 and answer.headers["Location"].startswith(f"{there.address}/a?")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}
    assert (asked["redirect_uri"], asked["login_hint"], asked["scope"]) == (there.back, "sara", "mail")
    assert asked["code_challenge_method"] == "S256"
    there.challenge = asked["code_challenge"]
    return asked["state"]


def token(installation, account):
    """The access token that a call to the account's server would get."""
    with installation.env(SYSTEM) as env:
        opened = accounts.opened(env, accounts.rows(env, [account])[0])
        env.commit()
        try:
            return opened.access()
        finally:
            opened.http.close()


def test_a_sign_in_belongs_to_its_session(installation, signing, there):
    account, sara, _smtp = signing
    state = begun(sara, account, there)
    assert state.startswith(f"{account}.")
    again = Visitor(installation, user_id(installation, "sara"))
    assert again.get(f"{BACK}?state={state}&code=good").status_code == 404, "another session of the same person"
    assert Visitor(installation, user_id(installation, "boss")).get(f"{BACK}?state={state}&code=good").status_code in (403, 404)
    for forged in (f"{account}.forged", "", "x.y", f"{account + 1}{state[len(str(account)):]}"):
        assert sara.get(f"{BACK}?state={forged}&code=good").status_code == 404
    assert not there.asked
    assert sara.get(f"{BACK}?state={state}&code=good").status_code == 303
    assert sara.get(f"{BACK}?state={state}&code=good").status_code == 404, "only once"
    run_jobs(installation)
    assert [one.form["grant_type"] for one in there.asked] == ["authorization_code"]


def test_tokens_are_in_the_one_store_and_renewed_when_mail_leaves(post, installation, signing, there):
    account, sara, smtp = signing
    state = begun(sara, account, there)
    sara.get(f"{BACK}?state={state}&code=good")
    run_jobs(installation)
    assert "Working" in sara.get(f"/x/mail/oauth/{account}").get_data(as_text=True)
    with installation.env(SYSTEM) as env:
        [row] = env.query("base.connection").select("name", "kind", "health", "tokens", "pending").rows()
        assert (row["kind"], row["health"]) == ("oauth", "working") and json.loads(env.unseal(row["tokens"]))["refresh_token"] == "r1"
        hidden = json.loads(env.unseal(accounts.rows(env, [account])[0]["secrets"]))
        assert set(hidden) == {"oauth_secret", "oauth_connection"} and accounts.rows(env, [account])[0]["settings"]["auth"] == "oauth"
    with installation.env(SYSTEM) as env:
        queue(env, [Draft("mail", "ayse@example.org", "Hello", subject="Hello", account=account)])
    post.work()
    assert [row["state"] for row in post.rows("messaging.message", "state")] == ["sent"] and len(smtp.mails) == 1
    assert token(installation, account) == "good-token", "the old one was nearly over"
    assert token(installation, account) == "good-token" and len(there.asked) == 2, "and is asked for once"
    with installation.env(SYSTEM) as env:
        opened = accounts.opened(env, accounts.rows(env, [account])[0])
        env.commit()
        assert Smtp().lines(opened) == ["info@pars.example"] and smtp.connected
        opened.http.close()


def test_who_must_sign_in_again_and_what_may_go_later(installation, signing, there):
    account, sara, _smtp = signing
    state = begun(sara, account, there)
    sara.get(f"{BACK}?state={state}&code=bad")
    run_jobs(installation)
    page = sara.get(f"/x/mail/oauth/{account}").get_data(as_text=True)
    assert "Bad code" in page and "Failing" in page
    with pytest.raises(Refused, match="sign in"):
        token(installation, account)
    state = begun(sara, account, there)
    sara.get(f"{BACK}?state={state}&code=good")
    run_jobs(installation)
    for trouble in ("500", "garbage", "drop"):
        there.trouble.append(trouble)
        with pytest.raises(Later):
            token(installation, account)
    there.refused = True
    with pytest.raises(Refused):
        token(installation, account)
    there.refused = False
    assert token(installation, account) == "good-token"


def test_a_sign_in_does_not_follow_to_another_server(installation, signing, there):
    """Who changes the server must know the secrets, and sign in anew: tokens are not sent to a server of their choice."""
    account, sara, _smtp = signing
    state = begun(sara, account, there)
    sara.get(f"{BACK}?state={state}&code=good")
    run_jobs(installation)
    with installation.env(installation.load_actor(user_id(installation, "sara"))) as env:
        settings = {**accounts.settings_of(env, account), "host": "evil.example"}
        with pytest.raises(ValidationFailed):
            accounts.save(env, account, Smtp(), {"name": "Post"}, settings)
        accounts.save(env, account, Smtp(), {"name": "Post"}, {**settings, "oauth_secret": "secret"})
    with installation.env(SYSTEM) as env:
        opened = accounts.opened(env, accounts.rows(env, [account])[0])
        opened.http.close()
        assert opened.access is None and oauth.connection_of(opened) == 0
        with pytest.raises(Refused, match="Nobody has signed in"):
            boxes.access(opened)()


def test_where_companies_are():
    assert oauth.PRESETS == {"google": GOOGLE, "microsoft": MICROSOFT} and HOST
    assert all(one.token.startswith("https://") and one.site.startswith("https://") and one.scopes for one in oauth.PRESETS.values())


def test_what_servers_are_told():
    assert xoauth2("sara@x.example", "t") == "user=sara@x.example\x01auth=Bearer t\x01\x01"
