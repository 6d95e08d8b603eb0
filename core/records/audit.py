"""History: who did what to which record, with old and new values. Written in the same transaction, never changed.

A creation needs no values (the record has them), so a batch of creations is one statement in the database. Every row
of one write shares a `batch`, which is what undo works on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, String, bindparam, insert, literal, null, select

from core.records.fields import AnyLinkField, Field
from core.records.types import Moment
from core.registry.compose import RecordType

if TYPE_CHECKING:
    from core.env import Env

HIDDEN = "•••"
WRITES = ("create", "update", "delete", "restore", "purge")
"""History of these kinds means that a record was touched; an export or a conversion into something else is none."""


def plain(value: Any) -> Any:
    """A stored value as JSON keeps it."""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, dt.timedelta):
        return int(value.total_seconds())
    return value


def difference(rtype: RecordType, old: dict[str, Any], new: dict[str, Any], names: Iterable[str]) -> dict[str, list[Any]]:
    """`{field: [old, new]}` of the tracked fields that differ."""
    found: dict[str, list[Any]] = {}
    for name in names:
        field = rtype.fields[name]
        before, after = value_of(field, old), value_of(field, new)
        if before != after and field.tracked:
            found[name] = [HIDDEN, HIDDEN] if field.sensitive else [plain(before), plain(after)]
    return found


def value_of(field: Field, row: dict[str, Any]) -> Any:
    """A field's stored value in a row."""
    if isinstance(field, AnyLinkField):
        key = row.get(field.column_name)
        return None if key is None else [row.get(field.type_column), key]
    return row.get(field.column_name)


def write_created(env: Env, rtype: RecordType, ids: Sequence[int], action: str = "create") -> None:
    """One history row per created record, by a single INSERT ... SELECT where the numbers are in one run."""
    audit, table = env.registry.system.audit, rtype.table
    if len(ids) > 5 and ids[-1] - ids[0] == len(ids) - 1:
        chosen = table.c.id.between(ids[0], ids[-1])
    else:
        chosen = table.c.id.in_(list(ids))
    source = select(
        bindparam(None, env.now, Moment), bindparam(None, env.actor.id, Integer), literal(action, String),
        literal(rtype.name, String), table.c.id, literal(env.batch, String),
        literal(env.note, String) if env.note else null()).where(chosen)
    env.execute(insert(audit).from_select(["at", "actor_id", "action", "record", "record_id", "batch", "note"], source))


def write(env: Env, record: str | None, action: str, changes: dict[int, dict[str, Any] | None], note: str = "") -> None:
    """History rows for existing records: `{id: changes}`."""
    rows = [{"at": env.now, "actor_id": env.actor.id, "action": action, "record": record, "record_id": key,
             "batch": env.batch, "changes": change, "note": note or env.note or None} for key, change in changes.items()]
    if rows:
        env.execute(insert(env.registry.system.audit), rows)


def log(env: Env, action: str, note: str = "", changes: dict[str, Any] | None = None, record: str | None = None,
        record_id: int | None = None) -> None:
    """A history row that is not about a record's values: sign-in, export, permission change, elevated work."""
    env.execute(insert(env.registry.system.audit), {
        "at": env.now, "actor_id": env.actor.id, "action": action, "record": record, "record_id": record_id,
        "batch": env.batch, "changes": changes, "note": note or None})


def log_each(env: Env, action: str, changes: Mapping[str, dict[str, Any]], record: str) -> None:
    """:func:`log` for several things at once, each with its changes by what it is called."""
    if changes:
        env.execute(insert(env.registry.system.audit), [
            {"at": env.now, "actor_id": env.actor.id, "action": action, "record": record, "record_id": None, "batch": env.batch,
             "changes": change, "note": note} for note, change in changes.items()])
