"""What calendars, holidays, shifts, rotas and absences keep to."""

import datetime as dt

import pytest

from addons.worktime import official, rotas, service
from addons.worktime.tests.conftest import utc
from core.api import AccessDenied, F, SarnakhError, ValidationFailed
from core.security.actor import SYSTEM
from core.testing.plugin import query_budget

pytestmark = pytest.mark.addons("worktime")
DAY = dt.timedelta(days=1)


def refused(env, match, run):
    """The write is refused with this reason, and nothing of it stays."""
    with pytest.raises(SarnakhError) as caught:
        run()
    texts = [env.t(e.message) for e in getattr(caught.value, "errors", [])] or [env.t(caught.value.message)]
    assert any(match in text for text in texts), texts


# ---------------------------------------------------------------- calendars
def test_exactly_one_calendar_is_the_organisations(installation, plant):
    with installation.env(SYSTEM) as env:
        first = service.default_calendar(env)
        refused(env, "is always “The organisation's calendar”", lambda: env.update("worktime.calendar", first, {"is_default": False}))
        refused(env, "Only one", lambda: env.create("worktime.calendar", [
            {"name": n, "time_zone": "UTC", "is_default": True} for n in ("A", "B")]))
        env.update("worktime.calendar", plant, {"is_default": True})
        assert env.query("worktime.calendar").where(F.is_default == True).ids() == [plant]  # noqa: E712
        assert service.default_calendar(env) == plant
        refused(env, "organisation's calendar", lambda: env.delete("worktime.calendar", plant))
        env.delete("worktime.calendar", first)


def test_time_zones_and_times(installation, plant):
    with installation.env(SYSTEM) as env:
        refused(env, "no such time zone", lambda: env.create("worktime.calendar", {"name": "Moon", "time_zone": "Moon/Base"}))
        key = env.create("worktime.interval", {"calendar": plant, "weekday": "4", "begins": "۸", "ends": "9.30"})
        row = env.get("worktime.interval", key, "begins", "ends")
        assert (row.begins, row.ends) == ("08:00", "09:30")
        refused(env, "not a time", lambda: env.update("worktime.interval", key, {"begins": "soon"}))
        refused(env, "before", lambda: env.update("worktime.interval", key, {"begins": "24:00"}))


@pytest.mark.parametrize(("weekday", "begins", "ends", "fits"), [
    ("0", "12:00", "13:30", False), ("0", "12:30", "13:00", True), ("2", "20:00", "08:00", True), ("3", "20:00", "09:00", True),
    ("6", "20:00", "09:00", False), ("4", "20:00", "09:00", False), ("4", "20:00", "08:00", True)])
def test_intervals_do_not_overlap_over_midnight_and_the_end_of_the_week_either(installation, plant, weekday, begins, ends, fits):
    values = {"calendar": plant, "weekday": weekday, "begins": begins, "ends": ends}
    with installation.env(SYSTEM) as env:
        if fits:
            assert env.create("worktime.interval", values)
        else:
            refused(env, "overlaps", lambda: env.create("worktime.interval", values))


def test_exceptions_say_what_holds_and_do_not_overlap(installation, plant):
    first = dt.date(2027, 1, 4)
    with installation.env(SYSTEM) as env:
        def make(**values):
            return env.create("worktime.exception", {"calendar": plant, "name": "X", "first_day": first, **values})
        refused(env, "which hours", lambda: make(kind="hours"))
        refused(env, "either hours or", lambda: make(kind="open"))
        refused(env, "either hours or", lambda: make(kind="open", hours="8-9", weekday="1"))
        refused(env, "overlap", lambda: make(kind="hours", hours="8-12, 10-13"))
        refused(env, "not before", lambda: make(kind="closed", last_day=first - DAY))
        refused(env, "a year at most", lambda: make(kind="closed", last_day=first + 400 * DAY))
        make(kind="closed", last_day=first + 3 * DAY)
        refused(env, "these days already", lambda: make(kind="closed", first_day=first + 3 * DAY))
        refused(env, "these days already", lambda: make(kind="closed", first_day=first - 9 * DAY, last_day=first))
        assert make(kind="closed", first_day=first + 4 * DAY)


# ---------------------------------------------------------------- holidays
def test_official_holidays_are_there_and_stay_as_people_changed_them(installation):
    with installation.env(SYSTEM) as env:
        year = env.today.year
        iran = env.query("worktime.holiday_set").where('country == "IR"').ids()[0]
        days = env.query("worktime.holiday").where(F.holiday_set == iran)
        assert env.get("worktime.holiday_set", iran, "years").years == " ".join(str(y) for y in range(year - 1, year + 4))
        ashura = days.where(F.known_as == "Ashura").order("day").select("day", "estimated").rows()
        assert len(ashura) == 5 and not ashura[0]["estimated"] and ashura[-1]["estimated"]
        moved, gone = ashura[-1]["id"], ashura[-2]["id"]
        env.update("worktime.holiday", moved, {"day": ashura[-1]["day"] + DAY})
        env.delete("worktime.holiday", gone)
        with env.elevated("a day that the library knew otherwise") as sudo:
            sudo.update("worktime.holiday", ashura[-3]["id"], {"day": ashura[-3]["day"] + DAY, "estimated": True},
                        source=official.BY_LIBRARY)
        assert official.add_years(env, iran, "IR", official.coming(env.today)) == 1
        again = days.where(F.known_as == "Ashura").order("day").select("day").rows()
        assert [r["day"] for r in again] == [*(a["day"] for a in ashura[:3]), ashura[-1]["day"] + DAY]
        assert official.add_years(env, iran, "IR", official.coming(env.today)) == 0
        assert official.add_years(env, iran, "IR", [year + 4]) > 20


def test_turkey_has_half_days(installation):
    with installation.env(SYSTEM) as env:
        turkey = env.query("worktime.holiday_set").where('country == "TR"').ids()[0]
        eve = env.query("worktime.holiday").where(F.holiday_set == turkey, F.day == dt.date(2026, 10, 28)).records("name", "closed_from")
        assert [(h.name, h.closed_from) for h in eve] == [("Republic Day (eve)", "13:00")]


def test_a_button_adds_years(installation, env_as):
    with env_as("admin") as env:
        iran = env.query("worktime.holiday_set").where('country == "IR"').ids()[0]
        assert "already" in env.t(env.run_action("worktime.holiday_set", "add_years", [iran]))


# ---------------------------------------------------------------- absences
def test_absences_and_stand_ins(installation, people):
    sara, reza, omid, mina = (people[n] for n in ("sara", "reza", "omid", "mina"))
    first = dt.date(2027, 5, 3)
    with installation.env(SYSTEM) as env:
        def away(owner, begin=0, end=0, **values):
            return env.create("worktime.absence", {"owner": owner, "first_day": first + begin * DAY, "last_day": first + end * DAY,
                                                   **values})
        key = away(sara, 0, 4, stand_in=reza)
        refused(env, "away already", lambda: away(sara, 4, 6))
        refused(env, "choose somebody else", lambda: away(mina, 2, 2, stand_in=sara))
        refused(env, "stands in for Sara Seller", lambda: away(reza, 3, 8))
        refused(env, "for themselves", lambda: away(omid, stand_in=omid))
        refused(env, "not before", lambda: away(omid, 0, -1))
        refused(env, "one day", lambda: away(omid, 0, 1, from_time="10"))
        refused(env, "after it begins", lambda: away(omid, from_time="12", until_time="11"))
        refused(env, "away already", lambda: env.create("worktime.absence", [
            {"owner": omid, "first_day": first, "last_day": first}] * 2))
        assert away(reza, 5, 8) and away(omid, 9, 9, from_time="9", until_time="10") and away(omid, 9, 9, from_time="10", until_time="11")
        env.update("worktime.absence", key, {"last_day": first + 3 * DAY})
        env.delete("worktime.absence", key)
        away(sara, 2, 2)
        refused(env, "away already", lambda: env.restore("worktime.absence", key))


def test_people_enter_their_own_absences_only(installation, env_as, people, standing):
    values = {"first_day": dt.date(2027, 5, 3), "last_day": dt.date(2027, 5, 4), "kind": "sick"}
    with env_as("sara") as env:
        own = env.create("worktime.absence", values)
    for record, wrong in (("absence", {**values, "owner": people["omid"]}), ("rota", {"name": "Mine", "pattern": "M"}),
                          ("shift", {"user": people["sara"], "begins_at": utc(2027, 1, 1), "ends_at": utc(2027, 1, 2)}),
                          ("calendar", {"name": "Mine"}), ("holiday_set", {"name": "Mine"})):
        with pytest.raises(AccessDenied), env_as("sara") as env:
            env.create(f"worktime.{record}", wrong)
    with pytest.raises(AccessDenied), env_as("sara") as env:
        env.update("worktime.calendar", env.query("worktime.calendar").ids()[0], {"name": "Mine"})
    with env_as("omid") as env:
        assert env.query("worktime.absence").ids() == []
    with env_as("mina") as env:
        assert env.query("worktime.absence").ids() == [own]
        refused(env, "", lambda: env.update("worktime.absence", own, {"kind": "leave"}))
    with env_as("nobody") as env:
        assert not env.can("read", "worktime.shift") and env.query("worktime.calendar").ids() == []
    standing("mina", "worktime.planner")
    with env_as("mina") as env:
        env.update("worktime.absence", own, {"kind": "leave"})
        assert env.create("worktime.absence", {**values, "owner": people["omid"]})


# ---------------------------------------------------------------- shifts and rotas
@pytest.fixture
def hotline(installation, people):
    """A rota of three people, a night each after a morning and an evening."""
    with installation.env(SYSTEM) as env:
        key = env.create("worktime.rota", {"name": "Hotline", "pattern": "M E N -", "first_day": env.today, "time_zone": "Asia/Tehran",
                                           "weeks_ahead": 2})
        env.create("worktime.rota_member", [{"rota": key, "user": people[n], "offset": i}
                                            for i, n in enumerate(("sara", "reza", "omid"), 1)])
        return key


def test_shifts_of_a_person_do_not_overlap(installation, people):
    with installation.env(SYSTEM) as env:
        def shift(begins, ends, user="sara"):
            return env.create("worktime.shift", {"user": people[user], "begins_at": utc(2027, 1, 1, begins),
                                                 "ends_at": utc(2027, 1, 1, ends)})
        shift(6, 14)
        refused(env, "a shift from", lambda: shift(13, 15))
        refused(env, "after it begins", lambda: shift(20, 20))
        assert shift(14, 20) and shift(6, 14, "reza")


def test_patterns_are_checked(installation):
    with installation.env(SYSTEM) as env:
        def make(pattern):
            return env.create("worktime.rota", {"name": pattern, "pattern": pattern, "time_zone": "UTC"})
        refused(env, "no kind of shift with the code X", lambda: make("M X -"))
        refused(env, "one day at least", lambda: make("- -"))
        env.create("worktime.shift_type", {"code": "L", "name": "Long", "begins": "20:00", "ends": "08:00"})
        refused(env, "not over yet", lambda: make("L M"))
        assert make("L E")
        two = {"code": "A B", "name": "Two", "begins": "8", "ends": "9"}
        refused(env, "without spaces", lambda: env.create("worktime.shift_type", two))


def test_a_rota_plans_weeks_and_leaves_alone_what_people_changed(installation, people, hotline):
    with installation.env(SYSTEM) as env:
        first = rotas.plan(env, [hotline])
        shifts = env.query("worktime.shift").where(F.rota == hotline)
        assert first.made == shifts.count() > 25
        assert rotas.plan(env, [hotline]).message() == rotas.Planned().message()
        sara = shifts.where(F.user == people["sara"]).order("begins_at").ids()
        env.update("worktime.shift", sara[-1], {"user": people["mina"]})                     # given to somebody else
        env.delete("worktime.shift", sara[-2])                                               # thrown away
        moved = env.get("worktime.shift", sara[-3], "begins_at", "ends_at")
        env.update("worktime.shift", sara[-3], {"begins_at": moved.begins_at + dt.timedelta(hours=1)})
        assert rotas.plan(env, [hotline]) == rotas.Planned()
        env.update("worktime.rota", hotline, {"pattern": "M M N -"})
        done = rotas.plan(env, [hotline])
        assert done.changed > 5 and not done.made
        assert env.get("worktime.shift", sara[-3], "begins_at").begins_at == moved.begins_at + dt.timedelta(hours=1)
        env.update("worktime.rota", hotline, {"last_day": env.today + 3 * DAY})
        assert rotas.plan(env, [hotline]).removed > 10
        assert shifts.where(F.as_planned == False).count() == 2  # noqa: E712


def test_a_night_over_midnight_is_one_shift(installation, people, hotline):
    with installation.env(SYSTEM) as env:
        rotas.plan(env, [hotline])
        night = env.query("worktime.shift").where(F.rota == hotline, F["shift_type.code"] == "N").order("begins_at").records(
            "user", "begins_at", "ends_at", limit=1)[0]
        assert night.ends_at - night.begins_at == dt.timedelta(hours=8)
        middle = night.begins_at + dt.timedelta(hours=5)
        assert night.user.id in service.on_duty(env, list(people.values()), middle)


def test_planning_reads_and_writes_sets(installation, hotline):
    with installation.env(SYSTEM) as env:
        rotas.plan(env, [hotline])
    with installation.env(SYSTEM) as env, query_budget(installation, 8):
        rotas.plan(env, [hotline])


def test_who_has_another_shift_is_left_out(installation, people, hotline):
    with installation.env(SYSTEM) as env:
        tomorrow = dt.datetime.combine(env.today + DAY, dt.time(0), dt.UTC)
        env.create("worktime.shift", {"user": people["sara"], "begins_at": tomorrow, "ends_at": tomorrow + DAY})
        assert rotas.plan(env, [hotline]).busy >= 1


def test_holidays_can_be_left_out(installation, people, hotline):
    with installation.env(SYSTEM) as env:
        own = env.create("worktime.holiday_set", {"name": "Own"})
        env.create("worktime.holiday", {"holiday_set": own, "day": env.today + 3 * DAY, "name": "Party"})
        env.update("worktime.calendar", service.default_calendar(env), {"holiday_sets": [own]})
        env.update("worktime.rota", hotline, {"skips_holidays": True})
        rotas.plan(env, [hotline])
        days = {r["day"] for r in env.query("worktime.shift").where(F.rota == hotline).select("day").rows()}
        assert env.today + 3 * DAY not in days and env.today + 4 * DAY in days


def test_the_button_of_a_rota(installation, env_as, hotline, standing):
    standing("mina", "worktime.planner")
    with env_as("sara") as env:
        refused(env, "", lambda: env.run_action("worktime.rota", "plan", [hotline]))
    with env_as("mina") as env:
        assert "made" in env.t(env.run_action("worktime.rota", "plan", [hotline]))
        env.update("worktime.rota", hotline, {"weeks_ahead": 53})
        empty = env.create("worktime.rota", {"name": "Empty", "pattern": "M", "time_zone": "UTC"})
        assert "Add members" in env.t(env.run_action("worktime.rota", "plan", [empty]))


def test_it_is_refused_as_a_whole(installation, plant):
    with installation.env(SYSTEM) as env, pytest.raises(ValidationFailed):
        env.create("worktime.interval", [{"calendar": plant, "weekday": "4", "begins": "8", "ends": "9"},
                                         {"calendar": plant, "weekday": "4", "begins": "8:30", "ends": "10"}])
    with installation.env(SYSTEM) as env:
        assert not env.query("worktime.interval").where(F.calendar == plant, F.weekday == "4").exists()
