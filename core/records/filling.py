"""Values that follow from a changed definition, for the records that are there already: roll-ups, numbers, search.

A few thousand records get them in the transaction of the change; more of them from a background job, in batches that
each end with a commit, so that nobody waits for a million rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, select, update

from core.jobs.definitions import job
from core.lazy import Later
from core.query.search import search_text
from core.records import numbering
from core.records.fields import AutoNumberField, RollupField
from core.registry.compose import RecordType

if TYPE_CHECKING:
    from core.env import Env

computing = Later("core.records.computing")

TOPIC = "core.fill"
SEARCH = "search_text"
"""Stands for the text that the search box finds where a field's name stands otherwise."""
AT_ONCE = 5000
BATCH = 1000


def fill(env: Env, record: str, names: list[str]) -> None:
    """Work out these fields of all records of a type, now or (where there are many) soon."""
    table = env.registry.record(record).table
    some = select(table.c.id).limit(AT_ONCE + 1).subquery()
    if (env.execute(select(func.count()).select_from(some)).scalar_one()) > AT_ONCE:
        env.enqueue(TOPIC, {"record": record, "names": names})
        return
    last: int | None = 0
    while last is not None:
        last = _batch(env, record, names, last)


@job(TOPIC, as_actor="system")
def fill_job(env: Env, work: Any) -> None:
    """Go through the records in the order of their numbers; what is gone meanwhile needs nothing."""
    record, names = work.payload["record"], work.payload["names"]
    last: int | None = int(work.state.get("last") or 0)
    while last is not None and record in env.registry.records and not work.cancelled():
        last = _batch(env, record, names, last)
        if last is not None:
            work.checkpoint({"last": last})


def _batch(env: Env, record: str, names: list[str], last: int) -> int | None:
    """Work out the fields of the records that come after a number; the last one's number, None when there are no more."""
    rtype = env.registry.record(record)
    table = rtype.table
    ids = list(env.execute(select(table.c.id).where(table.c.id > last).order_by(table.c.id).limit(BATCH)).scalars())
    for name in names if ids else ():
        field = rtype.fields.get(name)
        if name == SEARCH and rtype.search_fields:
            _search(env, rtype, ids)
        elif isinstance(field, RollupField):
            computing.refresh(env, rtype, field, set(ids))
        elif isinstance(field, AutoNumberField):
            _numbers(env, rtype, field, ids)
    return ids[-1] if len(ids) == BATCH else None


def _search(env: Env, rtype: RecordType, ids: list[int]) -> None:
    table = rtype.table
    columns = [table.c.id, *(table.c[rtype.fields[n].column_name] for n in rtype.search_fields)]
    rows = [dict(row) for row in env.execute(select(*columns).where(table.c.id.in_(ids))).mappings()]
    env.execute(update(table).where(table.c.id == bindparam("b_id")).values(search_text=bindparam("b_text")),
                [{"b_id": row["id"], "b_text": search_text(rtype, row)} for row in rows])


def _numbers(env: Env, rtype: RecordType, field: AutoNumberField, ids: list[int]) -> None:
    """Numbers for those without one, in the order in which they were created."""
    table = rtype.table
    column = table.c[field.column_name]
    rows = env.execute(select(table.c.id, table.c.created_at).where(table.c.id.in_(ids), column.is_(None)).order_by(table.c.id)).all()
    if not rows:
        return
    first = numbering.take(env, f"{rtype.name}.{field.name}", len(rows))
    env.execute(update(table).where(table.c.id == bindparam("b_id")).values({field.column_name: bindparam("b_number")}), [
        {"b_id": row.id, "b_number": field.format.format(number=first + i, year=row.created_at.year)} for i, row in enumerate(rows)])
