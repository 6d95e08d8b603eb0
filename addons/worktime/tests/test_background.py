"""Background work, and what happens when two write at once."""

import datetime as dt
import threading
from types import SimpleNamespace

import pytest

from addons.worktime import jobs
from core.api import F, ValidationFailed
from core.security.actor import SYSTEM

pytestmark = pytest.mark.addons("worktime")


def test_the_nightly_job_plans_all_rotas_and_may_run_twice(installation, people):
    with installation.env(SYSTEM) as env:
        key = env.create("worktime.rota", {"name": "R", "pattern": "M -", "first_day": env.today, "time_zone": "UTC", "weeks_ahead": 2})
        env.create("worktime.rota_member", {"rota": key, "user": people["sara"], "offset": 1})
        work = SimpleNamespace(payload={})
        assert jobs.plan(env, work)["made"] >= 7
        assert jobs.plan(env, work) == {"made": 0, "changed": 0, "removed": 0, "busy": 0}


def test_the_monthly_job_fills_in_the_years_ahead(installation):
    with installation.env(SYSTEM, now=dt.datetime.now(dt.UTC) + dt.timedelta(days=400)) as env:
        assert jobs.official_holidays(env, SimpleNamespace(payload={}))["days"] > 30
        assert jobs.official_holidays(env, SimpleNamespace(payload={})) == {"days": 0}


@pytest.mark.database("postgresql")
def test_two_absences_at_the_same_moment_do_not_overlap(installation, people):
    """The second waits for the first to end, and then sees it."""
    values = {"owner": people["sara"], "first_day": dt.date(2027, 5, 3), "last_day": dt.date(2027, 5, 4)}
    refusals, started = [], threading.Event()

    def second():
        started.set()
        try:
            with installation.env(SYSTEM) as env:
                env.create("worktime.absence", values)
        except ValidationFailed as error:
            refusals.append(error)

    other = threading.Thread(target=second)
    with installation.env(SYSTEM) as env:
        env.create("worktime.absence", values)
        other.start()
        started.wait(5)
        other.join(0.5)
        assert other.is_alive()
    other.join(10)
    assert len(refusals) == 1
    with installation.env(SYSTEM) as env:
        assert env.query("worktime.absence").where(F.owner == people["sara"]).count() == 1
