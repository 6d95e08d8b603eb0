"""Client and server together: a third party comes in by OAuth 2, and what it creates is told by a webhook that it verifies."""

from __future__ import annotations

from typing import Any

import pytest

from core.security.actor import SYSTEM
from core.testing.jobs import run_jobs
from core.testing.plugin import user_id
from sarnakh_client import ClientCredentials, RefreshToken, Sarnakh, SignatureInvalid, verify
from tests.client.stumbling import listening

pytest.importorskip("addons.api.webhook_send")
pytest.importorskip("authlib")

from addons.api.tests.receiving import reachable, subscribe  # noqa: E402 - after the words above
from addons.api.tests.test_oauth import Third  # noqa: E402

pytestmark = [pytest.mark.addons("api", "contacts"), pytest.mark.database("sqlite")]
CONTACT = "contacts.contact"


class Receiver:
    """A small server that believes what the client package believes."""

    def __init__(self) -> None:
        self.secret, self.url, self.got, self.sent = "", "", [], []

    def __call__(self, environ: dict[str, Any], start: Any) -> list[bytes]:
        headers = {name[5:].replace("_", "-"): value for name, value in environ.items() if name.startswith("HTTP_")}
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        self.sent.append((headers, body))
        self.got.append(verify(headers, body, [self.secret]))
        start("204 No Content", [])
        return []


def test_what_the_client_creates_is_told_by_a_webhook(installation, connect):
    receiver = Receiver()
    with listening(receiver) as receiver.url, reachable(installation):
        subscribe(installation, receiver, user_id(installation, "sara"))
        made = connect("sara")[CONTACT].create(last_name="کریمی", email="k@example.com")
        run_jobs(installation)
    (event,) = receiver.got
    assert event["type"] == f"{CONTACT}.created" and event["data"]["id"] == made.id
    assert event["data"]["fields"]["last_name"] == "کریمی"
    headers, body = receiver.sent[0]
    with pytest.raises(SignatureInvalid):
        verify(headers, body.replace(b"k@example.com", b"x@example.com"), receiver.secret)


def test_a_program_comes_in_with_its_own_credentials(installation, address):
    with installation.env(SYSTEM) as env:
        profile = env.query("base.profile").where('name == "Standard"').ids()[0]
        robot = env.create("base.user", {"name": "Robot", "login": "robot", "email": "r@example.com", "profile": profile})
        env.derive("base.user", {robot: {"integration": True}})
    third = Third(installation, user=robot, redirects=[])
    with Sarnakh(address, ClientCredentials(third.id, third.secret, "*:write")) as crm:
        assert crm[CONTACT].create(last_name="By a robot")["owner"].label == "Robot"


def test_a_program_acts_for_a_person_who_agreed(installation, address):
    third, kept = Third(installation), []
    first = third.exchange(third.agree(scope=f"{CONTACT}:read")["code"]).get_json()["refresh_token"]
    with Sarnakh(address, RefreshToken(third.id, first, third.secret, renewed=kept.append)) as crm:
        assert crm[CONTACT].count() == 0 and crm.me()["user"]["label"] == "Sara Seller"
    assert kept and kept[0] != first, "the new refresh token was handed to whoever keeps it"
