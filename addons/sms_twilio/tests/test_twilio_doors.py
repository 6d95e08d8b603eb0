"""Twilio at the door: its calls come over HTTP, and what it is answered goes back."""

from __future__ import annotations

import pytest

from addons.messaging import accounts
from addons.messaging.contract import Channel
from addons.sms_twilio import signature
from addons.sms_twilio.tests.server import NUMBER, SID, TOKEN
from core.api import SYSTEM, hookimpl
from core.testing.browser import Visitor

pytestmark = [pytest.mark.addons("sms_twilio"), pytest.mark.database("sqlite")]
CAME = {"MessageSid": "SM1", "SmsStatus": "received", "From": "+989121234567", "To": NUMBER, "Body": "سلام & درود"}


class Sms:
    """A channel for text messages, as long as none is there."""

    @hookimpl
    def providers(self, kind):
        return [Channel("sms", "SMS", "phone", lambda text, region: text, ("mobile",))] if kind == "channel" else []


@pytest.fixture
def address(installation):
    """Where Twilio calls the account."""
    plugins, made = installation.registry.plugins, Sms()
    with installation.env(SYSTEM) as env:
        missing = "sms" not in accounts.channels(env)
    if missing:
        plugins.register(made)
        installation.registry.memo.clear()
    with installation.env(SYSTEM) as env:
        key = accounts.save(env, None, accounts.providers(env, "sms")["twilio"], {"name": "Twilio", "sender": NUMBER},
                            {"account_sid": SID, "auth_token": TOKEN})
        token = env.query("messaging.account").with_ids([key]).select("token").rows()[0]["token"]
    yield f"/x/messaging/in/{token}"
    if missing:
        plugins.unregister(made)
        installation.registry.memo.clear()


def bodies(installation):
    with installation.env(SYSTEM) as env:
        return [row["body"] for row in env.query("messaging.message").select("body").rows()]


def test_an_incoming_message_is_taken_and_answered_in_xml(installation, address):
    headers = {"X-Twilio-Signature": signature.sign(TOKEN, f"http://localhost{address}", CAME)}
    answer = Visitor(installation).client.post(address, data=CAME, headers=headers)
    assert (answer.status_code, answer.get_data(as_text=True)) == (200, "<Response/>")
    assert answer.content_type.startswith("text/xml"), "as plain text Twilio would send it to the person"
    assert bodies(installation) == ["سلام & درود"]
    assert Visitor(installation).client.post(address, data=CAME, headers=headers).status_code == 200
    assert len(bodies(installation)) == 1, "a repeated call is no second message"


def test_a_forged_call_learns_nothing(installation, address):
    for headers in ({}, {"X-Twilio-Signature": signature.sign("guess", f"http://localhost{address}", CAME)}):
        assert Visitor(installation).client.post(address, data=CAME, headers=headers).status_code == 404
    assert bodies(installation) == []


def test_secrets_must_make_sense_before_they_are_kept(installation, address):
    with installation.env(SYSTEM) as env:
        twilio = accounts.providers(env, "sms")["twilio"]
        assert set(accounts.check_settings(env, twilio, {"account_sid": SID})) == {"auth_token"}
        assert set(accounts.check_settings(env, twilio, {"auth_token": TOKEN})) == {"account_sid"}
