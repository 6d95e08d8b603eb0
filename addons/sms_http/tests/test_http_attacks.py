"""Settings and messages that try to get out: templates, headers, patterns, answers."""

from __future__ import annotations

import json
import time
import tracemalloc
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from addons.messaging.contract import REJECTED, Account, Outgoing
from addons.sms_http import reading, request, templates
from addons.sms_http.errors import Unfit, Unusable
from addons.sms_http.provider import AnyHttp

GIVEN = {"to": "+989121234567", "text": "Hello", "sender": "", "number": 7, "key": "k", "parameters": {"a": "b"}, "template": "",
         "kind": "", "callback": "", "username": "u", "api_key": "s3cret", "password": ""}


@pytest.mark.parametrize("source", [
    "{{ ''.__class__ }}", "{{ text.__class__.__mro__ }}", "{{ parameters.__init__.__globals__ }}", "{{ text|attr('__class__') }}",
    "{{ self }}", "{{ request }}", "{{ config }}", "{{ range(10) }}", "{{ lipsum() }}", "{{ cycler }}", "{{ dict(a=1) }}",
    "{% for x in text %}{% endfor %}", "{% set a = 1 %}", "{% macro m() %}{% endmacro %}", "{% include 'x' %}", "{% import 'x' as y %}",
    "{% extends 'x' %}", "{% block a %}{% endblock %}", "{% filter upper %}{% endfilter %}", "{% call text() %}{% endcall %}",
    "{{ text.format(text) }}", "{{ '{:>99999999}'.format(text) }}", "{{ text['format']('x') }}",
    "{{ '{0.__class__}'.format(text) }}", "{{ text.center(10) }}", "{{ '%9999d' % number }}",
    "{{ [1, 2] * 3 }}", "{{ text|format(1) }}", "{{ text|center(100) }}", "{{ text|indent(9) }}", "{{ text() }}", "{{ (text.upper)() ()}}",
    "{{ text.encode('utf-16') }}", "{{ text.translate({}) }}", "{{ parameters.update(a=1) }}", "{{ parameters.pop('a') }}",
    "{{ 9**9**9 }}", "{{ text * 1000000000 }}", "{{ 'a' * 10**9 }}", "{{ '9' * 99 }}", "{{ " + "(" * 2000 + ")" * 2000 + " }}",
    "{{ " + "-" * 3000 + "1 }}", "{{ text " * 3, "x" * 6000])
def test_templates_cannot_get_out(source):
    with pytest.raises((Unusable, Unfit)) as refused:
        templates.text(source, GIVEN)
    assert "s3cret" not in str(refused.value)
    with pytest.raises((Unusable, Unfit)):
        templates.value(source, GIVEN)


@pytest.mark.parametrize("source", [
    "{{ " + "+".join(["text"] * 20) + " }}", "{{ text|replace('', text) }}", "{{ text" + "|tojson" * 20 + " }}", "{{ text|urlencode }}",
    "{{ text[:2000]" + "|replace('%', '%%')" * 15 + " }}", "{{ text|join(text) }}", "{{ text ~ text }}" * 290,
    "{{ number" + "*99999999" * 20 + " }}", "{{ text" + "|urlencode" * 400 + " }}", "{{ " + "+".join(["text"] * 800) + " }}",
    "{% if text %}" * 200 + "{% endif %}" * 200])
def test_templates_cannot_eat_memory_or_time(source):
    values = {**GIVEN, "text": "%" * 9_000}
    tracemalloc.start()
    started = time.monotonic()
    with pytest.raises((Unfit, Unusable)):
        templates.text(source, values)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60_000_000 and time.monotonic() - started < 5


def test_what_templates_are_for_works():
    for source, made in (("{{ text|upper }}-{{ text[:2] }}", "HELLO-He"), ("{{ to.removeprefix('+98') }}", "9121234567"),
                         ("{{ number * 2 + 1 }}", "15"), ("{% if kind == 'code' %}a{% else %}b{% endif %}", "b"),
                         ("{{ parameters.values()|join(';') }}", "b"), ("{{ parameters|tojson }}", '{"a": "b"}'),
                         ("{{ (username ~ ':' ~ api_key)|b64 }}", "dTpzM2NyZXQ="), ("{{ parameters.x|default('none') }}", "none"),
                         ("{{ text|replace('l', 'L')|trim }}", "HeLLo"), ("{{ to|urlencode }}", "%2B989121234567")):
        assert templates.text(source, GIVEN) == made
    assert templates.value("{{ number }}", GIVEN) == 7 and templates.value("{{ number }}0", GIVEN) == "70"
    assert templates.value("{{ text }}", {**GIVEN, "text": "7"}) == "7", "a text is a text even if it looks like a number"
    assert templates.text("{{ text }}", {**GIVEN, "text": "{{ api_key }}"}) == "{{ api_key }}", "what is put in is no template"


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_text_arrives_as_it_is(text):
    values = {**GIVEN, "text": text}
    body = {"address": "https://sms.example/{{ text }}", "kind": "json", "body": '{"a": "{{ text }}", "b": "<{{ text }}>"}'}
    assume(text not in (".", "..") and text.encode("utf-8", "ignore").decode() == text)
    made = request.build(body, values)
    assert json.loads(made.body or b"") == {"a": text, "b": f"<{text}>"}
    assert unquote(urlsplit(made.url).path) == f"/{text}" and urlsplit(made.url).netloc == "sms.example"
    made = request.build({**body, "kind": "form", "body": "a={{ text }}\nb=1"}, values)
    assert parse_qsl((made.body or b"").decode(), keep_blank_values=True) == [("a", text), ("b", "1")]


def test_a_text_cannot_break_out_of_json():
    described = {"address": "https://sms.example/", "kind": "json", "body": '{"a": "{{ text }}", "b": ["x{{ text }}y"]}'}
    for text in ('"}', '","admin":true,"x":"', "\\", '\\"', "\u2028\n\r\t\0"):
        made = request.build(described, {**GIVEN, "text": text})
        assert json.loads(made.body or b"") == {"a": text, "b": [f"x{text}y"]}


@pytest.mark.parametrize("text", ["a\r\nX-Evil: 1", "a\nb", "a\rb", "a\0b", "سلام"])
def test_a_text_cannot_make_headers(text):
    described = {"address": "https://sms.example/", "headers": "X-Text: {{ text }}", "body": "a=1"}
    with pytest.raises(Unfit):
        request.build(described, {**GIVEN, "text": text})
    (sent,) = AnyHttp().send(Account(1, "Test", described), [Outgoing(1, "k", "+989121234567", text)])
    assert sent.state == REJECTED


def test_a_text_stays_one_value_of_a_form_and_of_the_address():
    form = request.build({"address": "https://sms.example/", "body": "a={{ text }}\nb=2"}, {**GIVEN, "text": "1&b=3\nc=4"})
    assert form.body == b"a=1%26b%3D3%0Ac%3D4&b=2"
    query = {"address": "https://sms.example/x?k={{ text }}", "kind": "query", "body": "b={{ text }}"}
    made = request.build(query, {**GIVEN, "text": "1&a=/#"})
    assert made.url == "https://sms.example/x?k=1%26a%3D%2F%23&b=1%26a%3D%2F%23"


@pytest.mark.parametrize("pattern", [
    "(a+)+$", "(a*)*", "(a|aa)+$", "(?:a|b)*c", "(.*)(.*)(.*)x", "a*a*a*b", "(a?){50}a{50}", "a?" * 40 + "a" * 40, "(x+x+)+y",
    "(a|a)" * 20, r"(\w{1,200}){1,200}", r"^(\d+)\1$", "(?=a+)b", "(?<=a)b", "(?P<n>a)", "(?#c)", "a++", "[a", "a" * 201,
    ".{0,2000}.{0,2000}x"])
def test_patterns_that_may_run_away_are_refused(pattern):
    with pytest.raises(Unusable):
        reading.compiled(pattern)


@pytest.mark.parametrize("pattern", [".*.{0,9}x", ".*?x", r"[^x]*x{3}", "(?i)a?a?a?a?a?a?a?a?a?a?a?a?b$", "(?:a|b|c)x.{5,}y"])
def test_the_patterns_allowed_end_soon_on_the_worst_text(pattern):
    started = time.monotonic()
    for letter in "ax ":
        reading.find(letter * 100_000 + "z", None, "", pattern)
    assert time.monotonic() - started < 5


def test_patterns_and_paths_find():
    text = '{"data": {"list": [{"id": 12}, {"id": null, "ok": true}], "a b": "x"}}'
    data = json.loads(text)
    for path, found in (("data.list[0].id", "12"), ("data.list[1].id", ""), ("data.list[1].ok", "true"), ("data.list[9].id", ""),
                        ("data.nothing.id", ""), ("data.a b", "x"), ("data.list[0]", '{"id": 12}')):
        reading.check_path(path)
        assert reading.find(text, data, path, "") == found
    assert reading.find(text, data, "", r'"id": {0,3}(\d{1,9})') == "12"
    assert reading.find(text, data, "data.list[0].id", r"^1") == "1"
    assert reading.find(text, None, "data", "") == ""
    assert reading.at([[1]], "[0][0]") == 1


def test_deep_answers_are_no_trouble():
    assert reading.at(json.loads("[" * 500 + "]" * 500), "[0]" * 600) is None
