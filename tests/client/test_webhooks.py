"""A webhook is believed when its signature fits, and never otherwise."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sarnakh_client import SignatureInvalid, verify
from sarnakh_client.webhooks import signature

SECRET, OTHER = ("whsec_" + base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2))
NOW = 1_700_000_000


def headers(body: bytes, *secrets: str, sent: int = NOW) -> dict[str, str]:
    return {"Webhook-Id": "msg_1", "Webhook-Timestamp": str(sent),
            "Webhook-Signature": " ".join(signature(secret, "msg_1", sent, body) for secret in secrets)}


def test_the_example_of_the_standard():
    secret, key, sent, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
    assert signature(secret, key, sent, body) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(st.dictionaries(st.text(), st.text() | st.integers()))
def test_a_genuine_message_is_believed(payload):
    body = json.dumps(payload).encode()
    assert verify(headers(body, SECRET), body, SECRET, now=NOW) == payload
    assert verify(headers(body, OTHER), body, [SECRET, OTHER], now=NOW + 299) == payload, "while a secret is rotated"
    assert verify(headers(body, SECRET, OTHER), body.decode(), OTHER, now=NOW) == payload


@given(st.binary(min_size=1), st.integers(0, 10))
def test_any_other_is_refused(change, at):
    body = b'{"amount": 100}'
    forged = body[:at] + change + body[at:]
    with pytest.raises(SignatureInvalid):
        verify(headers(body, SECRET), forged, SECRET, now=NOW)


@pytest.mark.parametrize("change", [{"Webhook-Timestamp": str(NOW + 1)}, {"Webhook-Id": "msg_2"}, {"Webhook-Signature": ""},
                                    {"Webhook-Signature": "v2,abc v1"}, {"Webhook-Timestamp": "soon"}, {"Webhook-Signature": "v1,é"}])
def test_no_part_may_be_changed(change):
    body = b"{}"
    with pytest.raises(SignatureInvalid):
        verify({**headers(body, SECRET), **change}, body, SECRET, now=NOW)


def test_an_old_message_or_another_secret_is_refused():
    body = b"{}"
    for at, secrets in ((NOW + 301, SECRET), (NOW - 301, SECRET), (NOW, OTHER), (NOW, []), (NOW, "nonsense!")):
        with pytest.raises(SignatureInvalid):
            verify(headers(body, SECRET), body, secrets, now=at)
