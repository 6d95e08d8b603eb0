"""Indexes compared by name and by the digest of their definition.

What databases report of expression, partial and GIN indexes cannot be compared with a declaration, so the ledger
remembers from which text each index was made.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Dialect, Index, MetaData, Table, TextClause, and_, func, literal_column, select
from sqlalchemy.schema import CreateIndex, DropIndex
from sqlalchemy.sql.elements import ColumnElement

from core.i18n.messages import Message, _, n_
from core.schema.ledger import Ledger, SchemaObject, digest
from core.schema.work import Step

_POSTGRESQL_ONLY = ("gin", "gist", "brin", "spgist", "hash")


def applies(index: Index, dialect: Dialect) -> bool:
    """Whether the index is meant for this kind of database."""
    only = index.info.get("dialect")
    if only is None and index.dialect_options["postgresql"]["using"] in _POSTGRESQL_ONLY:
        only = "postgresql"
    return only is None or only == dialect.name


def index_digest(index: Index, dialect: Dialect) -> str:
    """Fingerprint of the statement that makes the index."""
    return digest(str(CreateIndex(index).compile(dialect=dialect)))


def declared(table: Table, dialect: Dialect) -> list[Index]:
    """The table's indexes for this kind of database, by name."""
    return sorted((index for index in table.indexes if applies(index, dialect)), key=lambda index: str(index.name))


def index_steps(connection: Connection, metadata: MetaData, ledger: Ledger, names: set[str], existing: set[str],
                waiting: set[tuple[str, str]]) -> list[Step]:
    """Indexes to add, to make again and to drop on existing tables.

    `existing` are the tables that exist, `waiting` the (table, column) pairs that do not exist yet.
    """
    dialect = connection.dialect
    steps: list[Step] = []
    wanted: set[str] = set()
    for table in metadata.tables.values():
        for index in declared(table, dialect):
            name = str(index.name)
            wanted.add(name)
            if table.name not in existing:
                continue
            known = ledger.get("index", name)
            if name not in names:
                steps.append(_create(connection, index, waiting))
            elif known is not None and known.digest != index_digest(index, dialect):
                steps.append(_drop(name, table.name, DropIndex(index)))
                steps.append(_create(connection, index, waiting))
    for (kind, name), item in ledger.objects.items():
        if kind == "index" and name not in wanted and name in names and item.addon not in ledger.disabled:
            quoted = dialect.identifier_preparer.quote(name)
            steps.append(_drop(name, item.table, f"DROP INDEX {quoted}"))
    return steps


def records(metadata: MetaData, dialect: Dialect, names: set[str]) -> list[SchemaObject]:
    """The declared indexes that exist, as the ledger remembers them."""
    return [SchemaObject("index", str(index.name), table.name, _addon(index), index_digest(index, dialect))
            for table in metadata.tables.values() for index in declared(table, dialect) if str(index.name) in names]


def _addon(index: Index) -> str | None:
    table = index.table
    owners = [column.info.get("addon") for column in index.columns]
    extending = [owner for owner in owners if owner and table is not None and owner != table.info.get("addon")]
    return extending[0] if extending else (table.info.get("addon") if table is not None else None)


def _drop(name: str, table: str, work: DropIndex | str) -> Step:
    return Step("drop_index", table, name, _("Drop index {name} of {table}", name=name, table=table), (work,))


def _create(connection: Connection, index: Index, waiting: set[tuple[str, str]]) -> Step:
    assert index.table is not None
    table = index.table.name
    blocked = None
    if index.unique and not any((table, column.name) in waiting for column in index.columns):
        blocked = repeated(connection, index.table, [_readable(one) for one in index.expressions],
                           index.dialect_options[connection.dialect.name].get("where"))
    detail = _("Add index {name} to {table}", name=str(index.name), table=table)
    return Step("add_index", table, str(index.name), detail, (CreateIndex(index),), blocked=blocked)


def _readable(expression: Any) -> ColumnElement[Any]:
    return literal_column(expression.text) if isinstance(expression, TextClause) else expression


def repeated(connection: Connection, table: Table, values: list[ColumnElement[Any]],
             where: ColumnElement[bool] | None = None) -> Message | None:
    """Why a unique index cannot be made: how many values occur more than once; None when it can."""
    query = select(func.count().label("times")).select_from(table)
    query = query.where(and_(*(value.is_not(None) for value in values)))
    if where is not None:
        query = query.where(where)
    groups = query.group_by(*values).having(func.count() > 1).subquery()
    count = connection.scalar(select(func.count()).select_from(groups)) or 0
    if not count:
        return None
    return n_("{count} value occurs more than once", "{count} values occur more than once", count)
