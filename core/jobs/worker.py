"""The worker: threads that take due jobs and run them, a heartbeat, and a sweep that repairs whatever was lost.

`serve` runs one in its own process; across machines any number run, each in a process of its own (`run_worker`).
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import signal
import socket
import threading
import time
from types import FrameType
from typing import Any

from huey.consumer import Consumer

from core.jobs import admin, leases, schedule
from core.jobs.engine import RINGS, JobEngine
from core.jobs.heartbeat import Heartbeat
from core.jobs.hosting import Host, JobInstallation, WorkerOptions
from core.jobs.run import Job, attempt
from core.logs import log_context

log = logging.getLogger(__name__)

BURST = 2.0
"""Seconds a thread stays with one installation before it gives the others a turn."""
HOUSEKEEPING = 3600.0


class Worker:
    """Works on the jobs of all installations of `host`, woken through `engine`."""

    def __init__(self, host: Host, engine: JobEngine, options: WorkerOptions | None = None) -> None:
        self.options = options or WorkerOptions()
        self._host = host
        self._engine = engine
        self._name = f"{socket.gethostname()[:30]}:{os.getpid()}"
        self._heartbeat = Heartbeat(self.options)
        self._stopping = threading.Event()
        self._ticked: dict[str, dt.datetime] = {}
        self._cleaned: dict[str, float] = {}
        self._consumer: Consumer | None = None
        self._sweeper: threading.Thread | None = None

    def start(self) -> None:
        """Start the threads and return."""
        self._heartbeat.start()
        self._consumer = self._engine.consume(self._heard, self.options.threads)
        self._consumer.shutdown_timeout = self.options.stop
        self._sweeper = threading.Thread(target=self._sweep_loop, name="jobs-sweep", daemon=True)
        self._sweeper.start()

    def stop(self) -> None:
        """Stop: handlers end, at their next checkpoint if not before; one longer than `options.stop` is left behind."""
        self._stopping.set()
        if self._consumer is not None:
            self._consumer.stop(graceful=True)
        if self._sweeper is not None:
            self._sweeper.join(timeout=self.options.stop)
        self._heartbeat.stop()

    def run_pending(self, installation: JobInstallation, seconds: float | None = None) -> int:
        """Run what is due now, here, one after the other, until nothing is due or `seconds` are over; returns how many.

        What the threads do; also for tests and for a command that empties the queue without a running worker.
        """
        ends = None if seconds is None else time.monotonic() + seconds
        ran = 0
        while not self._stopping.is_set() and (ends is None or time.monotonic() < ends):
            if not self._run_next(installation):
                break
            ran += 1
        return ran

    def sweep(self, installation: JobInstallation) -> float:
        """Repair and ring for one installation; returns in how many seconds to look again."""
        self._tick(installation)
        with leases.reading(installation.engine) as connection:
            vanished = leases.any_expired(connection)
        if vanished:
            with installation.engine.begin() as connection:
                leases.recover(connection)
        with leases.reading(installation.engine) as connection:
            due = leases.count_due(connection, RINGS)
            following = None if due else leases.next_run(connection)
        if due and self._engine.waiting() < RINGS:
            self._engine.wake(installation.name, range(due))
        self._keep_house(installation)
        if following is None:
            return self.options.sweep
        return min(self.options.sweep, max(0.05, (following - leases.utcnow()).total_seconds()))

    def _heard(self, name: str) -> None:
        installation = self._host.installation(name)
        if installation is None:
            return
        started = time.monotonic()
        self.run_pending(installation, BURST)
        if time.monotonic() - started >= BURST and not self._stopping.is_set():
            self._engine.wake(name, (0,))

    def _run_next(self, installation: JobInstallation) -> bool:
        with leases.reading(installation.engine) as connection:
            if not leases.count_due(connection, 1):  # a look costs no lock, a claim on SQLite does
                return False
        handlers = installation.registry.job_handlers
        with installation.engine.begin() as connection:
            row = leases.claim(connection, handlers, self._name, self.options.lease)
        if row is None:
            return False
        handler = handlers.get(row.topic)
        job = Job(row, self.options, self._stopping, handler.timeout if handler else None)
        with log_context(installation=installation.name, job=job.id), self._heartbeat.watch(installation, job):
            attempt(installation, row, job, self.options)
        return True

    def _tick(self, installation: JobInstallation) -> None:
        now = leases.utcnow().replace(second=0, microsecond=0)
        if self._ticked.get(installation.name) == now:
            return
        schedule.tick(installation.engine, installation.registry.schedules, self._ticked.get(installation.name), now)
        self._ticked[installation.name] = now

    def _keep_house(self, installation: JobInstallation) -> None:
        if not self.options.keep_days or time.monotonic() - self._cleaned.get(installation.name, -HOUSEKEEPING) \
                < HOUSEKEEPING:
            return
        self._cleaned[installation.name] = time.monotonic()
        with installation.engine.begin() as connection:
            admin.purge_done(connection, leases.utcnow() - dt.timedelta(days=self.options.keep_days))

    def _sweep_loop(self) -> None:
        while not self._stopping.is_set():
            pause = self.options.sweep
            for installation in self._host.installations():
                try:
                    pause = min(pause, self.sweep(installation))
                except Exception:  # an unreachable database is looked at again, the others go on
                    log.warning("The jobs of %s could not be swept.", installation.name, exc_info=True)
            self._stopping.wait(pause)


def run_worker(host: Host, engine: JobEngine, options: WorkerOptions | None = None) -> None:
    """Work until SIGINT or SIGTERM: the whole life of a worker process. Call it from the main thread."""
    worker = Worker(host, engine, options)
    over = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        over.set()

    previous: dict[int, Any] = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    worker.start()
    try:
        over.wait()
    finally:
        worker.stop()
        for number, handler in previous.items():
            signal.signal(number, handler)
