"""OAuth 2 as a client: against a small authorisation server on the loopback that hands out tokens of the CRM."""

from __future__ import annotations

import json
from contextlib import contextmanager
from urllib.parse import parse_qs

import pytest

from addons.api.tests.calling import token_for
from core.web.host import Host
from sarnakh_client import BadAnswer, ClientCredentials, RefreshToken, Retry, Sarnakh, Unauthorised
from tests.client.stumbling import listening

pytestmark = [pytest.mark.addons("api", "leads"), pytest.mark.database("sqlite")]


class Server:
    """The CRM with token endpoints before it; `asked` has the forms that came. The first token it gives is not good."""

    def __init__(self, installation, token_endpoint="") -> None:
        self.installation, self.host, self.asked, self.address, self.endpoint = installation, Host(installation), [], "", token_endpoint
        self.lifetime, self.first = 3600, "snk_revoked"

    def __call__(self, environ, start):
        if environ["PATH_INFO"] == "/.well-known/oauth-authorization-server":
            return self.answer(start, 200, {"token_endpoint": self.endpoint or f"{self.address}/oauth/token"})
        if environ["PATH_INFO"] == "/oauth/token":
            form = parse_qs(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode())
            self.asked.append({name: values[0] for name, values in form.items()})
            if form.get("client_secret") == ["wrong"]:
                return self.answer(start, 401, {"error": "invalid_client", "error_description": "Unknown client"})
            token = self.first or token_for(self.installation, "sara")
            self.first = ""
            return self.answer(start, 200, {"access_token": token, "token_type": "Bearer", "expires_in": self.lifetime,
                                            "refresh_token": f"refresh-{len(self.asked)}"})
        return self.host(environ, start)

    @staticmethod
    def answer(start, status, body):
        text = json.dumps(body).encode()
        start(f"{status} -", [("Content-Type", "application/json"), ("Content-Length", str(len(text)))])
        return [text]

    @contextmanager
    def listening(self):
        with listening(self) as self.address:
            yield self
        self.host.later.flush()


def test_a_program_with_its_own_credentials(installation):
    with Server(installation).listening() as server, Sarnakh(server.address, ClientCredentials("erp", "s3cret", "*:read")) as crm:
        assert crm["leads.lead"].count() == 0, "the first token was refused, and a new one fetched"
        assert crm["leads.lead"].count() == 0 and len(server.asked) == 2
        assert server.asked[0] == {"grant_type": "client_credentials", "client_id": "erp", "client_secret": "s3cret", "scope": "*:read"}


def test_a_refresh_token_that_is_rotated(installation):
    kept = []
    server = Server(installation)
    server.first, server.lifetime = "", 1
    with server.listening(), Sarnakh(server.address, RefreshToken("app", "refresh-0", renewed=kept.append)) as crm:
        crm.transport.auth.MARGIN = 0.0
        assert crm["leads.lead"].count() == 0
        crm.transport.auth._until = 0.0
        assert crm["leads.lead"].count() == 0
    assert [form["refresh_token"] for form in server.asked] == ["refresh-0", "refresh-1"] and kept == ["refresh-1", "refresh-2"]


def test_what_a_token_endpoint_refuses_is_told(installation):
    with Server(installation).listening() as server, pytest.raises(Unauthorised, match="Unknown client"):
        Sarnakh(server.address, ClientCredentials("erp", "wrong"))["leads.lead"].count()


def test_a_secret_goes_to_nobody_else(installation):
    with Server(installation, "http://127.0.0.2:1/oauth/token").listening() as server, pytest.raises(BadAnswer, match="not at"):
        Sarnakh(server.address, ClientCredentials("erp", "s3cret"), retry=Retry(tries=1))["leads.lead"].count()
    assert not server.asked


def test_a_netrc_file_does_not_replace_the_token(installation, tmp_path, monkeypatch):
    (tmp_path / "netrc").write_text("default login other password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with Server(installation).listening() as server, Sarnakh(server.address, token_for(installation, "sara")) as crm:
        assert crm.me()["user"]["label"] == "Sara Seller"
