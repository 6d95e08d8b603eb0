"""Calls of Twilio: taken with its signature only."""

from __future__ import annotations

import pytest

from addons.messaging.contract import Account, Forged, Incoming, Report
from addons.sms_twilio import signature
from addons.sms_twilio.provider import Twilio
from addons.sms_twilio.tests.server import NUMBER, SID, TOKEN, calling

GATEWAY = Twilio()
OURS = "https://crm.example/x/messages/hook/abc"
ACCOUNT = Account(1, "Test", {"account_sid": SID, "auth_token": TOKEN})
CAME = {"MessageSid": "SM1", "SmsSid": "SM1", "SmsStatus": "received", "AccountSid": SID, "From": "+989121234567", "To": NUMBER,
        "Body": "لغو", "NumMedia": "0", "OptOutType": "STOP"}
TOLD = {"MessageSid": "SM2", "MessageStatus": "delivered", "To": "+989121234567", "From": NUMBER, "AccountSid": SID}


def test_twilios_own_example_is_signed_as_in_its_documentation():
    form = {"CallSid": "CA1234567890ABCDE", "Caller": "+12349013030", "Digits": "1234", "From": "+12349013030", "To": "+18005551212"}
    assert signature.sign("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", form) == "0/KCTR6DLpKmkAf8muzZqo1nDgQ="


def test_an_incoming_message():
    (came,) = GATEWAY.callback(ACCOUNT, calling(OURS, CAME))
    assert came == Incoming("SM1", "+989121234567", NUMBER, "لغو", extra={"OptOutType": "STOP", "NumMedia": "0"})
    assert GATEWAY.answer(ACCOUNT, calling(OURS, CAME)) == "<Response/>"


def test_a_report():
    (told,) = GATEWAY.callback(ACCOUNT, calling(f"{OURS}?key=k1", TOLD))
    assert told == Report("delivered", id="SM2", key="k1")
    (told,) = GATEWAY.callback(ACCOUNT, calling(OURS, {**TOLD, "MessageStatus": "undelivered", "ErrorCode": "30006"}))
    assert (told.state, told.code, told.address_bad) == ("failed", "30006", True)
    (told,) = GATEWAY.callback(ACCOUNT, calling(OURS, {**TOLD, "MessageStatus": "failed", "ErrorCode": "21610"}))
    assert told.unwanted
    assert GATEWAY.callback(ACCOUNT, calling(OURS, {**TOLD, "MessageStatus": "queued"})) == []


@pytest.mark.parametrize(("signed", "seen"), [
    ("https://crm.example/h", "https://crm.example:443/h"), ("https://crm.example:443/h", "https://crm.example/h"),
    ("https://crm.example/h", "https://crm.example:8443/h"), ("http://crm.example:80/h?key=1", "http://crm.example/h?key=1"),
    ("https://[2001:db8::1]/h", "https://[2001:db8::1]:443/h")])
def test_with_and_without_the_port(signed, seen):
    call = calling(signed, TOLD)
    object.__setattr__(call, "url", seen)
    assert len(GATEWAY.callback(ACCOUNT, call)) == 1


def test_behind_a_proxy_the_address_that_we_told_counts():
    told = Account(1, "Test", ACCOUNT.settings, callback=OURS)
    call = calling(f"{OURS}?key=k1", TOLD)
    object.__setattr__(call, "url", "http://127.0.0.1:8000/x/messages/hook/abc?key=k1")
    assert len(GATEWAY.callback(told, call)) == 1
    for url in ("http://127.0.0.1:8000/x/messages/hook/abc?key=k2", "http://127.0.0.1:8000/x/messages/hook/other?key=k1"):
        object.__setattr__(call, "url", url)
        with pytest.raises(Forged):
            GATEWAY.callback(told, call)


def test_a_key_of_ones_own_and_the_stronger_hash():
    shared = Account(1, "Test", {**ACCOUNT.settings, "shared_key": "shared"})
    settings = "key=WS1,algorithm=HMAC_SHA256"
    call = calling(OURS, TOLD, x_twilio_webhooks_signature_settings=settings,
                   x_twilio_signature=signature.sign("shared", OURS, TOLD, "sha256"))
    assert len(GATEWAY.callback(shared, call)) == 1
    wrong = [(ACCOUNT, call),  # we know no such key
             (shared, calling(OURS, TOLD, "shared", x_twilio_webhooks_signature_settings=settings)),  # SHA-1
             (shared, calling(OURS, TOLD, x_twilio_webhooks_signature_settings=settings,
                              x_twilio_signature=signature.sign(TOKEN, OURS, TOLD, "sha256"))),  # the token
             (shared, calling(OURS, TOLD, "shared", x_twilio_webhooks_signature_settings="key=WS1,algorithm=none")),
             (shared, calling(OURS, TOLD, "shared"))]  # names no key, so the token counts
    for account, forged in wrong:
        with pytest.raises(Forged):
            GATEWAY.callback(account, forged)


@pytest.mark.parametrize("wrong", ["signature", "none", "form", "added", "address", "query", "key"])
def test_forged_calls(wrong):
    call = calling(f"{OURS}?key=k1", TOLD)
    changes = {
        "signature": ("headers", {"x-twilio-signature": "bm9wZQ=="}), "none": ("headers", {}),
        "form": ("form", {**TOLD, "MessageSid": "SM3"}), "added": ("form", {**TOLD, "Body": "x"}),
        "address": ("url", "https://other.example/x/messages/hook/abc?key=k1"), "query": ("url", f"{OURS}?key=k2"),
        "key": ("headers", {"x-twilio-signature": signature.sign("other", call.url, TOLD)})}
    object.__setattr__(call, *changes[wrong])
    with pytest.raises(Forged) as forged:
        GATEWAY.callback(ACCOUNT, call)
    assert TOKEN not in str(forged.value)


def test_without_a_token_everything_is_forged():
    for key in ("", TOKEN):
        with pytest.raises(Forged):
            GATEWAY.callback(Account(1, "Test", {"account_sid": SID}), calling(OURS, TOLD, key))
