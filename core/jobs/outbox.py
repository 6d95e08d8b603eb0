"""The outbox: a job is a row written in the business transaction, so it exists exactly when the change does.

    business transaction ── commit ──► row in sys_job ──► bell (huey) ──► a worker claims the row
              │                                             ▲
              └─ rollback: no row, no bell                  └── the sweep rings for rows whose bell was lost

Nothing here commits, and nothing here rings: whoever owns the transaction calls `JobEngine.wake` after its commit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import Insert

from core.jobs.tables import JOBS, UNFINISHED_WITH_KEY, State


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJob:
    """A job to be queued. `run_at`: aware moment before which it does not run, None for at once.

    `dedupe`: while an unfinished job of this topic has the same key, this one is not added. `max_attempts`: None
    leaves it to the handler. `priority`: higher first. `is_event`: a copy goes to every subscriber of the topic, and
    having none is no error.
    """

    topic: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    actor_id: int | None = None
    lang: str | None = None
    run_at: dt.datetime | None = None
    dedupe: str | None = None
    max_attempts: int | None = None
    priority: int = 0
    is_event: bool = False


def enqueue(connection: Connection, topic: str, payload: Mapping[str, Any], *, actor_id: int | None = None,
            lang: str | None = None, run_at: dt.datetime | None = None, dedupe: str | None = None,
            max_attempts: int | None = None, priority: int = 0, is_event: bool = False) -> int:
    """Queue one job in the transaction of `connection` and return its id (with `dedupe`: of the one already there)."""
    new = NewJob(topic=topic, payload=payload, actor_id=actor_id, lang=lang, run_at=run_at, dedupe=dedupe,
                 max_attempts=max_attempts, priority=priority, is_event=is_event)
    while True:
        added = enqueue_many(connection, [new])
        if added:
            return added[0]
        there = connection.scalar(select(JOBS.c.id).where(
            UNFINISHED_WITH_KEY, JOBS.c.topic == topic, JOBS.c.dedupe_key == dedupe))
        if there is not None:  # otherwise it finished between the two statements: add ours after all
            return int(there)


def enqueue_many(connection: Connection, jobs: Iterable[NewJob]) -> list[int]:
    """Queue many jobs in one statement and return the ids of those added, ascending; duplicates are left out."""
    now = dt.datetime.now(dt.UTC)
    rows = [_row(new, now) for new in jobs]
    if not rows:
        return []
    statement = on_conflict_skip(connection, JOBS).returning(JOBS.c.id)
    return sorted(connection.scalars(statement, rows))


def on_conflict_skip(connection: Connection, table: Any) -> Insert:
    """`INSERT … ON CONFLICT DO NOTHING` in the dialect of `connection`."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


def _row(new: NewJob, now: dt.datetime) -> dict[str, Any]:
    return {
        "topic": new.topic, "payload": dict(new.payload), "dedupe_key": new.dedupe, "actor_id": new.actor_id,
        "lang": new.lang, "state": State.QUEUED.value, "priority": new.priority, "attempts": 0,
        "max_attempts": new.max_attempts, "run_at": new.run_at or now, "created_at": now, "is_event": new.is_event,
    }
