"""Melipayamak: messages one by one, templates, states, credit, lines, answers."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from addons.messaging.contract import ACCEPTED, BY_HAND, CALLBACK, CANCEL, REJECTED, UNCERTAIN, Later, Refused, Unclear
from addons.sms.tests.gateways import PERSIAN, check_ways, message, offered
from addons.sms_melipayamak.errors import FAULTS
from addons.sms_melipayamak.provider import ADDRESS, Melipayamak
from addons.sms_melipayamak.tests.server import KEY, LINE, USER
from core import outward

MELI = Melipayamak()


@pytest.mark.addons("sms_melipayamak")
@pytest.mark.database("sqlite")
def test_the_gateway_is_offered_for_text_messages_only(installation):
    assert "melipayamak" in offered(installation, "sms") and "melipayamak" not in offered(installation, "mail")


def test_a_persian_text(server, account):
    [sent] = MELI.send(account, [message()])
    assert sent.state == ACCEPTED and sent.id == "4986243576000000000"
    assert server.messages[sent.id] == {"to": "09121234567", "text": PERSIAN, "state": 400}
    assert server.asked[0].form["password"] == KEY and KEY not in server.asked[0].path


def test_each_has_its_own_call_and_outcome(server, account):
    server.blacklist = {"09120000002"}
    sent = MELI.send(account, [message(1), message(2, "+989120000002"), message(3, "+989001234567"), message(4, "+905321234567"),
                               message(5, sender="777"), message(6)])
    assert [one.state for one in sent] == [ACCEPTED, REJECTED, REJECTED, REJECTED, REJECTED, ACCEPTED]
    assert sent[1].unwanted and sent[2].address_bad and sent[3].elsewhere and sent[4].elsewhere
    assert MELI.batch == 1 and len(server.asked) == 5


def test_a_user_name_in_persian_digits(server, settings):
    account = server.account({**settings, "username": "۹۱۲۰۰۰۰۰۰۰", "lines": "۵۰۰۰۴۰۰۱"})
    assert MELI.send(account, [message()])[0].state == ACCEPTED


LATER = {"6", "-6"}
ACCOUNT = {"0", "2", "3", "4", "5", "9", "10", "12"}


@pytest.mark.parametrize("code", sorted(FAULTS))
def test_every_code(server, account, code):
    server.refuse = code
    if code in LATER:
        with pytest.raises(Later):
            MELI.send(account, [message()])
    elif code in ACCOUNT:
        with pytest.raises(Refused) as caught:
            MELI.send(account, [message()])
        assert caught.value.code == code
    else:
        [sent] = MELI.send(account, [message()])
        assert sent.state == REJECTED and sent.code == code and sent.reason
        assert sent.address_bad == (code == "18") and sent.unwanted == (code == "35")
        assert sent.elsewhere == (code in {"11", "14", "-1", "-3", "-7"})


@pytest.mark.parametrize(("value", "status", "state"), [
    ("4986243576000000000", 1, ACCEPTED), ("1234567", 1, ACCEPTED), ("4986243576000000000", 35, ACCEPTED), ("2", 1, None),
    ("108", 35, REJECTED), ("108", 1, UNCERTAIN), ("1", 1, UNCERTAIN), ("", 1, UNCERTAIN), ("Ok", 1, UNCERTAIN), (None, 1, UNCERTAIN),
])
def test_the_value_counts(server, account, monkeypatch, value, status, state):
    monkeypatch.setattr(server, "_sendsms", lambda form: {"Value": value, "RetStatus": status, "StrRetStatus": "Ok"})
    if state is None:
        with pytest.raises(Refused):
            MELI.send(account, [message()])
    else:
        assert MELI.send(account, [message()])[0].state == state


def test_an_answer_of_another_form_is_unclear(server, account, monkeypatch):
    monkeypatch.setattr(server, "_sendsms", lambda form: {"recId": 5})
    with pytest.raises(Unclear):
        MELI.send(account, [message()])


def test_the_way(server, settings, monkeypatch, caplog):
    check_ways(MELI, server, settings, [KEY], monkeypatch, caplog)


def test_what_is_unclear_is_left_to_people(server, account, monkeypatch):
    monkeypatch.setattr(outward, "TIMEOUT", (0.5, 0.3))
    server.hanging, server.trouble = 0.5, ["hang"]
    with pytest.raises(Unclear):
        MELI.send(account, [message()])
    assert len(server.messages) == 1 and MELI.repeats == BY_HAND
    MELI.send(account, [message()])
    assert len(server.messages) == 2, "Melipayamak has no number of ours to know a repeat by"


# ---------------------------------------------------------------- templates
def test_a_code(server, account):
    [sent] = MELI.send_template(account, [message(text="", template="4211", parameters={"code": "12345"}, kind="code")])
    assert server.messages[sent.id]["text"] == "4211: 12345"
    [sent] = MELI.send_template(account, [message(template="4212", parameters={"name": "خانم کریمی", "day": "شنبه", "hour": "۱۰"})])
    assert server.messages[sent.id]["text"] == "4212: خانم کریمی;شنبه;۱۰"
    [sent] = MELI.send_template(account, [message(template="4212", parameters={"2": "b", "10": "c", "1": "a"})])
    assert server.messages[sent.id]["text"] == "4212: a;b;c"


@pytest.mark.parametrize(("template", "values", "code"), [
    ("welcome", {"code": "1"}, "-4"), ("9", {"code": "1"}, "-4"), ("4211", {"code": "1;2"}, "-5"), ("4211", {"a": "1", "b": "2"}, "-5"),
    ("4211", {"code": "http://x.example"}, "-10"),
])
def test_templates_that_will_not_do(account, template, values, code):
    [sent] = MELI.send_template(account, [message(template=template, parameters=values)])
    assert sent.state == REJECTED and sent.code == code


# ---------------------------------------------------------------- what it tells
STATES = {0: "sent", 1: "delivered", 2: "failed", 3: "failed", 5: None, 8: "sent", 16: "failed", 35: "failed", 100: None, 200: "sent",
          300: "failed", 400: None, 500: "failed", -1: "failed"}


def test_states(server, account):
    ids = [MELI.send(account, [message(n)])[0].id for n in range(len(STATES))]
    for identifier, state in zip(ids, STATES, strict=True):
        server.advance(identifier, state)
    reports = {one.id: one for one in MELI.status(account, [*ids, "77777777"])}
    assert [reports[one].state if one in reports else None for one in ids] == list(STATES.values())
    assert "77777777" not in reports and [one.code for one in reports.values() if one.unwanted] == ["35"]
    assert all(one.reason for one in reports.values() if one.state == "failed")


def test_states_found_before_trouble_are_kept(server, account):
    ids = [MELI.send(account, [message(n)])[0].id for n in range(2)]
    for identifier in ids:
        server.advance(identifier, 1)
    server.trouble = ["", "500"]
    assert [one.id for one in MELI.status(account, ids)] == ids[:1]
    server.trouble = ["500"]
    with pytest.raises(Later):
        MELI.status(account, ids)


@pytest.mark.parametrize("numbers", [{"Data": [{"Number": LINE}, {"Number": "3000123"}]}, {"Data": [LINE, "3000123"]},
                                     {"Value": f"{LINE}, 3000123"}])
def test_credit_and_lines(server, account, numbers):
    server.numbers = numbers
    assert MELI.balance(account).amount == Decimal("1500.5") and MELI.balance(account).currency == ""
    assert MELI.lines(account) == [LINE, "3000123"]


def test_a_wrong_password(server, settings):
    account = server.account({**settings, "key": "another-password"})
    for ask in (MELI.balance, MELI.lines, MELI.inbox, lambda one: MELI.status(one, ["1"]), lambda one: MELI.send(one, [message()])):
        with pytest.raises(Refused) as caught:
            ask(account)
        assert caught.value.code == "0" and "another-password" not in repr(vars(caught.value))


def test_answers(server, account):
    server.inbox = [{"MsgID": 9000 + n, "Body": f"بله {n}", "Sender": "9121234567", "Receiver": LINE,
                     "SendDate": "/Date(1764200000000+0330)/"} for n in range(130)]
    found = MELI.inbox(account)
    assert len(found) == 130
    assert (found[0].id, found[0].sender, found[0].to, found[0].text) == ("9000", "+989121234567", LINE, "بله 0")
    assert found[0].at == dt.datetime.fromtimestamp(1_764_200_000, dt.UTC)
    assert [one.id for one in MELI.inbox(account)] == [one.id for one in found], "the same again, under the same numbers"


def test_answers_written_otherwise(server, account):
    server.inbox = [{"Body": "بله", "SenderNumber": "09121234567", "RecipientNumber": LINE, "SendDate": "2026-11-27T10:30:00"},
                    {"Body": "بله", "SenderNumber": "09121234567", "RecipientNumber": LINE, "SendDate": "امروز"}]
    first, second = MELI.inbox(account)
    assert first.id and first.id != second.id and first.to == LINE
    assert first.at == dt.datetime(2026, 11, 27, 7, 0, tzinfo=dt.UTC) and second.at is None


def test_what_is_not_documented_is_marked():
    assert [one.name for one in MELI.settings if one.unverified] == ["location"]
    assert not {CANCEL, CALLBACK} & MELI.can
    assert MELI.problems({"username": USER, "lines": LINE, "address": ADDRESS}) == {}
    assert set(MELI.problems({"lines": "line", "address": "x"})) == {"lines", "address"}
