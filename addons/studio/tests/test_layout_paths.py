"""Fields through links on pages: offered by the editor, read with the rights of whoever looks, in no more statements."""

from __future__ import annotations

import re
from typing import Any

import pytest

from addons.studio.tests.test_layout_editor import Editor
from core.api import Installation, change_customising
from core.security.actor import SYSTEM
from core.testing.browser import Visitor
from core.testing.plugin import query_budget, user_id

CONTACT = "contacts.contact"
PATH = "account.website"
pytestmark = [pytest.mark.addons("studio", "contacts")]


def put(installation: Installation, kind: str) -> Any:
    """Put the account's website on a page of contacts by the editor; what it answers."""
    editor = Editor(installation, path=f"/x/studio/layout/{CONTACT}/{kind}")
    offered = {one["id"]: one for group in editor.state["palette"] if group["id"] == "through-account" for one in group["items"]}
    assert offered[PATH]["name"] == "Account › Website" and "account.tags" not in offered
    tree = editor.tree()
    tree["nodes"].append({"id": PATH, "kind": "field", "set": {}, "children": []})
    return editor.store(tree)


@pytest.fixture
def people(installation: Installation) -> dict[str, int]:
    """Two contacts of Sara's: one at an account of hers, one at somebody else's."""
    with installation.env(SYSTEM) as env:
        sara, omid = user_id(installation, "sara"), user_id(installation, "omid")
        env.update("base.profile", env.query("base.profile").where('name == "Standard"').ids(), {"sets": ["base.user", "contacts.user"]})
        mine, other = env.create("contacts.account", [{"name": "Mine", "website": "https://mine.example", "owner": sara},
                                                      {"name": "Other", "website": "https://other.example", "owner": omid}])
        own, foreign = env.create(CONTACT, [{"last_name": "Own", "account": mine, "owner": sara},
                                            {"last_name": "Foreign", "account": other, "owner": sara}])
    return {"own": own, "foreign": foreign, "mine": mine}


def test_on_the_page_and_in_the_form_they_are_read_only(installation: Installation, people: dict[str, int]) -> None:
    assert put(installation, "form").status_code == 200
    sara = Visitor(installation, user_id(installation, "sara"))
    page = sara.get(f"/r/{CONTACT}/{people['own']}").get_data(as_text=True)
    assert "mine.example" in page and "Account › Website" in page
    assert f"/field/{PATH}" not in page
    form = sara.get(f"/r/{CONTACT}/{people['own']}/edit").get_data(as_text=True)
    assert "mine.example" in form and f'name="{PATH}"' not in form
    assert "other.example" not in sara.get(f"/r/{CONTACT}/{people['foreign']}").get_data(as_text=True), "what one may not see stays unseen"
    version = re.search(r'name="version" value="(\d+)"', form)
    assert version
    sara.post(f"/r/{CONTACT}/{people['own']}/edit", {"version": version[1], "last_name": "Own", PATH: "https://evil.example"})
    with installation.env(SYSTEM) as env:
        assert env.get("contacts.account", people["mine"], "website").website == "https://mine.example"


def test_lists_read_them_in_the_same_statement(installation: Installation, people: dict[str, int]) -> None:
    sara = Visitor(installation, user_id(installation, "sara"))
    sara.get(f"/r/{CONTACT}")
    with query_budget(installation, 100) as before:
        sara.get(f"/r/{CONTACT}")
    assert put(installation, "list").status_code == 200
    page = sara.get(f"/r/{CONTACT}").get_data(as_text=True)
    assert "mine.example" in page and "other.example" not in page
    with installation.env(SYSTEM) as env:
        env.create(CONTACT, [{"last_name": f"C{i}", "account": people["mine"], "owner": user_id(installation, "sara")} for i in range(30)])
    sara.get(f"/r/{CONTACT}")
    with query_budget(installation, len(before)):
        sara.get(f"/r/{CONTACT}")


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("path", ["account.nothing", "nothing.name", "account.tags", "last_name.name"])
def test_paths_that_lead_nowhere_are_refused_and_break_no_page(installation: Installation, people: dict[str, int], path: str) -> None:
    editor = Editor(installation, path=f"/x/studio/layout/{CONTACT}/form")
    tree = editor.tree()
    tree["nodes"].append({"id": path, "kind": "field", "set": {}, "children": []})
    assert editor.store(tree).status_code == 422
    for kind in ("form", "list", "card"):
        with installation.env(SYSTEM) as env:
            change_customising(env, "layout", f"{CONTACT}|{kind}|installation", {
                "format": 1, "record": CONTACT, "kind": kind, "changes": [
                    {"do": "insert", "target": path, "node": {"id": path, "kind": "field"}}]})
    installation.current()
    sara = Visitor(installation, user_id(installation, "sara"))
    for url in (f"/r/{CONTACT}", f"/r/{CONTACT}/{people['own']}", f"/r/{CONTACT}/{people['own']}/edit", f"/card/{CONTACT}/{people['own']}"):
        assert sara.get(url, headers={"X-Fragment": "card"} if "card" in url else {}).status_code == 200


@pytest.mark.parametrize("kind", ["card", "kanban", "print", "calendar"])
@pytest.mark.database("sqlite")
def test_every_page_that_offers_them_draws_them(installation: Installation, people: dict[str, int], kind: str) -> None:
    editor = Editor(installation, path=f"/x/studio/layout/contacts.contact/{kind}")
    assert any(group["id"] == "through-account" and group["folded"] for group in editor.state["palette"])
    if kind == "card":
        assert put(installation, kind).status_code == 200
        page = Visitor(installation, user_id(installation, "sara")).get(f"/card/{CONTACT}/{people['own']}", headers={"X-Fragment": "card"})
        assert "mine.example" in page.get_data(as_text=True)
    if kind == "print":
        assert put(installation, kind).status_code == 200
        assert "mine.example" in Visitor(installation, user_id(installation, "sara")).get(
            f"/r/{CONTACT}/{people['own']}/print").get_data(as_text=True)
