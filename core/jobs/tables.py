"""The two tables of background work: what is to be done, and which scheduled minute was already taken."""

from __future__ import annotations

import enum
from typing import NamedTuple

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    text,
)

from core.records.types import BigId, JsonType, Moment

DEFAULT_ATTEMPTS = 5
TOPIC_LENGTH = 200


class State(enum.StrEnum):
    """Where a job stands. `failed` waits for its next try; `dead` has none left and waits for an administrator."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    DEAD = "dead"
    CANCELLED = "cancelled"


# Written as text, not as bound values: a partial index is used only when the condition stands literally in the query.
WAITING = text("state IN ('queued', 'failed')")
RUNNING = text("state = 'running'")
UNFINISHED_WITH_KEY = text("dedupe_key IS NOT NULL AND state IN ('queued', 'running', 'failed')")


class JobTables(NamedTuple):
    """The tables as made by :func:`define`."""

    jobs: Table
    schedule_runs: Table


def define(metadata: MetaData) -> JobTables:
    """Add `sys_job` and `sys_schedule_run` to `metadata` and return them."""
    return JobTables(_define_jobs(metadata), _define_schedule_runs(metadata))


def _define_jobs(metadata: MetaData) -> Table:
    return Table(
        "sys_job", metadata,
        Column("id", BigId, autoincrement=True, nullable=False),
        Column("topic", String(TOPIC_LENGTH), nullable=False),
        Column("is_event", Boolean, nullable=False),
        Column("payload", JsonType, nullable=False),
        Column("dedupe_key", String(200)),
        Column("actor_id", BigId),
        Column("lang", String(20)),
        Column("state", String(10), nullable=False),
        Column("priority", Integer, nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("max_attempts", Integer),  # null until the first claim, unless whoever queued it decided
        Column("run_at", Moment, nullable=False),
        Column("lease_until", Moment),
        Column("lease_owner", String(80)),
        Column("cursor", JsonType),
        Column("progress_done", BigId),
        Column("progress_total", BigId),
        Column("progress_note", String(500)),
        Column("result", JsonType),
        Column("error", Text),
        Column("created_at", Moment, nullable=False),
        Column("started_at", Moment),
        Column("finished_at", Moment),
        PrimaryKeyConstraint("id", name="pk_sys_job"),
        CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'dead', 'cancelled')",
                        name="ck_sys_job_state"),
        Index("uq_sys_job_dedupe", "topic", "dedupe_key", unique=True,
              sqlite_where=UNFINISHED_WITH_KEY, postgresql_where=UNFINISHED_WITH_KEY),
        Index("ix_sys_job_waiting", text("priority DESC"), "run_at", "id",
              sqlite_where=WAITING, postgresql_where=WAITING),
        Index("ix_sys_job_running", "lease_until", sqlite_where=RUNNING, postgresql_where=RUNNING),
        # The id first, and no index on run_at: either would tempt SQLite to sort the whole backlog for each claim.
        Index("ix_sys_job_state", "id", "state"),
        Index("ix_sys_job_topic", "topic", "id"),
        # A purged id must never come back: handlers are idempotent by the job's id.
        sqlite_autoincrement=True,
    )


def _define_schedule_runs(metadata: MetaData) -> Table:
    return Table(
        "sys_schedule_run", metadata,
        Column("name", String(TOPIC_LENGTH), nullable=False),
        Column("minute", Moment, nullable=False),
        PrimaryKeyConstraint("name", "minute", name="pk_sys_schedule_run"),
    )


JOBS, SCHEDULE_RUNS = define(MetaData())
