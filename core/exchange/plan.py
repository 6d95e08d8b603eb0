"""One import as it is kept: which file, read how, which column is which field, what to do with what is there already.

    draft ─ mapping confirmed ─► ready ─► running ─► done ─► undoing ─► undone
                                 ▲   │        └─► failed, cancelled (both can go on or be undone)
                                 └─ checking (writes nothing)
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from core.errors import Conflict, NotFound
from core.exchange.detect import Reading
from core.exchange.reasons import Reason, dump_reason, load_message, load_reason, plain_cell
from core.exchange.tables import TABLES
from core.i18n.messages import _

if TYPE_CHECKING:
    from core.env import Env

SKIP, UPDATE, CREATE, FILL, RESTORE = "skip", "update", "create", "fill", "restore"
POLICIES = (SKIP, UPDATE, FILL, CREATE)
DELETED = (CREATE, SKIP, RESTORE)
"""What to do with a row whose record is in the recycle bin; after bringing it back the policy for duplicates holds."""
ACTIVE = frozenset({"checking", "running", "undoing"})
UNDOABLE = frozenset({"done", "failed", "cancelled"})
FILE = "upload"


@dataclass(frozen=True, slots=True)
class Target:
    """What one column goes to; `settings` are what the whole column proved about its dates and numbers."""

    column: int
    field: str
    settings: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Options:
    """What the person decided.

    `duplicates`: skip, update, fill (only empty fields) or create. `keys`: alternatives of fields that agree together.
    `deleted`: create, skip or restore, for a row whose record is in the recycle bin.
    `clear`: an empty cell empties the field of a record that is updated. `defaults`: texts for fields without a column.
    `create_links`: record types of which missing records are created by their name. `empty_links`: fields that stay
    empty when the record named is not there, instead of refusing the row. `choices`: by field, which option a text of
    the file means ("" for none).
    """

    duplicates: str = SKIP
    keys: Sequence[Sequence[str]] = ()
    clear: bool = False
    defaults: Mapping[str, str] = dataclasses.field(default_factory=dict)
    create_links: Sequence[str] = ()
    empty_links: Sequence[str] = ()
    choices: Mapping[str, Mapping[str, str]] = dataclasses.field(default_factory=dict)
    date_order: str = ""
    decimal: str = ""
    calendar: str = ""
    deleted: str = CREATE


@dataclass(slots=True)
class Import:
    """A row of `sys_import`. `counts`: created, updated, skipped, rejected so far; `checked`: the same of a check."""

    id: int
    record: str
    state: str
    owner_id: int | None
    lang: str | None
    file_name: str
    file_digest: str
    file_size: int
    reading: Reading
    headers: list[str]
    mapping: list[Target]
    options: Options
    total: int
    position: int
    counts: dict[str, int]
    checked: dict[str, int] | None
    batch: str
    undo_batch: str
    job_id: int | None
    error: str
    created_at: dt.datetime
    updated_at: dt.datetime
    finished_at: dt.datetime | None

    @property
    def done(self) -> int:
        """How many rows have an outcome."""
        return sum(self.counts.get(name, 0) for name in ("created", "updated", "skipped", "rejected"))


@dataclass(frozen=True, slots=True)
class SetAside:
    """A row that was not imported: `kind` is "error" or "duplicate", `number` the row's in a spreadsheet program."""

    row: int
    number: int
    kind: str
    reasons: list[Reason]
    cells: list[Any]


def folder(env: Env, key: int) -> Path:
    """Where the file of an import is kept."""
    return Path(env.installation.settings.data) / "imports" / str(int(key))


def load(env: Env, key: int) -> Import:
    """One import; NotFound unless it is the person's own (super-administrators see all)."""
    known = 0 < key < 2**62
    row = env.execute(select(TABLES.imports).where(TABLES.imports.c.id == key)).mappings().one_or_none() if known else None
    if row is None or not (env.access.unlimited or (row["owner_id"] is not None and row["owner_id"] == env.actor.id)):
        raise NotFound(_("There is no such import."))
    return _import(row)


def recent(env: Env, before: int | None = None, limit: int = 50) -> list[Import]:
    """The person's imports (super-administrators: everybody's), newest first, before the number given."""
    table = TABLES.imports
    statement = select(table).order_by(table.c.id.desc()).limit(limit)
    if not env.access.unlimited:
        statement = statement.where(table.c.owner_id == env.actor.id)
    if before:
        statement = statement.where(table.c.id < before)
    return [_import(row) for row in env.execute(statement).mappings()]


def _import(row: Any) -> Import:
    values = dict(row)
    values["reading"] = Reading(**values["reading"]) if values["reading"] else Reading("csv")
    values["mapping"] = [Target(**target) for target in values["mapping"] or ()]
    values["options"] = Options(**values["options"] or {})
    values["headers"] = values["headers"] or []
    values["error"] = load_message(values["error"]) if values["error"] else ""
    return Import(**values)


def save(env: Env, key: int, *, states: Sequence[str] = (), at: int | None = None, **values: Any) -> None:
    """Change an import. Conflict when it is not (any more) in one of `states`, or its position is not `at`."""
    table = TABLES.imports
    statement = update(table).where(table.c.id == key)
    if states:
        statement = statement.where(table.c.state.in_(states))
    if at is not None:
        statement = statement.where(table.c.position == at)
    for name in ("reading", "options"):
        if dataclasses.is_dataclass(values.get(name)):
            values[name] = dataclasses.asdict(values[name])
    if "mapping" in values:
        values["mapping"] = [dataclasses.asdict(target) for target in values["mapping"]]
    changed = env.execute(statement.values(**values, updated_at=dt.datetime.now(dt.UTC))).rowcount
    if not changed:
        raise Conflict(_("This import is not where it was: it was stopped, or goes on elsewhere."))


def add(env: Env, values: Mapping[str, Any]) -> int:
    """A new import; returns its number."""
    now = dt.datetime.now(dt.UTC)
    row = {"state": "draft", "position": 0, "counts": {}, "owner_id": env.actor.id, "lang": env.lang, "created_at": now,
           "updated_at": now, **values}
    return int(env.execute(insert(TABLES.imports).values(row)).inserted_primary_key[0])


def set_aside(env: Env, key: int, rows: Sequence[SetAside]) -> None:
    """Keep rows that were not imported, with their reasons."""
    if rows:
        env.execute(insert(TABLES.rows), [
            {"import_id": key, "row": row.row, "number": row.number, "kind": row.kind,
             "reasons": [dump_reason(reason) for reason in row.reasons], "cells": [plain_cell(cell) for cell in row.cells]}
            for row in rows])


def rows_aside(env: Env, key: int, kind: str = "error", after: int = -1, limit: int = 500) -> list[SetAside]:
    """Rows that were not imported, in the file's order, a page at a time."""
    table = TABLES.rows
    statement = select(table.c.row, table.c.number, table.c.kind, table.c.reasons, table.c.cells).where(
        table.c.import_id == key, table.c.kind == kind, table.c.row > after).order_by(table.c.row).limit(limit)
    return [SetAside(row, number, kind, [load_reason(one) for one in reasons], cells)
            for row, number, kind, reasons, cells in env.execute(statement)]


def forget_rows(env: Env, key: int) -> None:
    """Forget the rows of an earlier check."""
    env.execute(delete(TABLES.rows).where(TABLES.rows.c.import_id == key))
