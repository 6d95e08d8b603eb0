"""Schedules: each due minute once, whoever looks; missed runs made up for once."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from core.errors import DefinitionError
from core.jobs.admin import list_jobs, purge_done
from core.jobs.definitions import Schedule
from core.jobs.leases import utcnow
from core.jobs.schedule import latest_due, tick
from core.jobs.tables import SCHEDULE_RUNS
from tests.core.jobs.standin import EVERY_MINUTE, Installation, minutes_ago, registry

ROOT = Path(__file__).parents[3]
SCHEDULES = {EVERY_MINUTE.name: EVERY_MINUTE}


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(("cron", "tz", "after", "until", "due"), [
    ("0 2 * * *", "UTC", "2026-11-22 12:00", "2026-11-23 12:00", "2026-11-23 02:00"),
    ("0 2 * * *", "Asia/Tehran", "2026-11-22 12:00", "2026-11-23 12:00", "2026-11-22 22:30"),
    ("0 2 * * *", "UTC", "2026-11-23 02:00", "2026-11-23 12:00", None),
    ("*/15 * * * *", "UTC", "2026-11-23 11:00", "2026-11-23 11:50", "2026-11-23 11:45"),
    ("0 9 * * 1", "UTC", "2026-11-20 00:00", "2026-11-24 00:00", "2026-11-23 09:00"),
    ("0 0 1 1 *", "UTC", "2020-01-02 00:00", "2026-11-23 12:00", None),  # only a week is looked back
])
def test_the_last_due_minute_is_found_in_its_zone(cron, tz, after, until, due):
    found = latest_due(Schedule("s", cron, "note", tz=tz), at(after), at(until))
    assert found == (at(due) if due else None)


@pytest.mark.parametrize("schedule", [Schedule("s", "* * *", "note"), Schedule("s", "61 * * * *", "note"),
                                      Schedule("s", "x * * * *", "note"), Schedule("s", "* * * * *", "note", tz="Mars"),
                                      Schedule("s", "* * * * *", "nothing.handles.this")])
def test_a_wrong_schedule_is_refused_when_the_registry_is_made(schedule):
    with pytest.raises(DefinitionError, match="Schedule s"):
        registry(schedule)


def test_a_minute_is_queued_once_and_not_while_the_last_run_is_unfinished(installation, worker):
    now = utcnow()
    assert len(tick(installation.engine, SCHEDULES, None, now)) == 1
    assert tick(installation.engine, SCHEDULES, None, now) == []
    later = now + dt.timedelta(minutes=1)
    tick(installation.engine, SCHEDULES, now, later)
    with installation.engine.connect() as connection:
        assert len(list_jobs(connection)) == 1
    worker.run_pending(installation)
    tick(installation.engine, SCHEDULES, later, later + dt.timedelta(minutes=3))
    with installation.engine.connect() as connection:
        assert [info.payload for info in list_jobs(connection)] == [{"text": "tick"}] * 2


def test_runs_missed_while_nothing_was_running_are_made_up_for_once(installation):
    nightly = {"nightly": Schedule("nightly", "0 2 * * *", "note", {"text": "night"})}
    assert tick(installation.engine, nightly, None, at("2026-11-20 02:00"))
    assert len(tick(installation.engine, nightly, None, at("2026-11-23 09:30"))) == 1
    assert tick(installation.engine, nightly, None, at("2026-11-23 09:31")) == []


def test_the_last_claim_outlives_housekeeping(installation):
    for minute in (10, 9, 8):
        tick(installation.engine, SCHEDULES, None, minutes_ago(minute))
    with installation.engine.begin() as connection:
        purge_done(connection, utcnow())
        assert connection.scalar(select(func.count()).select_from(SCHEDULE_RUNS)) == 1


def test_the_sweep_queues_and_the_worker_runs_what_is_due(database_url, installation, worker, bell, effects):
    ticking = Installation(database_url, registry(EVERY_MINUTE))
    worker.sweep(ticking)
    assert worker.run_pending(ticking) == 1
    worker.sweep(ticking)
    assert worker.run_pending(ticking) <= 1  # a minute may have ended meanwhile
    ticking.engine.dispose()


def test_two_processes_claim_a_minute_once(database_url, installation: Installation):
    command = [sys.executable, "-m", "tests.core.jobs.worker_process", database_url, "tick"]
    processes = [subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
                 for _ in range(2)]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    if utcnow().second >= 58:  # both must look in the same minute
        until_next = 61 - utcnow().second
        subprocess.run(["sleep", str(until_next)], check=True)
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    queued = [int(process.communicate(timeout=10)[0]) for process in processes]
    assert sorted(queued) == [0, 1]
