"""What Kavenegar tells: states, credit, answers, calls of our address."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from addons.messaging.contract import Forged, Later, Refused, Unclear
from addons.sms.tests.gateways import a_call, many, message, offered
from addons.sms_kavenegar.provider import Kavenegar
from addons.sms_kavenegar.tests.server import KEY, LINE
from core import outward

KAVENEGAR = Kavenegar()

STATES = {1: None, 2: None, 4: "sent", 5: "sent", 6: "failed", 10: "delivered", 11: "failed", 13: "cancelled", 14: "failed",
          50: None, 100: None}


@pytest.mark.addons("sms_kavenegar")
@pytest.mark.database("sqlite")
def test_the_gateway_is_offered_for_text_messages_only(installation):
    assert "kavenegar" in offered(installation, "sms") and "kavenegar" not in offered(installation, "mail")


def test_states(server, account):
    ids = [one.id for one in KAVENEGAR.send(account, many(len(STATES)))]
    for identifier, state in zip(ids, STATES, strict=True):
        server.advance(identifier, state)
    reports = {one.id: one for one in KAVENEGAR.status(account, [*ids, "1"])}
    assert [reports[one].state if one in reports else None for one in ids] == list(STATES.values())
    assert "1" not in reports
    assert [one.id for one in reports.values() if one.unwanted] == [ids[8]]
    assert all(one.reason for one in reports.values() if one.state == "failed")


def test_no_more_than_500_states_in_a_call(server, account):
    assert KAVENEGAR.status(account, [str(n) for n in range(1, 502)]) == []
    assert [len(one.form["messageid"].split(",")) for one in server.asked] == [500, 1]


@pytest.mark.parametrize("trouble", ["hang", "drop", "500", "garbage"])
def test_a_question_can_be_asked_again(server, account, trouble, monkeypatch):
    monkeypatch.setattr(outward, "TIMEOUT", (0.5, 0.3))
    server.hanging = 0.5
    for ask in (lambda: KAVENEGAR.status(account, ["1"]), lambda: KAVENEGAR.balance(account), lambda: KAVENEGAR.cancel(account, ["1"])):
        server.trouble = [trouble]
        with pytest.raises(Later):
            ask()


def test_credit(server, account, settings):
    assert KAVENEGAR.balance(account).amount == Decimal(250_000)
    assert KAVENEGAR.balance(account).currency == "IRR" and KAVENEGAR.balance(account).expires == dt.date(2027, 1, 1)
    with pytest.raises(Refused) as caught:
        KAVENEGAR.balance(server.account({**settings, "key": "other"}))
    assert caught.value.code == "403"


def test_taking_back(server, account):
    waiting, gone = (one.id for one in KAVENEGAR.send(account, many(2)))
    server.advance(gone, 5)
    assert KAVENEGAR.cancel(account, [waiting, gone, "1"]) == [waiting]


def test_answers_come_once(server, account):
    server.inbox = [{"messageid": 5000 + n, "message": f"بله {n}", "sender": "989121234567", "receptor": LINE, "date": 1_764_200_000 + n}
                    for n in range(230)]
    found = KAVENEGAR.inbox(account)
    assert len(found) == 230 and len(server.asked) == 3
    first = found[0]
    assert (first.id, first.sender, first.to, first.text) == ("5000", "+989121234567", LINE, "بله 0")
    assert first.at == dt.datetime.fromtimestamp(1_764_200_000, dt.UTC)
    assert KAVENEGAR.inbox(account) == []


def test_what_was_read_is_kept_when_the_next_call_fails(server, account):
    server.inbox = [{"messageid": n, "message": "x", "sender": "9121234567", "receptor": LINE, "date": 1} for n in range(1, 151)]
    server.trouble = ["", "garbage"]
    assert len(KAVENEGAR.inbox(account)) == 100
    server.trouble = ["garbage"]
    with pytest.raises(Unclear):
        KAVENEGAR.inbox(account)


def test_the_inbox_of_a_line_that_is_not_ours(server):
    with pytest.raises(Refused):
        KAVENEGAR.inbox(server.account({"key": KEY, "lines": "777", "address": server.address}))


# ---------------------------------------------------------------- calls
@pytest.mark.parametrize("way", ["query", "form"])
def test_calls(account, way):
    [report] = KAVENEGAR.callback(account, a_call(**{way: {"messageid": "8792343", "status": "10"}}))
    assert (report.id, report.state) == ("8792343", "delivered")
    assert KAVENEGAR.callback(account, a_call(**{way: {"messageid": "8792343", "status": "1"}})) == []
    values = {"messageid": "77", "from": "09121234567", "to": LINE, "message": "لغو ۱۱"}
    [came] = KAVENEGAR.callback(account, a_call(**{way: values}))
    assert (came.id, came.sender, came.to, came.text) == ("77", "+989121234567", LINE, "لغو ۱۱")
    assert KAVENEGAR.answer(account, a_call()) == ""


@pytest.mark.parametrize("values", [
    {}, {"messageid": "1"}, {"status": "10"}, {"messageid": "", "status": "10"}, {"messageid": "x", "status": "10"},
    {"messageid": "1", "status": "ten"}, {"messageid": "۱", "status": "10"}, {"messageid": "1", "status": "²"},
    {"messageid": "1 OR 1=1", "status": "10"}, {"messageid": "1", "from": "", "to": "2", "message": "x"},
])
def test_calls_of_others(account, values):
    for way in ("query", "form"):
        with pytest.raises(Forged):
            KAVENEGAR.callback(account, a_call(**{way: values}))
    with pytest.raises(Forged):
        KAVENEGAR.callback(account, a_call({"messageid": "1", "status": "10"}, method="PUT"))


def test_a_state_a_call_made_up_says_no_more_than_kavenegar_does(server, account):
    """A call alone proves nothing: asked itself, Kavenegar says that the message still waits."""
    [sent] = KAVENEGAR.send(account, [message()])
    assert [one.state for one in KAVENEGAR.callback(account, a_call({"messageid": sent.id, "status": "10"}))] == ["delivered"]
    assert KAVENEGAR.status(account, [sent.id]) == []
