"""Days of a rule that chooses from a whole year: by weeks (BYWEEKNO), days of the year (BYYEARDAY), or days of every month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from core.api import calendar

if TYPE_CHECKING:
    from .recurrence import Rule

WEEK, ONE_DAY = dt.timedelta(days=7), dt.timedelta(days=1)


def chosen(rule: Rule, begin: dt.date, end: dt.date) -> list[dt.date]:
    """Days of a year that every part of the rule allows."""
    return sorted(day for day in _candidates(rule, begin, end) if begin <= day <= end and _allowed(rule, day))


def _candidates(rule: Rule, begin: dt.date, end: dt.date) -> set[dt.date]:
    """Few days rather than the whole year: rules that never come true are looked at for many years."""
    if rule.year_days:
        found = {begin + (n - 1) * ONE_DAY if n > 0 else end + (n + 1) * ONE_DAY for n in rule.year_days}
        return found & set(_in_weeks(rule, begin, end)) if rule.weeks else found
    return set(_in_weeks(rule, begin, end)) if rule.weeks else {begin + n * ONE_DAY for n in range((end - begin).days + 1)}


def _allowed(rule: Rule, day: dt.date) -> bool:
    if rule.weekdays and day.weekday() not in {weekday for _n, weekday in rule.weekdays}:
        return False
    reckoning = calendar(rule.calendar)
    _year, month, number = reckoning.parts(day)
    if rule.months and month not in rule.months:
        return False
    return not rule.month_days or number in rule.month_days or (day - reckoning.month_bounds(day)[1]).days - 1 in rule.month_days


def _in_weeks(rule: Rule, begin: dt.date, end: dt.date) -> Iterator[dt.date]:
    """Days of the weeks with the rule's numbers. A week belongs to the year in which most of its days are, so the first and the
    last days of a year may be in a week of its neighbour."""
    for year in (begin.year - 1, begin.year, begin.year + 1):
        first, following = _first_week(year, rule.week_start), _first_week(year + 1, rule.week_start)
        for number in rule.weeks:
            week = first + (number - 1) * WEEK if number > 0 else following + number * WEEK
            if first <= week < following and begin - WEEK < week <= end:
                yield from (week + n * ONE_DAY for n in range(7))


def _first_week(year: int, start: int) -> dt.date:
    fourth = dt.date(year, 1, 4)
    return fourth - dt.timedelta(days=(fourth.weekday() - start) % 7)
