"""Tables of record types: one table each, a link table per many-to-many field, named constraints, search indexes.

Uniqueness holds among live records only (a partial index), so a deleted record never blocks a new one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    ForeignKeyConstraint,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)
from sqlalchemy.sql import quoted_name

from core.expressions import in_order
from core.records.fields import AnyLinkField, ChildrenField, Field, LinkField, ManyField, TextField
from core.records.name_fields import NameField
from core.records.types import BigId
from core.registry.compose import RecordType
from core.registry.own import OWN
from core.registry.own.fields import filled_with


def short(name: str) -> str:
    """A database name of at most 60 characters, stable for the same long name."""
    return name if len(name) <= 60 else name[:51] + "_" + hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest()[:8]


def build_tables(types: dict[str, RecordType], metadata: MetaData, collation: str) -> None:
    """Give every record type its table, and its many-to-many fields theirs."""
    for rtype in types.values():
        rtype.table = _table(rtype, types, metadata, collation)
        for field in rtype.fields.values():
            if isinstance(field, ManyField):
                rtype.many[field.name] = _link_table(rtype, field, types, metadata)
    _tell_apart(metadata)


def _tell_apart(metadata: MetaData) -> None:
    """Give indexes whose names would be the same (`unit_group.name`, `unit.(group, name)`) names of their own.

    All of them, so that it does not matter which was there first; every other index keeps the name it has in databases.
    """
    named: dict[str, list[Index]] = {}
    for table in metadata.tables.values():
        for index in table.indexes:
            named.setdefault(str(index.name), []).append(index)
    for name, alike in named.items():
        for index in alike if len(alike) > 1 else ():
            described = " ".join([str(index.table), *map(str, index.expressions)])
            digest = hashlib.sha1(described.encode(), usedforsecurity=False).hexdigest()[:8]
            index.name = quoted_name(f"{name[:51]}_{digest}", None)


def table_name(record: str) -> str:
    """The table of a record type: `leads.lead` is stored in `leads_lead`."""
    return record.replace(".", "_")


def _table(rtype: RecordType, types: dict[str, RecordType], metadata: MetaData, collation: str) -> Table:
    name = table_name(rtype.name)
    parts: list[Any] = []
    for field in rtype.fields.values():
        if field.stored and not isinstance(field, (ManyField, ChildrenField)):
            parts.extend(_columns(field, rtype.addon if field.addon == "core" else field.addon))
    if rtype.search_fields:
        parts.append(Column("search_text", Text, info={"addon": rtype.addon}))
    parts.append(PrimaryKeyConstraint("id", name=short(f"pk_{name}")))
    for field in rtype.fields.values():
        if isinstance(field, LinkField) and not field.system and field.target in types:
            parts.append(ForeignKeyConstraint([field.column_name], [f"{table_name(field.target)}.id"],
                                              name=short(f"fk_{name}_{field.name}")))
    table: Table = Table(name, metadata, *parts)
    _indexes(rtype, table, collation)
    table.info["record"] = rtype.name
    table.info["addon"] = rtype.addon
    if rtype.search_fields:
        table.info["ddl"] = search_ddl(name)
    return table


def _columns(field: Field, addon: str) -> list[Column]:  # type: ignore[type-arg]
    required = field.name in ("id", "created_at", "updated_at", "version", "archived")
    flag = isinstance(field.column_type(), Boolean)
    default = text("false") if flag else (text("1") if field.name == "version" else None)
    made = [Column(field.column_name, field.column_type(), nullable=not (required or flag), server_default=default,
                   autoincrement=True if field.name == "id" else "auto", info={"field": field.name, "addon": addon})]
    if addon == OWN and (value := filled_with(field)) is not None:
        made[0].info["filled"] = value
    if isinstance(field, AnyLinkField):
        made.append(Column(field.type_column, Text, info={"field": field.name, "addon": addon}))
    return made


def _indexes(rtype: RecordType, table: Table, collation: str) -> None:
    live, deleted = text("deleted_at IS NULL"), text("deleted_at IS NOT NULL")
    name = table.name
    Index(short(f"ix_{name}_bin"), table.c.deleted_at, table.c.id, postgresql_where=deleted, sqlite_where=deleted)
    Index(short(f"ix_{name}_created"), table.c.created_at, table.c.id)
    if rtype.owned:
        Index(short(f"ix_{name}_owner_created"), table.c.owner_id, table.c.created_at, table.c.id)
    told_by = {names[0] for names in rtype.cls.record_match if len(names) == 1}  # asked for while somebody types
    for field in rtype.fields.values():
        if field.stored and field.unique:
            Index(short(f"uq_{name}_{field.name}"), table.c[field.column_name], unique=True, postgresql_where=live,
                  sqlite_where=live)
        elif isinstance(field, AnyLinkField):
            Index(short(f"ix_{name}_{field.name}"), table.c[field.type_column], table.c[field.column_name])
        elif field.stored and (field.index or field.name in told_by):
            Index(short(f"ix_{name}_{field.name}"), table.c[field.column_name])
    for names in rtype.cls.record_indexes:
        Index(short(f"ix_{name}_{'_'.join(names)}"), *_sorted_last(rtype, table, names, collation))
    ordered = _order_columns(rtype, table, collation)
    if ordered:
        Index(short(f"ix_{name}_order"), *ordered, table.c.id)
    for names in rtype.cls.record_unique:
        columns = [table.c[rtype.fields[n].column_name] for n in names]
        Index(short(f"uq_{name}_{'_'.join(names)}"), *columns, unique=True, postgresql_where=live, sqlite_where=live)


def _sorted_last(rtype: RecordType, table: Table, names: Sequence[str], collation: str) -> list[ColumnElement[Any]]:
    """An index's columns. The last of several is what lists are ordered by: a text there has the order of lists."""
    columns: list[ColumnElement[Any]] = [table.c[rtype.fields[n].column_name] for n in names]
    if len(names) > 1 and is_plain_text(rtype.fields[names[-1]]):
        columns[-1] = in_order(columns[-1], collation)
    return columns


def _order_columns(rtype: RecordType, table: Table, collation: str) -> list[ColumnElement[Any]]:
    """Columns of the index that the default order is read from when it begins with a text; none when it does not."""
    found: list[ColumnElement[Any]] = []
    for path in rtype.order:
        field = rtype.fields.get(path.lstrip("-"))
        if field is None or not is_plain_text(field) or path.startswith("-") != rtype.order[0].startswith("-"):
            break
        found.append(in_order(table.c[field.column_name], collation))
    return found


def is_plain_text(field: Field) -> bool:
    """Whether a field's column holds words that people sort by the alphabet."""
    return isinstance(field, (TextField, NameField)) and field.stored and field.sortable


def _link_table(rtype: RecordType, field: ManyField, types: dict[str, RecordType], metadata: MetaData) -> Table:
    name = short(f"{table_name(rtype.name)}_{field.name}")
    table = Table(
        name, metadata, Column("record_id", BigId, nullable=False), Column("other_id", BigId, nullable=False),
        PrimaryKeyConstraint("record_id", "other_id", name=short(f"pk_{name}")),
        ForeignKeyConstraint(["record_id"], [f"{table_name(rtype.name)}.id"], name=short(f"fk_{name}_record"),
                             ondelete="CASCADE"),
        ForeignKeyConstraint(["other_id"], [f"{table_name(field.target)}.id"], name=short(f"fk_{name}_other"),
                             ondelete="CASCADE"))
    Index(short(f"ix_{name}_other"), table.c.other_id)
    table.info["addon"] = field.addon if field.addon != "core" else rtype.addon
    return table


def search_ddl(name: str) -> dict[str, dict[str, str]]:
    """Full-text indexes over `search_text`: FTS5 on SQLite, tsvector and trigrams on PostgreSQL.

    On SQLite triggers keep it for changed and deleted rows. New ones are added by the record layer, a batch at a time
    (core/query/search.py): row by row inside a savepoint FTS5 writes itself out for each, at four times the price.
    """
    fts = f"{name}_fts"
    add = f"INSERT INTO {fts}(rowid, search_text) VALUES (new.id, new.search_text);"
    remove = f"INSERT INTO {fts}({fts}, rowid, search_text) VALUES ('delete', old.id, old.search_text);"
    return {
        "sqlite": {
            fts: f"CREATE VIRTUAL TABLE {fts} USING fts5(search_text, content='{name}', content_rowid='id', "
                 "tokenize='unicode61 remove_diacritics 2', prefix='2 3')",
            f"{fts}_delete": f"CREATE TRIGGER {fts}_delete AFTER DELETE ON {name} BEGIN {remove} END",
            f"{fts}_update": f"CREATE TRIGGER {fts}_update AFTER UPDATE OF search_text ON {name} "
                             f"BEGIN {remove} {add} END",
        },
        "postgresql": {
            "pg_trgm": "CREATE EXTENSION IF NOT EXISTS pg_trgm",
            f"ix_{fts}": f"CREATE INDEX ix_{fts} ON {name} USING gin (to_tsvector('simple', coalesce(search_text, '')))",
            f"ix_{fts}_trgm": f"CREATE INDEX ix_{fts}_trgm ON {name} USING gin (search_text gin_trgm_ops)",
        },
    }
