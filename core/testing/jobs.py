"""Background work in tests: done here and now, in this thread, by the real worker."""

from __future__ import annotations

from core.installation import Installation
from core.jobs.engine import JobEngine
from core.jobs.hosting import OneInstallation, WorkerOptions
from core.jobs.worker import Worker


def run_jobs(installation: Installation, seconds: float = 60) -> int:
    """Do what is due until nothing is; returns how many jobs ran. What waits for a later moment is left."""
    engine = JobEngine(f"sqlite:///{installation.settings.data / 'test-jobs.sqlite3'}")
    worker = Worker(OneInstallation(installation), engine, WorkerOptions(threads=1))
    try:
        return worker.run_pending(installation, seconds)
    finally:
        worker.stop()
        engine.close()
