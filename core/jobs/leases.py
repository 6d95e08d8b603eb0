"""Every change a worker makes to a job's row: claim, extend, finish, fail, release, recover.

A claim stamps the row with a token of its own. Every later statement of that attempt names the token, so whoever
lost the lease (cancelled, timed out, taken over after a stall) changes nothing, and what its handler wrote in the same
transaction is rolled back with it: that is what makes a database effect happen exactly once.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Engine, Row, case, func, literal, null, select, text, update
from sqlalchemy.exc import DBAPIError

from core.errors import SarnakhError
from core.i18n.messages import _
from core.jobs.definitions import Handler
from core.jobs.tables import DEFAULT_ATTEMPTS, JOBS, RUNNING, WAITING, State
from core.records.types import Moment

ERROR_LENGTH = 4000
_UNLIMITED = 2**31 - 1
_WAITING = JOBS.alias("waiting")
_RUNNING = JOBS.alias("running")


class LeaseLost(SarnakhError):
    """This attempt no longer owns its job; its work must be rolled back."""

    def __init__(self) -> None:
        super().__init__(_("The job was cancelled or taken over meanwhile."))


def reading(engine: Engine) -> Connection:
    """A connection for a look only: on SQLite it does not wait for whoever is writing."""
    return engine.connect().execution_options(sarnakh_write=False)


def utcnow() -> dt.datetime:
    """Now, aware, in UTC."""
    return dt.datetime.now(dt.UTC)


def claim(connection: Connection, handlers: Mapping[str, Handler], worker: str, lease: float) -> Row[Any] | None:
    """Take the best due job for `lease` seconds (highest priority, then longest due), or None. Counts an attempt.

    One statement on both databases. SQLAlchemy omits `FOR UPDATE SKIP LOCKED` on SQLite, where it is not needed: an
    UPDATE holds the only write lock from its first read on.
    """
    now = utcnow()
    limits = {topic: handler.concurrency for topic, handler in handlers.items() if handler.concurrency is not None}
    best = select(_WAITING.c.id).where(WAITING, _WAITING.c.run_at <= now)
    if limits:
        if connection.dialect.name == "postgresql":
            # Two claims at once would each count the other's job as not yet running.
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('sys_job.claim'))"))
        limit = case(limits, value=_RUNNING.c.topic, else_=_UNLIMITED)
        full = select(_RUNNING.c.topic).where(RUNNING).group_by(_RUNNING.c.topic).having(func.count() >= limit)
        best = best.where(_WAITING.c.topic.not_in(full))
    best = best.order_by(_WAITING.c.priority.desc(), _WAITING.c.run_at, _WAITING.c.id).limit(1)
    statement = update(JOBS).where(JOBS.c.id == best.with_for_update(skip_locked=True).scalar_subquery()).values(
        state=State.RUNNING.value, attempts=JOBS.c.attempts + 1, lease_owner=f"{worker}:{uuid.uuid4().hex[:12]}",
        max_attempts=func.coalesce(JOBS.c.max_attempts, _attempts_of(handlers)),
        lease_until=now + dt.timedelta(seconds=lease),
        started_at=func.coalesce(JOBS.c.started_at, literal(now, Moment)),
    ).returning(JOBS)
    return connection.execute(statement).one_or_none()


def _attempts_of(handlers: Mapping[str, Handler]) -> Any:
    own = {topic: handler.retries + 1 for topic, handler in handlers.items() if handler.retries + 1 != DEFAULT_ATTEMPTS}
    return case(own, value=JOBS.c.topic, else_=DEFAULT_ATTEMPTS) if own else DEFAULT_ATTEMPTS


def extend(connection: Connection, owners: Iterable[str], lease: float) -> None:
    """Keep the jobs of these tokens for another `lease` seconds from now."""
    connection.execute(update(JOBS).where(RUNNING, JOBS.c.lease_owner.in_(list(owners))).values(
        lease_until=utcnow() + dt.timedelta(seconds=lease)))


def note_progress(connection: Connection, owner: str, columns: Mapping[str, Any]) -> None:
    """Write the progress columns of the job that `owner` holds; does nothing when it is over."""
    connection.execute(update(JOBS).where(RUNNING, JOBS.c.lease_owner == owner).values(**columns))


def still_owned(connection: Connection, owners: Iterable[str]) -> set[str]:
    """Those of the tokens that still hold their job. Only reads."""
    return set(connection.scalars(select(JOBS.c.lease_owner).where(RUNNING, JOBS.c.lease_owner.in_(list(owners)))))


def change_owned(connection: Connection, job_id: int, owner: str, **values: Any) -> None:
    """Change the row of a job that `owner` holds; raises LeaseLost when it does not hold it any more."""
    result = connection.execute(update(JOBS).where(
        JOBS.c.id == job_id, JOBS.c.lease_owner == owner, JOBS.c.state == State.RUNNING.value).values(**values))
    if result.rowcount != 1:
        raise LeaseLost


def finish(connection: Connection, job_id: int, owner: str, *, result: Any = None, **progress: Any) -> None:
    """Mark the job done in the transaction of `connection`, which is that of the handler's work."""
    change_owned(connection, job_id, owner, state=State.DONE.value, result=result, error=null(), lease_owner=null(),
                 lease_until=null(), finished_at=utcnow(), **progress)


def fail(connection: Connection, job_id: int, owner: str, error: str, retry_in: float | None) -> None:
    """Note a failed attempt: try again in `retry_in` seconds, or with None put it with the dead letters."""
    now = utcnow()
    outcome: dict[str, Any] = {"state": State.DEAD.value, "finished_at": now}
    if retry_in is not None:
        outcome = {"state": State.FAILED.value, "run_at": now + dt.timedelta(seconds=retry_in)}
    change_owned(connection, job_id, owner, error=error[:ERROR_LENGTH], lease_owner=null(), lease_until=null(),
                 **outcome)


def release(connection: Connection, job_id: int, owner: str, retry_in: float = 0) -> None:
    """Give the job back unharmed, to be run in `retry_in` seconds; the attempt does not count."""
    change_owned(connection, job_id, owner, state=State.QUEUED.value, attempts=JOBS.c.attempts - 1, lease_owner=null(),
                 lease_until=null(), run_at=utcnow() + dt.timedelta(seconds=retry_in))


def any_expired(connection: Connection) -> bool:
    """Whether a worker vanished with its job. Only reads, so that an idle sweep takes no write lock."""
    return connection.scalar(select(JOBS.c.id).where(RUNNING, JOBS.c.lease_until < utcnow()).limit(1)) is not None


def recover(connection: Connection) -> int:
    """Put jobs whose worker vanished back in the queue (or with the dead letters); returns how many."""
    now = utcnow()
    spent = JOBS.c.attempts >= func.coalesce(JOBS.c.max_attempts, DEFAULT_ATTEMPTS)
    result = connection.execute(update(JOBS).where(RUNNING, JOBS.c.lease_until < now).values(
        state=case((spent, State.DEAD.value), else_=State.FAILED.value), run_at=now,
        finished_at=case((spent, literal(now, Moment))), lease_owner=null(), lease_until=null(),
        error=_("The worker vanished while it ran this job.").english()))
    return result.rowcount


def count_due(connection: Connection, limit: int) -> int:
    """How many jobs could run now, counted up to `limit`."""
    due = select(JOBS.c.id).where(WAITING, JOBS.c.run_at <= utcnow()).limit(limit).subquery()
    return int(connection.scalar(select(func.count()).select_from(due)) or 0)


def next_run(connection: Connection) -> dt.datetime | None:
    """When the next job that is not yet due becomes so."""
    found: dt.datetime | None = connection.scalar(select(func.min(JOBS.c.run_at)).where(
        WAITING, JOBS.c.run_at > utcnow()))
    return found


def is_contention(error: BaseException) -> bool:
    """Whether a database error only says that another transaction was in the way, so that trying again can help."""
    if not isinstance(error, DBAPIError):
        return False
    if getattr(error.orig, "sqlstate", None) in ("40001", "40P01", "55P03"):
        return True
    return "database is locked" in str(error.orig) or "database table is locked" in str(error.orig)
