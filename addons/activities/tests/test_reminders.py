"""Reminders: at the right moment for each person, once, late rather than never, and not of what is over."""

import datetime as dt
import time

import pytest

from addons.activities import reminding
from addons.activities.tests.conftest import ACTIVITY
from core.api import SYSTEM, AccessDenied, NotFound, SarnakhError, ValidationFailed
from core.env import Env
from core.testing.browser import Visitor
from core.testing.plugin import query_budget, user_id

pytestmark = [pytest.mark.addons("activities")]
REMINDER, NOTICE = "activities.reminder", "base.notification"
HOUR = dt.timedelta(hours=1)


def plan(env, **values):
    return env.create(ACTIVITY, {"kind": "call", "subject": "Talk", "starts_at": env.now + 3 * HOUR} | values)


def run(installation, now):
    """What the worker does at a moment."""
    with installation.env(SYSTEM) as env:
        later = Env(installation, env.connection, env.registry, SYSTEM, now=now)
        return reminding.send(later)


def told(installation, login=None):
    with installation.env(SYSTEM) as env:
        query = env.query(NOTICE).where('kind == "reminder"')
        if login:
            query = query.where(f"user == {user_id(installation, login)}")
        return query.count()


def test_everybody_as_they_usually_are(env_as, installation):
    reza = user_id(installation, "reza")
    with env_as("sara") as env, env.elevated("test") as sudo:
        sudo.update("base.user", reza, {"activities_reminder": "1h"})
        key = plan(env, participants=[reza])
        now = env.now
        found = {r["user"].id: r["remind_at"] for r in env.query(REMINDER).where(f"activity == {key}").select("user", "remind_at").rows()}
        assert found == {env.actor.id: now + 3 * HOUR - dt.timedelta(minutes=15), reza: now + 2 * HOUR}
    assert run(installation, now + HOUR) == 0
    assert run(installation, now + 2 * HOUR) == 1 and told(installation) == told(installation, "reza") == 1
    assert run(installation, now + 9 * HOUR) == 1 and told(installation, "sara") == 1
    assert run(installation, now + 9 * HOUR) == 0 and told(installation) == 2


def test_a_worker_that_dies_loses_and_doubles_nothing(env_as, installation):
    with env_as("sara") as env:
        plan(env)
        now = env.now

    class Died(Exception):
        pass

    def killed():
        with installation.env(SYSTEM) as env:
            reminding.send(Env(installation, env.connection, env.registry, SYSTEM, now=now + 3 * HOUR))
            raise Died

    for _attempt in range(2):
        with pytest.raises(Died):
            killed()
        assert told(installation) == 0
    run(installation, now + 30 * HOUR)
    run(installation, now + 31 * HOUR)
    assert told(installation) == 1


def test_what_is_over_or_moved_does_not_ring(env_as, installation):
    with env_as("sara") as env:
        keys = [plan(env) for _n in range(4)]
        now = env.now
        env.update(ACTIVITY, keys[0], {"status": "done"})
        env.run_action(ACTIVITY, "cancel", [keys[1]])
        env.delete(ACTIVITY, [keys[2]])
        env.update(ACTIVITY, keys[3], {"starts_at": now + 50 * HOUR})
    run(installation, now + 4 * HOUR)
    assert told(installation) == 0
    run(installation, now + 50 * HOUR)
    assert told(installation) == 1
    with env_as("sara") as env:
        env.update(ACTIVITY, keys[3], {"starts_at": now + 90 * HOUR})
    run(installation, now + 60 * HOUR)
    assert told(installation) == 1
    run(installation, now + 90 * HOUR)
    assert told(installation) == 2


def test_whole_days_where_each_person_is(env_as, installation):
    with env_as("sara") as env, env.elevated("test") as sudo:
        sudo.update("base.user", env.actor.id, {"time_zone": "Asia/Tehran", "activities_day_reminder": "1d"})
    with env_as("sara") as env:
        day = env.today + dt.timedelta(days=10)
        key = env.create(ACTIVITY, {"subject": "Day", "all_day": True, "first_day": day})
        env.create(REMINDER, {"activity": key, "before": 2, "unit": "hours", "at": "۱۰:۳۰"})
        found = sorted(r["remind_at"].astimezone(env.tz) for r in env.query(REMINDER).select("remind_at").rows())
        assert [(m.date(), m.time()) for m in found] == [(day - dt.timedelta(days=1), dt.time(9)), (day, dt.time(8, 30))]
        with pytest.raises(ValidationFailed):
            env.create(REMINDER, {"activity": key, "at": "25:00"})


def test_only_who_takes_part(env_as, installation):
    with env_as("sara") as env:
        key = plan(env, private=True)
        with pytest.raises(ValidationFailed):
            env.create(REMINDER, {"activity": key, "user": user_id(installation, "reza")})
    with env_as("reza") as env:
        for work in (lambda: reminding.again(env, key, "5"), lambda: reminding.mine(env, key, 5, "minutes", ""),
                     lambda: env.create(REMINDER, {"activity": key, "before": 5})):
            with pytest.raises((NotFound, AccessDenied, SarnakhError)):
                work()
    assert Visitor(installation, user_id(installation, "reza")).get(f"/x/activities/{key}/remind").status_code == 404


def test_again_later(env_as, installation):
    with env_as("sara") as env:
        key = plan(env, participants=[user_id(installation, "reza")])
    page = Visitor(installation, user_id(installation, "reza"))
    assert page.get(f"/x/activities/{key}/remind").status_code == 200
    assert page.post(f"/x/activities/{key}/remind", {"again": "5"}).status_code in (204, 303)
    assert page.post(f"/x/activities/{key}/remind", {"again": "nonsense"}).status_code == 422
    with env_as("sara") as env:
        now = env.now
    run(installation, now + dt.timedelta(minutes=6))
    assert told(installation, "reza") == 1 and told(installation, "sara") == 0


@pytest.mark.database("sqlite")
def test_thousands(env_as, installation):
    with env_as("sara") as env, env.elevated("test") as sudo:
        sudo.update("base.user", env.actor.id, {"activities_reminder": "none"})
        at = env.now + 100 * HOUR
        keys = [k for n in range(2) for k in sudo.create(ACTIVITY, [
            {"subject": f"a{n}", "starts_at": at + dt.timedelta(minutes=n), "owner": env.actor.id}] * 5000)]
        for start in range(0, len(keys), 5000):
            sudo.create(REMINDER, [{"activity": k, "before": 15} for k in keys[start:start + 5000]])
        now = env.now
    begun = time.perf_counter()
    assert run(installation, now) == 0
    assert time.perf_counter() - begun < 1
    with query_budget(installation, 30):
        assert run(installation, now + 200 * HOUR) == reminding.STEP
