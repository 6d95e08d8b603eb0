"""An edited page becomes a patch, and the patch makes the page again: on every tree, above every layer."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import DefinitionError
from core.layouts import Layer, Layout, Node, merge, on
from core.layouts.build import Button, Form, List, Place, Section, Tab
from core.layouts.diff import diff
from core.layouts.nodes import layout_digest
from core.layouts.store import dump_changes, dumps, load_changes, loads

FORM = Form("deals.deal",
            Section("main", "name", "account", "amount", label="Deal", columns=2),
            Section("more", "source", "close_date", label="More"),
            Tab("lines_tab", "lines", label="Lines"), Button("win"), aliases={"closing": "close_date"})
BELOW = [on("deals.deal", "form").insert("sms", after="name").layer("sms"),
         on("deals.deal", "form").hide("source").set("amount", label="Sum").layer("installation")]
FREE = ["field", "related", "link", "block"]
NAMES = [f"n{number}" for number in range(14)]


@st.composite
def trees(draw, names: list[str], roomy: bool = True):
    """Nodes of some of these names: tabs and sections on the page, sections and fields in tabs, fields in sections."""
    left = draw(st.permutations(names))
    left = left[:draw(st.integers(0, len(left)))]
    made: list[Node] = []
    while left:
        name, left = left[0], left[1:]
        kind = KINDS[name]
        props = draw(st.fixed_dictionaries({}, optional={"label": st.sampled_from(["A", "B"])}))
        if kind in ("link", "block"):
            props = {**props, **({"href": "/x"} if kind == "link" else {"widget": "w"})}
        children = []
        if kind in ("section", "tab") and roomy:
            count = draw(st.integers(0, 4))
            inner, rest = left[:count], left[count:]
            able = [each for each in inner if KINDS[each] not in ("section", "tab")]
            left = [each for each in inner if each not in able] + rest
            children = [Node(each, KINDS[each], _needed(KINDS[each])) for each in able]
        made.append(Node(name, kind, props, tuple(children)))
    return tuple(made)


KINDS = {name: (["section", "tab", *FREE * 2])[number % 10] for number, name in enumerate(NAMES)}


def _needed(kind: str):
    return {"link": {"href": "/x"}, "block": {"widget": "w"}}.get(kind, {})


@settings(max_examples=150, deadline=None)
@given(trees(NAMES), trees(NAMES), trees(NAMES), st.sets(st.sampled_from(NAMES)))
def test_the_patch_makes_the_edited_page_again(shipped, edited, middle, hidden):
    base = Layout("x.y", "form", shipped)
    between = Layer("installation", diff(base, Layout("x.y", "form", middle)))
    away = Layer("installation", on("x.y", "form").hide(*sorted(hidden)).operations)
    for below, owner in (([], "installation"), ([between], "profile:1"), ([between, away], "kind:status=new")):
        wanted = Layout("x.y", "form", edited)
        made = diff(base, wanted, below=below, owner=owner)
        merged = merge(base, [*below, Layer(owner, made)])
        assert layout_digest(merged.layout) == layout_digest(wanted)
        assert [p for p in merged.problems if p.owner == owner] == []
        again = load_changes(loads(dumps(dump_changes(on("x.y", "form").__class__("x.y", "form", made)))))
        assert layout_digest(merge(base, [*below, Layer(owner, again.operations)]).layout) == layout_digest(wanted)
        assert diff(base, wanted, below=below, owner=owner, previous=made) == made


def test_what_is_not_changed_needs_no_operation():
    assert diff(FORM, FORM) == ()
    assert diff(FORM, merge(FORM, BELOW).layout, below=BELOW, owner="profile:1") == ()


def test_one_field_that_moves_is_one_operation():
    wanted = merge(FORM, [on("deals.deal", "form").move("amount", into="more").layer("installation")]).layout
    [operation] = diff(FORM, wanted)
    assert (operation.do, operation.target) == ("move", "amount")
    assert [tuple(anchor) for anchor in operation.anchors] == [("after", "close_date"), ("into", "more")]
    assert operation.against


def test_of_siblings_in_another_order_as_few_as_possible_move():
    names = [f"f{number}" for number in range(12)]
    base = List("x.y", *names)
    made = diff(base, Layout("x.y", "list", tuple(Node(name, "field") for name in (*names[1:6], names[0], *names[6:]))))
    assert [(each.do, each.target) for each in made] == [("move", "f0")]


def test_new_fields_of_the_addon_appear_in_a_customised_page():
    patch = diff(FORM, merge(FORM, [on("deals.deal", "form").move("name", into="more").hide("amount").layer("installation")]).layout)
    later = Form("deals.deal", Section("main", "name", "account", "amount", "region", label="Deal", columns=2),
                 Section("more", "source", "close_date", label="More"), Tab("lines_tab", "lines", label="Lines"), Button("win"))
    merged = merge(later, [Layer("installation", patch)])
    assert "region" in merged.layout.field_names() and "amount" not in merged.layout.field_names()
    assert merged.problems == ()


def test_what_was_stored_before_keeps_its_anchors_and_digest():
    old = on("deals.deal", "form").insert("sms", after=["gone", "account"], into="main").set("name", help="Ask").pinned(FORM).operations
    newer = Form("deals.deal", Section("main", Place("name", label="Title"), "account", "amount", label="Deal", columns=2),
                 Section("more", "source", "close_date", label="More"), Tab("lines_tab", "lines", label="Lines"), Button("win"))
    wanted = merge(newer, [Layer("installation", (*old, *on("deals.deal", "form").hide("win").operations))]).layout
    made = {each.target: each for each in diff(newer, wanted, previous=old)}
    assert made["sms"].anchors == old[0].anchors
    assert made["name"].against == old[1].against  # the change of the addon is still told
    assert made["win"].do == "hide"


def test_changes_of_nodes_that_are_away_for_the_moment_are_kept():
    old = on("deals.deal", "form").set("from_an_addon", help="Ask").operations
    assert diff(FORM, FORM, previous=old) == old


def test_a_tab_within_a_section_is_refused():
    wanted = Layout("deals.deal", "form", (Node("main", "section", {"label": "Deal"}, (Node("t", "tab"),)),))
    with pytest.raises(DefinitionError):
        diff(FORM, wanted)


def test_an_anchor_that_an_upgrade_moves_takes_the_field_along_and_is_told():
    patch = diff(FORM, merge(FORM, [on("deals.deal", "form").insert("x_id", after="account", into="main").layer("installation")]).layout)
    later = Form("deals.deal", Section("main", "name", "amount", label="Deal", columns=2),
                 Section("more", "source", "close_date", "account", label="More"), Tab("lines_tab", "lines", label="Lines"), Button("win"))
    merged = merge(later, [Layer("installation", patch)])
    assert [node.id for node in merged.layout.find("more").children] == ["source", "close_date", "account", "x_id"]
    assert [(problem.kind, problem.node) for problem in merged.problems] == [("anchor_moved", "x_id")]
