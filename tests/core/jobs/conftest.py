"""Databases and queues for the tests of background work: every test runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.exc import OperationalError

from core.jobs.admin import JobInfo, job_status
from core.jobs.engine import JobEngine
from core.jobs.hosting import OneInstallation
from core.jobs.leases import reading
from core.jobs.worker import Worker
from tests.core.jobs.standin import EFFECTS, METADATA, QUICK, Installation, registry

SERVER = "postgresql+psycopg://postgres@127.0.0.1:5432/"


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """The address of a fresh database, dropped afterwards."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'installation.sqlite3'}"
        return
    name = f"sarnakh_jobs_{uuid.uuid4().hex[:12]}"
    admin = create_engine(SERVER + "postgres", isolation_level="AUTOCOMMIT")
    try:
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
    except OperationalError:
        pytest.skip("PostgreSQL is not reachable")
    try:
        yield SERVER + name
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with database(request.param, tmp_path) as url:
        yield url


@pytest.fixture
def installation(database_url: str) -> Iterator[Installation]:
    opened = Installation(database_url, registry())
    METADATA.create_all(opened.engine)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def queue_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'queue' / 'jobs.sqlite3'}"


@pytest.fixture
def bell(queue_url: str) -> Iterator[JobEngine]:
    engine = JobEngine(queue_url)
    yield engine
    engine.close()


@pytest.fixture
def worker(installation: Installation, bell: JobEngine) -> Iterator[Worker]:
    """A worker that is not started: `run_pending` and `sweep` drive it; a test may start it."""
    made = Worker(OneInstallation(installation), bell, QUICK)
    yield made
    made.stop()


@pytest.fixture
def effects(installation: Installation) -> Callable[[], dict[int, int]]:
    """A function returning how many effects each job had."""
    def count() -> dict[int, int]:
        with reading(installation.engine) as connection:
            rows = connection.execute(select(EFFECTS.c.job_id, func.count()).group_by(EFFECTS.c.job_id))
            return {job_id: number for job_id, number in rows}
    return count


@pytest.fixture
def status(installation: Installation) -> Callable[[int], JobInfo]:
    """A function returning a job as it stands."""
    def look(job_id: int) -> JobInfo:
        with reading(installation.engine) as connection:
            found = job_status(connection, job_id)
        assert found is not None
        return found
    return look
