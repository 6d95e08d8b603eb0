"""The file of a series: its rule once, what is otherwise beside it, and only what its reader sees."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from addons.activities import ical_import, ical_read, ical_series, series
from addons.activities.tests.conftest import ACTIVITY
from core.api import SYSTEM, NotFound
from core.env import Env
from core.testing.browser import Visitor
from core.testing.plugin import query_budget, user_id

pytestmark = [pytest.mark.addons("activities")]
TEHRAN, BERLIN = ZoneInfo("Asia/Tehran"), ZoneInfo("Europe/Berlin")
NOW = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def begun(env_as, installation):
    """Begin a series of Sara's and have its activities made; returns their numbers."""
    def begin(**values):
        with env_as("sara") as env:
            there = set(env.query(ACTIVITY).ids())
            env.create(ACTIVITY, {"kind": "meeting", "subject": "Round", **values})
        made(installation)
        with env_as("sara") as env:
            return [k for k in env.query(ACTIVITY).order("due_at").ids() if k not in there]
    return begin


def made(installation):
    with installation.env(SYSTEM) as env:
        series.materialise(Env(installation, env.connection, env.registry, SYSTEM, now=NOW))


def when(env):
    rows = env.query(ACTIVITY).archived(None).where('status == "planned"').select(
        "starts_at", "ends_at", "first_day", "last_day", "subject").rows()
    return sorted((str(r["starts_at"] or r["first_day"]), str(r["ends_at"] or r["last_day"]), r["subject"]) for r in rows)


WALL = {"starts_at": dt.datetime(2027, 3, 2, 10, tzinfo=TEHRAN), "ends_at": dt.datetime(2027, 3, 2, 11, 30, tzinfo=TEHRAN)}


@pytest.mark.parametrize("values", [
    {**WALL, "repeat": "weekly", "repeat_days": ["TU"], "repeat_count": 12},
    {**WALL, "repeat": "weekly", "repeat_days": ["TU", "TH"], "repeat_until": dt.date(2027, 5, 6)},
    {**WALL, "repeat": "custom", "repeat_rule": "RSCALE=PERSIAN;FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=5"},
    {"all_day": True, "first_day": dt.date(2027, 3, 2), "last_day": dt.date(2027, 3, 3), "repeat": "weekly", "repeat_count": 5}])
def test_what_is_exported_comes_back_as_it_was(env_as, installation, begun, values):
    keys = begun(**values)
    with env_as("sara") as env:
        env.delete(ACTIVITY, [keys[1]])
        moved = {"starts_at": dt.datetime(2027, 6, 1, 9, tzinfo=TEHRAN), "ends_at": dt.datetime(2027, 6, 1, 9, 20, tzinfo=TEHRAN)} if (
            "starts_at" in values) else {"first_day": dt.date(2027, 6, 1), "last_day": dt.date(2027, 6, 1)}
        env.update(ACTIVITY, keys[2], moved)
        env.update(ACTIVITY, keys[3], {"subject": "Round in the garden"})
        env.update(ACTIVITY, keys[4], {"status": "cancelled"})
        content = ical_series.content(env, keys[0])
        expected = when(env)
        assert ical_series.content(env, keys[2]) == content
    event = Calendar.from_ical(content).walk("VEVENT")[0]
    assert content.count(b"RRULE:") == content.count(b"BEGIN:VEVENT") - 3 == 1 and event["SUMMARY"] == "Round"
    with env_as("reza") as env:
        ical_import.take(env, ical_import.plan(env, ical_read.read(content, env.tz).entries))
    made(installation)
    with env_as("reza") as env:
        assert when(env) == expected


def test_the_hour_stays_over_daylight_saving_and_zones_are_described(env_as, installation, begun):
    with installation.env(SYSTEM) as env:
        env.update("base.user", user_id(installation, "sara"), {"time_zone": "Europe/Berlin"})
    at = dt.datetime(2027, 3, 22, 10, tzinfo=BERLIN)
    keys = begun(starts_at=at, ends_at=at + dt.timedelta(hours=1), repeat="weekly", repeat_until=dt.date(2027, 4, 12))
    page = Visitor(installation, user_id(installation, "sara"))
    text = page.get(f"/x/activities/{keys[1]}/file.ics").text
    assert "DTSTART;TZID=Europe/Berlin:20270322T100000" in text and "UNTIL=20270412T080000Z" in text
    assert "BEGIN:VTIMEZONE" in text and "RECURRENCE-ID" not in text and "EXDATE" not in text
    alone = page.get(f"/x/activities/{keys[1]}/file.ics?one=1").text
    assert "RRULE" not in alone and "DTSTART:20270329T080000Z" in alone
    shown = page.get(f"/r/{ACTIVITY}/{keys[1]}").text
    assert "Calendar file of the series" in shown


def test_it_says_only_what_its_reader_sees(env_as, installation, begun):
    keys = begun(**WALL, repeat="weekly", repeat_count=4)
    with env_as("sara") as env:
        env.update(ACTIVITY, keys[1], {"subject": "For Reza", "participants": [user_id(installation, "reza")]})
        env.update(ACTIVITY, keys[2], {"subject": "Secret", "private": True})
    with env_as("reza") as env:
        visible = env.query(ACTIVITY).ids()
        assert keys[1] in visible and keys[2] not in visible
        text = ical_series.content(env, keys[1]).decode()
        left_out = ical_read.read(text.encode(), env.tz).entries[0].left_out
        assert "Secret" not in text and "For Reza" in text and len(left_out) == len(set(keys) - set(visible))
        with pytest.raises(NotFound):
            ical_series.content(env, keys[2])
    assert Visitor(installation, user_id(installation, "reza")).get(f"/x/activities/{keys[2]}/file.ics").status_code == 404


def test_a_series_that_was_ended_and_statements_that_stay_few(env_as, installation, begun):
    keys = begun(**WALL, repeat="daily", repeat_count=60)
    with env_as("sara") as env, query_budget(installation, 6):
        assert ical_series.content(env, keys[0]).count(b"BEGIN:VEVENT") == 1
    with env_as("sara") as env:
        series.end(env, keys[10], "following")
        text = ical_series.content(env, keys[0]).decode()
        assert "UNTIL=20270311T063000Z" in text and "COUNT" not in text
        single = env.create(ACTIVITY, {"subject": "Once"})
        assert ical_series.content(env, single) is None
