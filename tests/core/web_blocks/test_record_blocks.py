"""Blocks on record pages: what they show, to whom, and what becomes of hostile ones."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest

from core.api import Installation
from core.security.actor import SYSTEM
from core.testing.browser import Visitor
from core.testing.plugin import user_id
from core.web.blocks.kinds import faults
from tests.core.web_blocks.conftest import FRAGMENT

pytestmark = [pytest.mark.addons("shop"), pytest.mark.folders("tests/fixtures/addons")]
HERE = {"record": "shop.order", "where": "shop == this.id"}


def text(visitor: Visitor, path: str, status: int = 200) -> str:
    answer = visitor.get(path, headers=FRAGMENT if "/block/" in path else {})
    assert answer.status_code == status, answer.get_data(as_text=True)[:400]
    return answer.get_data(as_text=True)


def test_a_list_of_the_records_that_an_expression_finds(put: Callable[..., None], shop: dict[str, int], sara: Visitor) -> None:
    put({"id": "orders", "widget": "view", "label": {"en": "Its orders"}, "options": {**HERE, "columns": ["status"], "order": ["name"],
                                                                                   "limit": 5}})
    page = f"/r/shop.shop/{shop['corner']}"
    assert f'hx-get="{page}/block/orders"' in text(sara, page) and "Its orders" in text(sara, page)
    first = text(sara, f"{page}/block/orders")
    assert "Corner 0" in first and "Elsewhere" not in first and "Hidden" not in first
    names, url = re.findall(r"Corner \d+", first), first
    while more := re.search(r'href="([^"]+)" title="Next page"', url):
        url = text(sara, unescape(more[1]))
        names += re.findall(r"Corner \d+", url)
    assert len(names) == 12 == len(set(names))
    assert "Elsewhere" in text(sara, f"/r/shop.shop/{shop['market']}/block/orders")
    alone = sara.get(f"{page}/block/orders").get_data(as_text=True)
    assert "<html" in alone and "Corner 0" in alone and f'href="{page}"' in alone, "without scripts it is a page"


def test_charts_and_figures_count_what_their_reader_may_see(put: Callable[..., None], shop: dict[str, int], sara: Visitor,
                                                              installation: Installation) -> None:
    put({"id": "by_status", "widget": "chart", "options": {**HERE, "group": "status"}},
        {"id": "money", "widget": "chart", "options": {**HERE, "group": "status", "measure": "sum:amount", "style": "columns"}},
        {"id": "months", "widget": "chart", "options": {**HERE, "group": "created_at", "style": "line"}},
        {"id": "count", "widget": "figure", "label": "Orders", "aside": True, "options": HERE},
        {"id": "sum", "widget": "figure", "options": {**HERE, "measure": "sum:amount"}})
    base = f"/r/shop.shop/{shop['corner']}/block"
    chart = text(sara, f"{base}/by_status")
    assert re.findall(r'class="bar-text num">(\d+)', chart) == ["8", "4"]
    opened = unescape(re.findall(r'class="bar-line" href="([^"]+)"', chart)[1])
    assert text(sara, opened).count('class="title-link"') == 4
    assert "1,266" in text(sara, f"{base}/sum") and "12" in text(sara, f"{base}/count")
    assert "<svg" in text(sara, f"{base}/money") and "<circle" in text(sara, f"{base}/months")
    boss = Visitor(installation, user_id(installation, "admin"))
    assert ">13<" in text(boss, f"{base}/count") and "6,266" in text(boss, f"{base}/sum")


def test_links_and_texts_are_filled_and_stay_harmless(put: Callable[..., None], shop: dict[str, int], sara: Visitor) -> None:
    put({"id": "map", "widget": "links", "options": {"links": [
        {"label": {"en": "Map", "fa": "نقشه"}, "href": "https://maps.example/?q={town}"}, {"label": "Bad", "href": "{street}"}]}},
        {"id": "note", "widget": "canvas", "label": "Note", "options": {"text": {
            "en": '<p>In <b>{{ town }}</b>{{ secret }}</p><script>alert(1)</script><img src="https://spy.example/x.png" onerror="x()">'}}})
    page = text(sara, f"/r/shop.shop/{shop['corner']}")
    assert 'href="https://maps.example/?q=Yazd%20%26%20Co"' in page and ">Bad<" not in page
    assert "In <b>Yazd &amp; Co</b>" in page
    assert "alert(1)" not in page and "spy.example" not in page and "onerror" not in page
    assert "maps.example" not in text(sara, f"/r/shop.shop/{shop['market']}"), "there is no town to ask for"


def test_who_may_not_read_the_records_gets_no_block(put: Callable[..., None], shop: dict[str, int], installation: Installation) -> None:
    put({"id": "orders", "widget": "view", "label": "Its orders", "options": {**HERE}},
        {"id": "margins", "widget": "view", "label": "Margins", "options": {"record": "shop.order", "where": "margin > 5"}})
    with installation.env(SYSTEM) as env:
        profile = env.query("base.profile").where('name == "Standard"').ids()[0]
        env.update("base.profile", profile, {"record_rights": {"shop.order": {"read": False}}})
    sara = Visitor(installation, user_id(installation, "sara"))
    page = f"/r/shop.shop/{shop['corner']}"
    assert "Its orders" not in text(sara, page)
    assert "Corner" not in text(sara, f"{page}/block/orders")
    with installation.env(SYSTEM) as env:
        env.update("base.profile", profile, {"record_rights": {}})
    assert "no longer fits" not in text(sara, f"{page}/block/margins"), "only who arranges pages learns of it"
    assert "Corner" not in text(sara, f"{page}/block/margins"), "a hidden field filters nothing"
    reza = Visitor(installation, user_id(installation, "reza"))
    text(reza, f"{page}/block/orders", 404)
    text(sara, f"{page}/block/nothing", 404)


def test_what_no_longer_fits_leaves_the_page_standing(put: Callable[..., None], shop: dict[str, int], installation: Installation,
                                                     sara: Visitor) -> None:
    put({"id": "gone", "widget": "chart", "options": {"record": "shop.order", "group": "no_such_field"}},
        {"id": "odd", "widget": "nothing_draws_this"}, {"id": "empty", "widget": "view", "options": {}})
    page = f"/r/shop.shop/{shop['corner']}"
    assert "Corner" in text(sara, page)
    admin = Visitor(installation, user_id(installation, "admin"))
    assert "no longer fits" in text(admin, page) and "no longer fits" in text(admin, f"{page}/block/gone")
    assert "no longer fits" not in text(sara, f"{page}/block/gone")


def test_a_print_page_holds_them_whole(put: Callable[..., None], shop: dict[str, int], sara: Visitor) -> None:
    put({"id": "orders", "widget": "view", "options": {**HERE, "limit": 50}})
    assert "Corner 11" in text(sara, f"/r/shop.shop/{shop['corner']}/print")


CROOKED: list[dict[str, object]] = [
    {"widget": "view", "options": ["record"]}, {"widget": "view", "options": {"record": ["shop.order"]}},
    {"widget": "view", "options": {**HERE, "limit": -1}}, {"widget": "view", "options": {**HERE, "limit": "all"}},
    {"widget": "view", "options": {**HERE, "columns": "name"}}, {"widget": "view", "options": {**HERE, "order": [5]}},
    {"widget": "view", "options": {"record": "shop.gone"}}, {"widget": "view", "options": {**HERE, "where": ["x"]}},
    {"widget": "chart", "options": {**HERE, "group": "status", "style": "pie"}},
    {"widget": "chart", "options": {**HERE, "group": {"a": 1}}}, {"widget": "chart", "options": {**HERE, "group": "lines"}},
    {"widget": "figure", "options": {**HERE, "measure": "sum:name"}}, {"widget": "figure", "options": {**HERE, "measure": 7}},
    {"widget": "links", "options": {"links": ["https://a.example"]}}, {"widget": "links", "options": {"links": [{"href": 5}]}},
    {"widget": "canvas", "options": {"text": {"en": 5}}}, {"widget": "canvas", "options": {"text": "{{ lines }}{{ amount.x }}"}}]


def test_crooked_blocks_are_skipped_and_told_to_who_can_mend_them(put: Callable[..., None], shop: dict[str, int], sara: Visitor,
                                                                  installation: Installation) -> None:
    put(*({"id": f"b{i}", **block} for i, block in enumerate(CROOKED)))
    page = f"/r/shop.shop/{shop['corner']}"
    admin = Visitor(installation, user_id(installation, "admin"))
    assert "Corner" in text(sara, page) and "no longer fits" not in text(sara, page)
    assert "no longer fits" in text(admin, page)
    for i, block in enumerate(CROOKED[:-1]):
        assert "no longer fits" not in text(sara, f"{page}/block/b{i}"), block
        assert "no longer fits" in text(admin, f"{page}/block/b{i}"), block
    assert "Corner" in text(admin, f"{page}/print")


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("data", [{"shape": "round", "columns": [[]]},
                                  {"shape": "even", "columns": [5, [7, {"id": "x"}, {"widget": "apps"}]]},
                                  {"shape": "one", "columns": "x"}, {"columns": [[{"id": "a", "widget": "view", "options": 5}]]}])
def test_a_crooked_home_page_stands(customise: Callable[..., None], shop: dict[str, int], installation: Installation, sara: Visitor,
                                    data: dict[str, object]) -> None:
    customise("home", "installation", data)
    assert sara.get("/").status_code == 200
    assert Visitor(installation, user_id(installation, "admin")).get("/").status_code == 200


@pytest.mark.addons("bargains")
def test_values_in_texts_are_as_their_reader_has_them(customise: Callable[..., None], installation: Installation) -> None:
    with installation.env(SYSTEM) as env:
        usd = env.query("base.currency").archived(None).where('code == "USD"').ids()[0]
        sara = user_id(installation, "sara")
        account = env.create("contacts.account", {"name": "Tom & \"Co\"", "website": "https://tom.example/a?b=1", "owner": sara})
        pipeline = env.create("bargains.pipeline", {"name": "P"})
        key = env.create("bargains.bargain", {
            "name": "B", "amount": 1234, "currency": usd, "account": account, "pipeline": pipeline, "owner": sara,
            "stage": env.create("bargains.stage", {"name": "S", "pipeline": pipeline}), "wish": "javascript:alert(1)"})
    html = ('<p>{{ amount }} · {{ account }}</p><p><a href="https://x.example/?q={{ account }}&amp;n={{amount}}">one</a>'
            '<a href="{{ account.website }}">two</a><a href="{{ wish }}">three</a><a href="data:text/html,x">four</a></p>')
    customise("layout", "bargains.bargain|form|installation", {"format": 1, "record": "bargains.bargain", "kind": "form", "changes": [
        {"do": "insert", "target": "note", "anchors": [{"into": "@layout"}], "node": {
            "id": "note", "kind": "block", "props": {"widget": "canvas", "options": {"text": {"en": html}}}}},
        {"do": "insert", "target": "open", "anchors": [{"into": "@layout"}], "node": {"id": "open", "kind": "link", "props": {
            "label": "Open", "href": "https://y.example/{account.website}/{id}"}}}]})
    page = unescape(text(Visitor(installation, user_id(installation, "admin")), f"/r/bargains.bargain/{key}"))
    assert "<p>1,234.00\u202f$ · Tom & \"Co\"</p>" in page, "an amount has the currency that stands beside it"
    assert 'href="https://x.example/?q=Tom%20%26%20%22Co%22&n=1234"' in page, "a value stays one value of the address"
    assert 'href="https://tom.example/a?b=1"' in page and 'href="javascript' not in page and "data:text" not in page
    assert f"https://y.example/https%3A%2F%2Ftom.example%2Fa%3Fb%3D1/{key}" in page, "links may ask for what the page does not show"


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("block,said", [
    ({"widget": "view"}, "required"), ({"widget": "view", "options": {"record": "no.such"}}, "no record type"),
    ({"widget": "view", "options": {"record": "shop.order", "where": "amount >"}}, "Only records"),
    ({"widget": "view", "options": {"record": "shop.order", "where": "name == this.no_such"}}, "no_such"),
    ({"widget": "view", "options": {"record": "shop.order", "where": "amount == this.name"}}, "Only records"),
    ({"widget": "view", "options": {"record": "shop.order", "where": 5}}, "expression"),
    ({"widget": "view", "options": {"record": "shop.order", "columns": ["secret_door"]}}, "secret_door"),
    ({"widget": "view", "options": {"record": "shop.order", "limit": 5000}}, "whole number"),
    ({"widget": "chart", "options": {"record": "shop.order", "group": "name"}}, "grouped"),
    ({"widget": "chart", "options": {"record": "shop.order", "group": "status", "measure": "sum:name"}}, "added up"),
    ({"widget": "chart", "options": {"record": "shop.order", "group": "status", "style": "pie"}}, "pie"),
    ({"widget": "links", "options": {"links": [{"href": "javascript:alert(1)"}]}}, "address"),
    ({"widget": "links", "options": {"links": [{"href": "/x/{nothing}"}]}}, "nothing"),
    ({"widget": "canvas", "options": {"text": {"en": "{{ nothing }}"}}}, "nothing"), ({"widget": "tiles"}, "no block"),
    ({"widget": "canvas", "options": {"text": "x", "more": 1}}, "no option"), ({"widget": "x", "options": []}, "no block"), ([], "id")])
def test_wrong_blocks_are_named(installation: Installation, block: object, said: str) -> None:
    with installation.env(SYSTEM, write=False) as env:
        found = faults(env, {"id": "one", **block} if isinstance(block, dict) else block, "shop.shop")
        assert any(said in env.t(message) for _option, message in found), found


@pytest.mark.database("sqlite")
def test_right_blocks_are_not(installation: Installation) -> None:
    with installation.env(SYSTEM, write=False) as env:
        for where in ("shop == this.id", "shop == this", "name contains this.town", "due > today()", "owner == this.owner"):
            assert not faults(env, {"id": "a", "widget": "view", "options": {"record": "shop.order", "where": where}}, "shop.shop"), where
        assert not faults(env, {"id": "a", "widget": "tiles"})
        assert faults(env, {"id": "a", "widget": "view", "options": {"record": "shop.order", "where": "shop == this.id"}}), "no page"
