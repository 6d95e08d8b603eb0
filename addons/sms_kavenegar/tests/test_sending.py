"""Messages by Kavenegar: sent, refused one by one or all, uncertain, tried again."""

from __future__ import annotations

from decimal import Decimal

import pytest

from addons.messaging.contract import ACCEPTED, BY_KEY, REJECTED, UNCERTAIN, Later, Refused, Unclear
from addons.sms.tests.gateways import MOBILE, PERSIAN, check_ways, many, message
from addons.sms_kavenegar.errors import FAULTS
from addons.sms_kavenegar.provider import ADDRESS, Kavenegar
from addons.sms_kavenegar.tests.server import KEY, LINE
from core import outward

KAVENEGAR = Kavenegar()


def test_a_persian_text(server, account):
    [sent] = KAVENEGAR.send(account, [message()])
    assert sent.state == ACCEPTED and (sent.cost, sent.currency) == (Decimal(120), "IRR")
    kept = server.messages[int(sent.id)]
    assert (kept["message"], kept["receptor"], kept["sender"]) == (PERSIAN, "09121234567", LINE)
    assert server.asked[0].headers["content-type"] == "application/x-www-form-urlencoded"


def test_two_hundred_texts_in_one_call_and_each_gets_its_own(server, account):
    server.blocked = {"09120000003"}
    messages = many(KAVENEGAR.batch)
    sent = KAVENEGAR.send(account, messages)
    assert len(server.asked) == 1
    assert [one.state for one in sent].count(ACCEPTED) == 199
    assert sent[3].state == REJECTED and sent[3].unwanted and sent[3].code == "14"
    assert all(server.messages[int(one.id)]["message"] == asked.text for one, asked in zip(sent, messages, strict=True))


def test_two_messages_to_one_person(server, account):
    first, second = KAVENEGAR.send(account, [message(1, text="یک"), message(2, text="دو")])
    assert first.id != second.id
    assert [server.messages[int(one.id)]["message"] for one in (first, second)] == ["یک", "دو"]


def test_one_bad_number_costs_the_others_nothing(server, account):
    messages = [*many(5), message(7, "+989001234567"), message(8, "+905321234567")]
    sent = KAVENEGAR.send(account, messages)
    assert [one.state for one in sent] == [ACCEPTED] * 5 + [REJECTED] * 2
    assert sent[5].address_bad and not sent[5].elsewhere
    assert sent[6].elsewhere and not sent[6].address_bad
    assert len(server.messages) == 5


def test_without_a_line_kavenegar_chooses(server, settings):
    account = server.account({**settings, "lines": ""})
    sent = KAVENEGAR.send(account, [message(1), message(2, "+989120000000"), message(3, text="دیگر")])
    assert [one.state for one in sent] == [ACCEPTED] * 3
    assert [one.path.rsplit("/", 1)[1] for one in server.asked] == ["send.json"] * 2
    assert "sender" not in server.asked[0].form
    assert KAVENEGAR.send(account, [message(1)])[0].id == sent[0].id


def test_a_wrong_line(server, account):
    [sent] = KAVENEGAR.send(account, [message(sender="777")])
    assert sent.state == REJECTED and sent.elsewhere
    sent = KAVENEGAR.send(account, [message(1, sender="777"), message(2, "+989120000000")])
    assert [one.state for one in sent] == [REJECTED, ACCEPTED]
    with pytest.raises(Refused):
        KAVENEGAR.send(server.account({"key": KEY, "lines": "777", "address": server.address}), [message()])


LATER = {"409", "429", "451"}
ACCOUNT = {"401", "403", "404", "405", "407", "412", "416", "418", "427"}


@pytest.mark.parametrize("code", sorted(FAULTS))
def test_every_result_code(server, account, code):
    server.refuse = int(code)
    if code in LATER:
        with pytest.raises(Later):
            KAVENEGAR.send(account, [message()])
    elif code in ACCOUNT:
        with pytest.raises(Refused) as caught:
            KAVENEGAR.send(account, [message()])
        assert caught.value.code == code
    else:
        [sent] = KAVENEGAR.send(account, [message()])
        assert sent.state == REJECTED and sent.code == code and sent.reason
        assert sent.address_bad == (code == "411")
        assert sent.elsewhere == (code in {"402", "420", "426", "501"})
    assert not server.messages


def test_a_code_nobody_knows_is_a_refusal_in_its_own_words(server, account):
    server.refuse = 499
    [sent] = KAVENEGAR.send(account, [message()])
    assert (sent.state, sent.code, sent.reason) == (REJECTED, "499", "خطا")


def test_a_wrong_key(server, settings):
    with pytest.raises(Refused) as caught:
        KAVENEGAR.send(server.account({**settings, "key": "wrong?key"}), [message()])
    assert caught.value.code == "403" and "wrong" not in str(caught.value)


def test_the_way(server, settings, monkeypatch, caplog):
    check_ways(KAVENEGAR, server, settings, [KEY], monkeypatch, caplog)


def test_what_is_unclear_is_sent_again_and_is_one_message(server, account, monkeypatch):
    assert KAVENEGAR.repeats == BY_KEY
    monkeypatch.setattr(outward, "TIMEOUT", (0.5, 0.3))
    server.hanging, server.trouble = 0.5, ["hang"]
    with pytest.raises(Unclear):
        KAVENEGAR.send(account, many(3))
    assert len(server.messages) == 3, "it had arrived"
    again = KAVENEGAR.send(account, many(3))
    assert [one.state for one in again] == [ACCEPTED] * 3
    assert len(server.messages) == 3 and [int(one.id) for one in again] == list(server.messages)


def test_an_answer_without_the_message_is_uncertain(server, account, monkeypatch):
    monkeypatch.setattr(server, "_take", lambda *a: [])
    assert KAVENEGAR.send(account, [message()])[0].state == UNCERTAIN
    monkeypatch.setattr(server, "_take", lambda *a: [{"messageid": 0, "status": 1, "receptor": "09121234567"}])
    assert KAVENEGAR.send(account, [message()])[0].state == UNCERTAIN


# ---------------------------------------------------------------- templates
def test_a_code(server, account):
    [sent] = KAVENEGAR.send_template(account, [message(text="", template="login", parameters={"code": "12345"}, kind="code")])
    assert sent.state == ACCEPTED
    assert server.messages[int(sent.id)]["message"] == "کد شما: 12345"


def test_values_find_a_name_that_takes_their_blanks(server, account):
    values = {"number": "12-7", "name": "خانم مریم کریمی", "day": "فردا"}
    [sent] = KAVENEGAR.send_template(account, [message(text="", template="order", parameters=values)])
    assert server.messages[int(sent.id)]["message"] == "12-7 فردا خانم مریم کریمی"


@pytest.mark.parametrize("values", [{}, {"code": ""}, {"code": "1 2 3 4 5 6 7 8 9 10"}, {"code": "x" * 101}, {"token": "1 2"},
                                    {"token2": "12"}, {"token": "1", "token10": "1 2 3 4 5 6 7"}, dict.fromkeys("abcdef", "1")])
def test_values_that_do_not_fit_are_refused_before_they_are_sent(server, account, values):
    [sent] = KAVENEGAR.send_template(account, [message(text="", template="order", parameters=values)])
    assert sent.state == REJECTED and sent.code == "431" and not server.asked


@pytest.mark.parametrize(("template", "code"), [("nothing", "424"), ("broken", "432")])
def test_a_template_that_will_not_do(server, account, template, code):
    messages = [message(1, template=template, parameters={"code": "1"}), message(2, template="login", parameters={"code": "2"})]
    sent = KAVENEGAR.send_template(account, messages)
    assert [one.state for one in sent] == [REJECTED, ACCEPTED] and sent[0].code == code


def test_a_code_to_another_country_goes_elsewhere(server, account):
    [sent] = KAVENEGAR.send_template(account, [message(to="+905321234567", template="login", parameters={"code": "1"})])
    assert sent.state == REJECTED and sent.elsewhere and not server.asked


def test_settings_say_where_it_is():
    address = {one.name: one for one in KAVENEGAR.settings}["address"]
    assert address.default == ADDRESS and address.section == "advanced"
    assert KAVENEGAR.problems({"key": KEY, "lines": LINE, "address": ADDRESS}) == {}
    assert set(KAVENEGAR.problems({"lines": "line", "address": "x"})) == {"lines", "address"}
    assert MOBILE.startswith("+98")
