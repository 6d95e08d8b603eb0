"""Series: made ahead once, changed from one of them on or all together, ended; nothing is lost and nothing doubled."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from addons.activities import series
from addons.activities.jobs import lines
from addons.activities.tests.conftest import ACTIVITY
from core.api import SYSTEM, F, SarnakhError, ValidationFailed, calendar

pytestmark = [pytest.mark.addons("activities")]
BERLIN = ZoneInfo("Europe/Berlin")
PATHS = ("series", "series_at", "starts_at", "ends_at", "subject", "status", "all_day", "first_day", "last_day", "repeat_rule")


def rows(env):
    return env.query(ACTIVITY).archived(None).where("series is not null").order("series_at", "id").select(*PATHS).rows()


def weekly(env, **values):
    at = dt.datetime.combine(env.today + dt.timedelta(days=1), dt.time(10), env.tz).astimezone(dt.UTC)
    return env.create(ACTIVITY, {"kind": "meeting", "subject": "Weekly", "starts_at": at, "duration": 3600, "repeat": "weekly"} | values)


def make(installation):
    with installation.env(SYSTEM) as env:
        return series.materialise(env)


def local(env, row):
    return row["starts_at"].astimezone(env.tz)


def test_made_ahead_once(env_as, installation):
    with env_as("sara") as env:
        key = weekly(env)
    assert make(installation) == 57 and make(installation) == 0
    with env_as("sara") as env:
        found = rows(env)
        assert len(found) == 58 and found[0]["id"] == key
        assert {local(env, r).time() for r in found} == {dt.time(10)}
        assert {b["series_at"] - a["series_at"] for a, b in zip(found, found[1:], strict=False)} <= {
            dt.timedelta(days=7), dt.timedelta(days=7, hours=1), dt.timedelta(days=7, hours=-1)}
        env.delete(ACTIVITY, [found[3]["id"]])
    assert make(installation) == 0


def test_wall_times_over_changes_of_clocks(env_as, installation):
    with env_as("sara") as env, env.elevated("test") as sudo:
        sudo.update("base.user", env.actor.id, {"time_zone": "Europe/Berlin"})
    with env_as("sara") as env:
        assert str(env.tz) == "Europe/Berlin"
        weekly(env, repeat="daily")
        env.create(ACTIVITY, {"subject": "Days", "all_day": True, "first_day": env.today, "last_day": env.today + dt.timedelta(days=1),
                              "repeat": "monthly", "repeat_by": "last_day"})
    make(installation)
    with env_as("sara") as env:
        timed = [r for r in rows(env) if not r["all_day"]]
        assert {local(env, r).time() for r in timed} == {dt.time(10)} and len({r["starts_at"].hour for r in timed}) == 2
        assert len({local(env, r).date() for r in timed}) == len(timed) >= 398
        days = [r for r in rows(env) if r["all_day"]]
        assert all((r["first_day"] + dt.timedelta(days=1)).day == 1 and (r["last_day"] - r["first_day"]).days == 1 for r in days)


def test_jalali_months(env_as, installation):
    with env_as("sara") as env, env.elevated("test") as sudo:
        sudo.update("base.user", env.actor.id, {"calendar": "jalali", "time_zone": "Asia/Tehran"})
    with env_as("sara") as env:
        day = env.today + dt.timedelta(days=20)
        env.create(ACTIVITY, {"subject": "Rent", "all_day": True, "first_day": env.today, "repeat": "monthly", "repeat_count": 12})
        env.create(ACTIVITY, {"subject": "Birthday", "all_day": True, "first_day": day, "repeat": "yearly"})
    make(installation)
    with env_as("sara") as env:
        found = [r for r in rows(env) if r["subject"] == "Rent"]
        assert len({calendar("jalali").parts(r["first_day"])[2] for r in found}) == 1 and "RSCALE=PERSIAN" in found[0]["repeat_rule"]
        born = [calendar("jalali").parts(r["first_day"])[1:] for r in rows(env) if r["subject"] == "Birthday"]
        assert len(set(born)) == 1 and len(born) == 2


def test_the_first_is_on_a_day_of_the_rule(env_as):
    with env_as("sara") as env:
        other = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"][(env.today.weekday() + 3) % 7]
        key = weekly(env, repeat_days=[other])
        assert local(env, {"starts_at": env.get(ACTIVITY, key, "starts_at").starts_at}).date() == env.today + dt.timedelta(days=3)
        for wrong in ({"repeat": "weekly"}, {"repeat": "custom", "repeat_rule": "FREQ=SECONDLY", "starts_at": env.now},
                      {"repeat": "daily", "starts_at": env.now, "repeat_count": 3, "repeat_until": env.today},
                      {"repeat": "yearly", "all_day": True, "first_day": dt.date(9990, 1, 1)},
                      {"repeat": "monthly", "all_day": True, "first_day": dt.date(300, 1, 1)}):
            with pytest.raises(ValidationFailed):
                env.create(ACTIVITY, {"subject": "x", **wrong})


def test_this_one_following_all(env_as, installation):
    with env_as("sara") as env:
        first = weekly(env)
    make(installation)
    with env_as("sara") as env:
        ids = [r["id"] for r in rows(env)]
        env.update(ACTIVITY, ids[2], {"subject": "only"})
        env.update(ACTIVITY, ids[5], {"subject": "later", "series_scope": "following"})
        names = [r["subject"] for r in rows(env)]
        assert names[:6] == ["Weekly", "Weekly", "only", "Weekly", "Weekly", "later"] and set(names[6:]) == {"later"}
        env.update(ACTIVITY, ids[6], {"starts_at": rows(env)[6]["starts_at"] + dt.timedelta(days=1, hours=2), "series_scope": "following"})
        found = rows(env)
        assert [r["id"] for r in found] == ids and {local(env, r).time() for r in found[:6]} == {dt.time(10)}
        assert {local(env, r).time() for r in found[6:]} == {dt.time(12)}
        assert {local(env, r).weekday() for r in found[6:]} == {(local(env, found[0]).weekday() + 1) % 7}
        assert len({r["series"].id for r in found}) == 2
        env.update(ACTIVITY, first, {"subject": "everything", "series_scope": "all"})
        assert {r["subject"] for r in rows(env)[:6]} == {"everything"}
        env.update(ACTIVITY, first, {"repeat_every": 2})
        assert env.get(ACTIVITY, first, "series_scope").series_scope is None
    make(installation)
    with env_as("sara") as env:
        old = [r for r in rows(env) if r["subject"] == "everything"]
        gaps = {(local(env, b).date() - local(env, a).date()).days for a, b in zip(old, old[1:], strict=False)}
        assert gaps == {14}


def test_ends(env_as, installation):
    with env_as("sara") as env:
        weekly(env)
    make(installation)
    with env_as("sara") as env:
        ids = [r["id"] for r in rows(env)]
        assert series.end(env, ids[4], "following") == len(ids) - 4
        assert [r["id"] for r in rows(env)] == ids[:4]
        env.update(ACTIVITY, ids[1], {"repeat": "never", "series_scope": "following"})
        assert [r["id"] for r in rows(env)] == ids[:1] and env.get(ACTIVITY, ids[1], "series").series is None
    assert make(installation) == 0


def test_lines_follow(env_as, installation):
    with env_as("sara") as env:
        first = weekly(env, repeat_count=4)
        env.create("activities.guest", {"activity": first, "name": "Somebody"})
        env.create("activities.reminder", {"activity": first, "before": 1, "unit": "days"})
    make(installation)
    with env_as("sara") as env:
        ids = [r["id"] for r in rows(env)]
        assert len(ids) == 4 and env.query("activities.guest").count() == 4
        own = env.query("activities.reminder").where("not usual")
        assert own.count() == 4 and env.query("activities.reminder").where("usual").count() == 4
        env.create("activities.guest", {"activity": ids[1], "name": "Another"})
        env.update(ACTIVITY, ids[1], {"subject": "x", "series_scope": "following"})
    with installation.env(SYSTEM) as env:
        class Work:
            payload = {"activity": ids[1], "scope": "following"}
        lines(env, Work())
    with env_as("sara") as env:
        assert env.query("activities.guest").count() == 7
        assert env.query("activities.reminder").where("not usual").count() == 4


def test_who_may_not_change_all_changes_none(env_as, installation):
    with env_as("sara") as env:
        weekly(env)
    make(installation)
    with env_as("sara") as env:
        ids = [r["id"] for r in rows(env)]
    with env_as("boss") as env:
        env.update(ACTIVITY, ids[3], {"owner": env.query("base.user").where("login == \"reza\"").ids()[0]})
    with pytest.raises(SarnakhError), env_as("sara") as env:
        env.update(ACTIVITY, ids[0], {"subject": "no", "series_scope": "all"})
    with env_as("sara") as env:
        assert env.get(ACTIVITY, ids[0], "subject").subject == "Weekly"
    with pytest.raises(SarnakhError), env_as("sara") as env:
        series.end(env, ids[0], "all")


def test_guests_and_reminders_reach_only_what_one_may_change(env_as, installation):
    """Nothing is written that the others take over, so that only the job would touch them: it works without limits."""
    with env_as("sara") as env:
        weekly(env)
    make(installation)
    with env_as("sara") as env:
        ids = [r["id"] for r in rows(env)]
        env.create("activities.guest", {"activity": ids[3], "name": "Theirs", "email": "g@example.com"})
    with env_as("boss") as env:
        env.update(ACTIVITY, ids[3], {"owner": env.query("base.user").where("login == \"reza\"").ids()[0]})
    with pytest.raises(SarnakhError), env_as("sara") as env:
        env.update(ACTIVITY, ids[0], {"status": "cancelled", "series_scope": "all"})
    with env_as("reza") as env:
        assert [g["name"] for g in env.query("activities.guest").where(F.activity == ids[3]).select("name").rows()] == ["Theirs"]


EDITS = st.lists(st.tuples(st.integers(0, 11), st.sampled_from(["one", "following", "all"]), st.sampled_from(
    ["time", "day", "delete", "done", "rename", "longer", "daily", "weekly2", "whole"])), min_size=1, max_size=5)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EDITS)
@example([(1, "following", "time"), (0, "following", "time")])
@example([(1, "following", "time"), (0, "all", "daily")])
@pytest.mark.database("sqlite")
def test_no_edit_loses_or_doubles(env_as, installation, edits):
    with env_as("sara") as env:
        env.delete(ACTIVITY, env.query(ACTIVITY))
        weekly(env, repeat_count=12)
    make(installation)
    gone = 0
    reshaped = False
    for index, scope, what in edits:
        with env_as("sara") as env:
            found = [r for r in rows(env) if r["status"] == "planned"]
            if not found:
                break
            row = found[index % len(found)]
            change = {"series_scope": scope}
            if what == "delete":
                env.delete(ACTIVITY, [row["id"]])
                gone += 1
                continue
            if what == "done":
                change = {"status": "done"}
            elif what == "whole":
                change |= {"all_day": True, "first_day": row["first_day"] or local(env, row).date()}
            elif what in ("time", "day"):
                ahead = dt.timedelta(hours=1) if what == "time" else dt.timedelta(days=1)
                one = dt.timedelta(days=1)
                change |= {"first_day": row["first_day"] + one} if row["all_day"] else {"starts_at": row["starts_at"] + ahead}
            elif what == "rename":
                change |= {"subject": "Renamed"}
            elif what == "longer":
                change |= {"duration": 7200}
            elif what == "daily":
                change |= {"repeat": "daily"}
                reshaped = True
            else:
                change |= {"repeat": "weekly", "repeat_every": 2}
                reshaped = True
            env.update(ACTIVITY, row["id"], change)
        make(installation)
    assert make(installation) == 0
    with env_as("sara") as env:
        found = rows(env)
        places = [(r["series"].id, r["series_at"]) for r in found]
        assert len(set(places)) == len(places)
        if not reshaped:
            assert len(found) == 12 - gone
