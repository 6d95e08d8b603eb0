"""Periodic work: each due minute of each schedule is claimed once, by inserting its row, whoever comes first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sqlalchemy import Connection, Engine, func, select

from core.jobs.definitions import Schedule
from core.jobs.leases import reading, utcnow
from core.jobs.outbox import enqueue, on_conflict_skip
from core.jobs.tables import SCHEDULE_RUNS

MINUTE = dt.timedelta(minutes=1)
CATCH_UP = dt.timedelta(days=7)
"""How far back a missed run is looked for."""


def tick(engine: Engine, schedules: Mapping[str, Schedule], since: dt.datetime | None,
         now: dt.datetime | None = None) -> list[int]:
    """Queue what became due after `since` up to `now`; returns the ids of the new jobs.

    With `since` None (the first look of a process) it goes on from the last run of each schedule, so that a run missed
    while nothing was running is made up for, once.
    """
    if not schedules:
        return []
    until = (now or utcnow()).replace(second=0, microsecond=0)
    with reading(engine) as connection:
        last = {} if since else _last_runs(connection)
    due: list[tuple[Schedule, dt.datetime]] = []
    for schedule in schedules.values():
        after = since or last.get(schedule.name) or until - MINUTE
        minute = latest_due(schedule, after.replace(second=0, microsecond=0), until)
        if minute is not None:
            due.append((schedule, minute))
    if not due:
        return []
    with engine.begin() as connection:
        return [enqueue(connection, schedule.topic, schedule.payload, dedupe=f"schedule:{schedule.name}")
                for schedule, minute in due if _claim(connection, schedule.name, minute)]


def latest_due(schedule: Schedule, after: dt.datetime, until: dt.datetime) -> dt.datetime | None:
    """The last minute of `schedule` in (after, until], at most a week back; None when there is none."""
    matches = schedule.matcher()
    minute = until
    while minute > max(after, until - CATCH_UP):
        if matches(minute):
            return minute
        minute -= MINUTE
    return None


def _claim(connection: Connection, name: str, minute: dt.datetime) -> bool:
    statement = on_conflict_skip(connection, SCHEDULE_RUNS).values(name=name, minute=minute)
    return connection.scalar(statement.returning(SCHEDULE_RUNS.c.name)) is not None


def _last_runs(connection: Connection) -> dict[str, dt.datetime]:
    runs = connection.execute(select(SCHEDULE_RUNS.c.name, func.max(SCHEDULE_RUNS.c.minute))
                              .group_by(SCHEDULE_RUNS.c.name))
    return {name: minute for name, minute in runs}
