"""Own fields are fields: each door takes them as it takes any other, at once and in every process."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from sqlalchemy import inspect

from core.customise import Piece, check_pieces, history, pieces_of, plan_pieces, preview, revert
from core.customise.applying import apply_pieces
from core.errors import AccessDenied, Conflict, SarnakhError, ValidationFailed
from core.installation import Installation
from core.records import filling
from core.security.actor import SYSTEM
from core.testing.jobs import run_jobs
from core.testing.plugin import user_id

from .conftest import LEAD, VISIT, field

pytestmark = pytest.mark.addons("leads")

ALL = [
    field("x_text", "text", unique=True, search=True, size=40), field("x_long", "longtext"), field("x_rich", "richtext"),
    field("x_whole", "integer", minimum=1, maximum=9), field("x_decimal", "decimal", digits=3), field("x_money", "money"),
    field("x_percent", "percent"), field("x_flag", "flag"), field("x_date", "date", index=True), field("x_moment", "datetime"),
    field("x_span", "duration"), field("x_kind", "choice", options=[{"value": "a"}, {"value": "b"}]),
    field("x_kinds", "multichoice", options=[{"value": "a"}, {"value": "b"}]), field("x_mail", "email"), field("x_tel", "phone"),
    field("x_site", "url"), field("x_boss", "link", target="base.user", on_delete="restrict"), field("x_about", "anylink", target=[LEAD]),
    field("x_people", "many", target="base.user"), field("x_labels", "tags"), field("x_file", "file"), field("x_image", "image"),
    field("x_number", "autonumber", pattern="N-{number:4}"), field("x_double", "formula", expression="x_whole * 2"),
    field("x_who", "formula", expression="x_boss.name"), field("x_names", "names"),
    field("x_made", "date", default={"expression": "today()"})]
VALUES = {
    "x_text": "نمونه", "x_long": "a\nb", "x_rich": "<p>b</p><script>x</script>", "x_whole": 3, "x_decimal": Decimal("1.25"),
    "x_money": "1000", "x_percent": "12.5", "x_flag": True, "x_date": "2026-03-21", "x_moment": "2026-03-21 10:00", "x_span": "1:30",
    "x_kind": "a", "x_kinds": ["a", "b"], "x_mail": "A@Example.com", "x_tel": "09121234567", "x_site": "example.com"}


def test_every_type(installation: Installation, apply, env_as) -> None:
    with env_as("boss") as env:
        old = env.create(LEAD, {"last_name": "Old"})
    apply(*ALL)
    boss = user_id(installation, "boss")
    with env_as("boss") as env:
        key = env.create(LEAD, {"last_name": "Karimi", **VALUES, "x_boss": boss, "x_about": (LEAD, old), "x_people": [boss]})
        row = env.query(LEAD).where('x_kind == "a" and x_whole > 2 and x_double == 6').select(
            *(p.target.rpartition(".")[2] for p in ALL)).rows()[0]
        assert row["x_made"] == env.today
    assert row["id"] == key and row["x_rich"] == "<p>b</p>" and row["x_decimal"] == Decimal("1.25") and row["x_double"] == 6
    assert row["x_date"] == dt.date(2026, 3, 21) and row["x_span"] == dt.timedelta(hours=1, minutes=30) and row["x_mail"] == "a@example.com"
    assert row["x_tel"] == "+989121234567" and row["x_site"] == "https://example.com" and row["x_kinds"] == ["a", "b"]
    assert row["x_who"] == "Bahram Director" and row["x_number"] == "N-0002" and row["x_boss"].label == "Bahram Director"
    with env_as("boss") as env:
        assert env.get(LEAD, old, "x_number").x_number == "N-0001"  # those that were there are numbered, too
        assert env.query(LEAD).search("نمونه").ids() == [key]
        with pytest.raises(ValidationFailed) as caught:
            env.create(LEAD, {"last_name": "B", "x_text": "نمونه", "x_whole": 10})
        assert set(caught.value.by_field()) == {"x_whole", "x_text"}
    with env_as("boss") as env:
        env.update(LEAD, key, {"x_whole": 4})
    with installation.env(SYSTEM) as env:
        audit = env.registry.system.audit
        assert {"x_whole": [3, 4]} in [row.changes for row in env.execute(audit.select().where(audit.c.record_id == key))]


def test_record_type_with_links_roll_up_board_and_number(installation: Installation, apply, env_as) -> None:
    with env_as("sara") as env:
        lead = env.create(LEAD, {"last_name": "Karimi"})
    apply(*VISIT)
    with env_as("sara") as env:  # an ordinary seller works with the new type at once
        first = env.create("x.visit", {"name": "One", "x_lead": lead, "x_day": "2026-03-21", "x_phone": "09121234567"})
        env.create("x.visit", {"name": "Two", "x_lead": lead})
        assert env.get(LEAD, lead, "x_visit_count").x_visit_count == 2
        row = env.query("x.visit").with_ids([first]).select("number", "x_state", "owner").rows()[0]
        assert row["number"] == f"V-{env.today.year}-0001" and row["x_state"] == "open" and row["owner"].id == env.actor.id
        assert env.registry.layout("x.visit", "kanban").layout.props["column"] == "x_state"
        assert env.registry.layout("x.visit", "calendar").layout.props["start"] == "x_day"
        env.create("base.note", {"about": ("x.visit", first), "body": "hello"})
    with env_as("reza") as env:  # what belongs to somebody is private, as it is for any type
        assert env.query("x.visit").ids() == []
        with pytest.raises(AccessDenied):
            env.require("delete", "x.visit")


def test_definitions_reach_other_processes(installation: Installation, apply) -> None:
    other = Installation.open(installation.settings, "other")
    try:
        with other.env(SYSTEM) as under_way:
            before = under_way.registry
            if installation.engine.dialect.name == "postgresql":
                apply(field("x_new", "text"))
                assert under_way.registry is before and "x_new" not in before.records[LEAD].fields
        if installation.engine.dialect.name == "sqlite":
            apply(field("x_new", "text"))
        other.current()
        assert "x_new" in other.registry.records[LEAD].fields
    finally:
        other.close()
    again = Installation.open(installation.settings)  # a start finds the database as it should be
    assert "x_new" in again.registry.records[LEAD].fields
    again.close()


def test_switching_off_keeps_the_data_and_deleting_keeps_a_file(installation: Installation, apply, env_as) -> None:
    apply(field("x_note", "text"))
    with env_as("boss") as env:
        key = env.create(LEAD, {"last_name": "A", "x_note": "kept"})
    apply(Piece("field", f"{LEAD}.x_note", {"type": "text", "labels": {"en": "Note"}, "active": False}))
    with env_as("boss") as env:
        assert "x_note" not in env.registry.record(LEAD).fields
    again = Installation.open(installation.settings)  # nor does an upgrade of anything touch it
    again.close()
    apply(field("x_note", "text"))
    with env_as("boss") as env:
        assert env.get(LEAD, key, "x_note").x_note == "kept"
    with installation.env(SYSTEM, write=False) as env:
        plan = plan_pieces(env, [Piece("field", f"{LEAD}.x_note", None)])
        assert len(plan.destructive) == 1 and not plan.errors
    batch = apply(Piece("field", f"{LEAD}.x_note", None))
    assert "x_note" not in {c["name"] for c in inspect(installation.engine).get_columns("leads_lead")}
    assert [p.name.startswith("leads_lead.x_note") for p in installation.settings.dropped.iterdir()] == [True]
    revert(installation, SYSTEM, batch)
    with env_as("boss") as env:
        assert env.get(LEAD, key, "x_note").x_note == "kept"


def test_a_deleted_type_comes_back_with_its_records(installation: Installation, apply, env_as) -> None:
    made = [*VISIT, Piece("record", "x.a", {}), field("x_visit", "link", "x.a", target="x.visit"),
            field("x_a", "link", "x.visit", target="x.a"),
            field("x_people", "many", "x.visit", target="base.user"), field("x_sum", "money", "x.visit")]
    apply(*made)
    with env_as("sara") as env:
        lead = env.create(LEAD, {"last_name": "Karimi"})
        key = env.create("x.visit", {"name": "One", "x_lead": lead, "x_day": "2026-03-21", "x_people": [env.actor.id], "x_sum": "12.5"})
        other = env.create("x.a", {"name": "A", "x_visit": key})
        env.update("x.visit", key, {"x_a": other})
    batch = apply(*(Piece(p.kind, p.target, None) for p in made))
    assert "x.visit" not in installation.registry.records
    revert(installation, SYSTEM, batch)
    with env_as("sara") as env:
        row = env.query("x.visit").search("One").select("x_day", "x_people", "x_sum", "number", "x_lead").rows()[0]
        assert row["id"] == key and row["x_day"] == dt.date(2026, 3, 21) and [one.id for one in row["x_people"]] == [env.actor.id]
        assert env.get("x.a", other, "x_visit").x_visit.id == key and env.get("x.visit", key, "x_a").x_a.id == other
        assert row["x_sum"] == Decimal("12.5") and row["x_lead"].id == lead
        assert env.get(LEAD, lead, "x_visit_count").x_visit_count == 1
        assert env.create("x.visit", {"name": "Two"}) > key


def test_history_and_the_way_back(installation: Installation, apply) -> None:
    first = apply(field("x_a", "text"), note="first")
    second = apply(field("x_a", "text", required=True, default={"constant": "none"}))
    with installation.env(SYSTEM, write=False) as env:
        rows = history(env, "field", f"{LEAD}.x_a")
        assert [row.batch for row in rows] == [second, first] and rows[1].before is None and rows[1].note == "first"
        assert rows[0].who == user_id(installation, "admin") and rows[0].before["type"] == "text"
        assert pieces_of(env, ["field"])[0].owner == "installation"
    with pytest.raises(Conflict):
        revert(installation, SYSTEM, first)
    revert(installation, SYSTEM, second)
    with installation.env(SYSTEM, write=False) as env:
        assert not env.registry.record(LEAD).fields["x_a"].required


def test_what_does_not_fit_the_data_is_refused_with_numbers(installation: Installation, apply, env_as) -> None:
    apply(field("x_a", "text"), field("x_k", "choice", options=[{"value": "a"}, {"value": "b"}]))
    with env_as("boss") as env:
        env.create(LEAD, [{"last_name": "A", "x_a": "twice", "x_k": "b"}, {"last_name": "B", "x_a": "twice"}])
    wrong = [field("x_a", "text", unique=True), field("x_a", "text", size=3), field("x_b", "text", required=True),
             field("x_a", "integer"), field("x_k", "choice", options=[{"value": "a"}]), field("x_k", "choice", required=True,
                                                                                            options=[{"value": "a"}, {"value": "b"}])]
    counts = ["1 value", "2 records", "2 records", "keeps its type", "1 record", "1 record"]
    with installation.env(SYSTEM, write=False) as env:
        for piece, count in zip(wrong, counts, strict=True):
            errors = check_pieces(env, [piece])
            assert errors and count in env.t(errors[0].message), (piece, [env.t(e.message) for e in errors])
    apply(field("x_b", "text", required=True, default={"constant": "it's: 5%"}), field("x_f", "flag", default={"constant": True}))
    with env_as("boss") as env:
        rows = env.query(LEAD).select("x_b", "x_f").rows()
        assert {(row["x_b"], row["x_f"]) for row in rows} == {("it's: 5%", True)}


def test_deleting_is_refused_while_something_needs_it(installation: Installation, apply, env_as) -> None:
    apply(*VISIT, field("x_loud", "formula", expression="upper(x_low)"), field("x_low", "text"),
          Piece("rule", f"{LEAD}|low", {"where": "length(x_low) < 9", "message": {"en": "Short"}}))
    with env_as("boss") as env:
        env.create("base.view", {"name": "Mine", "record_type": "x.visit", "settings": {"columns": ["x_day"]}})
    with installation.env(SYSTEM, write=False) as env:
        text = " ".join(env.t(e.message) for e in check_pieces(env, [Piece("field", f"{LEAD}.x_low", None)]))
        assert "x_loud" in text and "|low" in text
        text = " ".join(env.t(e.message) for e in check_pieces(env, [Piece("field", "x.visit.x_day", None)]))
        assert "x.visit" in text
        assert check_pieces(env, [Piece("field", "x.visit.x_phone", None)])  # a duplicate key
    with pytest.raises(ValidationFailed):
        apply(Piece("record", "x.visit", None))


def test_previews_on_real_records(installation: Installation, apply, env_as) -> None:
    apply(*VISIT)
    with env_as("sara") as env:
        lead = env.create(LEAD, {"last_name": "Karimi"})
        env.create("x.visit", {"name": "One", "x_lead": lead, "x_day": "2026-03-21"})
    with env_as("admin", write=False) as env:
        assert [r["value"] for r in preview(env, LEAD, {"type": "formula", "expression": 'upper(last_name)'})] == ["KARIMI"]
        found = preview(env, LEAD, {"type": "rollup", "children": "x_visits", "operation": "max", "expression": "x_day"}, [lead])
        assert found == [{"id": lead, "title": found[0]["title"], "value": dt.date(2026, 3, 21)}]
        for wrong in ("upper(", "last_name * 2", "x_preview", "owner.password_hash"):
            with pytest.raises(SarnakhError):
                preview(env, LEAD, {"type": "formula", "expression": wrong})
    with env_as("sara", write=False) as env, pytest.raises(AccessDenied):
        preview(env, LEAD, {"type": "formula", "expression": "last_name"})


def test_only_holders_of_the_area_customise(installation: Installation, env_as) -> None:
    for name in ("sara", "mina", "nobody"):
        with env_as(name, write=False) as env:
            for call in (lambda: check_pieces(env, [field("x_a", "text")]), lambda: pieces_of(env), lambda: history(env),
                         lambda: plan_pieces(env, [])):
                with pytest.raises(AccessDenied):
                    call()
        with pytest.raises(AccessDenied):
            apply_pieces(installation, installation.load_actor(user_id(installation, name)), [field("x_a", "text")])
    assert "x_a" not in installation.registry.records[LEAD].fields


def test_many_records_get_their_values_in_the_background(installation: Installation, apply, env_as, monkeypatch) -> None:
    monkeypatch.setattr(filling, "AT_ONCE", 1)
    monkeypatch.setattr(filling, "BATCH", 2)
    apply(*VISIT[:6])
    with env_as("boss") as env:
        lead = env.create(LEAD, {"last_name": "A"})
        env.create(LEAD, [{"last_name": name} for name in "BCDE"])
        env.create("x.visit", [{"name": name, "x_lead": lead} for name in "abc"])
    apply(VISIT[6], field("x_number", "autonumber", pattern="{number}"))
    run_jobs(installation)
    with env_as("boss") as env:
        rows = env.query(LEAD).order("id").select("x_number", "x_visit_count").rows()
        assert [row["x_number"] for row in rows] == ["1", "2", "3", "4", "5"] and [row["x_visit_count"] for row in rows] == [3, 0, 0, 0, 0]
    apply(field("x_phone", "phone", "x.visit", search=False), field("x_day", "text", "x.other"), Piece("record", "x.other", {}))


def test_own_children_live_under_their_parent(installation: Installation, apply, env_as) -> None:
    apply(*VISIT[:6], Piece("record", "x.item", {"parent": "x_visit"}), field("x_visit", "link", "x.item", target="x.visit", required=True))
    with env_as("sara") as env:
        item = env.create("x.item", {"name": "Thing", "x_visit": env.create("x.visit", {"name": "One"})})
        assert env.query("x.item").ids() == [item]
    with env_as("reza") as env:
        assert env.query("x.item").ids() == []
