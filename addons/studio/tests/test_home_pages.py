"""Home pages by profile: arranging, keeping, what others see, and who may not."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.studio import home_draft
from core.api import Installation, Piece, ValidationFailed, apply_pieces, history, revert
from core.testing.browser import Visitor
from core.testing.plugin import user_id
from core.web_api import HOME_SHAPES, HOME_SHIPPED

pytestmark = pytest.mark.addons("studio")
BASE = "/x/studio/home"


def text(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.get_data(as_text=True)[:500]
    return answer.get_data(as_text=True)


def held(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return unescape(found[1])


def press(visitor: Visitor, page: str, url: str, do: str, **typed: str) -> str:
    answer = visitor.post(url, {**{n: held(page, n) for n in ("draft", "seen", "open")}, "do": do, **typed})
    if answer.status_code == 303:
        return text(visitor.get(answer.headers["Location"]))
    return answer.get_data(as_text=True)


def test_a_profile_gets_a_home_page_of_its_own(boss: Visitor, sara: Visitor, standard: int, installation: Installation) -> None:
    url = f"{BASE}/profile:{standard}"
    page = text(boss.get(url))
    page = press(boss, page, url, "shape", shape="three")
    page = press(boss, page, url, "add:figure")
    assert "Options of the block" in page
    page = press(boss, page, url, "done", **{"o.title.fa": "همکاران", "o.title.en": "Colleagues", "o.record": "base.user"})
    page = press(boss, page, url, "next:figure")
    page = press(boss, page, url, "remove:apps")
    columns = [[b["id"] for b in c] for c in json.loads(held(page, "draft"))["columns"]]
    assert columns == [["tiles", "work", "news"], ["recent", "figure"], []]
    assert "Colleagues" in text(boss.post(url, {n: held(page, n) for n in ("draft", "seen", "open")} | {"do": "preview"}))
    assert "shape-three" not in text(sara.get("/")), "nothing is kept before it is saved"
    press(boss, page, url, "save")
    home = text(sara.get("/"))
    assert "shape-three" in home and 'hx-get="/home/block/figure"' in home and 'class="box-body apps"' not in home
    block = text(sara.get("/home/block/figure", headers={"X-Fragment": "panel"}))
    assert "Colleagues" in block and ">7<" in block
    assert "shape-three" not in text(boss.get("/")), "other profiles keep theirs"
    assert "Arranged" in text(boss.get(BASE))
    page = text(boss.get(url))
    text(boss.post(url, {"do": "reset", "seen": held(page, "seen")}), 303)
    assert "shape-three" not in text(sara.get("/"))


def test_everybody_gets_one(boss: Visitor, sara: Visitor) -> None:
    url = f"{BASE}/installation"
    page = press(boss, text(boss.get(url)), url, "shape", shape="one")
    press(boss, page, url, "save")
    assert "shape-one" in text(sara.get("/"))


def test_what_is_wrong_stays_open_and_is_not_kept(boss: Visitor) -> None:
    url = f"{BASE}/installation"
    page = press(boss, text(boss.get(url)), url, "add:view")
    page = press(boss, page, url, "save", **{"o.record": "base.user", "o.where": "no_such_field == 1"})
    assert "no_such_field" in page and "Options of the block" in page
    page = press(boss, page, url, "save", **{"o.record": "base.user", "o.where": "active", "o.columns": "login، email", "o.limit": "۵"})
    stored = json.loads(held(text(boss.get(url)), "draft"))["columns"][0][-1]
    assert stored["options"] == {"record": "base.user", "where": "active", "columns": ["login", "email"], "limit": 5}


def test_two_people_at_once(boss: Visitor) -> None:
    url = f"{BASE}/installation"
    old = text(boss.get(url))
    press(boss, press(boss, old, url, "remove:apps"), url, "save")
    answer = boss.post(url, {n: held(old, n) for n in ("draft", "seen", "open")} | {"do": "save"})
    page = text(answer, 409)
    assert "meanwhile" in page and '"apps"' in held(page, "draft"), "what was arranged stands there still"
    assert '"apps"' not in held(text(boss.get(url)), "draft")
    press(boss, page, url, "save")
    assert '"apps"' in held(text(boss.get(url)), "draft"), "saved once more, on purpose, it is kept"


@pytest.mark.database("sqlite")
def test_nothing_typed_is_lost_when_something_is_wrong(boss: Visitor) -> None:
    url = f"{BASE}/installation"
    page = press(boss, text(boss.get(url)), url, "add:links")
    page = press(boss, page, url, "save", **{"o.links-0-en": "Handbook", "o.links-1-href": "/r/base.user", "shape": "even"})
    block = json.loads(held(page, "draft"))["columns"][0][-1]
    assert block["options"]["links"] == [{"label": {"en": "Handbook"}, "href": ""}, {"label": {}, "href": "/r/base.user"}]
    assert 'value="Handbook"' in page and "A link needs an address" in page
    assert json.loads(held(page, "draft"))["shape"] == "even", "the chosen shape stays chosen"


@pytest.mark.database("sqlite")
def test_hostile_drafts(boss: Visitor, sara: Visitor, installation: Installation) -> None:
    url = f"{BASE}/installation"
    seen = held(text(boss.get(url)), "seen")
    for draft in ("", "{", "[]", '{"shape": "one"}', '{"shape": "x", "columns": []}', "[" * 100_000):
        assert boss.post(url, {"draft": draft, "seen": seen, "do": "save"}).status_code == 422
    wrong = json.dumps({"shape": "one", "columns": [[{"id": "a", "widget": "view", "options": {"record": "no.such"}}]]})
    assert boss.post(url, {"draft": wrong, "seen": seen, "do": "save"}).status_code == 422
    for block in ({"id": "a", "widget": "view", "options": []}, {"id": "a", "label": 5}, {"id": "a", "widget": ["x"], "label": {"en": 1}}):
        crooked = json.dumps({"shape": "one", "columns": [[block, 5], 7]})
        assert boss.post(url, {"draft": crooked, "seen": seen, "do": "open:a"}).status_code == 200
        assert boss.post(url, {"draft": crooked, "seen": seen, "do": "save"}).status_code == 422
    assert sara.get(url).status_code == 403
    good = json.dumps(HOME_SHIPPED)
    assert sara.post(url, {"draft": good, "seen": seen, "do": "save"}).status_code == 403
    assert boss.get(f"{BASE}/profile:99999").status_code == 404
    assert not installation.registry.customising.of("home")


WAYS, NAMES = ["up", "down", "next", "before", "remove", "shape", "add"], ["tiles", "work", "news", "recent", "apps", "figure"]


@given(st.lists(st.tuples(st.sampled_from(WAYS), st.sampled_from(NAMES), st.sampled_from(sorted(HOME_SHAPES))), max_size=25))
def test_no_button_loses_or_doubles_a_block(steps: list[tuple[str, str, str]]) -> None:
    draft = home_draft.begun(None)
    ids = {b["id"] for c in draft["columns"] for b in c}
    for way, name, shape in steps:
        if way == "shape":
            draft = home_draft.shaped(draft, shape)
        elif way == "add":
            ids.add(home_draft.add(draft, name))
        else:
            home_draft.move(draft, name, way)
            ids -= {name} if way == "remove" else set()
        found = [b["id"] for c in draft["columns"] for b in c]
        assert sorted(found) == sorted(ids) and len(draft["columns"]) == HOME_SHAPES[draft["shape"]][1]
        assert home_draft.read(json.dumps(draft)) == draft


@pytest.mark.database("sqlite")
def test_history_and_the_way_back(boss: Visitor, sara: Visitor, installation: Installation) -> None:
    url = f"{BASE}/installation"
    press(boss, press(boss, text(boss.get(url)), url, "shape", shape="one"), url, "save")
    actor = installation.load_actor(user_id(installation, "boss"))
    with installation.env(actor, write=False) as env:
        (row,) = history(env, "home")
    assert row.who == actor.id and row.before is None and row.after["shape"] == "one"
    assert "shape-one" in text(sara.get("/"))
    revert(installation, actor, row.batch)
    assert "shape-one" not in text(sara.get("/"))
    for kind, target, data in (("home", "installation", {"shape": "x"}), ("home", "team:1", HOME_SHIPPED),
                               ("menu", "installation", {"entries": 1}), ("theme", "installation", {"accent": "red"}),
                               ("picture", "../x.png", {"name": "x"})):
        with pytest.raises(ValidationFailed):
            apply_pieces(installation, actor, [Piece(kind, target, data)])


@pytest.mark.database("sqlite")
def test_choosing_a_record_type_offers_its_fields(boss: Visitor) -> None:
    url = f"{BASE}/installation"
    page = press(boss, text(boss.get(url)), url, "add:chart")
    page = press(boss, page, url, "", **{"o.record": "base.user"})
    assert '<option value="profile">' in page and 'class="error"' not in page and 'role="alert"' not in page
