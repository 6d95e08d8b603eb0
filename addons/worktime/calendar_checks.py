"""What calendars and their parts keep to when they are written, by whatever door."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from zoneinfo import available_timezones

from core.api import Change, Env, F, Invalid, _, n_

from . import hours, official
from .choices import CLOSED, EXCEPTION, INTERVAL, WEEKDAYS, WORKING_DAY

MOST_DAYS = 366
"""The longest exception."""


# ---------------------------------------------------------------- calendars
def zones(records: Sequence[Any]) -> Iterator[Invalid]:
    """Time zones that the system does not know."""
    known = available_timezones()
    for record in records:
        if record.time_zone and record.time_zone not in known:
            yield Invalid(record, "time_zone", _("There is no such time zone."))


def name_assignments(env: Env, change: Change) -> None:
    """Assignments are called as the team or the person."""
    if change.action not in ("create", "update"):
        return
    with env.elevated("names of teams and people") as sudo:
        teams = sudo.labels("base.team", [r.team.id for r in change.records if r.team])
        people = sudo.labels("base.user", [r.user.id for r in change.records if r.user])
    for record in change.records:
        change.set(record, "name", teams.get(record.team.id) if record.team else people.get(record.user.id) if record.user else None)


# ---------------------------------------------------------------- times
def clean_times(change: Change, *names: str) -> None:
    """Put times of day into the form they are stored in; what is no time is left for the validator to name."""
    if change.action not in ("create", "update"):
        return
    for name in names:
        for record in change.records if change.touches(name) else ():
            try:
                change.set(record, name, hours.clean_time(getattr(record, name)))
            except ValueError:
                continue


def times(records: Sequence[Any], *names: str) -> Iterator[Invalid]:
    """Texts that are no times of day."""
    for record in records:
        for name in names:
            value = getattr(record, name)
            try:
                hours.clean_time(value)
            except ValueError as error:
                yield Invalid(record, name, error.args[0])


# ---------------------------------------------------------------- holidays
def add_years(env: Env, records: Sequence[Any]) -> Any:
    """Fill sets with the official holidays of the coming years."""
    count = sum(official.add_years(env, r.id, r.country, official.coming(env.today)) for r in records)
    return n_("{count} day was added or moved.", "{count} days were added or moved.", count) if count else _(
        "All official holidays until {year} are there already.", year=str(official.coming(env.today)[-1]))


# ---------------------------------------------------------------- intervals
def intervals(records: Sequence[Any], env: Env) -> Iterator[Invalid]:
    """Intervals that are none, or overlap others of their calendar, those after midnight included."""
    wrong = list(times(records, "begins", "ends"))
    wrong += [Invalid(r, "begins", _("The day ends at 24:00: begin before.")) for r in records if r.begins == "24:00"]
    if wrong or not records:
        yield from wrong
        return
    calendars = sorted({r.calendar.id for r in records})
    own = {r.get("id") for r in records}
    with env.elevated("other intervals of the calendars") as sudo:
        rows = sudo.query(INTERVAL).archived(None).where(F.calendar.isin(calendars)).select("calendar", "weekday", "begins", "ends").rows()
    taken: dict[int, list[tuple[int, int, Any]]] = {}
    for row in rows:
        if row["id"] not in own:
            taken.setdefault(row["calendar"].id, []).append((*_placed(row["weekday"], row["begins"], row["ends"]), None))
    for record in records:
        taken.setdefault(record.calendar.id, []).append((*_placed(record.weekday, record.begins, record.ends), record))
    names = [label for _value, label in WEEKDAYS]
    for spans in taken.values():
        spans.sort(key=lambda s: s[:2])
        after = [*spans[1:], (spans[0][0] + 7 * hours.DAY, spans[0][1], spans[0][2])] if len(spans) > 1 else []
        for one, two in zip(spans, after, strict=False):
            record = two[2] or one[2]
            if two[0] < one[1] and record is not None:
                yield Invalid(record, "begins", _("It overlaps {hours} on {weekday}.", hours=hours.write([(one[0] % hours.DAY, one[1])])
                                                  if record is two[2] else hours.write([(two[0] % hours.DAY, two[1])]),
                                                  weekday=names[(one if record is two[2] else two)[0] // hours.DAY % 7]))


def _placed(weekday: str, begins: str, ends: str) -> tuple[int, int]:
    """An interval in minutes of the week."""
    first, last = hours.span(hours.read_time(begins), hours.read_time(ends))
    start = int(weekday) * hours.DAY
    return start + first, start + last


# ---------------------------------------------------------------- exceptions
def clean_exceptions(change: Change) -> None:
    """Hours are stored in one way of writing; what does not belong to the kind is emptied."""
    if change.action not in ("create", "update"):
        return
    for record in change.records:
        if record.kind == CLOSED:
            change.set(record, "hours", None)
        if record.kind != WORKING_DAY:
            change.set(record, "weekday", None)
        try:
            change.set(record, "hours", hours.write(hours.read(record.hours)) or None)
        except ValueError:
            continue


def exceptions(records: Sequence[Any], env: Env) -> Iterator[Invalid]:
    """Exceptions that say nothing or too much, or speak of days of which another one speaks."""
    bad: set[int] = set()
    for record in records:
        for problem in _exception(record):
            bad.add(id(record))
            yield problem
    whole = [r for r in records if id(r) not in bad]
    if not whole:
        return
    own = {r.get("id") for r in records}
    first, last = min(r.first_day for r in whole), max(_last(r) for r in whole)
    with env.elevated("other exceptions of the calendars") as sudo:
        rows = sudo.query(EXCEPTION).archived(None).where(
            F.calendar.isin(sorted({r.calendar.id for r in whole})), F.first_day <= last,
            (F.last_day >= first) | (F.last_day.is_null() & (F.first_day >= first))).records("calendar", "first_day", "last_day", "name")
    others = [r for r in rows if r.id not in own]
    for number, record in enumerate(whole):
        for other in (*others, *whole[:number]):
            same = other.calendar.id == record.calendar.id
            if same and other.first_day <= _last(record) and record.first_day <= _last(other):
                yield Invalid(record, "first_day", _("“{name}” speaks of these days already.", name=other.name))
                break


def _exception(record: Any) -> Iterator[Invalid]:
    try:
        spans = hours.read(record.hours)
    except ValueError as error:
        yield Invalid(record, "hours", error.args[0])
        return
    if record.last_day and record.last_day < record.first_day:
        yield Invalid(record, "last_day", _("The last day is not before the first."))
    elif record.last_day and (record.last_day - record.first_day).days >= MOST_DAYS:
        yield Invalid(record, "last_day", _("An exception lasts a year at most: change the week instead."))
    if record.kind == WORKING_DAY and bool(spans) == bool(record.weekday):
        yield Invalid(record, "hours", _("Give either hours or the weekday whose hours hold."))
    elif record.kind not in (CLOSED, WORKING_DAY) and not spans:
        yield Invalid(record, "hours", _("Say which hours hold on these days."))


def _last(record: Any) -> Any:
    return record.last_day or record.first_day
