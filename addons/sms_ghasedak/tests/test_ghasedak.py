"""Ghasedak: messages with names of ours, templates, what is known of uncertain ones, states, credit, answers."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from addons.messaging.contract import ACCEPTED, BY_QUERY, CALLBACK, CANCEL, LINES, REJECTED, UNCERTAIN, Later, Refused, Unclear
from addons.sms.tests.gateways import PERSIAN, check_ways, many, message, offered
from addons.sms_ghasedak.errors import FAULTS
from addons.sms_ghasedak.provider import ADDRESS, Ghasedak
from addons.sms_ghasedak.tests.server import KEY, LINE
from core import outward

GHASEDAK = Ghasedak()


@pytest.mark.addons("sms_ghasedak")
@pytest.mark.database("sqlite")
def test_the_gateway_is_offered_for_text_messages_only(installation):
    assert "ghasedak" in offered(installation, "sms") and "ghasedak" not in offered(installation, "mail")


@pytest.mark.parametrize("capital", [False, True])
@pytest.mark.parametrize("nameless", [False, True])
def test_a_persian_text(server, account, capital, nameless):
    server.capital, server.nameless = capital, nameless
    [sent] = GHASEDAK.send(account, [message()])
    assert sent.state == ACCEPTED and (sent.cost, sent.currency) == (Decimal(940), "IRR")
    kept = server.messages[sent.id]
    assert (kept["message"], kept["receptor"], kept["clientReferenceId"]) == (PERSIAN, "09121234567", message().key)


@pytest.mark.parametrize("nameless", [False, True])
def test_a_hundred_texts_in_one_call_and_each_gets_its_own(server, account, nameless):
    server.nameless = nameless
    messages = [*many(GHASEDAK.batch - 1), message(99, "+989120000000", "دوم")]
    sent = GHASEDAK.send(account, messages)
    assert len(server.asked) == 1
    assert [server.messages[one.id]["message"] for one in sent] == [one.text for one in messages]


def test_one_bad_number_costs_the_others_nothing(server, account):
    sent = GHASEDAK.send(account, [*many(5), message(7, "+989001234567"), message(8, "+905321234567")])
    assert [one.state for one in sent] == [ACCEPTED] * 5 + [REJECTED] * 2
    assert sent[5].reason == "خطای ورودی" and sent[5].elsewhere and sent[6].elsewhere
    assert sorted(one["receptor"] for one in server.messages.values()) == [f"0912000000{i}" for i in range(5)]


@pytest.mark.parametrize(("http", "code", "kind"), [
    (400, 400, REJECTED), (422, 422, REJECTED), (400, 200, REJECTED), (200, 400, REJECTED), (200, 200, REJECTED), (404, 404, REJECTED),
    (401, 401, Refused), (400, 401, Refused), (402, 402, Refused), (403, 403, Refused), (200, 402, Refused),
    (429, 429, Later), (200, 429, Later), (500, 500, Unclear), (503, 400, Unclear), (200, 500, Unclear), (400, 503, Unclear),
])
def test_every_code(server, account, http, code, kind):
    server.refuse = (http, code)
    if isinstance(kind, str):
        [sent] = GHASEDAK.send(account, [message()])
        assert sent.state == kind and sent.reason and sent.elsewhere
    else:
        with pytest.raises(kind):
            GHASEDAK.send(account, [message()])


def test_the_table_has_no_code_that_is_not_tested():
    assert set(FAULTS) == {"401", "402", "403", "429"}


@pytest.mark.parametrize("body", [{}, {"isSuccess": "yes"}, {"statusCode": 200}, [], {"isSuccess": None, "data": {}}])
def test_an_answer_of_another_form_is_unclear(server, account, body, monkeypatch):
    monkeypatch.setattr(server, "_cased", lambda value: body)
    with pytest.raises(Unclear):
        GHASEDAK.send(account, [message()])


def test_an_answer_without_the_message_is_uncertain(server, account, monkeypatch):
    monkeypatch.setattr(server, "_pairs", lambda body: {"items": []})
    assert GHASEDAK.send(account, [message()])[0].state == UNCERTAIN


def test_a_wrong_key(server, settings):
    with pytest.raises(Refused) as caught:
        GHASEDAK.send(server.account({**settings, "key": "something-else"}), [message()])
    assert caught.value.code == "401" and "something-else" not in repr(vars(caught.value))


def test_the_way(server, settings, monkeypatch, caplog):
    check_ways(GHASEDAK, server, settings, [KEY], monkeypatch, caplog)


# ---------------------------------------------------------------- what is uncertain
def test_what_arrived_is_known_by_our_names(server, account, monkeypatch):
    assert GHASEDAK.repeats == BY_QUERY
    monkeypatch.setattr(outward, "TIMEOUT", (0.5, 0.3))
    server.hanging, server.trouble = 0.5, ["hang"]
    arrived, not_sent = many(3), message(9, "+989350000000")
    with pytest.raises(Unclear):
        GHASEDAK.send(account, arrived)
    known = GHASEDAK.known(account, [*arrived, not_sent])
    assert set(known) == {one.number for one in arrived}
    assert [known[one.number].id for one in arrived] == list(server.messages)
    assert all(one.state == ACCEPTED and one.cost == 940 for one in known.values())


def test_nothing_is_known_of_what_never_came(server, account):
    assert GHASEDAK.known(account, [message()]) == {}
    server.refuse = (404, 404)
    assert GHASEDAK.known(account, [message()]) == {}


def test_what_nobody_says_is_not_taken_for_no(server, account):
    GHASEDAK.send(account, many(2))
    server.nameless = True
    with pytest.raises(Unclear):
        GHASEDAK.known(account, many(2))
    assert set(GHASEDAK.known(account, many(1))) == {100}, "of one alone there is no doubt"
    for trouble in ("500", "garbage"):
        server.trouble = [trouble]
        with pytest.raises(Later):
            GHASEDAK.known(account, many(2))
    server.refuse = (400, 400)
    with pytest.raises(Later):
        GHASEDAK.known(account, many(2))


# ---------------------------------------------------------------- templates
def test_a_code(server, account):
    one = message(text="", template="login", parameters={"Code": "12345"}, kind="code")
    [sent] = GHASEDAK.send_template(account, [one])
    assert server.messages[sent.id]["message"] == "کد ورود: 12345"
    assert GHASEDAK.known(account, [one])[1].id == sent.id


@pytest.mark.parametrize(("template", "values"), [("other", {"Code": "1"}), ("login", {})])
def test_templates_that_will_not_do(account, template, values):
    sent = GHASEDAK.send_template(account, [message(1, template=template, parameters=values),
                                            message(2, template="login", parameters={"Code": "2"})])
    assert [one.state for one in sent] == [REJECTED, ACCEPTED]


# ---------------------------------------------------------------- what it tells
LIBRARY = [None, "failed", None, None, "sent", None, "failed", "cancelled", "failed", None, "sent", "sent", "failed", "failed", "delivered",
           "failed", "failed", None]
DOCUMENTATION = [None, "cancelled", "failed", "sent", "failed", "delivered", "failed", None, None]


@pytest.mark.parametrize(("table", "states", "unwanted"), [("", LIBRARY, {8, 12}), ("library", LIBRARY, {8, 12}),
                                                           ("documentation", DOCUMENTATION, {2})])
def test_states(server, settings, table, states, unwanted):
    account = server.account({**settings, "states": table})
    ids = [one.id for one in GHASEDAK.send(account, many(len(states)))]
    for state, identifier in enumerate(ids):
        server.advance(identifier, state)
    reports = {one.id: one for one in GHASEDAK.status(account, [*ids, "1"])}
    assert [reports[one].state if one in reports else None for one in ids] == states
    assert {int(one.code) for one in reports.values() if one.unwanted} == unwanted and "1" not in reports
    assert all(one.reason for one in reports.values() if one.state == "failed")


def test_no_more_than_a_hundred_states_in_a_call(server, account):
    GHASEDAK.status(account, [str(n) for n in range(101)])
    assert [len(one.query["Ids"].split(",")) for one in server.asked] == [100, 1]


def test_credit(server, account, settings):
    balance = GHASEDAK.balance(account)
    assert (balance.amount, balance.currency, balance.expires) == (Decimal(812_000), "IRR", dt.date(2027, 3, 21))
    with pytest.raises(Refused):
        GHASEDAK.balance(server.account({**settings, "key": "other"}))


def test_answers(server, account):
    server.inbox = [{"id": 77, "message": "بله", "sender": "9121234567", "lineNumber": LINE, "receiveDate": "2026-11-27T10:30:00"}]
    [came] = GHASEDAK.inbox(account)
    assert (came.id, came.sender, came.to, came.text) == ("77", "+989121234567", LINE, "بله")
    assert came.at == dt.datetime(2026, 11, 27, 7, 0, tzinfo=dt.UTC)
    assert GHASEDAK.inbox(account) == []


def test_what_was_read_is_kept_when_the_next_line_fails(server, settings):
    server.inbox = [{"id": 77, "message": "x", "sender": "9121234567", "lineNumber": LINE, "receiveDate": None}]
    assert len(GHASEDAK.inbox(server.account({**settings, "lines": f"{LINE}, 777"}))) == 1
    with pytest.raises(Refused):
        GHASEDAK.inbox(server.account({**settings, "lines": "777"}))


def test_what_is_not_documented_is_marked():
    assert [one.name for one in GHASEDAK.settings if one.unverified] == ["states"]
    assert not {CANCEL, CALLBACK, LINES} & GHASEDAK.can
    assert GHASEDAK.problems({"lines": LINE, "address": ADDRESS}) == {}
    assert set(GHASEDAK.problems({"lines": "line", "address": "x"})) == {"lines", "address"}
