"""What gateways share: how an answer, a broken way and a result code become Sent, Later, Refused or Unclear."""

from __future__ import annotations

import datetime as dt
import logging
from decimal import Decimal

import pytest

from addons.messaging.contract import ACCEPTED, REJECTED, UNCERTAIN, Later, Refused, Sent, Unclear
from addons.messaging.testing import ProviderServer
from addons.sms import gateway
from addons.sms.gateway import Fault, Together, call, hand_over, judge
from addons.sms.tests.gateways import message

FAULTS = {
    "1": Fault("Busy.", later=30), "2": Fault("Bad key.", account=True), "3": Fault("Bad line.", line=True),
    "4": Fault("Bad number.", address_bad=True), "5": Fault("Wants nothing.", unwanted=True), "6": Fault("Not here.", elsewhere=True),
}


class Server(ProviderServer):
    """Answers what it is told to."""

    said = (200, {}, {"cost": 1.10})

    def answer(self, asked):
        return self.said


@pytest.fixture(scope="module")
def running():
    with Server() as one:
        yield one


@pytest.fixture
def server(running):
    running.asked.clear()
    running.said = Server.said
    return running


def test_numbers_are_exact_and_headers_small(server):
    answer = call(server.account({}), "POST", server.address, json={"a": "سلام"})
    assert answer.object == {"cost": Decimal("1.1")}
    assert answer.headers["content-type"] == "application/json"
    assert server.asked[0].json == {"a": "سلام"}


@pytest.mark.parametrize(("status", "body", "kind"), [
    (500, {"x": 1}, Unclear), (408, "", Unclear),
    (502, "x", Unclear), (429, {}, Later), (301, "", Refused), (200, "<html>", Unclear), (200, "", Unclear),
    (200, "[" * 100_000, Unclear), (200, [1], Unclear), (401, "<html>", Refused), (404, "no", Refused),
])
def test_an_answer_that_says_nothing(server, status, body, kind):
    server.said = (status, {"Location": "http://127.0.0.1/"}, body)
    with pytest.raises(kind) as caught:
        _ = call(server.account({}), "POST", server.address).object
    assert "127.0.0.1" in str(caught.value)
    if kind is Unclear:
        with pytest.raises(Later):
            _ = call(server.account({}), "POST", server.address, asking=True).object


def test_what_the_provider_explains_is_its_own(server):
    server.said = (501, {}, {"code": 501})
    assert call(server.account({}), "POST", server.address, explained={501}).object == {"code": 501}
    server.said = (400, {}, {"code": 4})
    assert call(server.account({}), "POST", server.address).object == {"code": 4}


@pytest.mark.parametrize(("header", "seconds"), [("7", 7), ("0", 1), ("999999", 3600), ("", 60), ("Fri, 27 Nov 2026 01:00:00 GMT", 60)])
def test_how_long_to_wait(server, header, seconds):
    server.said = (429, {"Retry-After": header}, "")
    with pytest.raises(Later) as caught:
        call(server.account({}), "POST", server.address)
    assert caught.value.seconds == seconds


def test_an_answer_without_end_is_unclear(server):
    server.said = (200, {}, b"x" * 5000)
    account = server.account({})
    account.http.most_bytes = 1000
    with pytest.raises(Unclear):
        call(account, "POST", server.address)


@pytest.mark.parametrize("url", ["ftp://sms.example/KEY", "http://[sms/KEY", "sms.example/KEY", "http://ex ample/KEY", "http:///KEY"])
def test_an_address_that_cannot_be_is_refused(server, url):
    with pytest.raises(Refused) as caught:
        call(server.account({}), "POST", url)
    assert "KEY" not in str(caught.value) and caught.value.__context__ is None


@pytest.mark.parametrize("key", ["کلید", "a\nb"])
def test_a_key_that_cannot_be_sent_is_refused_and_not_told(server, key):
    with pytest.raises(Refused) as caught:
        call(server.account({}), "POST", server.address, headers={"X-Key": key})
    assert key not in str(caught.value) and not server.asked


def test_another_name_in_the_certificate_is_no_way_to_send(server):
    """TLS that does not come about: the server speaks none."""
    with pytest.raises((Unclear, Refused)):
        call(server.account({}), "POST", server.address.replace("http:", "https:"))
    assert not [one for one in server.asked if one.path == "/"]


def test_addresses_are_in_no_log(server, caplog):
    caplog.set_level(logging.DEBUG)
    call(server.account({}), "GET", f"{server.address}/v1/KEY/send")
    assert not [record for record in caplog.records if record.name.startswith("urllib3") and "KEY" in record.getMessage()]


def test_an_answer_that_repeats_a_secret_is_shown_without_it(server):
    server.said = (400, {}, {"error": "no key k-secret-123", "n": 1})
    assert call(server.account({}), "POST", server.address, hidden=["k-secret-123", "", "1"]).object == {"error": "no key …", "n": 1}


def test_result_codes():
    with pytest.raises(Later) as busy:
        judge(FAULTS, 1)
    assert busy.value.seconds == 30
    with pytest.raises(Refused) as bad:
        judge(FAULTS, "2")
    assert bad.value.code == "2"
    with pytest.raises(Refused):
        judge(FAULTS, 3)
    assert judge(FAULTS, 3, own_line=True) == Sent(REJECTED, code="3", reason="Bad line.", elsewhere=True)
    assert judge(FAULTS, 4).address_bad and judge(FAULTS, 5).unwanted and judge(FAULTS, 6).elsewhere
    assert judge(FAULTS, 99, " what it said ") == Sent(REJECTED, code="99", reason="what it said")
    assert judge(FAULTS, 99).code == "99" and judge(FAULTS, 99).reason


class Provider:
    """Refuses whole calls with a bad number in them, and runs into trouble when told."""

    def __init__(self, bad=(), trouble_at=0):
        self.bad, self.trouble_at, self.calls = set(bad), trouble_at, []

    def send(self, part):
        self.calls.append([m.number for m in part])
        if len(self.calls) == self.trouble_at:
            raise Later("Busy.")
        if self.bad & {m.number for m in part}:
            raise Together(judge(FAULTS, 4))
        return [gateway.accepted(m.number) for m in part]


def test_one_bad_number_costs_the_others_nothing():
    provider = Provider(bad=[3, 6])
    done = hand_over([[message(n) for n in range(1, 9)]], provider.send)
    assert {n for n, sent in done.items() if sent.state == REJECTED} == {3, 6}
    assert {n for n, sent in done.items() if sent.state == ACCEPTED} == {1, 2, 4, 5, 7, 8}
    accepted = [n for numbers in provider.calls for n in numbers if not {3, 6} & set(numbers)]
    assert len(accepted) == len(set(accepted)), "a message was sent twice"


def test_what_was_taken_is_not_forgotten_when_trouble_comes():
    parts = [[message(1), message(2)], [message(3)], [message(4)]]
    done = hand_over(parts, Provider(trouble_at=2).send)
    assert [done[n].state for n in (1, 2, 3, 4)] == [ACCEPTED, ACCEPTED, UNCERTAIN, UNCERTAIN]
    assert done[3].reason == "Busy."
    with pytest.raises(Later):
        hand_over(parts, Provider(trouble_at=1).send)
    with pytest.raises(Later):
        hand_over([[message(3)], [message(1)]], Provider(bad=[3], trouble_at=2).send)


@pytest.mark.parametrize(("number", "wanted"), [("+989121234567", "09121234567"), ("+98912123456", ""), ("+905321234567", ""),
                                                ("+982188776655", ""), ("09121234567", ""), ("", ""), ("+98912123456۷", "")])
def test_numbers_as_iranian_ones_want_them(number, wanted):
    assert gateway.iranian(number) == wanted


@pytest.mark.parametrize("number", ["09121234567", "9121234567", "989121234567", "+989121234567", "00989121234567", "۰۹۱۲۱۲۳۴۵۶۷",
                                    9121234567])
def test_numbers_that_providers_name(number):
    assert gateway.international(number) == "+989121234567"


@pytest.mark.parametrize("number", ["30001234", "Bank", "", "02188776655", "9121"])
def test_other_senders_stay(number):
    assert gateway.international(number) == number


def test_lines():
    account = Server().account({"lines": " ۳۰۰۰۱۲۳۴، 3000999 ;10004346\n"})
    assert gateway.lines(account) == ["30001234", "3000999", "10004346"]
    assert gateway.line(account, message()) == "30001234"
    assert gateway.line(account, message(sender="3000999")) == "3000999"
    assert not gateway.own_line(account, [message(sender="3000999"), message()])
    assert gateway.own_line(account, [message(sender="777"), message()])


@pytest.mark.parametrize(("settings", "wrong"), [
    ({}, set()), ({"address": "https://sms.example/api", "lines": "3000, +983000"}, set()), ({"address": "sms.example"}, {"address"}),
    ({"address": "https://user:pass@sms.example"}, {"address"}), ({"address": "https://sms.example/?key=1"}, {"address"}),
    ({"lines": "my line"}, {"lines"}), ({"address": "javascript:alert(1)"}, {"address"}),
])
def test_settings(settings, wrong):
    assert set(gateway.setting_problems(settings)) == wrong


def test_values():
    assert gateway.amount("۱۲,۵۰۰") == Decimal(12500) and gateway.amount("x") is None and gateway.amount("NaN") is None
    assert gateway.amount(None) is None
    assert gateway.moment(1700000000) == dt.datetime(2023, 11, 14, 22, 13, 20, tzinfo=dt.UTC)
    assert gateway.moment("") is None and gateway.moment(10 ** 30) is None and gateway.moment(0) is None
    assert gateway.lowered({"IsSuccess": [{"Data": 1}]}) == {"issuccess": [{"data": 1}]}
    assert list(gateway.chunks([1, 2, 3], 2)) == [[1, 2], [3]]
    assert gateway.accepted(0).state == gateway.accepted(None).state == UNCERTAIN
