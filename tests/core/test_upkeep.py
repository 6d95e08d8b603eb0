"""The planner's statistics are made by a job."""

import pytest
from sqlalchemy import text

from core.jobs.hosting import OneInstallation
from core.jobs.worker import Worker
from core.security.actor import SYSTEM
from core.upkeep import TOPIC


@pytest.mark.addons("base")
def test_statistics_are_made(installation):
    with installation.env(SYSTEM) as env:
        env.enqueue(TOPIC, {}, dedupe=TOPIC)
    assert Worker(OneInstallation(installation), installation.jobs).run_pending(installation, seconds=10) == 1
    if installation.settings.is_sqlite:
        with installation.engine.connect() as connection:
            assert connection.execute(text("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'base_country'")).scalar_one()
    assert TOPIC in {s.topic for s in installation.registry.schedules.values()}
