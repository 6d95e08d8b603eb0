"""Lint finds what names nothing; the store refuses what it does not know, and says where."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import DefinitionError
from core.expressions.build import F
from core.i18n.messages import _
from core.layouts import FieldDescription, Layout, Node, on
from core.layouts.build import Block, Button, Form, Kanban, Link, List, Place, Related, Section
from core.layouts.lint import lint
from core.layouts.store import dump_changes, dump_layout, dumps, load_changes, load_layout, loads

FIELDS = {field.name: field for field in (
    FieldDescription("name", "text"), FieldDescription("account", "link", target="base.account"),
    FieldDescription("contacts", "children"), FieldDescription("amount", "money"))}


def kinds(layout, **options):
    return [(problem.kind, problem.node) for problem in lint(layout, FIELDS, **options)]


def test_a_sound_layout_has_no_problems():
    layout = Form("a.b", Section("s", "name", Place("account.city", visible="account.city == 'x'"), label="S"),
                  Related("contacts", columns=["name"]), Related("deals", record="deals.deal", by="account"),
                  Button("win"), Link("m", "M", "https://x.example/{id}/{account.city}"), Block("b", "charts.bar"))
    assert kinds(layout, actions={"win"}, widgets={"charts.bar"}) == []


def test_what_names_nothing_is_found():
    layout = Form("a.b", Section("s", "nmae", Place("amount.x", widget="nope"), label="S"), Section("t", "name"),
                  Related("people"), Related("amount"), Related("r", record="x.y"), Button("win"),
                  Link("l", "L", "javascript:1"), Link("m", "M", "https://x.example/{nope}"))
    assert set(kinds(layout, actions=(), widgets=())) == {
        ("unknown_field", "nmae"), ("unknown_field", "amount.x"), ("unknown_widget", "amount.x"), ("unlabelled", "t"),
        ("unknown_field", "people"), ("wrong_property", "amount"), ("wrong_property", "r"), ("unknown_action", "win"),
        ("wrong_link", "l"), ("unknown_field", "m")}


def test_conditions_are_looked_into():
    layout = Form("a.b", Place("name", visible="nope > 1", required="(("))
    assert kinds(layout) == [("wrong_condition", "name"), ("unknown_field", "name")]


def test_flat_layouts_hold_fields_and_boards_need_columns():
    assert ("wrong_place", "s") in kinds(Layout("a.b", "list", (Node("s", "section", {"label": "S"}),)))
    assert kinds(Layout("a.b", "kanban", (Node("name", "field"),))) == [("wrong_property", "@layout")]
    assert kinds(Kanban("a.b", column="stage", card=["name"])) == [("unknown_field", "@layout")]
    assert kinds(List("a.b", "name", order=["-nope"], totals=["amount"])) == [("unknown_field", "@layout")]


def test_ids_twice_and_shadowed_aliases_are_found():
    assert kinds(Layout("a.b", "form", (Node("name", "field"), Node("name", "field")))) == [("duplicate_id", "name")]
    assert kinds(Form("a.b", "name", aliases={"name": "amount"})) == [("duplicate_id", "name")]


def test_anchors_that_are_gone_are_found_even_when_another_saves_them():
    base = Form("a.b", Section("s", "name", label="S"))
    layers = [on("a.b", "form").insert("amount", after=["gone", "name"]).move("name", after="away").layer("sms")]
    assert [(problem.owner, problem.kind) for problem in lint(base, FIELDS, layers=layers)] == [
        ("sms", "anchors_gone"), ("sms", "anchor_gone")]


def test_problems_name_the_owner_of_the_node():
    layers = [on("a.b", "form").insert("nope", into="s").layer("sms")]
    [problem] = lint(Form("a.b", Section("s", "name", label="S")), FIELDS, layers=layers, owner="deals")
    assert (problem.owner, problem.kind) == ("sms", "unknown_field")


# --- the store ------------------------------------------------------------------------------------------------------

CHANGE = (on("a.b", "form").insert(Section("extra", Place("vat", width=6, visible=F.name == "x"), label=_("Extra")),
                                   after=["s", "t"], into="u")
          .insert("sms", before="name").set("name", help={"fa": "نام"}, width=None).hide("amount").show("account")
          .move("amount", into="s").replace_widget("name", "big", options={"a": [1, None]}).renamed(old="new"))


def test_changes_come_back_as_they_were_stored():
    text = dumps(dump_changes(CHANGE))
    assert load_changes(loads(text)) == CHANGE
    assert dumps(dump_changes(load_changes(loads(text)))) == text
    assert "نام" in text
    assert text.endswith("}\n")
    assert text.index('"aliases"') < text.index('"changes"') < text.index('"record"')


def test_layouts_come_back_as_they_were_stored():
    layout = List("a.b", "name", Place("amount", pixels=120), order=["-amount"], aliases={"sum": "amount"})
    assert load_layout(loads(dumps(dump_layout(layout)))) == layout


def spoilt(path, value):
    data = copy.deepcopy(dump_changes(CHANGE))
    at = data
    for key in path[:-1]:
        at = at[key]
    if value is KeyError:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return data


@pytest.mark.parametrize(("path", "value", "where"), [
    (["format"], 2, "format:"), (["format"], True, "format:"), (["record"], "a b", "record:"),
    (["kind"], "page", "kind:"), (["colour"], 1, "file.colour:"), (["changes"], {}, "changes:"),
    (["changes", 0], 3, "changes[0]:"), (["changes", 0, "do"], "explode", "changes[0].do:"),
    (["changes", 0, "node"], KeyError, "changes[0].node:"), (["changes", 3, "node"], {}, "changes[3].node:"),
    (["changes", 0, "target"], "other", "changes[0].target:"), (["changes", 2, "target"], "", "changes[2].target:"),
    (["changes", 3, "target"], "@layout", "changes[3].target:"),
    (["changes", 0, "anchors", 0], {"above": "s"}, "changes[0].anchors[0]:"),
    (["changes", 0, "anchors", 0], {"after": "s", "into": "t"}, "changes[0].anchors[0]:"),
    (["changes", 0, "anchors", 0], {"after": ["s"]}, "changes[0].anchors[0]:"),
    (["changes", 2, "props", "widht"], 3, "changes[2].props:"),
    (["changes", 2, "props", "width"], 99, "changes[2].props:"),
    (["changes", 3, "props"], {"help": "x"}, "changes[3].props:"),
    (["changes", 6, "props"], {"widget": None}, "changes[6].props:"),
    (["changes", 0, "node", "children", 0, "props", "width"], 6.0, "changes[0].node.children[0]:"),
    (["changes", 0, "node", "children", 0, "kind"], ["field"], "changes[0].node.children[0]:"),
    (["changes", 2, "against"], 5, "changes[2].against:"), (["aliases"], {"old": 1}, "aliases.old:"),
])
def test_a_refusal_says_where_it_is_wrong(path, value, where):
    with pytest.raises(DefinitionError) as caught:
        load_changes(spoilt(path, value))
    assert str(caught.value).startswith(where)


def test_what_is_nested_too_deep_or_no_json_is_refused():
    node: dict[str, object] = {"id": "x", "kind": "section"}
    for number in range(20):
        node = {"id": f"s{number}", "kind": "section", "children": [node]}
    with pytest.raises(DefinitionError, match="too deep"):
        load_layout({"format": 1, "record": "a.b", "kind": "form", "nodes": [node]})
    for text in ("{", "[" * 100_000, "\x00"):
        with pytest.raises(DefinitionError):
            loads(text)


json_values = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
                           lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner,
                                                                                      max_size=3), max_leaves=6)
paths_into = st.sampled_from([["format"], ["record"], ["kind"], ["aliases"], ["changes"], ["changes", 0],
                              ["changes", 0, "do"], ["changes", 0, "target"], ["changes", 0, "anchors"],
                              ["changes", 0, "anchors", 0], ["changes", 0, "node"], ["changes", 0, "node", "id"],
                              ["changes", 0, "node", "kind"], ["changes", 0, "node", "props"],
                              ["changes", 0, "node", "props", "label"], ["changes", 0, "node", "children"],
                              ["changes", 2, "props", "help"], ["changes", 2, "props"], ["changes", 2, "against"],
                              ["changes", 6, "props", "options"]])


@settings(max_examples=150, deadline=None)
@given(paths_into, json_values)
def test_any_other_value_is_taken_whole_or_refused_clearly(path, value):
    try:
        change = load_changes(spoilt(path, value))
    except DefinitionError:
        return
    assert load_changes(loads(dumps(dump_changes(change)))) == change
