"""What no longer fits is mended one way or the other, and the list is empty afterwards."""

from __future__ import annotations

import pytest

from core.errors import DefinitionError
from core.layouts import Node, merge, on
from core.layouts.build import Form, Place, Section
from core.layouts.edited import editable, edited
from core.layouts.mend import mend, ways

OLD = Form("x.y", Section("main", "name", "email", label="A"), Section("more", "note", label="B"))


def after_upgrade(new, change, way):
    """The page and the problems after mending the only problem one way."""
    [problem] = merge(new, [change.layer("installation")]).problems
    assert way in ways(problem, merge(new, [change.layer("installation")]).layout)
    mended = mend(new, [], change, problem, way, "installation")
    merged = merge(new, [mended.layer("installation")])
    return {section.id: [node.id for node in section.children] for section in merged.layout.nodes}, merged.problems


def test_a_moved_anchor_is_accepted_or_left():
    change = on("x.y", "form").insert("x_id", after="email", into="main")
    new = Form("x.y", Section("main", "name", label="A"), Section("more", "email", "note", label="B"))
    assert after_upgrade(new, change, "accept") == ({"main": ["name"], "more": ["email", "x_id", "note"]}, ())
    assert after_upgrade(new, change, "back") == ({"main": ["name", "x_id"], "more": ["email", "note"]}, ())


def test_what_goes_back_stands_beside_the_anchors_that_stayed():
    change = on("x.y", "form").insert("x_id", after=("email", "name"), into="main")
    new = Form("x.y", Section("main", "name", "town", label="A"), Section("more", "email", "note", label="B"))
    assert after_upgrade(new, change, "back") == ({"main": ["name", "x_id", "town"], "more": ["email", "note"]}, ())


def test_gone_anchors_are_written_anew():
    change = on("x.y", "form").insert("x_id", after="email")
    new = Form("x.y", Section("main", "name", label="A"), Section("more", "note", label="B"))
    assert after_upgrade(new, change, "accept") == ({"main": ["name"], "more": ["note", "x_id"]}, ())
    assert after_upgrade(new, change, "drop") == ({"main": ["name"], "more": ["note"]}, ())


def test_a_changed_field_keeps_its_customising_or_takes_the_addons():
    change = on("x.y", "form").set("email", label="Mail").pinned(OLD)
    new = Form("x.y", Section("main", "name", Place("email", help="New"), label="A"), Section("more", "note", label="B"))
    assert after_upgrade(new, change, "keep")[1] == after_upgrade(new, change, "theirs")[1] == ()


def test_a_renamed_field_is_found_again():
    change = on("x.y", "form").hide("email")
    new = Form("x.y", Section("main", "name", "email1", label="A"), Section("more", "note", label="B"))
    assert after_upgrade(new, change, "rename")[0]["main"] == ["name"]
    with pytest.raises(AssertionError):
        after_upgrade(new, change, "accept")


def test_what_is_shipped_by_now_is_not_inserted_again():
    change = on("x.y", "form").insert(Node("phone", "field", {"help": "Ask"}), after="name", into="main")
    new = Form("x.y", Section("main", "name", "email", label="A"), Section("more", "note", "phone", label="B"))
    assert after_upgrade(new, change, "accept") == ({"main": ["name", "phone", "email"], "more": ["note"]}, ())
    assert after_upgrade(new, change, "theirs")[0]["more"] == ["note", "phone"]


def test_an_editor_gets_what_is_set_and_sends_back_no_more():
    below = [on("x.y", "form").set("name", help="Below").layer("installation")]
    own = on("x.y", "form").set("name", label={"en": "Who"}).hide("more").insert("x_id", into="main").layer("profile:1")
    tree = editable(OLD, below, own)
    [main] = tree.nodes
    name = main.children[0]
    assert (name.base, name.set, name.own) == ({"help": "Below"}, {"label": {"en": "Who"}}, False)
    assert main.children[-1].own and [node.id for node in tree.away] == ["more"]
    sent = {"nodes": [{"id": "main", "kind": "section", "children": [{"id": "name", "kind": "field", "set": {"label": {"en": "Who"}}}]}]}
    assert edited(OLD, below, sent).find("name").props == {"help": "Below", "label": {"en": "Who"}}


@pytest.mark.parametrize("sent", [
    None, [], {}, {"nodes": 1}, {"nodes": [1]}, {"nodes": [{"id": "name"}]}, {"nodes": [{"id": 1, "kind": "field"}]},
    {"nodes": [{"id": "@layout", "kind": "field"}]}, {"nodes": [{"id": "name", "kind": "field", "set": {"script": "x"}}]},
    {"nodes": [{"id": "name", "kind": "field"}, {"id": "name", "kind": "field"}]},
    {"nodes": [{"id": "l", "kind": "link", "set": {}}]}, {"nodes": [], "set": {"order": ["x"]}}])
def test_what_is_no_page_is_refused(sent):
    with pytest.raises(DefinitionError):
        edited(OLD, [], sent)


def test_a_page_without_end_is_refused():
    deep = {"id": "s0", "kind": "section", "children": []}
    for number in range(1, 20):
        deep = {"id": f"s{number}", "kind": "section", "children": [deep]}
    with pytest.raises(DefinitionError):
        edited(OLD, [], {"nodes": [deep]})
