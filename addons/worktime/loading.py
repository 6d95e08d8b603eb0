"""From records to clocks: read once for all calendars, kept by the process until somebody changes one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from core.api import Env, NotFound, _

from . import hours
from .choices import (
    ASSIGNMENT,
    CALENDAR,
    CALENDARS_CHANGED,
    CLOSED,
    EXCEPTION,
    HOLIDAY,
    HOLIDAY_SET,
    INTERVAL,
    WORKING_DAY,
)
from .clock import Clock, DayRule
from .hours import Spans

ONE_DAY = dt.timedelta(days=1)


def kept(env: Env) -> dict[Any, Any]:
    """What this process knows of calendars and who has which."""
    return env.kept("worktime", CALENDARS_CHANGED, "access")


def all_clocks(env: Env) -> dict[int, Clock]:
    """Every calendar's clock by its number; five statements when something changed, none otherwise."""
    slot = kept(env)
    if "clocks" not in slot:
        with env.elevated("working time calendars") as sudo:
            slot["default"], slot["clocks"] = _load(sudo)
    found: dict[int, Clock] = slot["clocks"]
    return found


def default_id(env: Env) -> int:
    """The number of the organisation's calendar. NotFound when there is no calendar at all."""
    all_clocks(env)
    found: int | None = kept(env)["default"]
    if found is None:
        raise NotFound(_("There is no working time calendar: make one under “Working time”."))
    return found


def _load(env: Env) -> tuple[int | None, dict[int, Clock]]:
    weeks: dict[int, list[list[tuple[int, int]]]] = {}
    for row in env.query(INTERVAL).archived(None).select("calendar", "weekday", "begins", "ends").rows():
        spans = weeks.setdefault(row["calendar"].id, [[] for _day in range(7)])
        spans[int(row["weekday"])].append(hours.span(hours.read_time(row["begins"]), hours.read_time(row["ends"])))
    sets = _holidays(env)
    exceptions: dict[int, list[Any]] = {}
    for record in env.query(EXCEPTION).archived(None).records("calendar", "name", "kind", "first_day", "last_day", "hours", "weekday"):
        exceptions.setdefault(record.calendar.id, []).append(record)
    default, made = None, {}
    for calendar in env.query(CALENDAR).archived(None).order("id").records("name", "time_zone", "is_default", "holiday_sets"):
        week: list[Spans] = [tuple(sorted(spans)) for spans in weeks.get(calendar.id, [[] for _day in range(7)])]
        days: dict[dt.date, DayRule] = {}
        for one in calendar.holiday_sets:
            for day, rule in sets.get(one.id, {}).items():
                days[day] = _stricter(days.get(day), rule)
        for record in exceptions.get(calendar.id, ()):
            days |= dict(_exception(record, week, days))
        made[calendar.id] = Clock(ZoneInfo(calendar.time_zone), week, days, name=calendar.name, key=calendar.id)
        if calendar.is_default:
            default = calendar.id
    return default, made


def _holidays(env: Env) -> dict[int, dict[dt.date, DayRule]]:
    """The days of every set of holidays that lives."""
    alive = set(env.query(HOLIDAY_SET).archived(None).ids())
    found: dict[int, dict[dt.date, DayRule]] = {}
    for row in env.query(HOLIDAY).archived(None).select("holiday_set", "day", "name", "closed_from", "known_as").rows():
        if row["holiday_set"].id not in alive:
            continue
        until = hours.read_time(row["closed_from"]) if row["closed_from"] else None
        rule = DayRule(((row["name"], row["known_as"] or ""),), () if until is None else None, until, holiday=True)
        days = found.setdefault(row["holiday_set"].id, {})
        days[row["day"]] = _stricter(days.get(row["day"]), rule)
    return found


def _stricter(one: DayRule | None, two: DayRule) -> DayRule:
    """Of two holidays on a day the one that closes earlier, called as both."""
    if one is None:
        return two
    kept = min(one, two, key=lambda rule: 0 if rule.until is None else rule.until)
    return DayRule(tuple(dict.fromkeys(one.names + two.names)), kept.spans, kept.until, holiday=True)


def _exception(record: Any, week: list[Spans], holidays: dict[dt.date, DayRule]) -> Iterator[tuple[dt.date, DayRule]]:
    spans = hours.read(record.hours)
    for number in range(((record.last_day or record.first_day) - record.first_day).days + 1):
        day = record.first_day + ONE_DAY * number
        usual = week[day.weekday()]
        if record.kind == CLOSED:
            yield day, DayRule(((record.name, ""),), ())
        elif record.kind == WORKING_DAY:
            yield day, DayRule(((record.name, ""),), spans or week[int(record.weekday)])
        elif (holidays[day].hours(usual) if day in holidays else usual):
            yield day, DayRule(((record.name, ""),), spans)


# ---------------------------------------------------------------- who has which calendar
def assigned(env: Env) -> dict[int, int]:
    """The calendars of people who have one of their own or through a team; others have the default.

    Somebody in several teams that have one has that of the team which comes first by number.
    """
    slot = kept(env)
    if "people" not in slot:
        with env.elevated("calendars of teams and people") as sudo:
            rows = sudo.query(ASSIGNMENT).archived(None).select("calendar", "team", "user").rows()
            teams = {r["team"].id: r["calendar"].id for r in rows if r["team"]}
            members = sudo.query("base.team").with_ids(sorted(teams)).archived(None).order("id").select("members").rows() if teams else []
        found: dict[int, int] = {}
        for team in members:
            for person in team["members"]:
                found.setdefault(person.id, teams[team["id"]])
        found |= {r["user"].id: r["calendar"].id for r in rows if r["user"]}
        slot["people"] = found
    people: dict[int, int] = slot["people"]
    return people
