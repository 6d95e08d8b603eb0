"""PostgreSQL: columns and indexes of large tables are made before the change, where nobody sees or waits for them.

Inside the transaction of the change an index would keep writers waiting until it is built. So the column is added first
(nobody knows of it yet, and a column without a value rewrites nothing), then its index CONCURRENTLY; the transaction
finds both there. When the change fails after all, both are taken away again.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Connection, Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateIndex

from core.errors import UpgradeError
from core.i18n.messages import _
from core.schema.work import Step, Work, online, run

if TYPE_CHECKING:
    from core.customise.plan import Candidate
    from core.installation import Installation

LARGE = 20_000
"""Rows from which on a table's indexes are built beside the work of others."""
TRIES = 8
_LOCKED = ("55P03", "40P01")
"""What PostgreSQL calls a lock that was not to be had in time, and two that wait for each other."""


@dataclass
class Prepared:
    """What was made beforehand: columns by (table, name), and indexes."""

    columns: list[tuple[str, str]] = field(default_factory=list)
    indexes: list[str] = field(default_factory=list)

    def undo(self, installation: Installation) -> None:
        """Take it away again."""
        if not self.columns and not self.indexes:
            return
        with _alone(installation.engine) as connection:
            quote = connection.dialect.identifier_preparer.quote
            for name in self.indexes:
                connection.execute(text(f"DROP INDEX CONCURRENTLY IF EXISTS {quote(name)}"))
            for table, name in self.columns:
                connection.execute(text(f"ALTER TABLE {quote(table)} DROP COLUMN IF EXISTS {quote(name)}"))


def is_locked(error: BaseException) -> bool:
    """Whether somebody else held what was wanted."""
    cause = error if isinstance(error, DBAPIError) else error.__cause__
    return isinstance(cause, DBAPIError) and getattr(cause.orig, "sqlstate", "") in _LOCKED


def prepare(installation: Installation, candidate: Candidate) -> Prepared:
    """Make what the plan's large tables need; nothing on SQLite, where all that is a matter of milliseconds."""
    made = Prepared()
    if installation.engine.dialect.name != "postgresql" or candidate.schema is None:
        return made
    steps = candidate.schema.safe
    new = {s.table for s in steps if s.kind == "create_table"}
    wanted = {s.table for s in steps if s.kind == "add_index"}
    with _alone(installation.engine) as connection:
        large = {table for table in wanted if _rows(connection, table) >= LARGE}
        try:
            for step in steps:
                if step.table in large and step.kind == "add_column":
                    column = candidate.schema.metadata.tables[step.table].c[step.name]
                    _patiently(connection, _unlinked(connection, column, new) or step.work)
                    made.columns.append((step.table, step.name))
            for step in steps:
                if step.table in large and step.kind == "add_index":
                    made.indexes.append(step.name)
                    _index(connection, step)
        except BaseException as error:
            made.undo(installation)
            if isinstance(error, DBAPIError):
                raise UpgradeError(_("The change could not be prepared, and nothing was changed: {reason}"),
                                   reason=str(error.orig).splitlines()[0]) from error
            raise
    return made


def _alone(engine: Engine) -> Connection:
    """A connection without transactions; every statement stands by itself. It is thrown away with its settings."""
    connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    connection.execute(text("SET statement_timeout = 0"))
    connection.execute(text("SET lock_timeout = '2s'"))
    connection.detach()
    return connection


def _rows(connection: Connection, table: str) -> int:
    found = text("SELECT greatest(reltuples, 0) + 0 FROM pg_class WHERE oid = to_regclass(:name)")
    guess = int(connection.scalar(found, {"name": table}) or 0)
    if guess:
        return guess
    quoted = connection.dialect.identifier_preparer.quote(table)
    return int(connection.scalar(text(f"SELECT count(*) FROM (SELECT 1 FROM {quoted} LIMIT {LARGE}) AS few")) or 0)


def _unlinked(connection: Connection, column: Column[Any], new: set[str]) -> tuple[Work, ...]:
    """What adds a column without its link when that leads to a table which only the change itself makes; nothing otherwise."""
    if not any(key.target_fullname.rpartition(".")[0] in new for key in column.foreign_keys):
        return ()
    quote = connection.dialect.identifier_preparer.quote
    return (f"ALTER TABLE {quote(column.table.name)} ADD COLUMN {quote(column.name)} {column.type.compile(connection.dialect)}",)


def _patiently(connection: Connection, work: Sequence[Work]) -> None:
    for turn in range(TRIES):
        try:
            operations = online(connection)
            for item in work:
                run(operations, item)
            return
        except DBAPIError as error:
            if turn + 1 == TRIES or not is_locked(error):
                raise
            time.sleep(0.2 * (turn + 1))


def _index(connection: Connection, step: Step) -> None:
    """Build an index beside the work of others; it waits for their transactions, though not for ever."""
    connection.execute(text("SET lock_timeout = '60s'"))
    for item in step.work:
        assert isinstance(item, CreateIndex)
        statement = str(item.compile(dialect=connection.dialect))
        head, index, rest = statement.partition("INDEX ")
        connection.execute(text(f"{head}{index}CONCURRENTLY {rest}".replace(":", "\\:")))
