"""Pieces that need each other, in one set: whatever their order they are applied whole, or refused with a reason."""

from __future__ import annotations

import pytest
from sqlalchemy import inspect

from core.customise import Piece, apply_pieces, check_pieces, packages, preparing, revert
from core.customise.packages import Package
from core.errors import ValidationFailed
from core.installation import Installation
from core.security.actor import SYSTEM

from .conftest import LEAD, VISIT, field

pytestmark = pytest.mark.addons("leads")
PART = [field("x_visit", "link", "x.part", target="x.visit"), field("x_parts", "children", "x.visit", target="x.part", by="x_visit"),
        field("x_price", "money", "x.part", index=True), field("x_cost", "rollup", "x.visit", children="x_parts", operation="sum",
                                                              expression="x_price"),
        field("x_first", "link", "x.visit", target="x.part"), field("x_dear", "formula", "x.visit", expression="x_cost * 2"),
        field("x_visitors", "many", target="x.visit"), Piece("record", "x.part", {"labels": {"en": "Part"}}),
        Piece("rule", "x.part|price", {"where": "x_price > 0 and x_visit.x_state == \"open\"", "message": {"en": "Free"}})]


@pytest.mark.parametrize("backwards", [False, True])
def test_types_fields_and_what_reads_them_come_in_any_order(installation: Installation, apply, env_as, monkeypatch, backwards) -> None:
    monkeypatch.setattr(preparing, "LARGE", 0)  # links of large tables to new types among them
    with env_as("sara") as env:
        lead = env.create(LEAD, {"last_name": "Karimi"})
    pieces = [*VISIT, *PART, field("x_last", "link", target="x.visit")]
    batch = apply(*(reversed(pieces) if backwards else pieces))
    with env_as("sara") as env:
        visit = env.create("x.visit", {"name": "One", "x_lead": lead})
        part = env.create("x.part", {"name": "P", "x_visit": visit, "x_price": "12.5"})
        env.update("x.visit", visit, {"x_first": part})
        env.update(LEAD, lead, {"x_last": visit, "x_visitors": [visit]})
        assert env.query("x.visit").select("x_dear").rows()[0]["x_dear"] == 25
    links = {k["constrained_columns"][0]: k["referred_table"] for k in inspect(installation.engine).get_foreign_keys("leads_lead")}
    assert links["x_last_id"] == "x_visit"
    revert(installation, SYSTEM, batch)  # all of it, although each needs the other
    assert not {"x_visit", "x_part", "leads_lead_x_visitors"} & set(inspect(installation.engine).get_table_names())
    assert "x_last_id" not in {c["name"] for c in inspect(installation.engine).get_columns("leads_lead")}


def test_what_goes_is_asked_for_by_nothing_that_comes(installation: Installation, apply) -> None:
    apply(field("x_a", "text"), field("x_ab", "text"))
    placed = {"format": 1, "record": LEAD, "kind": "form", "changes": [
        {"do": "insert", "target": "x_a", "anchors": [], "node": {"id": "x_a", "kind": "field"}}]}
    layout = Piece("layout", f"{LEAD}|form|installation", placed)
    gone = Piece("field", f"{LEAD}.x_a", None)
    with installation.env(SYSTEM, write=False) as env:
        assert check_pieces(env, [gone, layout]) and check_pieces(env, [layout, gone])
        assert check_pieces(env, [gone, field("x_b", "formula", expression="upper(x_a)")])
        assert not check_pieces(env, [gone, field("x_b", "formula", expression="upper(x_ab)")])
    apply(layout)
    apply(gone, Piece("layout", layout.target, None))  # both together


def test_a_column_is_nobody_else_s(installation: Installation, apply) -> None:
    """`x_boss` is stored in `x_boss_id`: a text of that name would be, too, also when the link is off or goes just now."""
    apply(field("x_boss", "link", target="base.user"))
    off = Piece("field", f"{LEAD}.x_boss", {"type": "link", "target": "base.user", "active": False})
    text = field("x_boss_id", "text")
    with installation.env(SYSTEM, write=False) as env:
        for pieces in ([text], [text, off], [text, Piece("field", f"{LEAD}.x_boss", None)]):
            assert check_pieces(env, pieces), pieces
    apply(off)
    with installation.env(SYSTEM, write=False) as env:
        assert check_pieces(env, [text])
        for other in ("text", "formula"):  # nor does it become something that is stored elsewhere, or nowhere
            data = {"type": other} | ({"expression": "last_name"} if other == "formula" else {})
            assert check_pieces(env, [Piece("field", f"{LEAD}.x_boss", data)])
    apply(Piece("field", f"{LEAD}.x_boss", None))
    apply(text)


def test_values_that_come_with_a_field_are_found(installation: Installation, apply, env_as) -> None:
    with env_as("boss") as env:
        key = env.create(LEAD, {"last_name": "Karimi"})
    apply(field("x_word", "text", required=True, search=True, default={"constant": "Zarrinkelk"}), Piece("record", "x.part", {}))
    with env_as("boss") as env:
        assert env.query(LEAD).search("Zarrinkelk").ids() == [key]
        part = env.create("x.part", {"name": "One"})
    apply(Piece("record", "x.part", {"number": "QQ-{number:04}"}))
    with env_as("boss") as env:
        assert env.query("x.part").search("QQ-0001").ids() == [part] == env.query("x.part").search("One").ids()


def test_what_is_refused_leaves_no_files(installation: Installation, apply, env_as) -> None:
    apply(field("x_a", "text"))
    with env_as("boss") as env:
        env.create(LEAD, {"last_name": "A", "x_a": "kept"})

    def refuse(env) -> None:
        env.create(LEAD, {})

    with pytest.raises(ValidationFailed):
        apply_pieces(installation, SYSTEM, [Piece("field", f"{LEAD}.x_a", None)], then=refuse)
    assert not installation.settings.dropped.is_dir() or not list(installation.settings.dropped.iterdir())
    assert "x_a" in installation.current().registry.records[LEAD].fields


def test_a_package_of_a_type_its_layout_and_records_about_it(installation: Installation) -> None:
    layout = {"format": 1, "record": "x.visit", "kind": "list", "changes": [
        {"do": "hide", "target": "x_day"}]}
    package = Package("visits", items={
        **{f"{p.kind} {p.target}": p.data for p in VISIT}, "layout x.visit|list|profile:@base.profile(name=Visitors)": layout,
        "@base.profile(name=Visitors)": {"sets": ["base.user"], "record_rights": {"x.visit": {"read": True}},
                                         "field_rights": {"x.visit": {"x_day": "read"}}},
        "@base.view(name=Open,record_type=x.visit)": {"shared": True, "settings": {"columns": ["name", "x_day"]}},
        "@base.move(field_name=x_state,from_value=open,record_type=x.visit,to_value=done)": {"message": "Ask first."}})
    package.items["record x.visit"] = {**VISIT[0].data, "labels": {"en": "Visit"}}
    admin = installation.load_actor(1)
    with installation.env(admin) as env:
        assert not packages.check(env, package).problems, [env.t(p.message) for p in packages.check(env, package).problems]
    batch = packages.apply(installation, admin, package).batch
    with installation.env(admin) as env:
        assert env.query("base.view").where('name == "Open"').exists() and "x.visit" in env.registry.records
    packages.take_back(installation, admin, batch)
    with installation.env(admin) as env:
        assert not env.query("base.view").where('name == "Open"').exists() and "x.visit" not in env.registry.records
