"""Days stay days, times are moments; what is done says when and by whom; the next activity of a record follows."""

import datetime as dt
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from addons.activities import timing
from addons.activities.tests.conftest import ACCOUNT, ACTIVITY, call
from core.api import SarnakhError
from core.testing.plugin import query_budget, user_id

pytestmark = [pytest.mark.addons("activities")]
ZONES = sorted(z for z in available_timezones() if not z.startswith(("posix", "right")))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # reading hundreds of zones takes a while
@given(st.dates(dt.date(1990, 1, 1), dt.date(2060, 1, 1)), st.sampled_from(ZONES))
def test_a_day_ends_on_that_day_in_every_zone(day, name):
    zone = ZoneInfo(name)
    end = timing.end_of_day(day, zone)
    after = (end + dt.timedelta(seconds=1)).astimezone(zone)
    assert after.date() > day
    assert end.astimezone(zone).date() <= day, "a day that a zone left out ends with the one before"


def test_whole_days_do_not_slip(env_as, accounts, installation):
    reza = user_id(installation, "reza")
    with env_as("admin") as env:
        env.update("base.user", reza, {"time_zone": "America/Los_Angeles"})
        env.update("base.user", user_id(installation, "sara"), {"time_zone": "Asia/Tehran"})
    with env_as("sara") as env:
        day = dt.date(2027, 3, 21)
        mine, his = env.create(ACTIVITY, [{"subject": "a", "all_day": True, "first_day": day},
                                          {"subject": "b", "all_day": True, "first_day": day, "owner": reza}])
        rows = {r["id"]: r for r in env.query(ACTIVITY).with_ids([mine]).select("first_day", "last_day", "due_at").rows()}
        assert (rows[mine]["first_day"], rows[mine]["last_day"]) == (day, day)
        assert rows[mine]["due_at"] == dt.datetime(2027, 3, 21, 20, 29, 59, tzinfo=dt.UTC)
    with env_as("reza") as env:
        row = env.get(ACTIVITY, his, "first_day", "due_at")
        assert row.first_day == day and row.due_at == dt.datetime(2027, 3, 22, 6, 59, 59, tzinfo=dt.UTC)
        env.update(ACTIVITY, his, {"owner": user_id(installation, "sara")})
    with env_as("sara") as env:
        assert env.get(ACTIVITY, his, "due_at").due_at == dt.datetime(2027, 3, 21, 20, 29, 59, tzinfo=dt.UTC)


def test_ends_and_durations_follow(env_as, accounts):
    first, _second = accounts
    with env_as("sara") as env:
        at = env.now.replace(microsecond=0) + dt.timedelta(days=1)
        key = call(env, first, starts_at=at, duration=1800)
        assert env.get(ACTIVITY, key, "ends_at").ends_at == at + dt.timedelta(minutes=30)
        env.update(ACTIVITY, key, {"starts_at": at + dt.timedelta(days=1)})
        assert env.get(ACTIVITY, key, "ends_at", "duration").ends_at == at + dt.timedelta(days=1, minutes=30)
        env.update(ACTIVITY, key, {"ends_at": at + dt.timedelta(days=1, hours=1)})
        assert env.get(ACTIVITY, key, "duration").duration == dt.timedelta(hours=1)
        with pytest.raises(SarnakhError):
            env.update(ACTIVITY, key, {"ends_at": at})
        env.update(ACTIVITY, key, {"all_day": True, "first_day": env.today, "last_day": env.today + dt.timedelta(days=2)})
        assert env.get(ACTIVITY, key, "starts_at").starts_at is None
        env.update(ACTIVITY, key, {"first_day": env.today + dt.timedelta(days=7)})
        assert env.get(ACTIVITY, key, "last_day").last_day == env.today + dt.timedelta(days=9)
        with pytest.raises(SarnakhError):
            env.update(ACTIVITY, key, {"last_day": env.today})
        with pytest.raises(SarnakhError):
            env.create(ACTIVITY, {"subject": "when?", "all_day": True})


def test_done_says_when_and_by_whom(env_as, accounts):
    first, _second = accounts
    with env_as("sara") as env:
        reached = env.query("activities.outcome").where('kind == "call"').ids()[0]
        task = env.query("activities.outcome").where('kind == "task"').ids()[0]
        key = call(env, first)
        with pytest.raises(SarnakhError):
            env.update(ACTIVITY, key, {"outcome": reached})
        with pytest.raises(SarnakhError):
            env.update(ACTIVITY, key, {"status": "done", "outcome": task})
        env.update(ACTIVITY, key, {"status": "done", "outcome": reached})
        row = env.get(ACTIVITY, key, "done_at", "done_by", "outcome")
        assert row.done_at == env.now and row.done_by.id == env.actor.id and row.outcome.id == reached
        env.run_action(ACTIVITY, "reopen", [key])
        row = env.get(ACTIVITY, key, "done_at", "done_by", "outcome")
        assert (row.done_at, row.done_by, row.outcome) == (None, None, None)
        past = call(env, first, hours=-30, status="done")
        assert env.get(ACTIVITY, past, "done_at").done_at == env.now - dt.timedelta(hours=30)


def test_the_next_activity_of_a_record(env_as, accounts, installation):
    first, _second = accounts

    def state(env):
        row = env.get(ACCOUNT, first, "next_activity", "next_activity_at", "last_activity_at")
        return row.next_activity, row.next_activity_at, row.last_activity_at

    with env_as("sara") as env:
        assert state(env) == ("none", None, None)
        later = call(env, first, hours=24 * 5)
        assert state(env)[0] == "planned"
        late = call(env, first, hours=-1)
        assert state(env)[0] == "overdue"
        env.update(ACTIVITY, late, {"status": "done"})
        assert state(env) == ("planned", env.now + dt.timedelta(days=5), env.now)
        env.update(ACTIVITY, later, {"all_day": True, "first_day": env.today})
        assert state(env)[0] == "today"
        env.run_action(ACTIVITY, "cancel", [later])
        assert state(env)[0] == "none"
        assert env.query(ACCOUNT).where('next_activity == "none"').ids() == [first]
        at = env.now + dt.timedelta(hours=1)
        many = [{"kind": "call", "subject": str(i), "about": (ACCOUNT, first), "starts_at": at} for i in range(500)]
        with query_budget(installation, 18):
            env.create(ACTIVITY, many)
