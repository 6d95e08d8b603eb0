"""Taking an import back: what it created or brought back goes to the recycle bin, what it changed gets its old values.

Only records on which nothing happened since are touched. History is walked backwards, a page a transaction, so an
interrupted undo goes on where it stopped; its own writes carry a batch of their own and do not count as touching.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from core.errors import Conflict, SarnakhError
from core.exchange import plan as plans
from core.exchange.plan import Import
from core.records import audit
from core.records.savepoints import savepoint

if TYPE_CHECKING:
    from core.env import Env

PAGE = 1000
_MADE = ("create", "restore")


def run_undo(env: Env, key: int, committed: Callable[[Import], None]) -> Import:
    """Undo an import from where it is to its end; `committed` has to commit and is told after each page."""
    plan = plans.load(env, key)
    if plan.state != "undoing":
        return plan
    env.batch = plan.undo_batch
    while rows := _page(env, plan):
        # `position` is the number of the history row that was taken back last.
        position = rows[-1]["id"]
        counts = _added(plan.counts, *_take_back(env, plan, rows))
        try:
            plans.save(env, key, states=("undoing",), at=plan.position, position=position, counts=counts)
        except Conflict:
            env.connection.rollback()
            return plans.load(env, key)
        plan.counts, plan.position = counts, position
        committed(plan)
    plans.save(env, key, states=("undoing",), at=plan.position, state="undone", finished_at=dt.datetime.now(dt.UTC))
    return plans.load(env, key)


def _added(counts: dict[str, int], undone: int, left: int) -> dict[str, int]:
    return {**counts, "undone": counts.get("undone", 0) + undone, "left": counts.get("left", 0) + left}


def _page(env: Env, plan: Import) -> list[Any]:
    table = env.registry.system.audit
    statement = select(table.c.id, table.c.record, table.c.record_id, table.c.action, table.c.changes).where(
        table.c.batch == plan.batch, table.c.record_id.is_not(None)).order_by(table.c.id.desc()).limit(PAGE)
    if plan.position:
        statement = statement.where(table.c.id < plan.position)
    return list(env.execute(statement).mappings())


def _take_back(env: Env, plan: Import, rows: list[Any]) -> tuple[int, int]:
    undone = left = 0
    records = dict.fromkeys(row["record"] for row in rows)
    for record in records:
        mine = [row for row in rows if row["record"] == record]
        if record not in env.registry.records:
            left += len(mine)
            continue
        touched = _touched(env, plan, record, mine)
        good = [row for row in mine if row["record_id"] not in touched]
        done = _apply(env, record, good)
        undone, left = undone + done, left + len(mine) - done
    return undone, left


def _touched(env: Env, plan: Import, record: str, rows: list[Any]) -> set[int]:
    """Records to which something happened after the import had written them."""
    table = env.registry.system.audit
    written: dict[int, int] = {}
    for row in rows:
        written[row["record_id"]] = min(row["id"], written.get(row["record_id"], row["id"]))
    later = env.execute(select(table.c.record_id, table.c.id).where(
        table.c.record == record, table.c.record_id.in_(list(written)), table.c.id > min(written.values()),
        table.c.batch.is_(None) | table.c.batch.not_in([plan.batch, plan.undo_batch])))
    return {key for key, number in later if number > written[key]}


def _apply(env: Env, record: str, rows: list[Any]) -> int:
    """Take back what the person can still see (created, or brought back from the recycle bin) or may change (updated).

    Neither the right to delete nor rights over fields are asked for: it was their own import, and what is written is what
    was there before. What was locked meanwhile stays.
    """
    seen = env.open_ids("read", record, [row["record_id"] for row in rows if row["action"] in _MADE])
    changeable = env.open_ids("update", record, {row["record_id"] for row in rows if row["action"] == "update"})
    created = [row for row in rows if row["action"] in _MADE and row["record_id"] in seen]
    updated = [row for row in rows if row["action"] == "update" and row["record_id"] in changeable]
    with env.taking_back("taking an import back") as sudo:
        return (_in_parts(sudo, updated, lambda part: _restore_values(sudo, record, part))
                + _in_parts(sudo, created, lambda part: sudo.delete(record, sorted(row["record_id"] for row in part))))


def _restore_values(env: Env, record: str, rows: list[Any]) -> int:
    fields = env.registry.record(record).fields
    values: dict[int, dict[str, Any]] = {}
    for row in rows:
        # Rows come newest first, so the oldest value is the one that stays.
        values.setdefault(row["record_id"], {}).update({
            name: pair[0] for name, pair in (row["changes"] or {}).items()
            if name in fields and not fields[name].system and pair[0] != audit.HIDDEN})
    env.update_each(record, {key: one for key, one in values.items() if one}, source="undo")
    return len(rows)


def _in_parts(env: Env, rows: list[Any], action: Callable[[list[Any]], Any]) -> int:
    """Do it for all rows, leaving out those that are refused; returns for how many it was done."""
    if not rows:
        return 0
    try:
        with savepoint(env):
            action(rows)
        return len(rows)
    except SarnakhError:
        if len(rows) == 1:
            return 0
        middle = len(rows) // 2
        return _in_parts(env, rows[:middle], action) + _in_parts(env, rows[middle:], action)
