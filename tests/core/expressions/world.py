"""A small world for the language's tests: two tables, a resolver over them, and the same rows as Python values."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from core.expressions.parse import parse
from core.expressions.sqlite import register_sqlite_functions
from core.expressions.to_python import record_getter, to_python
from core.expressions.to_sql import SubScope, to_sql
from core.expressions.types import Context, FieldInfo
from core.records.types import Fixed, JsonType, Moment, Span

POSTGRESQL = "postgresql+psycopg://postgres@127.0.0.1:5432/"

FIELDS: dict[str, dict[str, FieldInfo]] = {
    "deal": {
        "id": FieldInfo("integer", "deal"), "name": FieldInfo("text"), "nick": FieldInfo("text"),
        "status": FieldInfo("choice", options=("new", "won", "lost")),
        "channels": FieldInfo("multichoice", options=("sms", "mail")),
        "number": FieldInfo("integer"), "other": FieldInfo("integer"), "amount": FieldInfo("money"),
        "rate": FieldInfo("decimal"), "hot": FieldInfo("flag"), "cold": FieldInfo("flag"),
        "due": FieldInfo("date"), "born": FieldInfo("date"), "made": FieldInfo("datetime"),
        "seen": FieldInfo("datetime"), "took": FieldInfo("duration"),
        "owner": FieldInfo("link", "base.user"), "parent": FieldInfo("link", "deal"),
        "team": FieldInfo("link", "base.team"), "company": FieldInfo("link", "base.company"),
        "lines": FieldInfo("children", "line"), "teams": FieldInfo("many", "base.team"), "extra": FieldInfo("data"),
    },
    "base.team": {"id": FieldInfo("integer", "base.team"), "size": FieldInfo("integer")},
    "line": {"price": FieldInfo("money"), "quantity": FieldInfo("decimal"), "title": FieldInfo("text"),
             "deal": FieldInfo("link", "deal")},
}

metadata = sa.MetaData()
deals = sa.Table(
    "deal", metadata, sa.Column("id", sa.BigInteger, primary_key=True),
    *(sa.Column(name, sa.String) for name in ("name", "nick", "status")), sa.Column("channels", JsonType),
    sa.Column("number", sa.Integer), sa.Column("other", sa.BigInteger), sa.Column("amount", Fixed(4)),
    sa.Column("rate", Fixed(6)), sa.Column("hot", sa.Boolean), sa.Column("cold", sa.Boolean),
    sa.Column("due", sa.Date), sa.Column("born", sa.Date), sa.Column("made", Moment), sa.Column("seen", Moment),
    sa.Column("took", Span), sa.Column("owner_id", sa.BigInteger), sa.Column("parent_id", sa.BigInteger),
    sa.Column("team_id", sa.BigInteger), sa.Column("company_id", sa.BigInteger),
    sa.Column("extra", JsonType))
lines = sa.Table(
    "line", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("deal_id", sa.BigInteger),
    sa.Column("price", Fixed(4)), sa.Column("quantity", Fixed(6)), sa.Column("title", sa.String))
teams = sa.Table(
    "team", metadata, sa.Column("key", sa.Integer, primary_key=True), sa.Column("deal_id", sa.BigInteger),
    sa.Column("id", sa.BigInteger), sa.Column("size", sa.BigInteger))
"""Teams of deals, once for each deal that has them."""


def schema(record: str, name: str) -> FieldInfo | None:
    """The world's Schema."""
    return FIELDS[record].get(name)


class TableResolver:
    """Columns of a table, links to the parent deal through a join, lines through a sub-select."""

    def __init__(self, record: str, table: sa.FromClause) -> None:
        self.record, self.table, self.from_ = record, table, table
        self._parents: dict[tuple[str, ...], sa.FromClause] = {(): table}

    def info(self, path: tuple[str, ...]) -> FieldInfo | None:
        record: str | None = self.record
        info = None
        for name in path:
            info = FIELDS[record].get(name) if record else None
            record = info.target if info and info.target in FIELDS else None
        return info

    def _table(self, path: tuple[str, ...]) -> sa.FromClause:
        if path not in self._parents:
            before = self._table(path[:-1])
            joined = self._parents[path] = deals.alias()
            self.from_ = self.from_.outerjoin(joined, before.c[f"{path[-1]}_id"] == joined.c.id)
        return self._parents[path]

    def column(self, path: tuple[str, ...]) -> ColumnElement[Any]:
        info = self.info(path)
        assert info is not None
        return self._table(path[:-1]).c[f"{path[-1]}_id" if info.type == "link" else path[-1]]

    def subquery(self, path: tuple[str, ...]) -> SubScope:
        inner = TableResolver("base.team", teams.alias()) if path[-1] == "teams" else TableResolver("line", lines.alias())
        return SubScope(inner, lambda: inner.from_, inner.table.c.deal_id == self._table(path[:-1]).c.id)


@contextmanager
def database(url: str) -> Iterator[sa.Engine]:
    """An engine on a fresh database with the world's tables."""
    if url == "sqlite":
        engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
        sa.event.listen(engine, "connect", lambda connection, _record: register_sqlite_functions(connection))
        metadata.create_all(engine)
        yield engine
        engine.dispose()
        return
    name = f"expressions_{uuid.uuid4().hex[:12]}"
    server = sa.create_engine(POSTGRESQL + "postgres", isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine = sa.create_engine(POSTGRESQL + name)
    try:
        metadata.create_all(engine)
        yield engine
    finally:
        engine.dispose()
        with server.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        server.dispose()


def row(**values: Any) -> dict[str, Any]:
    """A deal with all fields; those not given are empty. `lines` and `teams` are lists of their values."""
    found = dict.fromkeys(FIELDS["deal"]) | {"id": 1, "lines": [], "teams": []} | values
    found["lines"] = [dict.fromkeys(FIELDS["line"]) | line | {"deal": found} for line in found["lines"]]
    return found


def store(connection: sa.Connection, row: dict[str, Any]) -> None:
    """Write a row (and the deals and lines it leads to) to the database, in place of what is there."""
    for table in (lines, teams, deals):
        connection.execute(table.delete())
    found: dict[str, Any] | None = row
    while found is not None:
        parent = found["parent"]
        values = {f"{name}_id" if FIELDS["deal"][name].type == "link" else name: value
                  for name, value in found.items() if name not in ("lines", "teams")}
        connection.execute(deals.insert(), [values | {"parent_id": parent and parent["id"]}])
        for line in found["lines"]:
            connection.execute(lines.insert(), [{**{k: v for k, v in line.items() if k != "deal"},
                                                 "deal_id": found["id"]}])
        for team in found["teams"]:
            connection.execute(teams.insert(), [team | {"deal_id": found["id"]}])
        found = parent


def in_python(text: Any, values: dict[str, Any], context: Context | None = None) -> Any:
    """The Python form's answer."""
    node = parse(text) if isinstance(text, str) else text
    return to_python(node)(record_getter(values), context or Context())


def in_sql(connection: sa.Connection, text: Any, values: dict[str, Any], context: Context | None = None) -> Any:
    """The database's answer for the row stored in it."""
    node = parse(text) if isinstance(text, str) else text
    resolver = TableResolver("deal", deals)
    found = to_sql(node, resolver, context or Context())
    return connection.execute(
        sa.select(found).select_from(resolver.from_).where(deals.c.id == values["id"])).scalar_one()


UTC = dt.UTC
