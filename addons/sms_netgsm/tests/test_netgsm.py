"""Netgsm: what goes to its interface, and what its answers mean."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from addons.messaging.contract import (
    ACCEPTED,
    BY_HAND,
    REJECTED,
    UNCERTAIN,
    Balance,
    Later,
    Outgoing,
    Refused,
    Unclear,
)
from addons.sms_netgsm import errors
from addons.sms_netgsm.provider import Netgsm
from addons.sms_netgsm.tests.server import Server
from core import outward
from core.settings import Outward

ONE, TWO, THREE = "+905321234567", "+905421234567", "+905551234567"
PASSWORD = "şifre"
GATEWAY = Netgsm()


@pytest.fixture
def server():
    with Server() as running:
        yield running


def account(server, sender="ARYA", **settings):
    return server.account({"username": "8503050000", "password": PASSWORD, "encoding": "TR", "address": server.address, **settings}, sender)


def to(number, text="Randevunuz yarın saat 10:00'da. Şişli şubesi", at=ONE, **values):
    return Outgoing(number, f"key-{number}", at, text, **values)


# ---------------------------------------------------------------- sending
@pytest.mark.parametrize(("text", "encoding"), [("İyi günler, ödemeniz alındı. Teşekkürler", "TR"), ("Hello {world} €5", "TR"),
                                                ("سفارش شما ارسال شد. ۱۲۳", "UNICODE")])
def test_a_message_is_taken_in_the_encoding_of_its_letters(server, text, encoding):
    (sent,) = GATEWAY.send(account(server, appname="Sarnakh", partner="77"), [to(1, text)])
    assert sent.state == ACCEPTED and sent.id == f"{next(iter(server.jobs))}:5321234567"
    assert server.asked[0].json == {"msgheader": "ARYA", "appname": "Sarnakh", "partnercode": "77", "iysfilter": "0", "encoding": encoding,
                                    "messages": [{"msg": text, "no": "5321234567"}]}


def test_letters_may_be_left_to_netgsm(server):
    assert GATEWAY.send(account(server, encoding="latin"), [to(1)])[0].state == ACCEPTED
    assert "encoding" not in server.asked[0].json


@pytest.mark.parametrize(("kind", "consent", "check"), [
    ("service", {}, "0"), ("code", {}, "0"), ("commercial", {"iys": "BIREYSEL"}, "11"), ("commercial", {"iys": "TACIR"}, "12"),
    ("commercial", {}, "11")])
def test_commercial_messages_are_checked_against_iys(server, kind, consent, check):
    GATEWAY.send(account(server), [to(1, kind=kind, consent=consent)])
    assert server.asked[0].json["iysfilter"] == check


def test_a_batch_goes_in_as_few_requests_as_can_be(server):
    messages = [to(1, "a", ONE), to(2, "b", TWO), to(3, "c", ONE), to(4, "d", THREE, kind="commercial", consent={"iys": "TACIR"}),
                to(5, "e", "+989121234567"), to(6, "f", "+902123334455"), to(7, "g", TWO, sender="ARYA LTD")]
    sent = GATEWAY.send(account(server), messages)
    assert [one.state for one in sent] == [ACCEPTED] * 4 + [REJECTED] * 2 + [ACCEPTED]
    assert sent[4].elsewhere and not sent[4].address_bad
    assert [(one.json["msgheader"], one.json["iysfilter"], [row["msg"] for row in one.json["messages"]]) for one in server.asked] == [
        ("ARYA", "0", ["a", "b"]), ("ARYA", "0", ["c"]), ("ARYA", "12", ["d"]), ("ARYA LTD", "0", ["g"])]
    assert len({one.id for one in sent if one.state == ACCEPTED}) == 5, "every message has a number of its own"


def test_one_bad_text_does_not_cost_the_others_their_message(server):
    sent = GATEWAY.send(account(server), [to(1, "a"), to(2, "", TWO), to(3, "c", THREE)])
    assert [(one.state, one.code) for one in sent] == [(ACCEPTED, ""), (REJECTED, "20"), (ACCEPTED, "")]


def test_codes_go_their_own_way_where_they_can(server):
    with_package = account(server, otp="1")
    messages = [to(1, "Code 12345", kind="code"), to(2, "Şifreniz 12345", TWO, kind="code"), to(3, "x" * 156, THREE, kind="code")]
    assert all(one.state == ACCEPTED for one in GATEWAY.send(with_package, messages))
    assert [one.path for one in server.asked] == ["/sms/rest/v2/otp", "/sms/rest/v2/send"]
    assert server.asked[0].json == {"msgheader": "ARYA", "msg": "Code 12345", "no": "5321234567"}
    GATEWAY.send(account(server), [to(4, "Code 12345", kind="code")])
    assert server.asked[-1].path == "/sms/rest/v2/send", "no package"


def test_codes_that_cannot_go_tell_why(server):
    with_package = account(server, otp="1")
    (bad,) = GATEWAY.send(with_package, [to(1, "Code 1", "+905921234567", kind="code")])
    assert (bad.state, bad.code, bad.address_bad) == (REJECTED, "51", True)
    server.otp = False
    (none,) = GATEWAY.send(with_package, [to(1, "Code 1", kind="code")])
    assert (none.state, none.code, none.elsewhere, none.address_bad) == (REJECTED, "60", True, False)


# ---------------------------------------------------------------- refusals
@pytest.mark.parametrize("code", errors.SENDING)
def test_every_code_means_something(server, code):
    fault = errors.SENDING[code]
    server.codes = [code]
    if fault.later:
        with pytest.raises(Later) as wait:
            GATEWAY.send(account(server), [to(1)])
        assert wait.value.seconds == 60
    elif fault.account or fault.line:
        with pytest.raises(Refused) as refused:
            GATEWAY.send(account(server), [to(1)])
        assert (refused.value.code, refused.value.message) == (code, fault.text)
    else:
        (sent,) = GATEWAY.send(account(server), [to(1)])
        assert (sent.state, sent.code, sent.reason, sent.elsewhere) == (REJECTED, code, fault.text, code in ("50", "51"))


def test_what_the_real_one_refuses(server):
    with pytest.raises(Refused, match="user name or the password"):
        GATEWAY.send(account(server, password="wrong"), [to(1)])
    with pytest.raises(Refused, match="does not know this message header"):
        GATEWAY.send(account(server, "UNKNOWN"), [to(1)])
    with pytest.raises(Refused, match="no message header"):
        GATEWAY.send(account(server, ""), [to(1)])
    (sent,) = GATEWAY.send(account(server), [to(1, sender="UNKNOWN")])
    assert sent.state == REJECTED and sent.elsewhere, "a header of the message's own is no fault of the account"
    server.iys = False
    (sent,) = GATEWAY.send(account(server), [to(1, kind="commercial")])
    assert sent.state == REJECTED and sent.elsewhere and sent.code == "50"
    server.codes = ["999"]
    (sent,) = GATEWAY.send(account(server), [to(1)])
    assert (sent.state, sent.code, sent.reason) == (REJECTED, "999", "error 999")


@pytest.mark.parametrize("trouble", ["500", "drop", "garbage"])
def test_nobody_knows_after_trouble(server, trouble):
    server.trouble = [trouble]
    with pytest.raises(Unclear):
        GATEWAY.send(account(server), [to(1)])
    assert Netgsm.repeats == BY_HAND, "Netgsm has no way to send the same message safely twice"


def test_nobody_knows_after_a_time_out_or_trouble_of_netgsm(server, monkeypatch):
    monkeypatch.setattr(outward, "TIMEOUT", (1, 0.2))
    server.trouble, server.hanging = ["hang"], 0.6
    with pytest.raises(Unclear, match="did not answer in time"):
        GATEWAY.send(account(server), [to(1)])
    server.codes = ["100"]
    with pytest.raises(Unclear, match="code 100"):
        GATEWAY.send(account(server), [to(1)])


def test_what_was_taken_before_the_trouble_is_not_forgotten(server):
    server.trouble = ["", "500"]
    sent = GATEWAY.send(account(server), [to(1, "a", ONE), to(2, "b", ONE), to(3, "c", ONE)])
    assert [one.state for one in sent] == [ACCEPTED, UNCERTAIN, UNCERTAIN]


# ---------------------------------------------------------------- asking
def test_reports_come_per_message(server):
    using = account(server)
    sent = GATEWAY.send(using, [to(1, "a", ONE), to(2, "b", TWO), to(3, "c", THREE)])
    rows = next(iter(server.jobs.values()))
    rows[0].update(status=1, deliveredDate="06.10.2026 14:30:12")
    rows[1]["status"] = 3
    reports = {one.id: one for one in GATEWAY.status(using, [one.id for one in sent])}
    assert set(reports) == {sent[0].id, sent[1].id}, "the third is still waiting"
    assert reports[sent[0].id].state == "delivered"
    assert reports[sent[0].id].at == dt.datetime(2026, 10, 6, 11, 30, 12, tzinfo=dt.UTC)
    assert (reports[sent[1].id].state, reports[sent[1].id].address_bad) == ("failed", True)
    assert GATEWAY.status(using, ["1:5321234567"]) == []


@pytest.mark.parametrize("state", errors.STATES)
def test_every_state_means_something(server, state):
    using = account(server)
    (sent,) = GATEWAY.send(using, [to(1)])
    server.jobs[sent.id.partition(":")[0]][0]["status"] = state
    (report,) = GATEWAY.status(using, [sent.id])
    assert report.state == ("delivered" if state == 1 else "failed")
    assert (report.unwanted, report.address_bad) == (state in (15, 16), state == 3)


def test_long_reports_are_read_to_the_end(server):
    using = account(server)
    sent = [one for start in range(0, 250, 50) for one in GATEWAY.send(using, [
        to(n, "a", f"+9053212345{n % 50:02}") for n in range(start, start + 50)])]
    for rows in server.jobs.values():
        for row in rows:
            row["status"] = 1
    server.asked.clear()
    assert {one.id for one in GATEWAY.status(using, [one.id for one in sent])} == {one.id for one in sent}
    assert [one.json["pagenumber"] for one in server.asked] == [0, 1, 2]


def test_the_inbox_is_asked_by_dates_so_that_nothing_is_lost(server):
    using = account(server)
    assert GATEWAY.inbox(using) == []
    row = {"message": "Evet, geleceğim", "sender": "5551234567", "receiver": "8503050000", "datetime": "15.01.2026 14:30:00"}
    server.inbox_rows = [row, {**row, "message": "RET", "sender": "TURKCELL", "datetime": "?"}]
    first, second = GATEWAY.inbox(using)
    assert (first.sender, first.to, first.text, first.at) == (
        THREE, "8503050000", "Evet, geleceğim", dt.datetime(2026, 1, 15, 11, 30, tzinfo=dt.UTC))
    assert second.sender == "TURKCELL" and second.at is None
    assert [one.id for one in GATEWAY.inbox(using)] == [first.id, second.id] and first.id != second.id


def test_balance_and_headers(server):
    assert GATEWAY.balance(account(server)) == Balance(Decimal("57.860"), "TRY")
    assert GATEWAY.balance(account(server, balance="package")) == Balance(Decimal(1000))
    server.left[2] = "1.234,56"
    assert GATEWAY.balance(account(server)).amount == Decimal("1234.56")
    assert GATEWAY.lines(account(server)) == ["ARYA", "ARYA LTD"]
    with pytest.raises(Refused):
        GATEWAY.balance(account(server, password="wrong"))
    server.trouble = ["500", "drop"]
    for _ in range(2):
        with pytest.raises(Later):
            GATEWAY.balance(account(server))
    server.codes = ["80"]
    with pytest.raises(Later):
        GATEWAY.lines(account(server))


# ---------------------------------------------------------------- secrets, addresses
def test_a_wrong_address_is_refused_when_it_is_written():
    assert GATEWAY.problems({"address": "https://api.netgsm.com.tr"}) == {}
    assert set(GATEWAY.problems({"address": "https://user:pass@api.netgsm.com.tr"})) == {"address"}


def test_no_text_of_an_error_has_the_password(server):
    using = account(server)
    assert PASSWORD not in repr(using) and "8503050000" not in repr(using)
    for trouble in ("drop", "500", "garbage"):
        server.trouble = [trouble]
        with pytest.raises((Later, Unclear)) as broken:
            GATEWAY.balance(using)
        assert PASSWORD not in str(broken.value) and broken.value.__cause__ is None and broken.value.__context__ is None


def test_addresses_of_our_own_network_are_refused(server):
    guarded = account(server)
    object.__setattr__(guarded, "http", outward.session(Outward()))
    with pytest.raises(Refused, match="not on the public internet"):
        GATEWAY.send(guarded, [to(1)])
    assert server.asked == []
