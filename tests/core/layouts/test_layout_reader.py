"""What one reader gets: pruning, conditions, generated layouts and links."""

from __future__ import annotations

import pytest

from core.errors import DefinitionError, ExpressionError
from core.expressions import ast
from core.expressions.build import ME, F
from core.layouts import FieldDescription, Layout, default_layout, prune
from core.layouts.build import Block, Button, Card, Filter, Form, Kanban, Link, List, Place, Print, Related, Section
from core.layouts.conditions import Conditions, State, paths, speaks_only_of
from core.layouts.links import fill_link, is_safe, placeholders
from core.layouts.lint import lint
from core.layouts.nodes import LAYOUT_KINDS

FORM = Form("deals.deal",
            Section("main", "name", Place("amount", required=True), label="Deal"),
            Section("secret", "margin", label="Margin"),
            Section("mixed", Place("source", visible="margin > 10"), Place("city", readonly=F.margin > 10),
                    Place("note", required="account.rank > 1"), label="Mixed"),
            Related("contacts", columns=["name", "salary"], order=["-salary", "name"]), Related("visits"),
            Button("win"), Button("lose"), Link("map", "Map", "https://x.example/{city}"),
            Link("spy", "Spy", "https://x.example/{margin}"), Block("chart", "charts.bar"))
ALL = frozenset({"name", "amount", "margin", "source", "city", "note", "account"})


def test_a_reader_who_may_do_everything_gets_the_very_same_nodes():
    pruned = prune(FORM, ALL, ALL)
    assert all(mine is theirs for mine, theirs in zip(pruned.nodes, FORM.nodes, strict=True))


def test_hidden_fields_and_empty_sections_go():
    pruned = prune(FORM, ALL - {"margin"}, ALL)
    assert pruned.field_names() == ("name", "amount", "source", "city", "note")
    assert pruned.find("secret") is None
    assert pruned.find("spy") is None
    assert pruned.find("map") is not None


def test_conditions_on_hidden_fields_tell_nothing():
    pruned = prune(FORM, ALL - {"margin", "account"}, ALL)
    assert dict(pruned.find("source").props) == {}
    assert dict(pruned.find("city").props) == {"readonly": True}
    assert dict(pruned.find("note").props) == {}
    assert "margin" not in repr(pruned)


def test_what_may_not_be_written_is_readonly_and_not_required():
    pruned = prune(FORM, ALL, ALL - {"amount"})
    assert dict(pruned.find("amount").props) == {"readonly": True}


def test_related_lists_and_buttons_by_right():
    pruned = prune(FORM, ALL, ALL, related={"contacts": {"name"}}, actions={"win"})
    assert [node.id for node in pruned.nodes if node.kind in ("related", "button")] == ["contacts", "win"]
    assert pruned.find("contacts").get("columns") == ["name"]
    assert pruned.find("contacts").get("order") == ["name"]


def test_lists_boards_cards_and_filters_do_not_name_hidden_fields():
    seen = frozenset({"name"})
    pruned = prune(List("a.b", "name", "pay", group_by="pay", order=["-pay", "name"], totals=["pay"]), seen, seen)
    assert pruned.field_names() == ("name",)
    assert dict(pruned.props) == {"order": ["name"], "totals": []}
    assert dict(prune(Kanban("a.b", column="pay", card=["name"], sum="pay"), seen, seen).props) == {}
    assert dict(prune(Card("a.b", "name", title="pay"), seen, seen).props) == {}
    assert prune(Print("a.b", "name", title="Offer"), seen, seen).get("title") == "Offer"
    search = Layout("a.b", "search", (Filter("rich", "Rich", "pay > 5"), Filter("mine", "Mine", "name == 'x'")))
    assert [node.id for node in prune(search, seen, seen).nodes] == ["mine"]


def test_paths_of_conditions_in_every_form():
    assert paths(True) == frozenset()
    assert paths("account.city == 'x' and name is not null") == {"account.city", "name"}
    layout = Form("a.b", Place("x", visible=(F.owner == ME) & (F.amount > 3)))
    assert paths(layout.find("x").get("visible")) == {"owner", "amount"}
    assert speaks_only_of("account.city == 'x'", frozenset({"account"}))
    assert not speaks_only_of("this is ( not", frozenset({"this"}))


def tiny(node: ast.Node):
    """A stand-in for the compiler: `field == "text"` only."""
    assert isinstance(node, ast.Binary)
    name, value = node.left.names[0], node.right.value
    if name == "unknown":
        raise ExpressionError("no such field")
    return lambda record: None if record.get(name) is None else record.get(name) == value


def test_states_are_judged_for_each_record():
    layout = Form("a.b", Section("s", Place("x", required="kind == 'a'"), Place("y", readonly=F.kind == "a",
                                                                               required=True),
                                 label="S", visible="stage == 'open'"), Place("z", visible=False))
    conditions = Conditions(layout, tiny)
    assert conditions.live
    assert conditions.fields_read() == {"kind", "stage"}
    states = conditions.states({"kind": "a", "stage": "open"})
    assert states == {"s": State(), "x": State(required=True), "y": State(readonly=True), "z": State(visible=False)}
    states = conditions.states({"kind": "a", "stage": None})
    assert not states["s"].visible
    assert not states["x"].visible
    assert not states["x"].required
    assert set(conditions.for_browser()) == {"s", "x", "y"}
    assert isinstance(conditions.for_browser()["x"]["required"], dict)


def test_wrong_conditions_do_not_take_the_page_down():
    layout = Form("a.b", Place("x", visible="((", readonly="unknown == 'a'", required="oops("))
    conditions = Conditions(layout, tiny)
    assert conditions.states({}) == {"x": State(visible=True, readonly=True, required=False)}
    assert set(conditions.wrong) == {("x", "visible"), ("x", "readonly"), ("x", "required")}
    assert not conditions.live
    assert conditions.for_browser() == {}


@pytest.mark.parametrize(("href", "values", "expected"), [
    ("https://m.example/?q={city}", {"city": "قم & ری"}, "https://m.example/?q=%D9%82%D9%85%20%26%20%D8%B1%DB%8C"),
    ("/leads/{id}", {"id": 7}, "/leads/7"), ("/leads/{id}", {"id": "/evil"}, "/leads/%2Fevil"),
    ("{site}", {"site": "https://a.example/x"}, "https://a.example/x"),
    ("{site}", {"site": "javascript:alert(1)"}, None), ("{site}", {"site": "//evil.example"}, None),
    ("{site}", {"site": " https://a.example"}, None), ("tel:{phone}", {"phone": "+98"}, "tel:%2B98"),
    ("https://m.example/{city}", {"city": None}, None), ("https://m.example/{city}", {}, None),
    ("java{x}", {"x": "script:1"}, None), ("{a}script:alert(1)", {"a": "java"}, None),
])
def test_links_are_filled_safely(href, values, expected):
    assert fill_link(href, values) == expected


def test_placeholders_of_links():
    assert placeholders("https://x/{a.b}/{c}/{a.b}") == ("a.b", "c")
    assert not is_safe("/\\evil.example")
    assert not is_safe("data:text/html,x")
    assert is_safe("mailto:a@b.example")


LEAD = [FieldDescription("company", "text", "Company"), FieldDescription("name", "text", "Name", True, search=True),
        FieldDescription("status", "choice", "Status", True), FieldDescription("email", "email", "E-mail", search=True),
        FieldDescription("phone", "phone", "Phone"), FieldDescription("budget", "money", "Budget"),
        FieldDescription("note", "longtext", "Note"), FieldDescription("photo", "image", "Photo"),
        FieldDescription("owner", "link", "Owner", target="base.user"), FieldDescription("lines", "children", "Lines"),
        FieldDescription("main", "flag", "Main"), FieldDescription("tags", "tags", "Tags"),
        FieldDescription("created_at", "datetime", "Created", readonly=True), FieldDescription("id", "integer", "Id"),
        *(FieldDescription(f"x_{number}", "text", f"X {number}") for number in range(9))]


@pytest.mark.parametrize("kind", LAYOUT_KINDS)
@pytest.mark.parametrize("fields", [LEAD, LEAD[:2], []])
def test_generated_layouts_are_sound(kind, fields):
    layout = default_layout("leads.lead", kind, fields, label="Lead", order=("-created_at",) if fields is LEAD else ())
    assert (layout.record, layout.kind) == ("leads.lead", kind)
    problems = lint(layout, {field.name: field for field in fields})
    if kind == "kanban" and fields is not LEAD:
        assert [problem.kind for problem in problems] == ["wrong_property"]
    else:
        assert problems == []


def test_a_generated_form_shows_every_field_once():
    form = default_layout("leads.lead", "form", LEAD)
    shown = list(form.field_names()) + [node.id for node in form.of_kind("related")]
    assert sorted(shown) == sorted(field.name for field in LEAD if field.name != "id")
    assert form.field_names()[0] == "name"
    assert form.find("created_at").get("readonly") is True


def test_generated_lists_cards_boards_and_searches_say_what_matters():
    listed = default_layout("leads.lead", "list", LEAD, order=("-created_at",))
    assert listed.field_names()[:2] == ("name", "status")
    assert len(listed.field_names()) == 7
    assert "note" not in listed.field_names()
    assert listed.get("totals") == ["budget"]
    card = default_layout("leads.lead", "card", LEAD)
    assert card.field_names()[:2] == ("email", "phone")
    assert card.get("picture") == "photo"
    assert default_layout("leads.lead", "kanban", LEAD).get("column") == "status"
    search = default_layout("leads.lead", "search", LEAD)
    assert search.text_fields() == ("name", "email")
    assert "status" in search.quick_fields()
    assert search.find("mine").get("where") == "owner == me"
    quick = default_layout("leads.lead", "quick", LEAD).field_names()
    assert quick[:2] == ("name", "status")
    assert "created_at" not in quick


def test_an_unknown_kind_of_layout_is_refused():
    with pytest.raises(DefinitionError):
        default_layout("a.b", "page", LEAD)
