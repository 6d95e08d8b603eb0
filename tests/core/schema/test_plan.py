"""What a plan finds, on both databases: additive changes by themselves, nothing lost silently, nothing found twice."""

from __future__ import annotations

import pytest
from sqlalchemy import BigInteger, Column, Engine, ForeignKeyConstraint, Index, Integer, String, Table, insert, text
from sqlalchemy.exc import IntegrityError

from core.records.types import BigId
from core.schema import ledger
from core.schema.apply import apply, extras
from core.schema.lock import upgrading
from core.schema.purge import purge, purge_plan
from tests.core.schema import toy


def test_a_new_database_and_nothing_to_do_afterwards(engine: Engine) -> None:
    found = toy.look(engine, toy.version_1())
    assert ("create_table", "toy_lead") in toy.kinds(found.safe)
    assert "CREATE TABLE toy_lead" in found.sql()
    assert any("toy_lead" in line.english() for line in found.describe())
    toy.install(engine, toy.version_1(), rows=3)
    again = toy.look(engine, toy.version_1())
    assert toy.kinds(again.steps) == []
    assert again.empty


def test_links_in_a_circle_are_enforced(engine: Engine) -> None:
    toy.install(engine, toy.version_1(), rows=1)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")
        with pytest.raises(IntegrityError):
            connection.execute(text("UPDATE toy_person SET best_lead_id = 99"))
        connection.rollback()


@pytest.mark.parametrize("rule", [None, "SET NULL"])
def test_columns_are_added_with_their_links_and_indexes(engine: Engine, rule: str | None) -> None:
    toy.install(engine, toy.version_1(), rows=2)
    declared = toy.with_column(Column("boss_id", BigId), ForeignKeyConstraint(
        ["boss_id"], ["toy_person.id"], name="fk_toy_lead_boss", ondelete=rule))
    Index("ix_toy_lead_boss", declared.metadata.tables["toy_lead"].c.boss_id)
    found = toy.change(engine, declared)
    assert ("add_column", "boss_id") in toy.kinds(found.safe)
    assert toy.look(engine, declared).steps == ()
    assert toy.leads(engine, "boss_id") == [None, None]
    if engine.dialect.name == "sqlite" and rule is None:
        assert "_alembic_tmp" not in found.sql(), "a nullable link needs no copy of the table"


@pytest.mark.parametrize("column", [
    Column("score", Integer, nullable=False, server_default=text("7")),
    Column("score", Integer, nullable=False, default=7),
    Column("score", Integer, nullable=False, info={"fill": 7}),
])
def test_required_with_a_constant_default(engine: Engine, column: Column[int]) -> None:
    toy.install(engine, toy.version_1(), rows=2)
    declared = toy.with_column(column._copy())
    found = toy.change(engine, declared)
    assert found.blocked == ()
    assert toy.leads(engine, "score") == [7, 7]
    assert toy.facts(engine, "score")["nullable"] is False
    assert toy.look(engine, declared).steps == ()


def test_required_without_a_value_is_reported_with_the_number_of_rows(engine: Engine) -> None:
    toy.install(engine, toy.version_1(), rows=3)
    declared = toy.with_column(Column("score", Integer, nullable=False))
    found = toy.change(engine, declared)
    assert toy.kinds(found.blocked) == [("require", "score")]
    assert any("3 rows have no value" in line.english() for line in found.describe())
    assert toy.facts(engine, "score")["nullable"] is True
    with engine.begin() as connection:
        connection.execute(text("UPDATE toy_lead SET score = 1"))
    assert toy.change(engine, declared).blocked == ()
    assert toy.facts(engine, "score")["nullable"] is False
    assert toy.look(engine, declared).steps == ()


def test_required_on_an_empty_table_needs_nothing(engine: Engine) -> None:
    toy.install(engine, toy.version_1())
    declared = toy.with_column(Column("score", Integer, nullable=False))
    assert toy.change(engine, declared).blocked == ()
    assert toy.facts(engine, "score")["nullable"] is False


def test_widening_happens_and_narrowing_does_not(engine: Engine) -> None:
    toy.install(engine, toy.version_1(), rows=2)
    wide = toy.version_1(name=Column("name", String(80)), count=Column("count", BigInteger))
    found = toy.change(engine, wide)
    assert toy.look(engine, wide).steps == ()
    with engine.begin() as connection:
        connection.execute(text("UPDATE toy_lead SET name = :name, count = 9000000000"), {"name": "n" * 80})
    if engine.dialect.name == "postgresql":
        assert toy.kinds(found.safe) == [("widen", "name"), ("widen", "count")]
        narrow = toy.change(engine, toy.version_1(count=Column("count", BigInteger)))
        assert toy.kinds(narrow.destructive) == [("narrow", "name")]
        assert any("2 rows are longer" in line.english() for line in narrow.describe())
        assert toy.leads(engine) == ["n" * 80] * 2


def test_another_kind_of_type_is_left_until_asked_for(engine: Engine) -> None:
    toy.install(engine, toy.version_1(), rows=2)
    declared = toy.version_1(closing=Column("closing", Integer))
    found = toy.change(engine, declared)
    assert toy.kinds(found.destructive) == [("retype", "closing")]
    assert toy.leads(engine, "closing") == ["1", "2"]
    toy.change(engine, declared, destructive=True)
    assert toy.leads(engine, "closing") == [1, 2]
    assert toy.look(engine, declared).steps == ()


def test_columns_nobody_declares_stay_but_do_not_stand_in_the_way(engine: Engine) -> None:
    declared = toy.with_column(Column("strict", Integer, nullable=False, server_default=text("1")))
    declared.metadata.tables["toy_lead"].c.strict.server_default = None
    toy.install(engine, declared)
    found = toy.change(engine, toy.version_1())
    assert toy.kinds(found.destructive) == [("drop_column", "strict")]
    assert toy.facts(engine, "strict")["nullable"] is True
    assert any(line.english().startswith("Left as it is") for line in found.describe())
    toy.change(engine, toy.version_1(), destructive=True)
    assert toy.look(engine, toy.version_1()).steps == ()


def test_what_a_disabled_addon_owns_is_no_drift_and_purging_takes_it(engine: Engine) -> None:
    declared = toy.with_column(Column("sms_opt_in", Integer), addon="sms")
    Index("ix_toy_lead_sms", declared.metadata.tables["toy_lead"].c.sms_opt_in)
    own = Table("sms_message", declared.metadata, Column("id", BigId, primary_key=True), info={"addon": "sms"})
    toy.install(engine, declared, rows=2)
    with upgrading(engine) as connection:
        connection.execute(insert(declared.metadata.tables["sys_addon"]),
                           [{"name": "toy", "state": "enabled"}, {"name": "sms", "state": "disabled"}])
        connection.execute(insert(own).values(id=1))
        connection.execute(text("UPDATE toy_lead SET sms_opt_in = 5"))
    without = toy.version_1()
    assert toy.look(engine, without).steps == ()
    assert toy.change(engine, declared).safe == ()
    with upgrading(engine) as connection:
        shown = purge_plan(connection, without.metadata, "sms")
        assert sorted(toy.kinds(shown.destructive)) == [("drop_column", "sms_opt_in"), ("drop_table", "sms_message")]
        assert len(purge(connection, without.metadata, "sms")) == 2
        assert ledger.read(connection).get("column", "toy_lead.sms_opt_in") is None
    assert toy.look(engine, without).steps == ()
    assert toy.leads(engine) == ["lead 1", "lead 2"]


def test_tables_that_are_not_ours_are_ignored(engine: Engine) -> None:
    toy.install(engine, toy.version_1())
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE huey_task (id INTEGER PRIMARY KEY)"))
        connection.execute(text("CREATE INDEX somebody_elses ON toy_lead (count)"))
    assert toy.look(engine, toy.version_1()).steps == ()
    ours = toy.look(engine, toy.version_1(), owned=lambda name: name.startswith("huey"))
    assert toy.kinds(ours.destructive) == [("drop_table", "huey_task")]


def test_unique_waits_for_unique_data(engine: Engine) -> None:
    toy.install(engine, toy.version_1(), rows=2)
    with engine.begin() as connection:
        connection.execute(text("UPDATE toy_lead SET name = 'same'"))
    found = toy.change(engine, toy.unique_names())
    assert toy.kinds(found.blocked) == [("add_constraint", "uq_toy_lead_whole")]
    with engine.begin() as connection:
        connection.execute(text("UPDATE toy_lead SET name = 'n' || id"))
    assert toy.change(engine, toy.unique_names()).blocked == ()
    assert toy.look(engine, toy.unique_names()).steps == ()
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text("UPDATE toy_lead SET name = 'same'"))
    assert toy.kinds(toy.change(engine, toy.version_1()).safe) == [("drop_constraint", "uq_toy_lead_whole")]
    assert toy.look(engine, toy.version_1()).steps == ()


def test_links_wait_for_rows_that_point_at_nothing(engine: Engine) -> None:
    toy.install(engine, toy.with_column(Column("boss_id", BigId)), rows=2)
    with engine.begin() as connection:
        connection.execute(text("UPDATE toy_lead SET boss_id = 77 WHERE id = 2"))
    linked = toy.with_column(Column("boss_id", BigId), ForeignKeyConstraint(
        ["boss_id"], ["toy_person.id"], name="fk_toy_lead_boss"))
    found = toy.change(engine, linked)
    assert toy.kinds(found.steps) == [("add_constraint", "fk_toy_lead_boss")]
    assert any("1 row points at nothing" in line.english() for line in found.describe())
    with engine.begin() as connection:
        connection.execute(text("UPDATE toy_lead SET boss_id = NULL"))
    assert toy.change(engine, linked).blocked == ()
    assert toy.look(engine, linked).steps == ()


def test_a_changed_index_is_made_again_and_a_removed_one_goes(engine: Engine) -> None:
    toy.install(engine, toy.version_1(), rows=2)
    declared = toy.version_1()
    lead = declared.metadata.tables["toy_lead"]
    lead.indexes.discard(next(index for index in lead.indexes if index.name == "ix_toy_lead_owner"))
    flagged = next(index for index in lead.indexes if index.name == "ix_toy_lead_flagged")
    lead.indexes.discard(flagged)
    Index("ix_toy_lead_flagged", lead.c.owner_id, sqlite_where=text("NOT flag"), postgresql_where=text("NOT flag"))
    found = toy.change(engine, declared)
    assert sorted(toy.kinds(found.safe)) == [
        ("add_index", "ix_toy_lead_flagged"), ("drop_index", "ix_toy_lead_flagged"),
        ("drop_index", "ix_toy_lead_owner")]
    assert toy.look(engine, declared).steps == ()


def test_attached_ddl_survives_copies_of_the_table_and_follows_its_text(engine: Engine) -> None:
    toy.install(engine, toy.version_1(), rows=2)
    declared = toy.with_column(Column("score", Integer, nullable=False, default=1))
    toy.change(engine, declared)
    sqlite = engine.dialect.name == "sqlite"
    with upgrading(engine) as connection:
        connection.execute(text("INSERT INTO toy_lead (name, score, search_text) VALUES ('n', 1, 'needle')"))
        if sqlite:
            assert toy.found_by(connection, "needle") == 1
            connection.execute(text("DROP TRIGGER toy_lead_fts_add"))
        else:
            connection.execute(text("DROP INDEX ix_toy_lead_fts"))
        made = extras(connection, declared.metadata)
        assert [step.name for step in made] == ["toy_lead_fts_add" if sqlite else "ix_toy_lead_fts"]
        assert extras(connection, declared.metadata) == []
    other = {kind: {name: sql.replace("toy_lead_fts USING fts5(", "toy_lead_fts USING fts5(prefix='2', ")
                    .replace("gin (search_text gin", "gin (name gin") for name, sql in ddl.items()}
             for kind, ddl in toy.FTS.items()}
    changed = toy.change(engine, toy.version_1(ddl=other))
    made_again = [step.name for step in changed.safe if step.kind == "ddl"]
    assert made_again == ["toy_lead_fts" if sqlite else "ix_toy_lead_fts"]
    if sqlite:
        with engine.connect() as connection:
            assert toy.found_by(connection, "needle") == 1, "filled again from the table"
    toy.change(engine, toy.version_1(ddl={}))
    assert toy.look(engine, toy.version_1(ddl={})).destructive == changed.destructive
    assert toy.look(engine, toy.version_1(ddl={})).safe == ()


def test_a_declared_rename_is_no_drop_and_add(engine: Engine) -> None:
    toy.install(engine, toy.version_1(), rows=2)
    renamed = toy.version_1(closing=None, close_text=Column("close_text", String(10)))
    found = toy.look(engine, renamed, declared_renames=[("toy_lead", "closing", "close_text")])
    assert toy.kinds(found.steps) == [("rename", "close_text")]
    with upgrading(engine) as connection:
        apply(connection, found)
    assert toy.leads(engine, "close_text") == ["1", "2"]
    assert toy.look(engine, renamed).steps == ()


def test_the_registry_version_and_fingerprint(engine: Engine) -> None:
    with engine.connect() as connection:
        assert ledger.fingerprint(connection) is None
    toy.install(engine, toy.version_1())
    with engine.begin() as connection:
        assert ledger.bump(connection, "abc") == 1
        assert ledger.bump(connection, "def") == 2
        assert ledger.fingerprint(connection) == "def"
        assert ledger.registry_version(connection) == 2
