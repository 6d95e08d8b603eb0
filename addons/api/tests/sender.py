"""A worker process for the test of killed workers: `python -m addons.api.tests.sender SETTINGS QUEUE_URL`."""

from __future__ import annotations

import dataclasses
import pickle
import sys
from pathlib import Path

from core.installation import Installation
from core.jobs.engine import JobEngine
from core.jobs.hosting import OneInstallation
from core.jobs.worker import run_worker
from tests.core.jobs.standin import QUICK


def main() -> None:
    """Work until killed."""
    installation = Installation(pickle.loads(Path(sys.argv[1]).read_bytes()))
    installation.discover()
    installation.reload()
    print("ready", flush=True)
    run_worker(OneInstallation(installation), JobEngine(sys.argv[2]), dataclasses.replace(QUICK, keep_days=0, lease=2.0))


if __name__ == "__main__":
    main()
