"""SMS.ir: messages with their texts, templates, states, credit, lines, answers."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from addons.messaging.contract import ACCEPTED, BY_HAND, CALLBACK, CANCEL, REJECTED, UNCERTAIN, Later, Refused, Unclear
from addons.sms.tests.gateways import PERSIAN, check_ways, many, message, offered
from addons.sms_smsir.errors import FAULTS
from addons.sms_smsir.provider import ADDRESS, SmsIr
from addons.sms_smsir.tests.server import KEY, LINE
from core import outward

SMSIR = SmsIr()


@pytest.mark.addons("sms_smsir")
@pytest.mark.database("sqlite")
def test_the_gateway_is_offered_for_text_messages_only(installation):
    assert "smsir" in offered(installation, "sms") and "smsir" not in offered(installation, "mail")


def test_a_persian_text(server, account):
    [sent] = SMSIR.send(account, [message()])
    assert sent.state == ACCEPTED and sent.cost == Decimal("1.0")
    kept = server.messages[int(sent.id)]
    assert (kept["messageText"], kept["mobile"]) == (PERSIAN, 9121234567)
    assert server.asked[0].headers["content-type"] == "application/json"


def test_a_hundred_texts_in_one_call_and_each_gets_its_own(server, account):
    server.blacklist = {"09120000003"}
    messages = many(SMSIR.batch)
    messages[5] = message(105, "+989120000005", "x" * 501)
    sent = SMSIR.send(account, messages)
    assert len(server.asked) == 1
    assert [one.state for one in sent].count(ACCEPTED) == 98
    assert sent[3].state == REJECTED and sent[3].unwanted
    assert sent[5].state == REJECTED and not sent[5].unwanted and sent[5].reason
    for one, asked in zip(sent, messages, strict=True):
        assert one.state == REJECTED or server.messages[int(one.id)]["messageText"] == asked.text


def test_one_bad_number_costs_the_others_nothing(server, account):
    sent = SMSIR.send(account, [*many(5), message(7, "+989001234567"), message(8, "+905321234567")])
    assert [one.state for one in sent] == [ACCEPTED] * 5 + [REJECTED] * 2
    assert sent[5].address_bad and sent[6].elsewhere and len(server.messages) == 5


def test_lines_have_calls_of_their_own(server, account, settings):
    sent = SMSIR.send(account, [message(1), message(2, sender="777"), message(3, sender="my name")])
    assert [one.state for one in sent] == [ACCEPTED, REJECTED, REJECTED]
    assert sent[1].code == sent[2].code == "101" and sent[1].elsewhere
    for lines in ("777", ""):
        with pytest.raises(Refused):
            SMSIR.send(server.account({**settings, "lines": lines}), [message()])


LATER = {"0", "20"}
ACCOUNT = {"10", "11", "12", "13", "14", "15", "101", "102", "123"}


@pytest.mark.parametrize("code", sorted(FAULTS))
def test_every_status(server, account, code):
    server.refuse = int(code)
    if code in LATER:
        with pytest.raises(Later):
            SMSIR.send(account, [message()])
    elif code in ACCOUNT:
        with pytest.raises(Refused) as caught:
            SMSIR.send(account, [message()])
        assert caught.value.code == code
    else:
        [sent] = SMSIR.send(account, [message()])
        assert sent.state == REJECTED and sent.code == code and sent.reason
        assert sent.address_bad == (code == "104") and sent.unwanted == (code == "115")
        assert sent.elsewhere == (code in {"119", "124"})


def test_the_way(server, settings, monkeypatch, caplog):
    check_ways(SMSIR, server, settings, [KEY], monkeypatch, caplog)


def test_a_wrong_key(server, settings):
    with pytest.raises(Refused) as caught:
        SMSIR.send(server.account({**settings, "key": "something-else"}), [message()])
    assert caught.value.code == "10" and "something-else" not in repr(vars(caught.value))


def test_what_is_unclear_is_left_to_people(server, account, monkeypatch):
    monkeypatch.setattr(outward, "TIMEOUT", (0.5, 0.3))
    server.hanging, server.trouble = 0.5, ["hang"]
    with pytest.raises(Unclear):
        SMSIR.send(account, [message()])
    assert len(server.messages) == 1 and SMSIR.repeats == BY_HAND
    SMSIR.send(account, [message()])
    assert len(server.messages) == 2, "SMS.ir has no number of ours to know a repeat by"


def test_an_answer_that_names_too_few_is_uncertain(server, account, monkeypatch):
    monkeypatch.setattr(server, "_like", lambda body: {"messageIds": [86522023]})
    assert [one.state for one in SMSIR.send(account, many(2))] == [UNCERTAIN] * 2


def test_trouble_at_the_second_line_forgets_nothing(server, account):
    server.trouble = ["", "500"]
    sent = SMSIR.send(account, [message(1), message(2, sender="777")])
    assert [one.state for one in sent] == [ACCEPTED, UNCERTAIN]


# ---------------------------------------------------------------- templates
def test_a_code(server, account):
    [sent] = SMSIR.send_template(account, [message(text="", template="123456", parameters={"CODE": "12345"}, kind="code")])
    assert sent.state == ACCEPTED and server.messages[int(sent.id)]["messageText"] == "کد تایید شما: 12345"


@pytest.mark.parametrize(("template", "values", "code"), [
    ("welcome", {"CODE": "1"}, "113"), ("1", {"CODE": "1"}, "113"), ("۱۲۳۴۵۶", {"CODE": "1"}, "113"),
    ("123456", {"CODE": "x" * 26}, "114"), ("123456", {}, "116"),
])
def test_templates_that_will_not_do(account, template, values, code):
    [sent] = SMSIR.send_template(account, [message(template=template, parameters=values)])
    assert sent.state == REJECTED and sent.code == code


def test_a_code_to_another_country_goes_elsewhere(server, account):
    [sent] = SMSIR.send_template(account, [message(to="+905321234567", template="123456", parameters={"CODE": "1"})])
    assert sent.elsewhere and not server.asked


# ---------------------------------------------------------------- what it tells
STATES = {1: "delivered", 2: "failed", 3: "sent", 4: "failed", 5: "sent", 6: "failed", 7: "failed", 8: None, None: None}


def test_states(server, account):
    ids = [one.id for one in SMSIR.send(account, many(len(STATES)))]
    for identifier, state in zip(ids, STATES, strict=True):
        server.advance(identifier, state)
    reports = {one.id: one for one in SMSIR.status(account, ["1", *ids])}
    assert [reports[one].state if one in reports else None for one in ids] == list(STATES.values())
    assert reports[ids[6]].unwanted and reports[ids[0]].at == dt.datetime.fromtimestamp(1_764_200_100, dt.UTC)
    assert all(one.reason for one in reports.values() if one.state == "failed")


def test_states_found_before_trouble_are_kept(server, account):
    ids = [one.id for one in SMSIR.send(account, many(3))]
    for identifier in ids:
        server.advance(identifier, 1)
    server.trouble = ["", "500"]
    assert [one.id for one in SMSIR.status(account, ids)] == ids[:1]
    server.trouble = ["500"]
    with pytest.raises(Later):
        SMSIR.status(account, ids)


def test_credit_and_lines(server, account, settings):
    assert SMSIR.balance(account).amount == Decimal("165.3") and SMSIR.balance(account).currency == ""
    assert SMSIR.lines(account) == ["10002155613464", str(LINE)]
    for ask in (SMSIR.balance, SMSIR.lines, SMSIR.inbox):
        with pytest.raises(Refused):
            ask(server.account({**settings, "key": "other"}))


def test_answers_come_once(server, account):
    server.inbox = [{"receiveReturnId": 700 + n, "messageText": f"بله {n}", "number": LINE, "mobile": 9121234567,
                     "receivedDateTime": 1_764_200_000} for n in range(120)]
    found = SMSIR.inbox(account)
    assert len(found) == 120 and (found[0].id, found[0].sender, found[0].to, found[0].text) == (
        "700", "+989121234567", str(LINE), "بله 0")
    assert found[0].at == dt.datetime.fromtimestamp(1_764_200_000, dt.UTC)
    assert SMSIR.inbox(account) == []


def test_what_was_read_is_kept_when_the_next_call_fails(server, account):
    server.inbox = [{"receiveReturnId": n + 1, "messageText": "x", "number": LINE, "mobile": 9121234567, "receivedDateTime": 1}
                    for n in range(150)]
    server.trouble = ["", "garbage"]
    assert len(SMSIR.inbox(account)) == 100
    server.trouble = ["500"]
    with pytest.raises(Unclear):
        SMSIR.inbox(account)


def test_what_it_cannot_it_does_not_claim():
    assert not {CANCEL, CALLBACK} & SMSIR.can
    assert SMSIR.problems({"lines": str(LINE), "address": ADDRESS}) == {}
    assert set(SMSIR.problems({"lines": "line", "address": "x"})) == {"lines", "address"}
