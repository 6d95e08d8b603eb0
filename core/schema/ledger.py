"""What the database knows about itself: its addons, the objects each of them owns, and the migration steps done."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    delete,
    insert,
    inspect,
    select,
    update,
)

from core.records.types import JsonType, Moment

#: State of an addon whose code is loaded; every other state means its objects are kept but not used.
ENABLED = "enabled"
#: Who owns the columns and tables of an installation's own fields and record types.
OWN = "x"
SKIPPED, RUNNING, DONE = "skipped", "running", "done"


@dataclass(frozen=True)
class LedgerTables:
    """The four tables made by :func:`define`."""

    addon: Table
    migration: Table
    schema_object: Table
    version: Table


def define(metadata: MetaData) -> LedgerTables:
    """Declare the ledger's tables in `metadata`; declared before, they are returned as they are."""
    if "sys_addon" in metadata.tables:
        names = ("sys_addon", "sys_migration", "sys_schema_object", "sys_version")
        return LedgerTables(*(metadata.tables[name] for name in names))
    addon = Table(
        "sys_addon", metadata, Column("name", String(100), nullable=False), Column("version", String(40)),
        Column("state", String(20), nullable=False), Column("enabled_at", Moment), Column("error", Text),
        Column("manifest", JsonType), PrimaryKeyConstraint("name", name="pk_sys_addon"))
    migration = Table(
        "sys_migration", metadata, Column("addon", String(100), nullable=False),
        Column("step", String(200), nullable=False), Column("checksum", String(64), nullable=False),
        Column("state", String(20), nullable=False), Column("cursor", JsonType), Column("started_at", Moment),
        Column("finished_at", Moment), PrimaryKeyConstraint("addon", "step", name="pk_sys_migration"))
    schema_object = Table(
        "sys_schema_object", metadata, Column("kind", String(20), nullable=False),
        Column("name", String(200), nullable=False), Column("table", String(100), nullable=False),
        Column("addon", String(100)), Column("digest", String(64)), Column("undo", Text),
        PrimaryKeyConstraint("kind", "name", name="pk_sys_schema_object"))
    version = Table(
        "sys_version", metadata, Column("id", Integer, nullable=False, autoincrement=False),
        Column("registry", Integer, nullable=False), Column("fingerprint", String(64)),
        PrimaryKeyConstraint("id", name="pk_sys_version"))
    return LedgerTables(addon, migration, schema_object, version)


def ensure(connection: Connection) -> None:
    """Make the ledger's tables where they are missing."""
    metadata = MetaData()
    define(metadata)
    metadata.create_all(connection)


def digest(text: str) -> str:
    """The fingerprint by which a changed definition is noticed."""
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class SchemaObject:
    """Something in the database that we made: a table, "table.column", an index or a piece of DDL.

    `undo` is the statement that takes a piece of DDL away again.
    """

    kind: str
    name: str
    table: str
    addon: str | None = None
    digest: str | None = None
    undo: str | None = None


@dataclass
class Ledger:
    """The ledger as read at one moment; empty for a new database."""

    objects: dict[tuple[str, str], SchemaObject] = field(default_factory=dict)
    disabled: frozenset[str] = frozenset()
    forgetting: str = ""

    def get(self, kind: str, name: str) -> SchemaObject | None:
        """The recorded object, if there is one."""
        return self.objects.get((kind, name))

    def kept(self, kind: str, name: str) -> bool:
        """Whether this belongs to an addon that is switched off, or to an own field that is, so that finding it is no drift."""
        known = self.get(kind, name)
        return known is not None and (known.addon in self.disabled or known.addon == OWN != self.forgetting)


def read(connection: Connection, disabled: Iterable[str] = ()) -> Ledger:
    """Read what is recorded; addons not enabled according to `sys_addon`, and those in `disabled`, count as off."""
    present = set(inspect(connection).get_table_names())
    tables = define(MetaData())
    ledger = Ledger(disabled=frozenset(disabled))
    if "sys_addon" in present:
        off = select(tables.addon.c.name).where(tables.addon.c.state != ENABLED)
        ledger.disabled |= frozenset(connection.scalars(off))
    if "sys_schema_object" in present:
        columns = tables.schema_object.c
        rows = connection.execute(select(columns.kind, columns.name, columns.table, columns.addon, columns.digest,
                                         columns.undo))
        ledger.objects = {(row.kind, row.name): SchemaObject(*row) for row in rows}
    return ledger


def record(connection: Connection, wanted: Iterable[SchemaObject], gone: Iterable[SchemaObject] = ()) -> None:
    """Remember objects that now exist (new or changed) and forget those that do not."""
    table = define(MetaData()).schema_object
    known = read(connection).objects
    fresh = []
    for item in wanted:
        old = known.get((item.kind, item.name))
        if old is None:
            fresh.append(vars(item))
        elif old != item:
            connection.execute(update(table).where(table.c.kind == item.kind, table.c.name == item.name)
                               .values(**vars(item)))
    if fresh:
        connection.execute(insert(table), fresh)
    for item in gone:
        connection.execute(delete(table).where(table.c.kind == item.kind, table.c.name == item.name))


def fingerprint(connection: Connection) -> str | None:
    """The fingerprint given to the last `apply`, by which a start can skip comparing; None when there is none."""
    if not inspect(connection).has_table("sys_version"):
        return None
    version = define(MetaData()).version
    return connection.scalar(select(version.c.fingerprint).where(version.c.id == 1))


def registry_version(connection: Connection) -> int:
    """The number that other processes watch to learn that addons or definitions changed."""
    version = define(MetaData()).version
    return connection.scalar(select(version.c.registry).where(version.c.id == 1)) or 0


def bump(connection: Connection, fingerprint: str | None = None) -> int:
    """Raise the registry's version by one, noting the schema's fingerprint; returns the new number."""
    version = define(MetaData()).version
    number = registry_version(connection) + 1
    changed = connection.execute(update(version).where(version.c.id == 1)
                                 .values(registry=number, fingerprint=fingerprint))
    if not changed.rowcount:
        connection.execute(insert(version).values(id=1, registry=number, fingerprint=fingerprint))
    return number


def now() -> dt.datetime:
    """The present moment, aware, as the ledger stores it."""
    return dt.datetime.now(dt.UTC)
