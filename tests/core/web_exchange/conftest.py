"""The same shop and visitors as the other pages' tests, with a worker that runs what is queued."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.installation import Installation
from core.jobs.hosting import OneInstallation, WorkerOptions
from core.jobs.worker import Worker
from tests.core.web.conftest import host, visit

__all__ = ["host", "visit"]

Work = Callable[[], int]


@pytest.fixture
def work(installation: Installation) -> Work:
    """Run everything that is due, here."""
    def run() -> int:
        return Worker(OneInstallation(installation), installation.jobs, WorkerOptions()).run_pending(installation)
    return run
