"""Putting complete rows into their table the quickest way the database has.

SQLAlchemy binds every value of every row by itself, which costs more than the database's own work. Here a whole column
goes through its type at once, a column that is empty throughout is left out, SQLite gets plain tuples and PostgreSQL
takes them by COPY. Constraints, triggers and the transaction are those of an INSERT, and so are the errors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Column, Connection, Table, insert
from sqlalchemy.exc import DBAPIError

FEW = 20
"""Up to so many rows SQLAlchemy's own statement, which it has compiled already, is as quick."""


def insert_rows(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows that all have the same keys; keys that are no column of the table are left aside."""
    columns = [column for column in table.c if column.name in rows[0]]
    if len(rows) <= FEW:
        connection.execute(insert(table), [{column.name: row[column.name] for column in columns} for row in rows])
        return
    names: list[str] = []
    values: list[Sequence[Any]] = []
    chosen = itemgetter(*(column.name for column in columns))
    for column, found in zip(columns, zip(*map(chosen, rows), strict=True), strict=True):
        bound = _bound(connection, column, found)
        if bound is not None:
            names.append(column.name)
            values.append(bound)
    write = _copy if connection.dialect.name == "postgresql" else _execute
    write(connection, table, names, zip(*values, strict=True))


def _bound(connection: Connection, column: Column[Any], values: Sequence[Any]) -> Sequence[Any] | None:
    """A column's values as the driver takes them; None when all are empty and the database would put nothing else."""
    if column.server_default is None and values.count(None) == len(values):
        return None
    process = column.type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
    return values if process is None else _processed(process, values)


def _processed(process: Callable[[Any], Any], values: Sequence[Any]) -> list[Any]:
    """Each value through its type; one that follows itself, as the moment of creation does, goes through once."""
    found: list[Any] = []
    before: Any = None
    made = process(None)
    for value in values:
        if value is not before:
            before, made = value, process(value)
        found.append(made)
    return found


def _execute(connection: Connection, table: Table, names: list[str], rows: Iterable[tuple[Any, ...]]) -> None:
    statement = str(insert(table).compile(dialect=connection.dialect, column_keys=names))
    connection.exec_driver_sql(statement, list(rows))


def _copy(connection: Connection, table: Table, names: list[str], rows: Iterable[tuple[Any, ...]]) -> None:
    quote = connection.dialect.identifier_preparer
    statement = f"COPY {quote.format_table(table)} ({', '.join(map(quote.quote, names))}) FROM STDIN"
    driver: Any = connection.connection.driver_connection
    refusal = connection.dialect.loaded_dbapi.Error
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except refusal as error:
        if lost := connection.dialect.is_disconnect(error, driver, None):
            connection.invalidate(error)
        raise DBAPIError.instance(statement, None, error, refusal, connection_invalidated=lost,
                                  dialect=connection.dialect) from error
