"""Definitions are data that anybody may have written: whatever they say, they are refused with a message or harmless."""

from __future__ import annotations

import pytest

from core.customise import Piece, apply_pieces, check_pieces
from core.errors import SarnakhError, ValidationFailed
from core.installation import Installation
from core.security.actor import ANONYMOUS, SYSTEM
from core.testing.browser import Visitor
from core.testing.plugin import user_id

from .conftest import LEAD, VISIT, field

pytestmark = [pytest.mark.addons("leads"), pytest.mark.database("sqlite")]

TARGETS = [
    "",
    "x",
    "leads.lead",
    "leads.lead.name",
    "leads.lead.x_",
    "leads.lead.x_A",
    "leads.lead.x_a; DROP TABLE leads_lead",
    "no.such.x_a",
    "leads.lead.x_a\x00",
    "leads.lead.__class__",
    "leads.lead.x_" + "a" * 80,
    "../x.x_a",
    'leads.lead.x_"',
    "leads.lead.x_a\n",
    "x" * 500,
]
RECORDS = ["x.", "x.A", "x.visit; --", "leads.own", "x.visit_fts", "x.a_x_b", "x." + "a" * 80, "x.__init__", "visit", "x_", "x.visit.deep"]
DATA = [
    None,
    1,
    "text",
    [],
    {},
    {"type": "secret"},
    {"type": "nothing"},
    {"type": ["text"]},
    {"type": {"a": 1}},
    {"type": "text", "evil": 1},
    {"type": "text", "labels": "x"},
    {"type": "text", "labels": {"en": "x" * 1000}},
    {"type": "text", "labels": {"../": "x"}},
    {"type": "text", "size": -1},
    {"type": "text", "size": 10**9},
    {"type": "text", "size": True},
    {"type": "choice"},
    {"type": "choice", "options": []},
    {"type": "choice", "options": [{"value": "A b"}]},
    {"type": "choice", "options": [{"value": "a"}, {"value": "a"}]},
    {"type": "choice", "options": [{"value": "a", "colour": "red;}"}]},
    {"type": "choice", "options": [{"value": "a", "active": False}]},
    {"type": "link"},
    {"type": "link", "target": "no.such"},
    {"type": "link", "target": LEAD, "on_delete": "explode"},
    {"type": "children", "target": LEAD, "by": "nothing"},
    {"type": "many", "target": ["a"]},
    {"type": "longtext", "unique": True},
    {"type": "autonumber", "pattern": "{number.__class__}"},
    {"type": "autonumber", "pattern": "{number:999999999}"},
    {"type": "autonumber", "pattern": "none"},
    {"type": "formula"},
    {"type": "formula", "expression": "1 +"},
    {"type": "formula", "expression": "__import__('os')"},
    {"type": "formula", "expression": "(" * 3000},
    {"type": "formula", "expression": "x_a"},
    {"type": "rollup", "children": "nothing"},
    {"type": "integer", "minimum": "NaN"},
    {"type": "integer", "minimum": 5, "maximum": 1},
    {"type": "text", "default": {"expression": "last_name"}},
    {"type": "integer", "default": {"constant": "many"}},
    {"type": "text", "default": {"both": 1, "two": 2}},
    {"type": "integer", "default": {"expression": '"text"'}},
    {"type": "date", "search": True},
    {"type": "text", "required": "yes"},
]


def test_hostile_definitions_are_refused_with_a_message(installation: Installation) -> None:
    pieces = [Piece("field", target, {"type": "text"}) for target in TARGETS] + [Piece("record", name, {}) for name in RECORDS]
    pieces += [Piece("field", f"{LEAD}.x_a", data) for data in DATA if data is not None]
    pieces += [Piece(kind, "target", {}) for kind in ("", "no", "Field", "x" * 100)]
    pieces += [
        Piece("record", "x.a", data)
        for data in (
            [],
            {"evil": 1},
            {"icon": "a b"},
            {"icon": "<svg>"},
            {"traits": ["root"]},
            {"title": "x_none"},
            {"parent": "x_none"},
            {"status": "x_none"},
            {"dates": {"start": "x_none"}},
            {"dates": [1]},
            {"match": [["x_none"]]},
            {"match": "x"},
            {"number": "{year.__class__}{number}"},
            {"title": "number"},
            {"labels": [1]},
        )
    ]
    with installation.env(SYSTEM, write=False) as env:
        for piece in pieces:
            errors = check_pieces(env, [piece])
            assert errors, piece
            assert all(env.t(error.message) for error in errors)
    before = dict(installation.registry.customising.rows)
    with pytest.raises(ValidationFailed):
        apply_pieces(installation, SYSTEM, [field("x_good", "text"), Piece("field", f"{LEAD}.x_bad", {"type": "nothing"})])
    assert installation.registry.customising.rows == before  # the good one neither


def test_circles_are_refused(installation: Installation, apply) -> None:
    with installation.env(SYSTEM, write=False) as env:
        for pieces in (
            [field("x_a", "formula", expression="x_b + 1"), field("x_b", "formula", expression="x_a + 1")],
            [field("x_a", "formula", expression="x_mate.x_a + 1"), field("x_mate", "link", target=LEAD)],
        ):
            assert check_pieces(env, pieces)
        deep = [field("x_0", "integer"), *(field(f"x_{i}", "formula", expression=f"x_{i - 1} + x_{i - 1}") for i in range(1, 40))]
        assert check_pieces(env, deep)


def test_words_are_shown_as_words(installation: Installation, apply) -> None:
    evil = "<script>alert(1)</script>{0}{x.y}%s"
    apply(
        field("x_a", "text", labels={"en": evil}, help={"en": evil}, default={"constant": evil}),
        Piece("record", "x.evil", {"labels": {"en": evil}, "plurals": {"en": evil}}),
        field("x_k", "choice", options=[{"value": "a", "labels": {"en": evil}}]),
        Piece("rule", f"{LEAD}|evil", {"where": 'x_a != "b"', "message": {"en": evil}, "fields": ["x_a"]}),
    )
    boss = Visitor(installation, user_id(installation, "admin"))
    for path in (
        f"/r/{LEAD}/new",
        f"/r/{LEAD}?columns=last_name,x_a,x_k",
        "/r/x.evil",
        "/r/x.evil/new",
        "/",
        "/admin/picklists",
        "/admin/audit",
    ):
        answer = boss.get(path)
        assert answer.status_code == 200 and "<script>alert(1)" not in answer.get_data(as_text=True), path
    answer = boss.post(f"/r/{LEAD}/new", {"last_name": "A", "x_a": "b"})
    assert answer.status_code == 422 and "<script>alert(1)" not in answer.get_data(as_text=True)


def test_nobody_but_holders_of_the_area_changes_anything(installation: Installation) -> None:
    rows = dict(installation.registry.customising.rows)
    for actor in (ANONYMOUS, *(installation.load_actor(user_id(installation, n)) for n in ("sara", "mina", "nobody", "omid"))):
        for pieces in ([field("x_a", "text")], [Piece("record", "x.a", {})], []):
            with pytest.raises(SarnakhError):
                apply_pieces(installation, actor, pieces)
    assert installation.registry.customising.rows == rows


def test_an_addon_that_goes_leaves_own_fields_out_and_brings_them_back(installation: Installation, apply, env_as) -> None:
    """What customising stands on may vanish; the installation still starts, and nothing is lost."""
    from core.addons import lifecycle

    apply(field("x_a", "text"), field("x_leads", "many", "contacts.contact", target=LEAD), field("x_c", "text", "contacts.contact"))
    with env_as("boss") as env:
        key = env.create(LEAD, {"last_name": "A", "x_a": "kept"})
    lifecycle.disable(installation, "leads")
    assert ("field", "contacts.contact.x_leads") in installation.registry.own.faults
    assert "x_c" in installation.registry.records["contacts.contact"].fields
    health = Visitor(installation, user_id(installation, "admin")).get("/admin/health").get_data(as_text=True)
    assert "contacts.contact.x_leads is left out" in health and "Column x_a" not in health  # what rests is no drift
    apply(field("x_d", "text", "contacts.contact"))  # others are still made
    lifecycle.enable(installation, ["leads"])
    with env_as("boss") as env:
        assert env.get(LEAD, key, "x_a").x_a == "kept" and "x_leads" in env.registry.record("contacts.contact").fields


def test_a_type_that_is_switched_off_rests_with_its_fields(installation: Installation, apply, env_as) -> None:
    apply(*VISIT[:5])
    with env_as("sara") as env:
        key = env.create("x.visit", {"name": "One", "x_day": "2026-03-21"})
    apply(Piece("record", "x.visit", {**VISIT[0].data, "active": False}))
    assert "x.visit" not in installation.registry.records and not installation.registry.own.faults
    assert Visitor(installation, user_id(installation, "sara")).get("/r/x.visit").status_code == 404
    apply(VISIT[0])
    with env_as("sara") as env:
        assert env.query("x.visit").search("One").ids() == [key]
