"""Twilio: what goes to its interface, and what its answers mean."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from addons.messaging.contract import ACCEPTED, BY_QUERY, REJECTED, Balance, Later, Outgoing, Refused, Unclear
from addons.sms_twilio import errors
from addons.sms_twilio.provider import TRIAL, Twilio
from addons.sms_twilio.tests.server import KEY, KEY_SECRET, NUMBER, SERVICE, SID, TOKEN, Server
from core import outward
from core.settings import Outward

ONE, TWO = "+905321234567", "+989121234567"
GATEWAY = Twilio()


@pytest.fixture
def server():
    with Server() as running:
        yield running


def account(server, sender=NUMBER, callback="", **settings):
    return server.account({"account_sid": SID, "auth_token": TOKEN, "address": server.address, **settings}, sender, callback)


def to(number, text="سلام، سفارش شما آماده است", at=TWO, **values):
    return Outgoing(number, f"key/{number}", at, text, **values)


# ---------------------------------------------------------------- sending
@pytest.mark.parametrize("text", ["سلام «سارا»، کد ۱۲۳", "Şişli'de görüşürüz & iyi günler = 1 + 1", "a\nb"])
def test_a_message_is_taken(server, text):
    (sent,) = GATEWAY.send(account(server, callback="https://crm.example/hook/abc"), [to(1, text)])
    assert (sent.state, sent.id, sent.parts, sent.cost) == (ACCEPTED, server.rows[0]["sid"], 1, None)
    assert server.asked[0].form == {"To": TWO, "From": NUMBER, "Body": text,
                                    "StatusCallback": "https://crm.example/hook/abc?key=key%2F1"}


def test_a_messaging_service_sends_unless_the_message_has_a_sender(server):
    using = account(server, messaging_service=SERVICE)
    assert all(one.state == ACCEPTED for one in GATEWAY.send(using, [to(1), to(2, sender="ARYA")]))
    assert [(one.form.get("From"), one.form.get("MessagingServiceSid")) for one in server.asked] == [(None, SERVICE), ("ARYA", None)]
    assert "StatusCallback" not in server.asked[0].form, "without an address of ours"
    with pytest.raises(Refused, match="neither a sender nor"):
        GATEWAY.send(account(server, ""), [to(1)])


def test_an_api_key_instead_of_the_token(server):
    assert GATEWAY.send(account(server, auth_token="", api_key=KEY, api_secret=KEY_SECRET), [to(1)])[0].state == ACCEPTED
    with pytest.raises(Refused, match="account SID or the key"):
        GATEWAY.send(account(server, api_key=KEY, api_secret="wrong"), [to(1)])
    with pytest.raises(Refused, match="account SID or the key"):
        GATEWAY.send(account(server, account_sid="AC9"), [to(1)])


@pytest.mark.parametrize("code", errors.FAULTS)
def test_every_code_means_something(server, code):
    fault = errors.FAULTS[code]
    server.codes = [(400, int(code))]
    if fault.later:
        with pytest.raises(Later) as wait:
            GATEWAY.send(account(server), [to(1)])
        assert wait.value.seconds == fault.later
    elif fault.account or fault.line:
        with pytest.raises(Refused) as refused:
            GATEWAY.send(account(server), [to(1)])
        assert (refused.value.code, refused.value.message) == (code, fault.text)
    else:
        (sent,) = GATEWAY.send(account(server), [to(1)])
        assert (sent.state, sent.code, sent.reason) == (REJECTED, code, fault.text)
        assert (sent.elsewhere, sent.address_bad, sent.unwanted) == (fault.elsewhere, fault.address_bad, fault.unwanted)


@pytest.mark.parametrize(("message", "code", "what"), [
    (to(1, at="12"), "21211", "address_bad"), (to(1, "x" * 1601), "21617", "reason"), (to(1, ""), "21602", "reason"),
    (to(1, sender="OTHER"), "21606", "elsewhere")])
def test_what_the_real_one_refuses(server, message, code, what):
    (sent,) = GATEWAY.send(account(server), [message])
    assert (sent.state, sent.code) == (REJECTED, code) and getattr(sent, what)


def test_other_refusals(server):
    with pytest.raises(Refused, match="does not let messages leave"):
        GATEWAY.send(account(server, "OTHER"), [to(1)])
    server.codes = [(400, 99999)]
    (sent,) = GATEWAY.send(account(server), [to(1)])
    assert (sent.state, sent.code, sent.reason) == (REJECTED, "99999", "Error 99999")
    server.codes = [(429, 20429)]
    with pytest.raises(Later):
        GATEWAY.send(account(server), [to(1)])


# ---------------------------------------------------------------- what is unclear
@pytest.mark.parametrize("trouble", ["500", "drop", "garbage"])
def test_what_arrived_in_spite_of_trouble_is_found_by_its_text(server, trouble):
    using = account(server)
    server.trouble = [trouble]
    with pytest.raises(Unclear):
        GATEWAY.send(using, [to(1)])
    arrived = GATEWAY.known(using, [to(1), to(2, "another text")])
    assert Twilio.repeats == BY_QUERY
    if trouble == "500":
        assert arrived == {}, "it never got to work"
    else:
        assert set(arrived) == {1} and arrived[1].id == server.rows[0]["sid"]


def test_a_time_out_is_unclear(server, monkeypatch):
    monkeypatch.setattr(outward, "TIMEOUT", (1, 0.2))
    server.trouble, server.hanging = ["hang"], 0.6
    with pytest.raises(Unclear, match="did not answer in time"):
        GATEWAY.send(account(server), [to(1)])
    assert set(GATEWAY.known(account(server), [to(1)])) == {1}


def test_looking_up_counts_each_message_once_and_no_old_ones(server):
    using = account(server)
    server.keep(TWO, "yesterday", age=dt.timedelta(hours=25))
    server.keep(TWO, "again")
    server.keep(TWO, "theirs", direction="inbound")
    server.keep(TWO, TRIAL + "trial")
    asked = [to(1, "again"), to(2, "again"), to(3, "yesterday"), to(4, "theirs"), to(5, "trial")]
    assert set(GATEWAY.known(using, [asked[0], asked[1]])) == {1}
    assert set(GATEWAY.known(using, asked)) == {1, 5}


def test_looking_up_reads_further_pages(server):
    server.keep(TWO, "the one")
    for number in range(130):
        server.keep(TWO, f"later {number}")
    assert set(GATEWAY.known(account(server), [to(1, "the one")])) == {1}
    assert len(server.asked) == 2


def test_without_texts_at_twilio_nothing_can_be_looked_up(server):
    server.keep(TWO, "")
    with pytest.raises(Unclear, match="keeps no texts"):
        GATEWAY.known(account(server), [to(1)])


# ---------------------------------------------------------------- asking
@pytest.mark.parametrize("state", errors.STATES)
def test_every_state_means_something(server, state):
    row = server.keep(ONE, "a", status=state, price="-0.00750", error_code=30005 if state == "undelivered" else None)
    (report,) = GATEWAY.status(account(server), [row["sid"]])
    assert (report.state, report.id, report.cost, report.currency) == (errors.STATES[state], row["sid"], Decimal("0.00750"), "USD")
    assert report.address_bad == (state == "undelivered") and report.at


def test_what_says_nothing_yet(server):
    rows = [server.keep(ONE, "a", status=state) for state in ("queued", "accepted", "scheduled", "sending")]
    assert GATEWAY.status(account(server), [*(row["sid"] for row in rows), "SM-unknown"]) == []


def test_balance_and_numbers(server):
    assert GATEWAY.balance(account(server)) == Balance(Decimal("11.2505"), "USD")
    assert GATEWAY.lines(account(server)) == [NUMBER]
    with pytest.raises(Refused):
        GATEWAY.balance(account(server, auth_token="wrong"))
    server.trouble = ["500", "drop", "garbage"]
    for _ in range(3):
        with pytest.raises(Later):
            GATEWAY.balance(account(server))


def test_settings_must_prove_who_we_are():
    assert set(GATEWAY.problems({"account_sid": SID})) == {"auth_token"}
    assert set(GATEWAY.problems({"account_sid": SID, "auth_token": TOKEN, "api_key": KEY})) == {"api_secret"}
    assert GATEWAY.problems({"account_sid": SID, "api_key": KEY, "api_secret": KEY_SECRET}) == {}
    assert set(GATEWAY.problems({"auth_token": TOKEN, "address": "ftp://twilio"})) == {"address"}


# ---------------------------------------------------------------- secrets, addresses
def test_no_text_of_an_error_has_a_secret(server):
    using = account(server, api_key=KEY, api_secret=KEY_SECRET)
    assert TOKEN not in repr(using) and KEY_SECRET not in repr(using)
    for trouble in ("drop", "500", "garbage"):
        server.trouble = [trouble]
        with pytest.raises(Unclear) as broken:
            GATEWAY.send(using, [to(1)])
        assert not any(one in str(broken.value) for one in (KEY, KEY_SECRET, TOKEN, SID))
        assert broken.value.__cause__ is None and broken.value.__context__ is None


def test_addresses_of_our_own_network_are_refused(server):
    guarded = account(server)
    object.__setattr__(guarded, "http", outward.session(Outward()))
    with pytest.raises(Refused, match="not on the public internet"):
        GATEWAY.send(guarded, [to(1)])
    assert server.asked == []


def test_a_next_page_elsewhere_is_not_followed(server, monkeypatch):
    for number in range(101):
        server.keep(TWO, f"{number}")
    real = server.list
    monkeypatch.setattr(server, "list", lambda asked: (200, {}, {**real(asked)[2], "next_page_uri": "//evil.example/2010-04-01/"}))
    assert GATEWAY.known(account(server), [to(1, "0")]) == {}
    assert len(server.asked) == 1
