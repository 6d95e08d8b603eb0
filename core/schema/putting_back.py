"""Rows that were kept in a file when they were dropped, put back where they stood.

What meanwhile has another value stays, what they point at and is gone stays away.
"""

from __future__ import annotations

import datetime as dt
import gzip
import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, Table, bindparam, func, insert, inspect, select, text, update
from sqlalchemy.types import Date, DateTime

CHUNK = 500


def put_all_back(connection: Connection, files: Sequence[Path]) -> None:
    """Put back what several files hold; links among them are set once everything is there."""
    for file in sorted(files, key=lambda file: (len(table_of(file)), file.name)):
        put_back(connection, file)
    for file in files:
        _links(connection, file)


def table_of(file: Path) -> str:
    """The table whose rows are in a file of `keep_rows`."""
    return file.name.partition(".")[0].partition("-")[0]


def put_back(connection: Connection, file: Path) -> int:
    """Give a table the rows (or its rows the values) that `keep_rows` wrote; returns how many came back."""
    table = table_of(file)
    found = Table(table, MetaData(), autoload_with=connection)
    whole, done = None, 0
    for rows in _chunks(file):
        known = [{name: _value(found, name, value) for name, value in row.items() if name in found.c} for row in rows]
        if whole is None:
            needed = {c.name for c in found.c if not c.nullable and c.server_default is None}
            whole = needed <= set(known[0])
        known = _pointing(connection, found, known)
        done += len(known)
        if known and whole:
            connection.execute(insert(found), known)
        elif known:
            _values(connection, found, known)
    if whole and done:
        _afterwards(connection, found)
    return done


def _links(connection: Connection, file: Path) -> None:
    """Set the links that led to rows which came back later."""
    found = Table(table_of(file), MetaData(), autoload_with=connection)
    names = {key.parent.name for key in found.foreign_keys if key.parent.nullable}
    for rows in _chunks(file) if names and "id" in found.c else ():
        some = [{name: row[name] for name in row if name in names or name == "id"} for row in rows]
        _values(connection, found, _pointing(connection, found, some))


def _chunks(file: Path) -> Iterator[list[dict[str, Any]]]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        while some := [json.loads(line) for line in islice(lines, CHUNK)]:
            yield some


def _value(table: Table, name: str, value: Any) -> Any:
    kind = table.c[name].type
    if isinstance(value, str) and isinstance(kind, DateTime):
        return dt.datetime.fromisoformat(value)
    return dt.date.fromisoformat(value) if isinstance(value, str) and isinstance(kind, Date) else value


def _pointing(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows without links to what is gone; without those that are nothing but such a link."""
    for key in table.foreign_keys:
        name = key.parent.name
        wanted = {row[name] for row in rows if row.get(name) is not None}
        if not wanted:
            continue
        there = set(connection.scalars(select(key.column).where(key.column.in_(wanted))))
        if key.parent.nullable:
            rows = [row if row.get(name) is None or row[name] in there else {**row, name: None} for row in rows]
        else:
            rows = [row for row in rows if row.get(name) in there]
    return rows


def _values(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    for name in rows[0]:
        if name != "id":
            connection.execute(update(table).where(table.c.id == bindparam("b_id"), table.c[name].is_(None)).values(
                {name: bindparam("b_value", type_=table.c[name].type)}), [{"b_id": row["id"], "b_value": row[name]} for row in rows])


def _afterwards(connection: Connection, table: Table) -> None:
    """The search index and the series of numbers of a table that came back."""
    if connection.dialect.name == "sqlite":
        if inspect(connection).has_table(f"{table.name}_fts"):
            connection.execute(text(f"INSERT INTO {table.name}_fts({table.name}_fts) VALUES ('rebuild')"))
    elif "id" in table.c:
        go_on(connection, table.name, connection.scalar(select(func.max(table.c.id))) or 0)


def go_on(connection: Connection, table: str, last: int) -> None:
    """PostgreSQL: let a table's numbers go on after one."""
    if last:
        series = "pg_get_serial_sequence(:name, 'id')"
        connection.execute(text(f"SELECT setval({series}, greatest(:last, nextval({series})))"), {"name": table, "last": last})
