"""DDL of our own attached to tables: triggers, full-text tables, extensions, indexes no comparison can read.

Declared in `table.info["ddl"] = {"sqlite": {name: sql}, "postgresql": {name: sql}}`; made when missing, made again when
the text changed, taken away when no longer declared. They hold derived data only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, Dialect, MetaData, text

from core.i18n.messages import _
from core.schema.ledger import Ledger, SchemaObject, digest
from core.schema.work import Step

_CREATE = re.compile(
    r"\s*CREATE\s+(?:OR\s+REPLACE\s+)?(?:UNIQUE\s+|VIRTUAL\s+|MATERIALIZED\s+|CONSTRAINT\s+)*"
    r"(TABLE|TRIGGER|INDEX|VIEW|EXTENSION|FUNCTION|COLLATION|TYPE)\s+(?:CONCURRENTLY\s+)?(?:IF\s+NOT\s+EXISTS\s+)?"
    r"\"?(\w+)\"?", re.IGNORECASE)
_CONTENT = re.compile(r"USING\s+fts5\s*\(.*content\s*=\s*'(\w+)'", re.IGNORECASE | re.DOTALL)
#: Kinds that tables and indexes may be built upon, hence made first and never dropped.
_FOUNDATIONS = ("EXTENSION", "FUNCTION", "COLLATION", "TYPE")


@dataclass(frozen=True)
class Declared:
    """One piece of DDL: what kind of object it makes, its name in the database, and for which table."""

    kind: str
    name: str
    table: str
    addon: str | None
    sql: str

    @property
    def foundation(self) -> bool:
        """Whether it comes before the tables."""
        return self.kind in _FOUNDATIONS

    @property
    def undo(self) -> str | None:
        """The statement that drops it; None for foundations, which others may use too."""
        if self.foundation:
            return None
        place = f" ON {self.table}" if self.kind == "TRIGGER" and "EXECUTE" in self.sql.upper() else ""
        return f"DROP {self.kind} IF EXISTS {self.name}{place}"

    @property
    def statements(self) -> tuple[str, ...]:
        """What makes it: the text itself and, for a full-text table over a table with rows, filling it."""
        content = _CONTENT.search(self.sql)
        filled = (f"INSERT INTO {self.name}({self.name}) VALUES ('rebuild')",) if content else ()
        return (self.sql, *filled)

    def record(self) -> SchemaObject:
        """How the ledger remembers it."""
        return SchemaObject("ddl", self.name, self.table, self.addon, digest(self.sql), self.undo)


def declared(metadata: MetaData, dialect: Dialect) -> Iterator[Declared]:
    """Every piece of DDL for this kind of database, each name once."""
    seen: set[str] = set()
    for table in metadata.tables.values():
        for label, sql in table.info.get("ddl", {}).get(dialect.name, {}).items():
            match = _CREATE.match(sql)
            kind, name = (match.group(1).upper(), match.group(2)) if match else ("OBJECT", label)
            if name not in seen:
                seen.add(name)
                yield Declared(kind, name, table.name, table.info.get("addon"), sql)


def present(connection: Connection) -> set[str]:
    """Names of all tables, indexes, views, triggers, functions and extensions of the database."""
    if connection.dialect.name == "sqlite":
        return set(connection.scalars(text("SELECT name FROM sqlite_master")))
    return set(connection.scalars(text(
        "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace"
        " UNION SELECT tgname FROM pg_trigger WHERE NOT tgisinternal UNION SELECT extname FROM pg_extension"
        " UNION SELECT proname FROM pg_proc WHERE pronamespace = current_schema()::regnamespace"
        " UNION SELECT collname FROM pg_collation WHERE collnamespace = current_schema()::regnamespace"
        " UNION SELECT typname FROM pg_type WHERE typnamespace = current_schema()::regnamespace")))


def object_steps(metadata: MetaData, dialect: Dialect, ledger: Ledger, names: set[str]) -> list[Step]:
    """Steps that bring the declared DDL about; `names` are those of the objects that exist."""
    steps = []
    for item in declared(metadata, dialect):
        known = ledger.get("ddl", item.name)
        exists = item.name in names
        if exists and known is not None and known.digest == digest(item.sql):
            continue
        undo = (item.undo,) if exists and item.undo else ()
        if exists and not undo and known is None:
            continue  # an extension that somebody made for us
        steps.append(Step("prepare" if item.foundation else "ddl", item.table, item.name,
                          _("Create {object} “{name}”", object=item.kind.lower(), name=item.name),
                          (*undo, *item.statements)))
    steps += [Step("drop_index", item.table, item.name, _("Remove “{name}”, which is no longer used", name=item.name),
                   (item.undo,)) for item in obsolete(metadata, dialect, ledger) if item.undo]
    return steps


def obsolete(metadata: MetaData, dialect: Dialect, ledger: Ledger) -> list[SchemaObject]:
    """Recorded pieces of DDL that nothing declares any more, those of a table that is not in use left alone."""
    wanted = {item.name for item in declared(metadata, dialect)}
    return [item for (kind, name), item in ledger.objects.items() if kind == "ddl" and name not in wanted
            and (item.table in metadata.tables or item.addon not in ledger.disabled)]
