"""The bell: the same on all three storages, and harmless when it is silent."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from core.errors import SettingsError
from core.jobs.engine import RINGS, JobEngine
from core.jobs.hosting import OneInstallation
from core.jobs.leases import reading
from core.jobs.outbox import NewJob, enqueue, enqueue_many
from core.jobs.worker import Worker
from tests.core.jobs.conftest import database
from tests.core.jobs.standin import METADATA, QUICK, Installation, registry

SLOW_SWEEP = QUICK.__class__(threads=2, lease=5, beat=0.2, sweep=60)


@pytest.fixture(params=["sqlite", "postgresql", "redis"])
def any_bell(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[JobEngine]:
    if request.param == "redis":
        try:
            redis.Redis().ping()
        except redis.ConnectionError:
            pytest.skip("Redis is not reachable")
        bell = JobEngine("redis://127.0.0.1:6379/0", name=f"sarnakh_{uuid.uuid4().hex}")
        yield bell
        bell.huey.flush()
        return
    folder = tmp_path / "bell"
    folder.mkdir()
    with database(request.param, folder) as url:
        bell = JobEngine(url)
        yield bell
        bell.close()


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Installation]:
    """An installation on SQLite: the bell is what varies here."""
    opened = Installation(f"sqlite:///{tmp_path / 'local.sqlite3'}", registry())
    METADATA.create_all(opened.engine)
    yield opened
    opened.engine.dispose()


def done(installation: Installation) -> int:
    with reading(installation.engine) as connection:
        return connection.exec_driver_sql("SELECT count(*) FROM sys_job WHERE state = 'done'").scalar_one()


def wait_for(installation: Installation, number: int, seconds: float = 5) -> float:
    """Seconds until so many jobs are done."""
    began = time.monotonic()
    while done(installation) < number:
        assert time.monotonic() - began < seconds, "the worker was not woken"
        time.sleep(0.01)
    return time.monotonic() - began


def test_a_bell_wakes_the_worker_at_once(any_bell, local):
    worker = Worker(OneInstallation(local), any_bell, SLOW_SWEEP)
    worker.start()
    time.sleep(0.2)
    with local.engine.begin() as connection:
        ids = enqueue_many(connection, [NewJob(topic="note", payload={"text": "x"})] * 40)
    any_bell.wake(local.name, ids)
    assert wait_for(local, 40) < 3
    worker.stop()


def test_a_lost_bell_is_repaired_by_the_sweep(bell, local):
    worker = Worker(OneInstallation(local), bell, QUICK)
    worker.start()
    with local.engine.begin() as connection:
        enqueue(connection, "note", {"text": "x"})
    wait_for(local, 1)
    worker.stop()


def test_many_jobs_ring_few_times_and_other_installations_are_left_alone(any_bell, local):
    any_bell.wake("elsewhere", range(1000))
    assert any_bell.waiting() == RINGS
    worker = Worker(OneInstallation(local), any_bell, QUICK)
    worker.start()
    began = time.monotonic()
    while any_bell.waiting():
        assert time.monotonic() - began < 5
        time.sleep(0.02)
    worker.stop()
    assert done(local) == 0


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://x/y", "sqlite://", "sqlite:///:memory:"])
def test_an_unknown_storage_is_refused(url):
    with pytest.raises(SettingsError, match="jobs.engine"):
        JobEngine(url)
