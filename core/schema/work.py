"""The steps a plan is made of, and how one of them is run or written out as SQL."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Dialect, Table, text

from core.i18n.messages import Message
from core.lazy import Later

if TYPE_CHECKING:
    from alembic.operations import Operations

migration, operations_api = Later("alembic.migration"), Later("alembic.operations")

#: One thing to run: a statement of ours, a piece of SQLAlchemy DDL, or an operation of Alembic.
Work = Any
"""A statement, a DDL element or an alembic operation."""

#: Kinds of steps in the order in which they are run.
ORDER = ("prepare", "rename", "create_table", "add_column", "fill", "widen", "narrow", "retype", "relax",
         "drop_constraint", "drop_index", "require", "add_constraint", "add_index", "drop_column", "drop_table", "ddl")


@dataclass(frozen=True)
class Step:
    """One change of the schema.

    `name` is the column, index, constraint or object concerned. `rebuild` says that SQLite has to copy the table for
    it. `destructive` steps are only run on explicit request; `blocked`, when not None, says why a step cannot be run.
    """

    kind: str
    table: str
    name: str
    detail: Message
    work: tuple[Work, ...] = ()
    rebuild: bool = False
    destructive: bool = False
    blocked: Message | None = None


@dataclass(frozen=True)
class Rebuild:
    """SQLite's way to change what ALTER TABLE cannot: copy the rows into a table of the new shape."""

    table: Table
    saved: tuple[str, ...] = ()


def run(operations: Operations, item: Work) -> None:
    """Run one thing through Alembic, which executes it or, offline, writes it down."""
    if isinstance(item, operations_api.MigrateOperation):
        operations.invoke(item)
    elif isinstance(item, str):
        operations.execute(text(item.replace(":", "\\:")))
    else:
        operations.execute(item)


def online(connection: Connection) -> Operations:
    """Alembic operations that change the database of this connection, in its present transaction."""
    context = migration.MigrationContext.configure(connection, opts={"transactional_ddl": True})
    made: Operations = operations_api.Operations(context)
    return made


def offline(dialect: Dialect) -> tuple[Operations, io.StringIO]:
    """Alembic operations that write SQL into a buffer."""
    buffer = io.StringIO()
    context = migration.MigrationContext.configure(dialect=dialect, opts={"as_sql": True, "output_buffer": buffer})
    return operations_api.Operations(context), buffer


def rebuild(operations: Operations, job: Rebuild) -> None:
    """Copy the table into its new shape, then restore the indexes and triggers that went with the old one."""
    # References from other tables stay as they are written while the table is away for a moment.
    operations.execute(text("PRAGMA legacy_alter_table=ON"))
    with operations.batch_alter_table(job.table.name, copy_from=job.table, recreate="always",
                                      table_kwargs=_table_options(job.table)):
        pass
    operations.execute(text("PRAGMA legacy_alter_table=OFF"))
    for statement in job.saved:
        run(operations, statement)


def _table_options(table: Table) -> dict[str, object]:
    options = table.dialect_options["sqlite"]
    return {f"sqlite_{key}": options[key] for key in ("autoincrement", "with_rowid", "strict") if key in options}
