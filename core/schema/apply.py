"""Carrying out a plan inside the caller's transaction, and noting in the ledger what then exists."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, MetaData, Table, inspect, text
from sqlalchemy.exc import DBAPIError

from core.errors import UpgradeError
from core.i18n.messages import Message, _
from core.schema import indexes, objects
from core.schema import ledger as ledgers
from core.schema.ledger import SchemaObject
from core.schema.plan import Choice, Plan
from core.schema.work import Rebuild, Step, online, rebuild, run

#: Called with the number of steps done, their total, and what is being done.
Progress = Callable[[int, int, Message], None]

#: Marks a connection whose changes may have broken links, so that they are checked before the commit.
CHECK_LINKS = "sarnakh_check_links"


def apply(connection: Connection, plan: Plan, allow_destructive: Choice = False,
          progress: Progress | None = None) -> list[Step]:
    """Run the safe steps of a plan (and the destructive ones when allowed) and record the result.

    Returns the steps that were run. Raises UpgradeError naming the step that failed; the caller's transaction (see
    :func:`core.schema.lock.upgrading`) then restores the old state.
    """
    operations = online(connection)
    steps = plan.chosen(allow_destructive)
    rebuilt: set[str] = set()
    for number, step in enumerate(steps):
        if progress is not None:
            progress(number, len(steps), step.detail)
        try:
            if not (step.rebuild and connection.dialect.name == "sqlite"):
                for item in step.work:
                    run(operations, item)
            elif step.table not in rebuilt:
                rebuilt.add(step.table)
                connection.info[CHECK_LINKS] = True
                final = plan.final_table(step.table, steps)
                rebuild(operations, Rebuild(final, _saved(connection, final)))
        except DBAPIError as error:
            raise UpgradeError(_("This step of the upgrade failed: {step} ({reason})"), step=step.detail.english(),
                               reason=str(error.orig)) from error
    ledgers.ensure(connection)
    _record(connection, plan, steps)
    return list(steps)


def extras(connection: Connection, metadata: MetaData) -> list[Step]:
    """Make only the DDL attached to tables (triggers, full-text tables, extensions) what it is declared to be."""
    ledger = ledgers.read(connection)
    steps = objects.object_steps(metadata, connection.dialect, ledger, objects.present(connection))
    return apply(connection, Plan(tuple(steps), metadata, connection.dialect, ledger))


def _saved(connection: Connection, final: Table) -> tuple[str, ...]:
    """Indexes and triggers that SQLite drops together with the table, except those of columns that go away."""
    rows = connection.execute(text(
        "SELECT type, name, sql FROM sqlite_master"
        " WHERE tbl_name = :name AND type IN ('index', 'trigger') AND sql IS NOT NULL"), {"name": final.name}).all()
    columns = set(final.c.keys()) | {None}
    kept = []
    for row in rows:
        used = text("SELECT name FROM pragma_index_info(:name)")
        if row.type == "trigger" or set(connection.scalars(used, {"name": row.name})) <= columns:
            kept.append(row.sql)
    return tuple(kept)


def _record(connection: Connection, plan: Plan, steps: tuple[Step, ...]) -> None:
    dialect = connection.dialect
    wanted: list[SchemaObject] = []
    names = objects.present(connection)
    for table in [one for one in plan.metadata.tables.values() if one.name in names]:
        owner = table.info.get("addon")
        wanted.append(SchemaObject("table", table.name, table.name, owner))
        wanted += [SchemaObject("column", f"{table.name}.{column.name}", table.name, column.info.get("addon", owner))
                   for column in table.c]
    wanted += indexes.records(plan.metadata, dialect, names)
    wanted += [item.record() for item in objects.declared(plan.metadata, dialect) if item.name in names]
    ledgers.record(connection, wanted, _gone(connection, plan, steps))


def _gone(connection: Connection, plan: Plan, steps: tuple[Step, ...]) -> list[SchemaObject]:
    """What the ledger should forget: whatever is not there any more."""
    dialect = connection.dialect
    dropped = {f"{step.table}.{step.name}" for step in steps if step.kind == "drop_column"}
    there = {f"{table}.{facts['name']}" for table, extra in plan.extra.items() for facts in extra} - dropped
    there |= {f"{table.name}.{column.name}" for table in plan.metadata.tables.values() for column in table.c}
    tables = set(inspect(connection).get_table_names())
    indexed = objects.present(connection)
    gone = objects.obsolete(plan.metadata, dialect, plan.ledger)
    for (kind, name), item in plan.ledger.objects.items():
        lost = item.table not in tables
        if kind == "column" and plan.only is not None and item.table not in plan.only and item.table in tables:
            continue
        if kind == "column" and item.table in plan.metadata.tables:
            lost = lost or name not in there
        elif kind == "index":
            lost = lost or name not in indexed
        if lost:
            gone.append(item)
    return gone
