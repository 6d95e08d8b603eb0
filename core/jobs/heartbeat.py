"""The heartbeat of a worker: keeps the leases of running jobs, writes their progress, notices that one was cancelled.

On SQLite a handler in the middle of writing holds the only write lock, so a beat may find it taken: it skips then.
Nobody else can take the job meanwhile, for that needs the same lock; the handler's checkpoints renew the lease.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from core.jobs import leases
from core.jobs.hosting import JobInstallation, WorkerOptions
from core.jobs.run import Job

log = logging.getLogger(__name__)


class Heartbeat:
    """One thread beating for all jobs that a worker runs."""

    def __init__(self, options: WorkerOptions) -> None:
        self._options = options
        self._running: dict[str, tuple[JobInstallation, Job]] = {}
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to beat."""
        self._stop.clear()
        self._thread = threading.Thread(target=self._loop, name="jobs-heartbeat", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop beating; waits for a beat under way."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=self._options.lease)

    @contextmanager
    def watch(self, installation: JobInstallation, job: Job) -> Iterator[None]:
        """Beat for `job` as long as the block runs."""
        with self._lock:
            self._running[job.owner] = (installation, job)
        try:
            yield
        finally:
            with self._lock:
                del self._running[job.owner]

    def beat(self) -> None:
        """One beat for everything that runs."""
        with self._lock:
            running = list(self._running.values())
        by_name: dict[str, tuple[JobInstallation, list[Job]]] = {}
        for installation, job in running:
            by_name.setdefault(installation.name, (installation, []))[1].append(job)
        for installation, jobs in by_name.values():
            try:
                self._beat_for(installation, jobs)
            except Exception as error:  # one installation's trouble must not stop the others' heart
                level = logging.DEBUG if leases.is_contention(error) else logging.WARNING
                log.log(level, "No heartbeat for %s this time.", installation.name, exc_info=True)

    def _beat_for(self, installation: JobInstallation, jobs: list[Job]) -> None:
        with leases.reading(installation.engine) as connection:
            owned = leases.still_owned(connection, [job.owner for job in jobs])
        for job in jobs:
            if job.owner not in owned:
                job.withdraw()
        mine = [job for job in jobs if job.owner in owned and not job.overdue()]
        aging = [job for job in mine if time.monotonic() - job.leased_at > self._options.lease / 4]
        progress = [(job, job.latest) for job in mine if job.latest is not job.written]
        if not aging and not progress:
            return
        with installation.engine.begin() as connection:
            leases.extend(connection, [job.owner for job in aging], self._options.lease)
            for job, columns in progress:
                leases.note_progress(connection, job.owner, columns)
        for job in aging:
            job.leased_at = time.monotonic()
        for job, columns in progress:
            job.written = columns

    def _loop(self) -> None:
        while not self._stop.wait(self._options.beat):
            self.beat()
