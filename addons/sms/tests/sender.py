"""A worker process for the test of killed workers: `python -m addons.sms.tests.sender SETTINGS QUEUE_URL`."""

from __future__ import annotations

import dataclasses
import datetime as dt
import pickle
import sys
from pathlib import Path

from addons.messaging import sending
from addons.sms.tests.probe import Plugin
from core.installation import Installation
from core.jobs.engine import JobEngine
from core.jobs.hosting import OneInstallation
from core.jobs.worker import run_worker
from tests.core.jobs.standin import QUICK

PAUSE = 2.0


def main() -> None:
    """Work until killed; what was left without an answer is looked into after two seconds instead of minutes."""
    sending.PAUSE = dt.timedelta(seconds=PAUSE)
    installation = Installation(pickle.loads(Path(sys.argv[1]).read_bytes()))
    installation.discover()
    installation.reload()
    installation.registry.plugins.register(Plugin())
    installation.registry.memo.clear()
    print("ready", flush=True)
    run_worker(OneInstallation(installation), JobEngine(sys.argv[2]), dataclasses.replace(QUICK, keep_days=0, lease=2.0))


if __name__ == "__main__":
    main()
