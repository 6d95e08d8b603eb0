"""Builders and changes say what they mean, and refuse what nobody could have meant."""

from __future__ import annotations

import pytest

from core.errors import DefinitionError
from core.expressions.build import ME, F
from core.i18n.messages import _
from core.layouts import Layout, Node, layout_digest, merge, on, text_in
from core.layouts.build import (
    Block,
    Button,
    Card,
    Column,
    Columns,
    Filter,
    Form,
    Kanban,
    Link,
    List,
    Place,
    Print,
    Quick,
    Related,
    Search,
    Section,
    Spacer,
    Tab,
)
from core.layouts.nodes import digest


def deal_form() -> Layout:
    return Form("deals.deal",
                Section("main", "name", "account", Place("amount", span=2), label=_("Deal"), columns=2),
                Section("more", "source", "close_date", label=_("More")),
                Tab("lines_tab", "lines", label=_("Lines")),
                Related("contacts", columns=["name", "email"]), Button("win"),
                Link("map", _("Map"), "https://maps.example/?q={account.name}"),
                aliases={"closing": "close_date"})


def test_a_form_is_a_tree_with_ids():
    form = deal_form()
    assert form.field_names() == ("name", "account", "amount", "source", "close_date", "lines")
    assert [node.kind for node in form.nodes] == ["section", "section", "tab", "related", "button", "link"]
    assert form.find("amount").get("span") == 2
    assert form.find("main").get("label") == "Deal"
    assert form.find("win").get("action") == "win"
    assert form.aliases["closing"] == "close_date"


def test_every_kind_of_layout_and_node_can_be_built():
    assert List("a.b", "x", "y", group_by="x", order=["-y"], totals=["y"]).get("totals") == ["y"]
    assert Card("a.b", "x", title="x").get("title") == "x"
    assert Kanban("a.b", column="stage", card=["x"], sum="amount", limit=50).get("column") == "stage"
    assert Quick("a.b", "x").field_names() == ("x",)
    assert Print("a.b", Section("s", "x", label="S"), title="Offer").get("title") == "Offer"
    form = Form("a.b", Columns("cols", Column("left", "x", width=8), Column("right", Spacer("gap"), width=4)),
                Block("chart", "charts.bar", options={"by": "month"}))
    assert [node.id for node in form.walk()] == ["cols", "left", "x", "right", "gap", "chart"]


def test_a_search_layout_has_one_node_per_field():
    search = Search("a.b", text=["name", "email"], quick=["name", "status"],
                    filters={"mine": (_("Mine"), F.owner == ME), "big": (_("Big"), "amount > 100")})
    assert search.text_fields() == ("name", "email")
    assert search.quick_fields() == ("name", "status")
    assert [node.id for node in search.of_kind("filter")] == ["mine", "big"]
    assert isinstance(search.find("mine").get("where"), dict)
    assert search.find("big").get("where") == "amount > 100"


@pytest.mark.parametrize("wrong", [
    lambda: Place("x", widht=3), lambda: Place("x", width=13), lambda: Place("x", width=True),
    lambda: Place("9x"), lambda: Place("x y"), lambda: Section("s", "x", columns=9), lambda: Filter("f", "F", None),
    lambda: List("a.b", "x", order=["--x"]), lambda: Form("a.b", "x", "x"),
    lambda: Form("a.b", Section("x", "x", label="X")), lambda: on("a.b", "page"),
    lambda: on("a.b", "form").set("x", widht=3), lambda: on("a.b", "form").hide("x y"),
    lambda: on("a.b", "form").set_layout(order=["x"]), lambda: on("a.b", "form").insert("no good"),
    lambda: on("a.b", "form").replace_widget("x", "not a name"),
])
def test_what_is_wrong_is_refused_where_it_is_written(wrong):
    with pytest.raises(DefinitionError) as caught:
        wrong()
    assert str(caught.value)


def test_nodes_cannot_be_changed():
    node = deal_form().find("amount")
    with pytest.raises(TypeError):
        node.props["span"] = 3
    with pytest.raises(AttributeError):
        node.id = "other"


def test_changes_are_chained_and_leave_earlier_ones_alone():
    first = on("deals.deal", "form").insert("sms", after=["account", "name"], into="main")
    second = first.set("amount", help=_("Net")).hide("source").move("lines", into="main").replace_widget("name", "big")
    assert len(first.operations) == 1
    assert [each.do for each in second.operations] == ["insert", "set", "hide", "move", "replace_widget"]
    assert [tuple(anchor) for anchor in first.operations[0].anchors] == [
        ("after", "account"), ("after", "name"), ("into", "main")]


def test_conditions_are_kept_as_json():
    change = on("deals.deal", "form").set("amount", visible=F.stage == "won", required="stage == 'won'", readonly=True)
    props = change.operations[0].props
    assert isinstance(props["visible"], dict)
    assert props["required"] == "stage == 'won'"
    assert props["readonly"] is True


def test_equal_nodes_have_equal_digests_and_children_do_not_count():
    one, other = Section("s", "a", label="S"), Section("s", "a", "b", label="S")
    assert digest(one) == digest(other) != digest(Section("s", "a", label="T"))
    assert layout_digest(Form("a.b", one)) != layout_digest(Form("a.b", other))
    assert layout_digest(deal_form()) == layout_digest(deal_form()) == merge(deal_form()).digest


def test_labels_are_read_in_the_readers_language():
    assert text_in(_("Deal"), "fa", lambda message: "معامله") == "معامله"
    assert text_in({"fa": "معامله", "en": "Deal"}, "fa", str) == "معامله"
    assert text_in({"fa": "معامله", "en": "Deal"}, "tr", str) == "Deal"
    assert text_in("Own words", "fa", lambda message: "never") == "Own words"
    assert text_in(None, "fa", str) == ""


def test_a_nodes_walk_is_in_reading_order():
    node = Node("s", "section", {}, (Node("a", "field"), Node("b", "field")))
    assert [each.id for each in node.walk()] == ["s", "a", "b"]
