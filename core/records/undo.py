"""Taking a whole batch back: mass edits, imports, conversions. Only what nobody touched since is changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from core.errors import NotFound
from core.records import audit

if TYPE_CHECKING:
    from core.env import Env

WRITES = ("create", "update", "delete", "restore", "purge")
"""History of these kinds means that a record was touched; an export or a conversion into something else is none."""


@dataclass
class Undone:
    """What an undo did: records taken back, and records left alone because they were changed since."""

    undone: int = 0
    left: int = 0


def undo(env: Env, batch: str) -> Undone:
    """Reverse the writes of a batch, as the acting user and within what they may do."""
    table = env.registry.system.audit
    rows = env.execute(select(table).where(table.c.batch == batch, table.c.record.is_not(None)).order_by(table.c.id.desc())).mappings().all()
    if not rows or not (env.access.unlimited or all(r["actor_id"] == env.actor.id for r in rows)):
        raise NotFound()
    groups: dict[tuple[str, str], dict[int, Any]] = {}
    for row in rows:
        groups.setdefault((row["record"], row["action"]), {})[row["record_id"]] = row["changes"]
    result = Undone()
    for (record, action), items in groups.items():
        if record in env.registry.records:
            _undo_group(env, record, action, items, batch, result)
    return result


def _undo_group(env: Env, record: str, action: str, items: dict[int, Any], batch: str, result: Undone) -> None:
    untouched = _untouched(env, record, set(items), batch)
    result.left += len(items) - len(untouched)
    if action == "create":
        result.undone += env.delete(record, sorted(untouched))
    elif action == "delete":
        result.undone += env.restore(record, sorted(untouched))
    elif action == "restore":
        result.undone += env.delete(record, sorted(untouched))
    elif action == "update":
        rtype = env.registry.record(record)
        archived = [k for k in untouched if "archived" in (items[k] or {})]
        for key in archived:
            env.archive(record, [key], items[key]["archived"][0])
        values = {k: {n: v[0] for n, v in (items[k] or {}).items() if n in rtype.fields and v[0] != audit.HIDDEN
                      and n != "archived"} for k in untouched}
        env.update_each(record, {k: v for k, v in values.items() if v}, source="undo")
        result.undone += len(untouched)


def _untouched(env: Env, record: str, ids: set[int], batch: str) -> set[int]:
    """Records on which nothing happened after the batch."""
    table = env.registry.system.audit
    chosen, found = sorted(ids), set(ids)
    for i in range(0, len(chosen), 1000):
        part = chosen[i:i + 1000]
        last = select(table.c.id).where(table.c.batch == batch).order_by(table.c.id.desc()).limit(1).scalar_subquery()
        found -= set(env.execute(select(table.c.record_id).where(
            table.c.record == record, table.c.record_id.in_(part), table.c.action.in_(WRITES), table.c.id > last)).scalars())
    return found


