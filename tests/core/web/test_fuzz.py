"""Whatever comes in at any door: never an internal error, never a record that is not theirs."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core.installation import Installation
from core.testing.browser import Visitor
from core.web.host import Host
from tests.core.web.conftest import Visit

pytestmark = [pytest.mark.addons("shop"), pytest.mark.folders("tests/fixtures/addons")]

FUZZ = settings(max_examples=60, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
                suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
NAMES = ["q", "s", "view", "criteria", "order", "group", "columns", "size", "show", "open", "after", "before", "count", "l", "t",
         "tab", "next", "for", "types", "lang", "ids", "all", "do", "field", "step", "name", "amount", "due", "sent_at", "effort",
         "shop", "tags", "helpers", "about", "colours", "urgent", "urgent__present", "version", "owner", "batch", "value",
         "body", "mention", "access", "until", "user", "take_back", "archived", "widths", "shop__label", "keep.name", "filter.name",
         "filter.pieces", "filter.due", "filter.created_at", "filter.status", "filter.shop", "filter.tags", "filter.urgent",
         "filter.effort", "filter.colours", "filter.margin", "filter.shop.town", "filter.id", "who", "action", "record",
         "from"]
NASTY = ["", "0", "-1", "9" * 30, "1e999", "NaN", "Infinity", "\x00", "\ud800", "﷽" * 50, "'; DROP TABLE x;--",
         "../../etc/passwd", "{", "[]", '{"op":"=="}', '{"op":"and","items":[' * 60, "name,-pieces,__class__", "vnew",
         "n", "..", ">", "=", "10..", "..x",
         "1405/13/40", "tomorrow", "+3d", "new:", "new:x", "base.user:1", "shop.shop:99999999999999999999", "%", "_", "\\", "*",
         "W10", "WyJmIiwgMV0", "eyJhIjoxfQ", "user:1", "2026-02-30", "99999-01-01", "0001-01-01", "9999-12-31", "#5", "#x", "me", "-",
         "١٢٣", "1.5", "1,5", "۱٬۲۵۰٫۵", "\r\nX: y", "<script>", "{{7*7}}", "%s%n", "a" * 5000]
RECORDS = ["shop.order", "shop.order", "shop.shop", "base.user", "base.file", "nope", "x.y'", "base.note"]
WORDS = ["lines", "name", "status", "tags", "margin", "send", "xlsx", "csv", "%00", "é", "__init__", "id"]
values = st.one_of(st.sampled_from(NASTY), st.text(max_size=30), st.integers(-5, 70).map(str))
queries = st.lists(st.tuples(st.sampled_from(NAMES), values), max_size=6)


def rules(host: Host, method: str) -> list[str]:
    """All rules of the application that take a method, with their places."""
    return sorted({r.rule for r in host.app.url_map.iter_rules() if method in (r.methods or ()) and r.endpoint != "static"})


def addresses(draw: Any, rule: str, order: int) -> str:
    """An address for a rule: often a real record, often not."""
    parts = []
    for part in rule.split("/"):
        if part.startswith("<int:"):
            part = str(draw(st.sampled_from([order, order, 1, 2, 0, 999999, 10**18, 10**40])))
        elif part == "<record>":
            part = draw(st.sampled_from(RECORDS))
        elif part.startswith("<"):
            part = draw(st.sampled_from(WORDS))
        parts.append(part)
    return "/".join(parts)


def harmless(rule: str) -> bool:
    """Rules that a fuzzer must not visit: they end its own session."""
    return rule not in ("/logout",)


@pytest.mark.database("sqlite")
@FUZZ
@given(data=st.data())
def test_every_page_survives_any_query(data: st.DataObject, visit: Visit, host: Host, order: int, visitor: Visitor) -> None:
    rule = data.draw(st.sampled_from([r for r in rules(host, "GET") if harmless(r)]))
    pairs = data.draw(queries)
    answer = visitor.get(addresses(data.draw, rule, order), query_string=[(k, encoded(v)) for k, v in pairs],
                         headers={"X-Fragment": data.draw(st.sampled_from(["", "dialog", "cell", "x"]))})
    assert answer.status_code < 500, (rule, pairs)


@pytest.mark.database("sqlite")
@FUZZ
@given(data=st.data())
def test_every_form_survives_any_post(data: st.DataObject, visit: Visit, host: Host, order: int, visitor: Visitor) -> None:
    rule = data.draw(st.sampled_from([r for r in rules(host, "POST") if harmless(r)]))
    pairs = data.draw(queries)
    body: dict[str, list[Any]] = {}
    for name, value in pairs:
        body.setdefault(name, []).append(encoded(value))
    answer = visitor.post(addresses(data.draw, rule, order), body)
    assert answer.status_code < 500, (rule, pairs)


@pytest.mark.database("sqlite")
@FUZZ
@given(cookie=values, token=values, body=st.binary(max_size=200))
def test_cookies_and_bodies(cookie: str, token: str, body: bytes, visit: Visit, host: Host, order: int) -> None:
    stranger = visit()
    safe = "".join(c for c in cookie if 32 < ord(c) < 127 and c not in ';,"\\')
    stranger.client.set_cookie("sarnakh", safe)
    stranger.client.set_cookie("sarnakh_flash", safe)
    assert stranger.get("/login").status_code < 500
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json", "text/x;;"):
        answer = stranger.client.post("/login", data=body, content_type=kind)
        assert answer.status_code < 500


def encoded(text: str) -> str | bytes:
    """The text as it travels: broken halves of characters as the bytes a broken client sends."""
    return text if all(not 0xD800 <= ord(c) <= 0xDFFF for c in text) else text.encode("utf-8", "surrogatepass")


@pytest.fixture
def visitor(visit: Visit, installation: Installation) -> Visitor:
    """An administrator's browser, to whom most is open."""
    made = visit("admin")
    made.csrf()
    return made
