"""Menus by profile: arranging, keeping, what others see, what a later addon brings, and who may not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.studio import menu_draft
from addons.studio.tests.test_home_pages import held, press, text
from core.addons import lifecycle
from core.api import Installation, MenuItem
from core.testing.browser import Visitor
from core.testing.plugin import user_id
from core.web.shell import navigation
from core.web_api import menu_as_shipped, menu_faults

pytestmark = [pytest.mark.addons("studio", "contacts"), pytest.mark.database("sqlite")]
BASE = "/x/studio/menus"


def test_a_menu_of_its_own(boss: Visitor, standard: int, installation: Installation) -> None:
    url = f"{BASE}/profile:{standard}"
    page = text(boss.get(url))
    first = json.loads(held(page, "draft"))["entries"]
    apps = [e["id"] for e in first if not e["level"]]
    page = press(boss, page, url, "add:group")
    page = press(boss, page, url, "done", **{"label.en": "Company", "label.fa": "شرکت"})
    page = press(boss, page, url, "add:link")
    page = press(boss, page, url, "done", **{"label.en": "Wiki", "href": "https://wiki.example/"})
    page = press(boss, page, url, "in:link_1")
    page = press(boss, page, url, "up:group_1")
    page = press(boss, page, url, f"hide:{apps[-1]}")
    press(boss, page, url, "save")
    with installation.env(installation.load_actor(user_id(installation, "sara"))) as env:
        nav = {a.label: a for a in navigation(env)}
        assert nav["Company"].url == "https://wiki.example/" and [i.label for i in nav["Company"].items] == ["Wiki"]
    sara = Visitor(installation, user_id(installation, "sara"))
    home = text(sara.get("/"))
    assert "https://wiki.example/" in home and "Company" in home
    assert "Company" not in text(boss.get("/")).split("<main")[0]
    page = text(boss.get(url))
    text(boss.post(url, {"do": "reset", "seen": held(page, "seen")}), 303)
    assert "wiki.example" not in text(sara.get("/"))


def test_what_comes_later_stands_where_it_was_shipped(boss: Visitor, installation: Installation) -> None:
    url = f"{BASE}/installation"
    page = text(boss.get(url))
    press(boss, page, url, "save")
    lifecycle.enable(installation, ["leads"])
    boss = Visitor(installation, user_id(installation, "boss"))
    assert 'href="/r/leads.lead"' in text(boss.get("/"))
    names = [e["id"] for e in json.loads(held(text(boss.get(url)), "draft"))["entries"]]
    assert "leads" in names
    lifecycle.disable(installation, "leads")
    assert 'href="/r/leads.lead"' not in text(boss.get("/"))


@pytest.mark.parametrize("entries", [
    [{"id": "a", "kind": "entry", "level": 1}], [{"id": "a", "kind": "group", "level": 0}], [{"id": "a", "kind": "nothing"}], ["a"],
    [{"id": "a", "kind": "link", "label": {"en": "x"}, "href": "javascript:alert(1)"}], [{"id": "a b", "kind": "entry"}], {"a": 1},
    [{"id": "a", "kind": "entry"}, {"id": "a", "kind": "entry"}], [{"id": "a", "kind": "entry", "onclick": "x"}],
    [{"id": "a", "kind": "link", "label": {"en": "x"}, "href": "//evil.example"}], [{"id": "a", "kind": "entry", "label": "x"}]])
def test_wrong_menus_are_refused(entries: Any) -> None:
    assert menu_faults({"entries": entries})


def test_who_may_not(boss: Visitor, sara: Visitor, installation: Installation) -> None:
    url = f"{BASE}/installation"
    page = text(boss.get(url))
    evil = json.dumps({"entries": [{"id": "a", "kind": "link", "level": 0, "label": {"en": "x"}, "href": "javascript:alert(1)"}]})
    assert boss.post(url, {"draft": evil, "seen": held(page, "seen"), "do": "save"}).status_code == 422
    for entry in ({"id": "a"}, {"id": "a", "kind": "link", "label": "x"}, {"id": "a", "kind": "group", "label": {"en": 5}}):
        assert boss.post(url, {"draft": json.dumps({"entries": [entry]}), "seen": held(page, "seen"), "do": "save"}).status_code == 422
    answer = boss.post(url, {"draft": held(page, "draft"), "seen": "old", "do": "save"})
    assert answer.status_code == 409 and held(text(answer, 409), "draft") == held(page, "draft"), "what was arranged stands there still"
    assert sara.get(url).status_code == 403 and sara.get(BASE).status_code == 403
    assert sara.post(url, {"draft": held(page, "draft"), "seen": held(page, "seen"), "do": "save"}).status_code == 403
    assert not installation.registry.customising.of("menu")


SHIPPED = menu_as_shipped([MenuItem("a", "A"), MenuItem("a1", "A1", app="a"), MenuItem("a2", "A2", app="a"), MenuItem("b", "B"),
                           MenuItem("b1", "B1", app="b"), MenuItem("c", "C")])
WAYS = ("up", "down", "in", "out", "hide", "show", "remove", "group", "link")


@given(st.lists(st.tuples(st.sampled_from(WAYS), st.sampled_from(["a", "a1", "a2", "b", "b1", "c", "group_1", "link_1"])), max_size=30))
def test_no_button_loses_an_entry_or_leaves_one_without_an_app(steps: list[tuple[str, str]]) -> None:
    draft = menu_draft.begun(None, SHIPPED)
    ids = {e["id"] for e in draft["entries"]}
    for way, name in steps:
        if way in ("group", "link"):
            made = menu_draft.entry(draft, menu_draft.add(draft, way))
            assert made is not None
            made["label"] = {"en": "x"}
            if way == "link":
                made["href"] = "/"
            ids.add(made["id"])
        else:
            one = menu_draft.entry(draft, name)
            ids -= {name} if way == "remove" and one is not None and one["kind"] != "entry" else set()
            menu_draft.change(draft, name, way)
        assert sorted(e["id"] for e in draft["entries"]) == sorted(ids)
        assert not menu_faults(draft)
        assert menu_draft.read(json.dumps(draft)) == draft
    begun = menu_draft.begun({"entries": draft["entries"][:2]}, SHIPPED)
    assert {e["id"] for e in begun["entries"]} >= {e["id"] for e in SHIPPED["entries"]}
    assert not menu_faults(menu_draft.read(json.dumps(begun)))
