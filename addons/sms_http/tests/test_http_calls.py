"""Calls of gateways that are described in settings."""

from __future__ import annotations

import pytest

from addons.messaging.contract import Account, Call, Forged, Incoming, Report
from addons.sms_http.provider import AnyHttp

GATEWAY = AnyHttp()
FIELDS = {"call_id": "id", "call_key": "ref", "call_state": "status", "call_error": "why", "in_from": "from", "in_to": "to",
          "in_text": "text", "in_id": "mid", "states": "1=delivered\n2=failed\n3=waiting\n4=unwanted", "country": "98", "call_answer": "OK"}


def call(form=None, headers=None, json=None, query=None):
    return Call("POST", "https://crm.example/hook", headers or {}, query or {}, form or {}, b"", json)


def read(given, **more):
    return GATEWAY.callback(Account(1, "Test", {**FIELDS, **more}), given)


def test_reports_in_a_form_or_an_address():
    assert read(call({"id": "7", "status": "1"})) == [Report("delivered", id="7", code="1")]
    assert read(call({"ref": "k", "status": "2", "why": "off"})) == [Report("failed", key="k", code="2", reason="off")]
    assert read(call(query={"id": "7", "status": "4"})) == [Report("failed", id="7", code="4", unwanted=True)]
    for nothing in ({"id": "7", "status": "3"}, {"id": "7", "status": "9"}, {"status": "1"}, {}):
        assert read(call(nothing)) == []
    assert GATEWAY.answer(Account(1, "Test", FIELDS), call()) == "OK"


def test_incoming_messages_in_a_form():
    (came,) = read(call({"from": "09121234567", "to": "3000", "text": "لغو", "mid": "m1"}))
    assert came == Incoming("m1", "+989121234567", "3000", "لغو")
    written = ("989121234567", "+905321234567", "00905321234567", "BANK", "3000")
    senders = [read(call({"from": one, "text": "x"}))[0].sender for one in written]
    assert senders == ["+989121234567", "+905321234567", "+905321234567", "BANK", "3000"]
    assert read(call({"from": "1", "text": "x"}))[0].id != read(call({"from": "1", "text": "x"}))[0].id


def test_lists_in_json():
    body = {"data": {"rows": [{"msg": {"id": 7}, "state": 1}, {"msg": {"id": 8}, "state": 3}, "nonsense", None, {"from": "+989121234567",
                                                                                                                "text": None}]}}
    found = read(call(json=body), call_items="data.rows", call_id="msg.id", call_state="state")
    assert [(type(one), one.id) for one in found[:1]] == [(Report, "7")]
    assert isinstance(found[1], Incoming) and found[1].text == "" and len(found) == 2
    assert len(read(call(json={"data": [{"id": str(n), "status": "1"} for n in range(5000)]}), call_items="data")) == 1000


@pytest.mark.parametrize("headers", [{}, {"x-secret": ""}, {"x-secret": "wrong"}, {"x-secret": "s3cret "}, {"other": "s3cret"}])
def test_calls_without_the_secret_are_forged(headers):
    given = {"id": "7", "status": "1"}
    with pytest.raises(Forged) as forged:
        read(call(given, headers), call_header="X-Secret", call_secret="s3cret")
    assert "s3cret" not in str(forged.value)
    assert len(read(call(given, {"x-secret": "s3cret"}), call_header="X-Secret", call_secret="s3cret")) == 1
    with pytest.raises(Forged):
        read(call(given, headers), call_header="X-Secret")
