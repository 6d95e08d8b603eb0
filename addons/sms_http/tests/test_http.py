"""Gateways described in settings: what goes out, and what answers mean."""

from __future__ import annotations

import pytest

from addons.messaging.contract import ACCEPTED, BY_HAND, REJECTED, UNCERTAIN, Later, Outgoing, Refused, Unclear
from addons.sms_http import settings as described
from addons.sms_http.errors import OUTCOMES
from addons.sms_http.provider import AnyHttp, number
from addons.sms_http.tests.server import FORM, JSON, QUERY, TOKEN, Server
from core import outward
from core.settings import Outward

IR, TR = "+989121234567", "+905321234567"
GATEWAY = AnyHttp()
HARD = 'سلام "سارا" \\ {"a": 1}\r\nŞükrü & x=1?#% {{ api_key }} ‌۱۲۳'


@pytest.fixture
def server():
    with Server() as running:
        yield running


def to(key, text="سلام", at=IR, **values):
    return Outgoing(key, f"key-{key}", at, text, **values)


def one(server, settings, message=None, sender="3000"):
    (sent,) = GATEWAY.send(server.account(settings, sender), [message or to(1)])
    return sent


# ---------------------------------------------------------------- sending
@pytest.mark.parametrize("text", [HARD, "Şişli'de görüşürüz", "x"])
def test_a_text_arrives_letter_by_letter_whatever_the_gateway(server, text):
    sent = [one(server, server.settings(JSON, "/json/send"), to(7, text, TR)),
            one(server, server.settings(FORM, "/form/{{ api_key }}/send.json"), to(8, text)),
            one(server, server.settings(QUERY, "/query"), to(9, text))]
    assert [(it.state, it.id) for it in sent] == [(ACCEPTED, "id-1"), (ACCEPTED, "8792345"), (ACCEPTED, "q3")]
    assert server.taken == [("905321234567", text), ("09121234567", text), (IR, text)]


def test_json_is_built_value_by_value(server):
    one(server, server.settings(JSON, "/json/send"), to(7, '", "to": "1", "x": "'))
    assert server.asked[0].json == {"from": "3000", "items": [
        {"to": "989121234567", "text": '", "to": "1", "x": "', "ref": 7, "flash": False}]}


@pytest.mark.parametrize(("form", "country", "at", "written"), [
    ("plus", "98", IR, IR), ("digits", "98", IR, "989121234567"), ("national", "98", IR, "09121234567"),
    ("national", "90", TR, "05321234567"), ("national", "98", TR, "00905321234567")])
def test_numbers_in_every_form(server, form, country, at, written):
    assert number(server.account({"numbers": form, "country": country}), at) == written


def test_a_content_type_of_its_own(server):
    one(server, {"address": server.address + "/nowhere", "kind": "json", "headers": "content-type: text/json", "body": '{"a": 1}'})
    assert server.asked[0].headers["content-type"] == "text/json"


def test_parameters_and_conditions(server):
    body = '{"t": "{{ template }}", "v": "{{ parameters }}", "n": "{{ parameters.name|default(\'?\') }}", ' \
           '"s": "{% if sender %}yes{% endif %}"}'
    settings = {"kind": "json", "address": server.address + "/nowhere", "body": body}
    one(server, settings, to(1, template="welcome", parameters={"name": "سارا"}))
    one(server, settings, to(2), "")
    assert [it.json for it in server.asked] == [{"t": "welcome", "v": {"name": "سارا"}, "n": "سارا", "s": "yes"},
                                                {"t": "", "v": {}, "n": "?", "s": ""}]


# ---------------------------------------------------------------- answers
@pytest.mark.parametrize(("code", "outcome"), [("BUSY", Later), ("AUTH", Refused), ("HMM", Unclear), ("NUMBER", "address_bad"),
                                               ("STOP", "unwanted"), ("LINE", "elsewhere"), ("OTHER", "")])
def test_every_outcome_that_a_code_may_have(server, code, outcome):
    server.said = [(200, {}, {"status": code, "message": "Why"})]
    if isinstance(outcome, type):
        with pytest.raises(outcome, match="Why"):
            one(server, server.settings(JSON, "/json/send"))
        return
    sent = one(server, server.settings(JSON, "/json/send"))
    assert (sent.state, sent.code, sent.reason) == (REJECTED, code, "Why")
    assert [name for name in ("address_bad", "unwanted", "elsewhere") if getattr(sent, name)] == ([outcome] if outcome else [])


def test_what_the_gateways_refuse(server):
    with pytest.raises(Refused, match="Wrong token"):
        one(server, server.settings(JSON, "/json/send", api_key="wrong"))
    assert one(server, server.settings(JSON, "/json/send"), to(1, at="+12")).address_bad
    sent = one(server, server.settings(FORM, "/form/{{ api_key }}/send.json"), to(1, at=TR))
    assert (sent.state, sent.code, sent.reason, sent.address_bad) == (REJECTED, "411", "گیرنده نامعتبر است", True)
    sent = one(server, server.settings(QUERY, "/query", password="wrong"))
    assert (sent.state, sent.code, sent.reason) == (REJECTED, "30", "Wrong key")
    sent = one(server, server.settings(FORM, "/nowhere"))
    assert (sent.state, sent.code) == (REJECTED, "404")


def test_success_without_a_rule_or_a_number(server):
    plain = {"address": server.address + "/json/send", "body": "a={{ to }}"}
    server.said = [(204, {}, ""), (200, {}, {"ok": False}), (200, {}, {"ok": True}), (200, {}, {"status": "OK"})]
    assert one(server, plain).state == ACCEPTED
    assert one(server, {**plain, "success_path": "ok"}).state == REJECTED
    assert one(server, {**plain, "success_path": "ok"}).state == ACCEPTED
    assert one(server, server.settings(JSON, "/json/send")).state == UNCERTAIN, "taken, it seems, but without the number it should have"


@pytest.mark.parametrize("trouble", ["500", "drop", "garbage"])
def test_nobody_knows_after_trouble(server, trouble):
    server.trouble = [trouble]
    with pytest.raises(Unclear):
        one(server, server.settings(JSON, "/json/send"))
    assert AnyHttp.repeats == BY_HAND


def test_a_time_out_is_unclear_and_a_busy_gateway_is_asked_later(server, monkeypatch):
    server.said = [(429, {"Retry-After": "7"}, "")]
    with pytest.raises(Later) as later:
        one(server, server.settings(JSON, "/json/send"))
    assert later.value.seconds == 7
    monkeypatch.setattr(outward, "TIMEOUT", (1, 0.2))
    server.trouble, server.hanging = ["hang"], 0.6
    with pytest.raises(Unclear):
        one(server, server.settings(JSON, "/json/send"))


# ---------------------------------------------------------------- states
@pytest.mark.parametrize(("state", "reported"), [("DELIVRD", "delivered"), ("UNDELIV", "failed"), ("ACCEPTD", "sent"), ("ENROUTE", None),
                                                 ("WHAT", None), ("BAD", "failed"), ("DELETED", "cancelled")])
def test_states_are_asked_for_where_settings_say_how(server, state, reported):
    states = next(it.default for it in described.SETTINGS if it.name == "states") + "\nBAD=address_bad"
    settings = server.settings(JSON, "/json/send", status_address=server.address + "/json/state/{{ id }}", state_path="items[0].state",
                               states=states)
    server.state = state
    found = GATEWAY.status(server.account(settings), ["a/b?c"])
    assert [(it.state, it.id, it.address_bad) for it in found] == ([(reported, "a/b?c", state == "BAD")] if reported else [])
    assert GATEWAY.status(server.account(server.settings(JSON, "/json/send")), ["1"]) == []
    server.trouble = ["500"]
    with pytest.raises(Later):
        GATEWAY.status(server.account(settings), ["1"])


# ---------------------------------------------------------------- seeing before sending
def test_the_request_is_shown_with_dots_where_secrets_stand(server):
    shown = GATEWAY.preview(server.account(server.settings(FORM, "/form/{{ api_key }}/send.json", headers="X-Token: typed\nX-Plain: seen"),
                                           "3000"), to(1, "Hello"))
    assert shown == (f"POST {server.address}/form/....../send.json\nX-Token: ......\nX-Plain: seen\n"
                     "Content-Type: application/x-www-form-urlencoded\n\nreceptor=09121234567&message=Hello&sender=3000")
    shown = GATEWAY.preview(server.account(server.settings(JSON, "/json/send"), "3000", "https://crm.example/secret"), to(1))
    assert TOKEN not in shown and '"text": "سلام"' in shown
    assert "{{" not in GATEWAY.preview(server.account({"address": server.address, "body": "a={{ parameters.x }}"}), to(1))
    assert server.asked == [], "nothing was sent"


@pytest.mark.parametrize(("name", "value"), [
    ("address", "sms.example/send"), ("address", "https://{{ text }}/"), ("address", "https://sms.example{{ text }}"),
    ("address", "https://user:pw@sms.example/"), ("address", "https://sms.example/{{ to"), ("address", "https://sms.example/{{ secret }}"),
    ("body", "no sign"), ("body", "a={{ nothing }}"), ("body", "a={% for x in text %}{% endfor %}"), ("headers", "Host: other"),
    ("headers", "X Y: a"), ("headers", "X-A: {{ text|nothing }}"), ("success_pattern", "(a+)+"), ("id_path", "a..b"), ("id_path", "a[x]"),
    ("codes", "1=often"), ("codes", "later"), ("states", "D=gone"), ("status_address", "ftp://x"), ("country", "+98"),
    ("call_answer", "<html/>"), ("kind", "form")])
def test_what_cannot_work_is_refused_when_it_is_written(name, value):
    good = {"address": "https://sms.example/send", "method": "POST", "kind": "form", "body": "a={{ to }}"}
    assert GATEWAY.problems(good) == {}
    assert set(GATEWAY.problems({**good, name: value} if name != "kind" else {**good, "method": "GET"})) == {name}


def test_json_is_looked_at_when_it_is_written():
    good = {"address": "https://sms.example/send", "kind": "json", "body": '{"a": ["{{ to }}", {"b": "{{ text }}"}, 1, null]}'}
    assert GATEWAY.problems(good) == {}
    for body in ('{"a": {{ to }}}', '{"a": "{{ nothing }}"}', "[" * 3000, "[" * 900 + "]" * 900):
        assert set(GATEWAY.problems({**good, "body": body})) == {"body"}


@pytest.mark.parametrize("kind", [JSON, FORM, QUERY])
def test_the_examples_of_these_tests_are_good_settings(kind):
    assert GATEWAY.problems({**kind, "address": "https://sms.example/{{ api_key }}"}) == {}
    assert set(OUTCOMES) >= {line.partition("=")[2] for line in kind.get("codes", "").splitlines()}


# ---------------------------------------------------------------- addresses
def test_a_way_into_our_own_network_is_refused(server):
    guarded = server.account(server.settings(JSON, "/json/send"))
    object.__setattr__(guarded, "http", outward.session(Outward()))
    for _ in range(2):
        with pytest.raises(Refused, match="not on the public internet"):
            GATEWAY.send(guarded, [to(1)])
    assert server.asked == []


def test_redirects_are_not_followed(server):
    server.said = [(302, {"Location": "http://127.0.0.1:1/inside"}, ""), (307, {"Location": f"{server.address}/json/send"}, "")]
    for _ in range(2):
        with pytest.raises(Refused, match="another address"):
            one(server, server.settings(JSON, "/json/send"))
    assert len(server.asked) == 2


def test_a_text_cannot_lead_to_another_path(server):
    settings = {"address": server.address + "/json/{{ text }}/send", "body": "a=1"}
    assert one(server, settings, to(1, "..")).state == REJECTED
    one(server, settings, to(1, "../../x?y#z"))
    assert [it.path for it in server.asked] == ["/json/../../x?y#z/send"], "one part of the path, in the form of addresses"


def test_no_text_of_an_error_has_a_secret(server):
    using = server.account(server.settings(FORM, "/form/{{ api_key }}/send.json"))
    assert TOKEN not in repr(using)
    for trouble in ("drop", "500"):
        server.trouble = [trouble]
        with pytest.raises(Unclear) as broken:
            GATEWAY.send(using, [to(1)])
        assert "t0ken" not in str(broken.value) and broken.value.__context__ is None
    closed = server.account({**FORM, "address": "http://127.0.0.1:1/{{ api_key }}"})
    with pytest.raises(Later) as later:
        GATEWAY.send(closed, [to(1)])
    assert "t0ken" not in str(later.value) and later.value.__context__ is None
    server.said = [(200, {}, {"status": "X", "message": f"bad key {TOKEN}"})]
    assert one(server, server.settings(JSON, "/json/send")).reason == "bad key ......", "some gateways repeat it"
    broken_template = server.account({**FORM, "address": server.address, "body": "a={{ parameters[api_key] }}"})
    assert "t0ken" not in GATEWAY.send(broken_template, [to(1)])[0].reason
