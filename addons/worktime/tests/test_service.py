"""The service over records: calendars, exceptions, holidays, who has which, and that nothing is stale."""

import datetime as dt

import pytest

from addons.worktime import service
from addons.worktime.tests.conftest import utc
from core.api import NotFound, SarnakhError
from core.security.actor import SYSTEM
from core.testing.plugin import query_budget

pytestmark = pytest.mark.addons("worktime")
WEDNESDAY = utc(2026, 11, 25, 12, 0)  # 15:30 in Tehran
HOUR = 3600


def test_a_ticket_over_a_friday(installation, plant):
    with installation.env(SYSTEM) as env:
        clock = service.clock(env, plant)
        assert clock.add(WEDNESDAY, 9 * HOUR) == utc(2026, 11, 28, 8, 30)
        assert clock.between(WEDNESDAY, utc(2026, 11, 28, 8, 30)) == 9 * HOUR


@pytest.mark.parametrize(("exception", "due"), [
    ({"kind": "closed"}, utc(2026, 11, 28, 13, 0)),                                                       # four hours later
    ({"kind": "hours", "hours": "10-12"}, utc(2026, 11, 28, 11, 0)),                                      # shortened
    ({"kind": "open", "hours": "8-20"}, utc(2026, 11, 26, 12, 30)),                                       # all of Thursday
    ({"kind": "open", "weekday": "5"}, utc(2026, 11, 28, 4, 30)),                                         # Thursday as a Saturday
    ({"kind": "hours", "hours": "8-9", "last_day": dt.date(2026, 11, 27)}, utc(2026, 11, 28, 12, 0))])   # Friday stays closed
def test_exceptions(installation, plant, exception, due):
    with installation.env(SYSTEM) as env:
        env.create("worktime.exception", {"calendar": plant, "name": "Exceptional", "first_day": dt.date(2026, 11, 26), **exception})
    with installation.env(SYSTEM) as env:
        found = service.clock(env, plant).add(WEDNESDAY, 9 * HOUR)
        assert found == (due if exception != {"kind": "open", "weekday": "5"} else utc(2026, 11, 26, 13, 0))


def test_holidays_and_exceptions_before_them(installation, plant):
    with installation.env(SYSTEM) as env:
        holidays = env.create("worktime.holiday_set", {"name": "Own"})
        env.create("worktime.holiday", [
            {"holiday_set": holidays, "day": dt.date(2026, 11, 26), "name": "Founding day"},
            {"holiday_set": holidays, "day": dt.date(2026, 11, 28), "name": "Eve", "closed_from": "۱۰"}])
        env.update("worktime.calendar", plant, {"holiday_sets": [holidays]})
        clock = service.clock(env, plant)
        assert clock.hours(dt.date(2026, 11, 28)) == ((480, 600),)
        assert clock.label(dt.date(2026, 11, 26)) == "Founding day"
        assert clock.add(WEDNESDAY, 3 * HOUR) == utc(2026, 11, 28, 6, 30)
        env.create("worktime.exception", {"calendar": plant, "name": "Stocktaking", "first_day": dt.date(2026, 11, 26), "kind": "open",
                                          "hours": "8-9"})
        assert service.clock(env, plant).add(WEDNESDAY, 3 * HOUR) == utc(2026, 11, 28, 5, 30)


def test_once_known_nothing_is_asked_again(installation, plant):
    with installation.env(SYSTEM) as env:
        service.clock(env, plant)
        service.calendar_of(env, [1])
    with installation.env(SYSTEM) as env, query_budget(installation, 1):  # the change counters, once for a transaction
        for _turn in range(3):
            assert service.clocks(env, [plant, 999_999]).keys() == {plant}
            assert len(service.calendar_of(env, range(100))) == 100
            assert service.days(env, dt.date(2026, 1, 1), dt.date(2026, 2, 1))
        with env.elevated("something else") as sudo:
            assert service.clock(sudo).is_open(WEDNESDAY) in (True, False)


def test_a_change_is_seen_at_once_and_by_others_after_the_commit(installation, plant):
    """Another process is another installation over the same database."""
    before, after = utc(2026, 11, 25, 13, 0), utc(2026, 11, 28, 5, 30)
    with installation.env(SYSTEM) as env:
        assert service.clock(env, plant).add(WEDNESDAY, 5 * HOUR) == utc(2026, 11, 26, 8, 30)
    other = type(installation).open(installation.settings)
    try:
        with other.env(SYSTEM, write=False) as env:
            assert service.clock(env, plant).add(WEDNESDAY, HOUR) == before
        with installation.env(SYSTEM) as env:
            key = env.query("worktime.interval").where(f'calendar == {plant} and weekday == "3"').ids()[0]
            env.delete("worktime.interval", key)
            assert service.clock(env, plant).add(WEDNESDAY, 2 * HOUR) == after
            with other.env(SYSTEM, write=False) as elsewhere:
                assert service.clock(elsewhere, plant).add(WEDNESDAY, 2 * HOUR) == utc(2026, 11, 26, 5, 30)
        with other.env(SYSTEM, write=False) as env:
            assert service.clock(env, plant).add(WEDNESDAY, 2 * HOUR) == after
    finally:
        other.close()


def test_what_is_taken_back_leaves_no_trace(installation, plant):
    def write_and_fail():
        with installation.env(SYSTEM) as env:
            env.create("worktime.exception", {"calendar": plant, "name": "Never", "first_day": dt.date(2026, 11, 25), "kind": "closed"})
            assert not service.clock(env, plant).is_open(WEDNESDAY)
            raise SarnakhError("It is taken back.")

    with pytest.raises(SarnakhError, match="taken back"):
        write_and_fail()
    with installation.env(SYSTEM) as env:
        assert service.clock(env, plant).is_open(WEDNESDAY)


def test_who_has_which_calendar(installation, plant, team, people):
    with installation.env(SYSTEM) as env:
        default = service.default_calendar(env)
        users = [people["sara"], people["reza"], people["omid"]]
        assert set(service.calendar_of(env, users).values()) == {default}
        env.create("worktime.assignment", {"calendar": plant, "team": team})
        assert service.calendar_of(env, users) == {people["sara"]: plant, people["reza"]: plant, people["omid"]: default}
        env.create("worktime.assignment", [{"calendar": default, "user": people["reza"]}, {"calendar": plant, "user": people["omid"]}])
        assert service.calendar_of(env, users) == {people["sara"]: plant, people["reza"]: default, people["omid"]: plant}
        env.update("base.team", team, {"members": [people["reza"]]})
        assert service.calendar_of(env, users)[people["sara"]] == default


def test_a_calendar_that_is_gone(installation, plant):
    with installation.env(SYSTEM) as env:
        env.delete("worktime.calendar", plant)
        assert service.clocks(env, [plant]) == {}
        with pytest.raises(NotFound):
            service.clock(env, plant)
    with installation.env(SYSTEM) as env:
        env.restore("worktime.calendar", plant)
        assert service.clock(env, plant).is_open(WEDNESDAY)


def test_a_day_is_labelled_in_the_readers_language(installation, env_as, people):
    with installation.env(SYSTEM) as env:
        env.update("base.user", people["sara"], {"language": "fa"})
        env.update("base.user", people["reza"], {"language": "tr"})
    day = dt.date(2027, 3, 21)
    with env_as("sara") as env:
        assert (service.days(env, day, day)[day].label, service.days(env, day, day)[day].off) == ("جشن نوروز", True)
    with env_as("reza") as env:
        assert service.days(env, day, day)[day].label == "Nevruz"


def test_days_of_a_calendar_far_away(installation, env_as, plant, people):
    """Working time is drawn where the reader is; whether a day is free is said of the calendar's day."""
    with installation.env(SYSTEM) as env:
        env.create("worktime.assignment", {"calendar": plant, "user": people["sara"]})
        env.update("base.user", people["sara"], {"time_zone": "Pacific/Auckland"})
    with env_as("sara") as env:
        wednesday, friday = dt.date(2026, 11, 25), dt.date(2026, 11, 27)
        found = service.days(env, wednesday, friday)
        assert found[friday].off and not found[wednesday].off
        assert [(a.hour, b.hour) for a, b in found[wednesday].hours] == [(11, 13), (4, 9), (9, 11)]
        (asked,) = [a for a in env.registry.plugins.hook.calendar_days(env=env, first=friday, last=friday) if a]
        assert asked[friday].off


# ---------------------------------------------------------------- on duty
def test_on_duty_by_calendar_shift_and_absence(installation, plant, people):
    sara, reza, omid = people["sara"], people["reza"], people["omid"]
    with installation.env(SYSTEM) as env:
        env.create("worktime.assignment", [{"calendar": plant, "user": user} for user in (sara, reza, omid)])
        assert service.on_duty(env, [sara, reza, omid], WEDNESDAY) == {sara, reza, omid}
        night = {"begins_at": utc(2026, 11, 25, 18), "ends_at": utc(2026, 11, 26, 2)}
        env.create("worktime.shift", {"user": reza, **night})
        assert service.on_duty(env, [sara, reza, omid], WEDNESDAY) == {sara, omid}
        assert service.on_duty(env, [sara, reza, omid], utc(2026, 11, 25, 23)) == {reza}
        env.create("worktime.absence", {"owner": omid, "first_day": dt.date(2026, 11, 25), "last_day": dt.date(2026, 11, 25),
                                        "stand_in": sara})
        assert service.on_duty(env, [sara, reza, omid], WEDNESDAY) == {sara}
        assert service.stand_ins(env, [sara, reza, omid], dt.date(2026, 11, 25)) == {omid: sara}
        assert service.stand_ins(env, [omid], dt.date(2026, 11, 26)) == {}
        with query_budget(installation, 4):
            service.on_duty(env, [sara, reza, omid], WEDNESDAY)


def test_an_absence_for_part_of_a_day(installation, plant, people):
    sara = people["sara"]
    with installation.env(SYSTEM) as env:
        env.update("base.user", sara, {"time_zone": "Asia/Tehran"})
        env.create("worktime.assignment", {"calendar": plant, "user": sara})
        env.create("worktime.absence", {"owner": sara, "first_day": dt.date(2026, 11, 25), "last_day": dt.date(2026, 11, 25),
                                        "from_time": "15", "until_time": "16"})
        assert service.on_duty(env, [sara], WEDNESDAY) == set()
        assert service.on_duty(env, [sara], utc(2026, 11, 25, 12, 30)) == {sara}
        assert service.stand_ins(env, [sara], dt.date(2026, 11, 25)) == {}
