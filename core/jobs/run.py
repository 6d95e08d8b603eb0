"""One attempt at one job: what the handler is given, and how its outcome is written.

The done mark is written in the handler's own transaction, so work and mark are committed together or not at all.
Whatever goes wrong rolls both back, and only then is the failure noted, in a transaction of its own.
"""

from __future__ import annotations

import logging
import random
import threading
import time
import traceback
from typing import Any

from sqlalchemy import Row

from core.errors import SarnakhError
from core.i18n.messages import _
from core.jobs import leases, outbox
from core.jobs.definitions import GiveUp, Handler, Postpone
from core.jobs.hosting import JobInstallation, WorkerOptions
from core.jobs.tables import DEFAULT_ATTEMPTS

log = logging.getLogger(__name__)

CONTENTION_TRIES = 6
NOTE_LENGTH = 500


class _Stopping(Exception):
    """The worker stops; the job was committed up to its checkpoint and goes on elsewhere."""


class Job:
    """What a handler sees of its job. `id` stays the same over all attempts: outside effects are keyed by it.

    `payload`: what was queued. `state`: what the last checkpoint kept, {} at the start. `attempt`: 1 at the first,
    and again 1 once a checkpoint has kept new progress. (`latest` and `written` are for the heartbeat: the columns of
    progress as told, and as last stored.)
    """

    def __init__(self, row: Row[Any], options: WorkerOptions, stopping: threading.Event,
                 timeout: float | None = None) -> None:
        self.id: int = row.id
        self.topic: str = row.topic
        self.payload: dict[str, Any] = row.payload
        self.state: dict[str, Any] = row.cursor or {}
        self.attempt: int = row.attempts
        self.owner: str = row.lease_owner
        self.timeout = timeout
        self.leased_at = time.monotonic()
        self._deadline = None if timeout is None else time.monotonic() + timeout
        self._options = options
        self._stopping = stopping
        self._withdrawn = threading.Event()
        self.latest: dict[str, Any] = {}
        self.written = self.latest
        self._env: Any = None

    def progress(self, done: int, total: int | None = None, note: str = "") -> None:
        """Tell how far the job is. Costs nothing: it is written with the next heartbeat or checkpoint."""
        self.latest = {"progress_done": done, "progress_total": total, "progress_note": note[:NOTE_LENGTH] or None}

    def cancelled(self) -> bool:
        """Whether the handler should stop: someone cancelled the job, its time is up, or the worker lost it."""
        return self._withdrawn.is_set() or self.overdue()

    def checkpoint(self, state: dict[str, Any]) -> None:
        """Commit the work so far together with `state`, from which another attempt will go on (`job.state`).

        Progress made is worth new patience: attempts count anew when `state` changed. Ends the handler by an exception
        it must let pass when the job was cancelled or its worker stops.
        """
        self.verify()
        values: dict[str, Any] = {"cursor": state, **self.latest}
        if state != self.state:
            values["attempts"] = 1
        leases.change_owned(self._env.connection, self.id, self.owner, **values)
        leases.extend(self._env.connection, [self.owner], self._options.lease)
        self._env.commit()
        self.attempt = values.get("attempts", self.attempt)
        self.state = state
        if self._stopping.is_set():
            raise _Stopping

    def bind(self, env: Any) -> None:
        """For the runner: the environment in which the handler works."""
        self._env = env

    def overdue(self) -> bool:
        """For the runner: whether the handler's timeout has passed."""
        return self._deadline is not None and time.monotonic() > self._deadline

    def verify(self) -> None:
        """For the runner: raise unless the attempt may still commit."""
        if self._withdrawn.is_set():
            raise leases.LeaseLost
        if self.overdue():
            raise SarnakhError(_("The job took longer than {seconds} seconds.", seconds=self.timeout))

    def withdraw(self) -> None:
        """For the heartbeat: this attempt does not own its job any more."""
        self._withdrawn.set()



def attempt(installation: JobInstallation, row: Row[Any], job: Job, options: WorkerOptions) -> None:
    """Run a claimed row to an outcome. Raises only when not even the outcome can be written (the lease then ends)."""
    try:
        _work(installation, row, job)
    except leases.LeaseLost:
        log.info("Job %s (%s) was cancelled or taken over; its work was rolled back.", job.id, job.topic)
    except _Stopping:
        _settle(installation, job, retry_in=0)
    except Postpone as later:
        _settle(installation, job, retry_in=later.seconds)
    except (Exception, SystemExit) as error:  # a handler may raise anything; its worker goes on
        log.warning("Job %s (%s) failed, attempt %s.", job.id, job.topic, job.attempt, exc_info=True)
        last = isinstance(error, GiveUp) or job.attempt >= (row.max_attempts or DEFAULT_ATTEMPTS)
        _settle(installation, job, error=describe(error), retry_in=None if last else backoff(job.attempt, options))


def _work(installation: JobInstallation, row: Row[Any], job: Job) -> None:
    registry = installation.registry
    handler = registry.job_handlers.get(row.topic)
    if handler is None:
        if not row.is_event and row.topic not in registry.subscriptions:
            raise SarnakhError(_("No enabled addon handles {topic}.", topic=row.topic))
        _fan_out(installation, row, job)
        return
    for patience in range(CONTENTION_TRIES):
        try:
            _call(installation, row, job, handler)
            return
        except Exception as error:
            if not leases.is_contention(error) or patience == CONTENTION_TRIES - 1:
                raise
            time.sleep(random.uniform(0.01, 0.05) * 2**patience)


def _call(installation: JobInstallation, row: Row[Any], job: Job, handler: Handler) -> None:
    actor = installation.load_actor(None if handler.as_actor == "system" else row.actor_id)
    options = {"lang": row.lang} if row.lang else {}
    with installation.env(actor, **options) as env:
        job.bind(env)
        result = handler.fn(env, job)
        job.verify()
        leases.finish(env.connection, job.id, job.owner, result=result, **job.latest)


def _fan_out(installation: JobInstallation, row: Row[Any], job: Job) -> None:
    """One job for each subscriber, in the transaction that marks the event done: nobody misses it or gets it twice."""
    copies = [outbox.NewJob(topic=topic, payload=row.payload, actor_id=row.actor_id, lang=row.lang,
                            priority=row.priority) for topic in installation.registry.subscriptions.get(row.topic, ())]
    with installation.engine.begin() as connection:
        leases.finish(connection, job.id, job.owner)
        outbox.enqueue_many(connection, copies)


def _settle(installation: JobInstallation, job: Job, *, retry_in: float | None, error: str | None = None) -> None:
    """Write the outcome of an attempt that did not get done; patient, because its work is rolled back already."""
    for patience in range(CONTENTION_TRIES):
        try:
            with installation.engine.begin() as connection:
                if error is None:
                    leases.release(connection, job.id, job.owner, retry_in or 0)
                else:
                    leases.fail(connection, job.id, job.owner, error, retry_in)
            return
        except leases.LeaseLost:
            return
        except Exception as problem:
            if not leases.is_contention(problem) or patience == CONTENTION_TRIES - 1:
                raise
            time.sleep(0.05 * 2**patience)


def backoff(attempt_number: int, options: WorkerOptions) -> float:
    """Seconds before the next try: doubling from `options.backoff`, capped, spread so that failures do not march."""
    longest: float = min(options.backoff_limit, options.backoff * 2 ** min(attempt_number - 1, 30))
    return longest * random.uniform(0.5, 1.0)


def describe(error: BaseException) -> str:
    """What the dead-letter list shows: kind, text and where it happened, without paths or values of variables."""
    text = error.message if isinstance(error, SarnakhError) else str(error)
    text = text.english() if hasattr(text, "english") else text
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    places = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(error).__name__}: {text}" + (f" ({places})" if places else "")
