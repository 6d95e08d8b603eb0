"""What an administrator sees of background work and may do to it. Permissions are checked by the caller."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, null, select, update

from core.jobs.leases import utcnow
from core.jobs.tables import JOBS, SCHEDULE_RUNS, State


@dataclass(frozen=True, slots=True)
class JobInfo:
    """A job as it stands; moments are aware UTC."""

    id: int
    topic: str
    state: State
    payload: dict[str, Any]
    actor_id: int | None
    priority: int
    attempts: int
    max_attempts: int | None
    run_at: dt.datetime
    lease_until: dt.datetime | None
    progress_done: int | None
    progress_total: int | None
    progress_note: str | None
    result: Any
    error: str | None
    created_at: dt.datetime
    started_at: dt.datetime | None
    finished_at: dt.datetime | None


_COLUMNS = [JOBS.c[name] for name in JobInfo.__dataclass_fields__]


def list_jobs(connection: Connection, state: str | None = None, topic: str | None = None, after: int | None = None,
              limit: int = 50) -> list[JobInfo]:
    """Jobs, newest first. `after` is the id of the last one already shown: a page costs the same wherever it is."""
    query = select(*_COLUMNS).order_by(JOBS.c.id.desc()).limit(limit)
    if state is not None:
        query = query.where(JOBS.c.state == state)
    if topic is not None:
        query = query.where(JOBS.c.topic == topic)
    if after is not None:
        query = query.where(JOBS.c.id < after)
    return [_info(row) for row in connection.execute(query)]


def job_status(connection: Connection, job_id: int) -> JobInfo | None:
    """One job, None when there is none (any more)."""
    row = connection.execute(select(*_COLUMNS).where(JOBS.c.id == job_id)).one_or_none()
    return None if row is None else _info(row)


def counts(connection: Connection) -> dict[str, int]:
    """How many jobs are in each state; every state is named."""
    found = {state: int(number) for state, number in
             connection.execute(select(JOBS.c.state, func.count()).group_by(JOBS.c.state))}
    return {state.value: found.get(state.value, 0) for state in State}


def retry(connection: Connection, ids: Collection[int]) -> int:
    """Queue dead, failed or cancelled jobs anew, with all their attempts; returns how many. Then wake the workers."""
    again = update(JOBS).where(JOBS.c.id.in_(ids), JOBS.c.state.in_((State.DEAD, State.FAILED, State.CANCELLED)))
    # Without its key: another job with the same key may be waiting already, and the administrator asked for this one.
    return connection.execute(again.values(state=State.QUEUED.value, attempts=0, run_at=utcnow(), dedupe_key=null(),
                                           finished_at=null())).rowcount


def cancel(connection: Connection, ids: Collection[int]) -> int:
    """Cancel unfinished jobs; returns how many. What a running one has not yet committed is rolled back."""
    stop = update(JOBS).where(JOBS.c.id.in_(ids), JOBS.c.state.in_((State.QUEUED, State.FAILED, State.RUNNING)))
    return connection.execute(stop.values(state=State.CANCELLED.value, finished_at=utcnow(), lease_owner=null(),
                                          lease_until=null())).rowcount


def purge_done(connection: Connection, before: dt.datetime) -> int:
    """Delete jobs done or cancelled before a moment, and claims of schedules but the last; returns how many jobs."""
    later = SCHEDULE_RUNS.alias("later")
    superseded = select(later.c.name).where(later.c.name == SCHEDULE_RUNS.c.name,
                                            later.c.minute > SCHEDULE_RUNS.c.minute).exists()
    connection.execute(delete(SCHEDULE_RUNS).where(SCHEDULE_RUNS.c.minute < before, superseded))
    return connection.execute(delete(JOBS).where(
        JOBS.c.state.in_((State.DONE, State.CANCELLED)), JOBS.c.finished_at < before)).rowcount


def _info(row: Any) -> JobInfo:
    return JobInfo(**{**row._mapping, "state": State(row.state)})
