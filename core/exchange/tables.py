"""The tables of imports: what is being imported, the rows that were set aside, and which column meant which field."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, PrimaryKeyConstraint, String, Table

from core.records.types import BigId, JsonType, Moment


@dataclass(frozen=True)
class ImportTables:
    """Tables made by :func:`define`."""

    imports: Table
    rows: Table
    memory: Table


def define(metadata: MetaData) -> ImportTables:
    """Add `sys_import`, `sys_import_row` and `sys_import_memory` to `metadata` and return them."""
    return ImportTables(_imports(metadata), _rows(metadata), _memory(metadata))


def _imports(metadata: MetaData) -> Table:
    table = Table(
        "sys_import", metadata, Column("id", BigId, nullable=False), Column("record", String(120), nullable=False),
        Column("state", String(12), nullable=False), Column("owner_id", BigId), Column("lang", String(20)),
        Column("file_name", String(300), nullable=False), Column("file_digest", String(64), nullable=False),
        Column("file_size", BigInteger, nullable=False), Column("reading", JsonType), Column("headers", JsonType),
        Column("mapping", JsonType), Column("options", JsonType), Column("total", Integer, nullable=False),
        # Only a run that finds `position` where it left it goes on: two at once cannot write a row twice.
        Column("position", Integer, nullable=False), Column("counts", JsonType, nullable=False),
        Column("checked", JsonType), Column("batch", String(36), nullable=False),
        Column("undo_batch", String(36), nullable=False), Column("job_id", BigId), Column("error", JsonType),
        Column("created_at", Moment, nullable=False), Column("updated_at", Moment, nullable=False),
        Column("finished_at", Moment), PrimaryKeyConstraint("id", name="pk_sys_import"))
    Index("ix_sys_import_owner", table.c.owner_id, table.c.id)
    return table


def _rows(metadata: MetaData) -> Table:
    return Table(
        "sys_import_row", metadata, Column("import_id", BigId, nullable=False, autoincrement=False),
        Column("row", Integer, nullable=False, autoincrement=False), Column("number", Integer, nullable=False),
        Column("kind", String(10), nullable=False), Column("reasons", JsonType, nullable=False),
        Column("cells", JsonType, nullable=False), PrimaryKeyConstraint("import_id", "row", name="pk_sys_import_row"))


def _memory(metadata: MetaData) -> Table:
    return Table(
        "sys_import_memory", metadata, Column("record", String(120), nullable=False),
        Column("user_id", BigId, nullable=False, autoincrement=False), Column("data", JsonType, nullable=False),
        PrimaryKeyConstraint("record", "user_id", name="pk_sys_import_memory"))


TABLES = define(MetaData())
