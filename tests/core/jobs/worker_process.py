"""A worker process for the tests: `python -m tests.core.jobs.worker_process DATABASE_URL QUEUE_URL [tick]`."""

from __future__ import annotations

import dataclasses
import sys

from core.jobs.engine import JobEngine
from core.jobs.hosting import OneInstallation
from core.jobs.schedule import tick
from core.jobs.worker import run_worker
from tests.core.jobs.standin import EVERY_MINUTE, QUICK, Installation, minutes_ago, registry


def main() -> None:
    installation = Installation(sys.argv[1], registry())
    print("ready", flush=True)
    if sys.argv[2] == "tick":
        sys.stdin.readline()
        print(len(tick(installation.engine, {EVERY_MINUTE.name: EVERY_MINUTE}, minutes_ago(1))), flush=True)
        return
    run_worker(OneInstallation(installation), JobEngine(sys.argv[2]), dataclasses.replace(QUICK, keep_days=0))


if __name__ == "__main__":
    main()
