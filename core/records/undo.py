"""Taking a whole batch back: mass edits, imports, conversions. Only what nobody touched since is changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from core.errors import AccessDenied, NotFound
from core.i18n.messages import _
from core.records import audit, locks

if TYPE_CHECKING:
    from core.env import Env

@dataclass
class Undone:
    """What an undo did: records taken back, and records left alone because they were changed since."""

    undone: int = 0
    left: int = 0


def undo(env: Env, batch: str) -> Undone:
    """Reverse the writes of a batch, as the acting user and within what they may do."""
    table = env.registry.system.audit
    chosen = select(table).where(table.c.batch == batch, table.c.record.is_not(None))
    rows = env.execute(chosen.order_by(table.c.id.desc())).mappings().all()
    if not rows or not (env.access.unlimited or all(r["actor_id"] == env.actor.id for r in rows)):
        raise NotFound()
    records: dict[str, dict[int, _Past]] = {}
    for row in rows:
        past = records.setdefault(row["record"], {}).setdefault(row["record_id"], _Past())
        past.remember(row["action"], row["changes"] or {})
    if not all(env.access.within(operation, name) for name in records for operation in ("update", "delete")):
        raise AccessDenied(_("You may not do this with everything that was written then."))
    result = Undone()
    work = [(name, items, _untouched(env, name, set(items), batch)) for name, items in records.items()
            if name in env.registry.records]
    for name, items, untouched in work:  # first: what is put back below may link to what is brought back here
        deleted = [k for k in sorted(untouched) if _was_deleted(items[k])]
        back = _may_restore(env, name, deleted)
        result.undone += env.restore(name, back) if back else 0
        result.left += len(deleted) - len(back)
    for name, items, untouched in work:
        result.left += len(items) - len(untouched)
        _undo_records(env, name, {k: items[k] for k in sorted(untouched)}, result)
    return result


@dataclass
class _Past:
    """What a batch did to one record: its writes from the newest to the oldest, and the values from before."""

    actions: list[str] = field(default_factory=list)
    before: dict[str, Any] = field(default_factory=dict)

    def remember(self, action: str, changes: dict[str, Any]) -> None:
        """Add an older write."""
        self.actions.append(action)
        if action == "update":
            self.before |= {n: v[0] for n, v in changes.items() if v[0] != audit.HIDDEN}


def _was_deleted(past: _Past) -> bool:
    """Whether the record was there before the batch and is in the recycle bin after it."""
    return "create" not in past.actions and past.actions[0] == "delete"


def _may_restore(env: Env, record: str, ids: list[int]) -> list[int]:
    """Those that the actor still sees in the recycle bin and may bring back."""
    if not ids or not env.can("delete", record):
        return []
    shut = locks.locked(env, env.registry.record(record), ids)
    open_ = [key for key in ids if key not in shut]
    return env.query(record).for_operation("delete").with_ids(open_).archived(None).deleted(True).order("id").ids()


def _undo_records(env: Env, record: str, items: dict[int, _Past], result: Undone) -> None:
    """Take back what happened to records of one type; deleted ones are back already.

    Field rights do not matter here: what is written is what was.
    """
    created = [k for k, p in items.items() if "create" in p.actions and p.actions[0] != "delete"]
    deleted = [k for k, p in items.items() if _was_deleted(p)]
    restored = [k for k, p in items.items() if "create" not in p.actions and p.actions[0] == "restore"]
    changed = {k: p.before for k, p in items.items() if p.before and "create" not in p.actions}
    rtype = env.registry.record(record)
    allowed = env.open_ids("update", record, changed) if changed else set()
    result.left += len(changed.keys() - allowed - set(deleted) - set(restored))
    for archived in (True, False):
        keys = [k for k in allowed if changed[k].get("archived") is archived]
        if keys:
            env.archive(record, keys, archived)
    values = {k: {n: v for n, v in changed[k].items() if n in rtype.fields and n != "archived"} for k in allowed}
    with env.taking_back("undo") as sudo:
        sudo.update_each(record, {k: v for k, v in values.items() if v}, source="undo")
    result.undone += len(allowed - set(deleted) - set(restored))
    again = sorted(env.open_ids("delete", record, restored)) if restored else []
    result.undone += env.delete(record, again) if again else 0
    result.left += len(restored) - len(again)
    seen = sorted(env.open_ids("read", record, created))  # one's own new records may be taken back without the right to delete
    with env.taking_back("undo") as sudo:
        result.undone += sudo.delete(record, seen) if seen else 0
    result.left += len(created) - len(seen)


def _untouched(env: Env, record: str, ids: set[int], batch: str) -> set[int]:
    """Records on which nothing happened after the batch."""
    table = env.registry.system.audit
    chosen, found = sorted(ids), set(ids)
    for i in range(0, len(chosen), 1000):
        part = chosen[i:i + 1000]
        last = select(table.c.id).where(table.c.batch == batch).order_by(table.c.id.desc()).limit(1).scalar_subquery()
        found -= set(env.execute(select(table.c.record_id).where(
            table.c.record == record, table.c.record_id.in_(part), table.c.action.in_(audit.WRITES), table.c.id > last)).scalars())
    return found


