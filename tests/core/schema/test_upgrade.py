"""An addon goes from version 1 to 2 with its data; a failure anywhere leaves the old state whole."""

from __future__ import annotations

import gzip
import json
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Engine, Integer, String, inspect, text

from core.addons.manifest import Manifest
from core.errors import DefinitionError, UpgradeError
from core.schema import ledger, objects
from core.schema.lock import upgrading
from core.schema.steps import history, load_steps, step
from core.schema.upgrade import contract, plan_upgrade, upgrade
from tests.core.schema import toy

Write = Callable[[str], Manifest]

SPLIT = '''
from core.schema.steps import step


@step(phase="expand", rename=[("toy.lead", "closing", "closed_at")])
def rename(ops):
    ops.execute("UPDATE toy_lead SET name = 'was ' || name WHERE id = :id", {"id": 1})


@step(phase="data", record="toy.lead", batch=2)
def split(ops, ids):
    table = ops.table("toy.lead")
    for row in ops.execute(table.select().where(table.c.id.in_(ids))):
        first, second = row["name"].split(" ", 1)
        ops.execute(table.update().where(table.c.id == row["id"]).values(first=first, second=second))


@step(phase="contract", after="2.1")
def drop(ops):
    ops.drop_column("toy.lead", "name")
'''


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write the migration file of the toy addon at version 2 and give its manifest."""
    folder = tmp_path / "addons" / "toy"
    folder.mkdir(parents=True)

    def written(code: str, version: str = "2.0", file: str = "s0001_split.py") -> Manifest:
        (folder / "migrations").mkdir(exist_ok=True)
        (folder / "migrations" / file).write_text(code, "utf-8")
        return Manifest("toy", version, "Toy", folder, "sarnakh_addons.toy")

    return written


def version_2(**changes: Any) -> toy.Declared:
    """The name is split in two, closing is called closed_at; the old name stays until it is dropped on request."""
    return toy.version_1(closing=None, closed_at=Column("closed_at", String(10)), first=Column("first", String(40)),
                         second=Column("second", String(40)), **changes)


def step_states(engine: Engine) -> dict[str, str]:
    with engine.connect() as connection:
        return {name: state for (_addon, name), (state, _sum) in history(connection).states.items()}


def dump(engine: Engine) -> Any:
    """Tables, columns and leads: what must not change when an upgrade fails."""
    inspector = inspect(engine)
    columns = {name: sorted(one["name"] for one in inspector.get_columns(name))
               for name in sorted(inspector.get_table_names())}
    with engine.connect() as connection:
        indexes = objects.present(connection)
        rows = connection.execute(text("SELECT * FROM toy_lead ORDER BY id")).mappings().all()
        return columns, indexes, [dict(row) for row in rows], dict(history(connection).states)


def test_from_version_1_to_2_with_data(engine: Engine, write: Write) -> None:
    toy.install(engine, toy.version_1(), rows=5)
    manifest, declared = write(SPLIT), version_2()
    with engine.connect() as connection:
        planned = plan_upgrade(connection, declared, [manifest])
    words = [line.english() for line in planned.describe()]
    assert "Rename closing of toy_lead to closed_at" in words
    assert not any("not declared" in line for line in words)
    assert any("s0001_split.split" in line for line in words)
    seen: list[tuple[int, int]] = []
    report = upgrade(engine, declared, [manifest], progress=lambda done, total, _text: seen.append((done, total)))
    assert toy.leads(engine, "closed_at") == ["1", "2", "3", "4", "5"]
    assert toy.leads(engine, "first") == ["was", "lead", "lead", "lead", "lead"]
    assert toy.leads(engine, "second") == ["lead 1", "2", "3", "4", "5"]
    assert [one.name for one in report.data] == ["s0001_split.split"]
    assert seen[-3:] == [(2, 5), (4, 5), (5, 5)]
    assert step_states(engine) == {"s0001_split.rename": "done", "s0001_split.split": "done"}
    with engine.connect() as connection:
        assert plan_upgrade(connection, declared, [manifest]).empty


def test_contract_steps_run_on_request_and_not_before_their_version(engine: Engine, write: Write) -> None:
    toy.install(engine, toy.version_1(), rows=2)
    upgrade(engine, version_2(), [write(SPLIT)])
    without = version_2(name=None)
    assert contract(engine, without, [write(SPLIT)]).contract == []
    with pytest.raises(UpgradeError, match="still declared"):
        contract(engine, version_2(), [write(SPLIT, "2.1")])
    done = contract(engine, without, [write(SPLIT, "2.1")])
    assert [one.name for one in done.contract] == ["s0001_split.drop"]
    assert "name" not in {one["name"] for one in inspect(engine).get_columns("toy_lead")}
    assert toy.leads(engine, "second") == ["lead 1", "2"]


DROP = """
from core.schema.steps import step


@step(phase="contract")
def drop(ops):
    ops.drop_table("toy.lead")
    ops.drop_table("toy.lead")
"""


def test_a_table_is_dropped_once_its_rows_are_in_a_file(engine: Engine, write: Write, tmp_path: Path) -> None:
    toy.install(engine, toy.version_1(), rows=3)
    without = toy.Declared()
    with pytest.raises(UpgradeError, match="still declared"):
        contract(engine, toy.version_1(), [write(DROP)], kept=tmp_path / "kept")
    assert inspect(engine).has_table("toy_lead")
    upgrade(engine, without, [write(DROP)])
    assert inspect(engine).has_table("toy_lead")
    contract(engine, without, [write(DROP)], kept=tmp_path / "kept")
    assert not inspect(engine).has_table("toy_lead")
    (file,) = (tmp_path / "kept").glob("toy_lead-*.jsonl.gz")
    assert file.stat().st_mode & 0o077 == 0
    with gzip.open(file, "rt") as lines:
        assert [json.loads(line)["name"] for line in lines] == ["lead 1", "lead 2", "lead 3"]
    with engine.connect() as connection:
        assert ledger.read(connection).get("table", "toy_lead") is None


def test_a_new_database_needs_no_old_steps(engine: Engine, write: Write) -> None:
    upgrade(engine, version_2(), [write("raise_if_run = 1\n" + SPLIT)])
    assert set(step_states(engine).values()) == {"skipped"}
    assert toy.look(engine, version_2()).steps == ()


FAILURES = {
    "raises midway": "ops.execute(\"UPDATE toy_lead SET name = 'gone'\")\n"
                     "    ops.execute('CREATE TABLE extra (id INT)')\n    raise RuntimeError('half way')",
    "bad SQL": "ops.execute(\"UPDATE toy_lead SET name = 'gone'\")\n    ops.execute('SELECT nothing FROM nowhere')",
    "drops too early": "ops.execute('DELETE FROM toy_lead')\n    ops.drop_column('toy.lead', 'name')",
    "ends the transaction": "ops.execute('DELETE FROM toy_lead')\n    ops.execute('COMMIT')",
    "leaves links to nothing": "ops.execute('UPDATE toy_lead SET owner_id = 99')",
}


@pytest.mark.parametrize("failure", FAILURES)
def test_a_failed_step_leaves_the_old_state_whole(engine: Engine, write: Write, failure: str) -> None:
    toy.install(engine, toy.version_1(), rows=3)
    before = dump(engine)
    manifest = write("from core.schema.steps import step\n\n\n@step(phase='expand', rename=[('toy.lead', 'closing',"
                     f" 'closed_at')])\ndef fail(ops):\n    {FAILURES[failure]}\n")
    with pytest.raises(UpgradeError):
        upgrade(engine, version_2(), [manifest])
    assert dump(engine) == before
    assert upgrade(engine, toy.version_1(), []).left == [], "and the database can be worked with"
    assert not list(Path(str(engine.url.database)).parent.glob("*.before-upgrade"))


def test_a_failure_after_the_schema_changed_undoes_it(engine: Engine) -> None:
    toy.install(engine, toy.version_1(), rows=3)
    before = dump(engine)
    declared = toy.with_column(Column("score", Integer, nullable=False, default=1))

    def fail(connection: Any) -> None:
        assert connection.scalar(text("SELECT sum(score) FROM toy_lead")) == 3
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        upgrade(engine, declared, before_commit=fail)
    assert dump(engine) == before


@pytest.mark.parametrize("engine", ["sqlite", "product"], indirect=True)
def test_a_commit_behind_our_back_is_undone_from_the_copy(engine: Engine) -> None:
    toy.install(engine, toy.version_1(), rows=3)
    before = dump(engine)

    def commit_and_fail() -> None:
        with upgrading(engine) as connection:
            connection.execute(text("DELETE FROM toy_lead"))
            connection.connection.dbapi_connection.commit()  # type: ignore[union-attr]
            raise RuntimeError

    with pytest.raises(RuntimeError):
        commit_and_fail()
    assert dump(engine) == before


def test_data_steps_resume_where_they_stopped(engine: Engine, write: Write, tmp_path: Path) -> None:
    toy.install(engine, toy.version_1(), rows=5)
    flag = tmp_path / "fail"
    flag.touch()
    manifest = write(f'''
from pathlib import Path
from core.schema.steps import step


@step(phase="data", record="toy.lead", batch=2)
def add(ops, ids):
    for one in ids:
        ops.execute("UPDATE toy_lead SET count = coalesce(count, 0) + 1 WHERE id = :id", {{"id": one}})
    if 4 in ids and Path({str(flag)!r}).exists():
        raise RuntimeError("interrupted")
''')
    with pytest.raises(UpgradeError, match=r"s0001_split\.add"):
        upgrade(engine, toy.version_1(), [manifest])
    assert toy.leads(engine, "count") == [1, 1, None, None, None]
    assert step_states(engine) == {"s0001_split.add": "running"}
    flag.unlink()
    upgrade(engine, toy.version_1(), [manifest])
    assert toy.leads(engine, "count") == [1, 1, 1, 1, 1]
    upgrade(engine, toy.version_1(), [manifest])
    assert toy.leads(engine, "count") == [1, 1, 1, 1, 1]


def test_one_upgrade_at_a_time(engine: Engine) -> None:
    toy.install(engine, toy.version_1())
    inside, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with upgrading(engine):
            inside.set()
            leave.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert inside.wait(10)
        with pytest.raises(UpgradeError, match="Another upgrade"):
            upgrade(engine, toy.version_1(), wait=0.2)
        copy = Path(f"{engine.url.database}.before-upgrade")
        assert copy.exists() == (engine.dialect.name == "sqlite"), "the other one's copy is not ours to remove"
    finally:
        leave.set()
        holder.join()
    upgrade(engine, toy.version_1(), wait=0.2)


def test_an_older_program_refuses_a_newer_database(engine: Engine, write: Write) -> None:
    toy.install(engine, toy.version_1())
    with upgrading(engine) as connection:
        connection.execute(ledger.define(toy.version_1().metadata).addon.insert().values(
            name="toy", version="3.0", state="enabled"))
    with pytest.raises(UpgradeError, match=r"3\.0"):
        upgrade(engine, toy.version_1(), [write(SPLIT)])


def test_a_changed_file_of_a_finished_step_is_reported(engine: Engine, write: Write) -> None:
    toy.install(engine, toy.version_1(), rows=1)
    upgrade(engine, version_2(), [write(SPLIT)])
    manifest = write(SPLIT + "\n# touched\n")
    with engine.connect() as connection:
        planned = plan_upgrade(connection, version_2(), [manifest])
    assert planned.changed
    assert planned.empty


@pytest.mark.parametrize("engine", ["sqlite", "product"], indirect=True)
def test_settings_of_the_connection_come_back(engine: Engine) -> None:

    def pragma(name: str) -> int:
        with engine.connect() as connection:
            raw: sqlite3.Connection = connection.connection.dbapi_connection  # type: ignore[assignment]
            return int(raw.execute(f"PRAGMA {name}").fetchone()[0])

    before = [pragma(name) for name in ("foreign_keys", "busy_timeout", "legacy_alter_table")]
    toy.install(engine, toy.version_1(), rows=1)
    toy.change(engine, toy.with_column(Column("score", Integer, nullable=False, default=1)))
    assert [pragma(name) for name in ("foreign_keys", "busy_timeout", "legacy_alter_table")] == before


def test_wrong_steps_are_refused_with_the_file(write: Write) -> None:
    with pytest.raises(DefinitionError, match="expand, data, contract"):
        step(phase="sometime")  # type: ignore[arg-type]
    with pytest.raises(DefinitionError, match=r"s0009_broken\.py"):
        load_steps(write("1 / 0\n", file="s0009_broken.py"))


@pytest.mark.parametrize("engine", ["sqlite", "product"], indirect=True)
def test_without_a_copy_nothing_is_begun(engine: Engine) -> None:
    toy.install(engine, toy.version_1(), rows=1)
    before = dump(engine)
    blocked = Path(f"{engine.url.database}.before-upgrade")
    blocked.mkdir()
    with pytest.raises(UpgradeError, match="could not be copied"):
        upgrade(engine, toy.with_column(Column("score", Integer)))
    blocked.rmdir()
    assert dump(engine) == before
