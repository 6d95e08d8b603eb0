"""Days and moments of the expression language: time zones, calendars, periods. Python's form, and SQLite's.

The Jalali calendar is known from 1200 to 1501 (1821 to 2123); outside of that the functions that need it give no value.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from core.expressions.numbers import divide, number
from core.expressions.types import Context
from core.i18n.calendars import Calendar, calendar

FIRST_JALALI: Final = dt.date(1821, 3, 21)
END_OF_JALALI: Final = dt.date(2123, 3, 21)
_MICROSECOND: Final = dt.timedelta(microseconds=1)
_MINUTE: Final = 60_000_000
_HOUR: Final = 3_600_000_000
MAX_MINUTES: Final = 100_000_000
MAX_MONTHS: Final = 120_000

Bounds = tuple[dt.date, dt.date]


@dataclass(frozen=True, slots=True)
class DateRange:
    """Whole days from `first` to `last`, both included."""

    first: dt.date
    last: dt.date


def aware(value: dt.datetime, tz: ZoneInfo) -> dt.datetime:
    """A datetime that was written without a zone is meant in the user's."""
    return value if value.tzinfo is not None else value.replace(tzinfo=tz).astimezone(dt.UTC)


def stored(value: dt.datetime) -> dt.datetime:
    """A record's datetime; one without a zone is UTC, as the database has it."""
    return value if value.tzinfo is not None else value.replace(tzinfo=dt.UTC)


def local_date(value: dt.datetime, tz: ZoneInfo) -> dt.date:
    """The date it was in a time zone."""
    return value.astimezone(tz).date()


def day_start(day: dt.date, tz: ZoneInfo) -> dt.datetime:
    """The moment a day begins in a time zone, in UTC (the first moment after a midnight that did not exist)."""
    try:
        return dt.datetime(day.year, day.month, day.day, tzinfo=tz).astimezone(dt.UTC)
    except OverflowError:
        return dt.datetime.min.replace(tzinfo=dt.UTC) if day.year < 2 else dt.datetime.max.replace(tzinfo=dt.UTC)


def day_end(day: dt.date, tz: ZoneInfo) -> dt.datetime:
    """The moment the next day begins, in UTC."""
    following = add_days(day, 1)
    return dt.datetime.max.replace(tzinfo=dt.UTC) if following is None else day_start(following, tz)


def _known(day: dt.date, name: str) -> Calendar | None:
    if name == "jalali" and not FIRST_JALALI <= day < END_OF_JALALI:
        return None
    return calendar(name)


def part(day: dt.date, unit: str, name: str) -> int | None:
    """"year", "quarter", "month" or "day" of a date in a calendar, "weekday" with Monday = 1."""
    if unit == "weekday":
        return day.isoweekday()
    known = _known(day, name)
    if known is None:
        return None
    year, month, number_of_day = known.parts(day)
    return {"year": year, "quarter": (month + 2) // 3, "month": month, "day": number_of_day}[unit]


_BOUNDS: Final[dict[str, Callable[[Calendar, dt.date], Bounds]]] = {
    "month": Calendar.month_bounds, "quarter": Calendar.quarter_bounds, "year": Calendar.year_bounds,
}


@lru_cache(4096)
def bounds(day: dt.date, unit: str, name: str, week_start: int) -> Bounds | None:
    """First and last day of the week, month, quarter or year a date is in; None beyond what the calendar knows."""
    try:
        if unit == "week":
            return calendar(name).week_bounds(day, week_start)
        known = _known(day, name)
        return None if known is None else _BOUNDS[unit](known, day)
    except (ValueError, OverflowError):
        return None


def add_days(day: dt.date, days: int) -> dt.date | None:
    """So many days on; None beyond the years 1 to 9999."""
    try:
        return day + dt.timedelta(days=days)
    except OverflowError:
        return None


def add_months(day: dt.date, months: int, name: str) -> dt.date | None:
    """The same day so many months of the calendar on, or the last of a shorter month; None out of reach."""
    known = _known(day, name)
    if known is None or abs(months) > MAX_MONTHS:
        return None
    try:
        found = known.add_months(day, months)
    except (ValueError, OverflowError):
        return None
    return found if _known(found, name) is not None else None


def add_minutes(value: dt.datetime, minutes: int) -> dt.datetime | None:
    """So many minutes on; None for more than 190 years, and beyond the years 1 to 9999."""
    try:
        return value + dt.timedelta(minutes=minutes) if abs(minutes) <= MAX_MINUTES else None
    except OverflowError:
        return None


def days_between(start: dt.date, end: dt.date) -> int:
    """How many days from the one to the other."""
    return (end - start).days


def minutes_between(start: dt.datetime, end: dt.datetime) -> int:
    """Whole minutes from the one to the other, without the begun one."""
    microseconds = (end - start) // _MICROSECOND
    return microseconds // _MINUTE if microseconds >= 0 else -(-microseconds // _MINUTE)


def hours_between(start: dt.datetime, end: dt.datetime) -> object:
    """Hours from the one to the other, to six places."""
    return divide(number((end - start) // _MICROSECOND), number(_HOUR))


def period(context: Context, unit: str, steps: int = 0) -> DateRange | None:
    """The user's week, month, quarter or year, or the one so many before or after it."""
    found = bounds(context.today, unit, context.calendar, context.week_start)
    while found is not None and steps:
        day = add_days(found[1], 1) if steps > 0 else add_days(found[0], -1)
        found = None if day is None else bounds(day, unit, context.calendar, context.week_start)
        steps += -1 if steps > 0 else 1
    return None if found is None else DateRange(*found)


def days_range(context: Context, first: int, last: int) -> DateRange | None:
    """Days from so many to so many after today."""
    start, end = add_days(context.today, first), add_days(context.today, last)
    return None if start is None or end is None else DateRange(start, end)
