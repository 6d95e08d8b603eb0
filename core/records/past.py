"""What happened to one record, as plain values: who, when, and of the fields that the reader may see the old and new value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

if TYPE_CHECKING:
    from core.env import Env


def past(env: Env, record: str, key: int, limit: int, before: int | None = None) -> list[dict[str, Any]]:
    """The newest entries of a record's history, or those before an entry's number; NotFound when the reader may not see it.

    Each is a dict of `id`, `at`, `actor`, `action`, `batch` and `changes` by field, `(old, new)` as history keeps them."""
    env.get(record, key, "id")
    rtype, table = env.registry.record(record), env.registry.system.audit
    chosen = [table.c.record == record, table.c.record_id == key, *([] if before is None else [table.c.id < before])]
    rows = env.execute(select(table).where(*chosen).order_by(table.c.id.desc()).limit(limit)).mappings()
    return [{"id": row["id"], "at": row["at"], "actor": row["actor_id"], "action": row["action"], "batch": row["batch"],
             "changes": {name: tuple(pair) for name, pair in (row["changes"] or {}).items() if name in rtype.fields
                         and not rtype.fields[name].opaque and env.access.readable(record, name)
                         and isinstance(pair, list) and len(pair) == 2}} for row in rows]
