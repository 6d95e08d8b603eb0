"""Rules by which something comes again (RFC 5545; RFC 7529 for the Jalali calendar), and the days they stand for.

    rule = read("FREQ=MONTHLY;BYDAY=2SA")
    days(rule, dt.date(2026, 1, 10), until=dt.date(2026, 6, 1))        # every second Saturday of a month

Days are worked out by dateutil for the Gregorian calendar, and by months and years of `core.api.calendar` for the Jalali
one (`RSCALE=PERSIAN`). A rule counts days, never moments: times of day are put to them where somebody lives.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, takewhile

from dateutil.rrule import rrulestr

from core.api import SarnakhError, _, calendar

from . import recurrence_year

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
SCALES = {"GREGORIAN": "gregorian", "PERSIAN": "jalali"}
MOST_COUNT, MOST_EVERY, MOST_TEXT, MOST_PARTS = 1000, 400, 500, 40
EARLIEST, FARTHEST = dt.date(1900, 1, 1), dt.date(2200, 1, 1)
LONGEST = dt.timedelta(days=366 * 45)
"""A rule of which nothing comes within such a time never happens: 29 February every eighth year still does."""
_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")


class BadRule(SarnakhError):
    """A rule that cannot be read, or that is not one of those that are worked out."""


@dataclass(frozen=True)
class Rule:
    """A rule in its parts; weekdays are 0 for Monday, each with its number in the month or year (0: every one)."""

    freq: str
    interval: int = 1
    weekdays: tuple[tuple[int, int], ...] = ()
    month_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    count: int | None = None
    until: dt.date | None = None
    week_start: int = 0
    calendar: str = "gregorian"
    weeks: tuple[int, ...] = ()
    year_days: tuple[int, ...] = ()

    @property
    def over_year(self) -> bool:
        """Whether days are chosen from a whole year at once, and not month by month."""
        numbered = any(number for number, _day in self.weekdays)
        return self.freq == "YEARLY" and not numbered and bool(
            self.weeks or self.year_days or ((self.weekdays or self.month_days) and not self.months))


def read(text: str) -> Rule:
    """A rule from its text; BadRule says what is wrong with it."""
    if not text or len(text) > MOST_TEXT:
        raise BadRule(_("This is not a rule of repetition."))
    parts: dict[str, str] = {}
    for part in text.strip().removeprefix("RRULE:").upper().rstrip(";").split(";"):
        name, equals, value = part.partition("=")
        if not equals or not value or name in parts:
            raise BadRule(_("This is not a rule of repetition."))
        parts[name] = value
    try:
        rule = Rule(
            freq=parts.pop("FREQ", ""), interval=int(parts.pop("INTERVAL", "1")), weekdays=_weekdays(parts.pop("BYDAY", "")),
            month_days=_numbers(parts.pop("BYMONTHDAY", "")), months=_numbers(parts.pop("BYMONTH", "")),
            positions=_numbers(parts.pop("BYSETPOS", "")), count=int(parts.pop("COUNT")) if "COUNT" in parts else None,
            until=_until(parts.pop("UNTIL", "")), week_start=DAYS.index(parts.pop("WKST", "MO")),
            calendar=SCALES[parts.pop("RSCALE", "GREGORIAN")], weeks=_numbers(parts.pop("BYWEEKNO", "")),
            year_days=_numbers(parts.pop("BYYEARDAY", "")))
    except (ValueError, KeyError) as error:
        raise BadRule(_("This is not a rule of repetition.")) from error
    if parts.pop("SKIP", "OMIT") != "OMIT" or parts:
        raise BadRule(_("“{part}” in a rule of repetition is not supported.", part=next(iter(parts), "SKIP")))
    _check(rule)
    return rule


def _weekdays(text: str) -> tuple[tuple[int, int], ...]:
    found = []
    for part in text.split(",") if text else ():
        match = _DAY.fullmatch(part)
        if match is None:
            raise ValueError(part)
        found.append((int(match[1] or 0), DAYS.index(match[2])))
    return tuple(dict.fromkeys(found))


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(dict.fromkeys(int(part) for part in text.split(","))) if text else ()


def _until(text: str) -> dt.date | None:
    return dt.datetime.strptime(text[:8], "%Y%m%d").date() if text else None


def _check(rule: Rule) -> None:
    long = rule.freq in ("MONTHLY", "YEARLY")
    numbered = any(number for number, _day in rule.weekdays)
    if rule.freq not in FREQUENCIES:
        raise BadRule(_("Something repeats by days, weeks, months or years."))
    if not 1 <= rule.interval <= MOST_EVERY or (rule.count is not None and not 1 <= rule.count <= MOST_COUNT):
        raise BadRule(_("Something repeats at most {most} times, and at least once in {every} days, weeks, months or years.",
                        most=MOST_COUNT, every=MOST_EVERY))
    if rule.count is not None and rule.until is not None:
        raise BadRule(_("Give either the last day or how often it takes place, not both."))
    outside = (any(not 1 <= abs(n) <= 31 for n in rule.month_days) or any(not 1 <= n <= 12 for n in rule.months)
               or any(abs(n) > 53 for n, _day in rule.weekdays) or any(not 1 <= abs(n) <= 366 for n in rule.positions)
               or any(not 1 <= abs(n) <= 53 for n in rule.weeks) or any(not 1 <= abs(n) <= 366 for n in rule.year_days)
               or max(map(len, (rule.weekdays, rule.month_days, rule.months, rule.positions, rule.weeks, rule.year_days))) > MOST_PARTS)
    by_year = bool(rule.weeks or rule.year_days)
    misplaced = (not long and (numbered or rule.month_days or rule.months or rule.positions)) or (
        by_year and (rule.freq != "YEARLY" or numbered)) or (bool(rule.weeks) and rule.calendar != "gregorian") or (
        rule.freq == "YEARLY" and numbered and bool(rule.month_days) and not rule.months)
    if outside or misplaced:
        raise BadRule(_("This rule of repetition is not supported."))


def write(rule: Rule) -> str:
    """The rule as text; `read` makes the same rule of it."""
    parts = [f"RSCALE={next(k for k, v in SCALES.items() if v == rule.calendar)}"] if rule.calendar != "gregorian" else []
    parts.append(f"FREQ={rule.freq}")
    if rule.interval > 1:
        parts.append(f"INTERVAL={rule.interval}")
    if rule.weekdays:
        parts.append("BYDAY=" + ",".join(f"{number or ''}{DAYS[day]}" for number, day in rule.weekdays))
    for name, numbers in (("BYMONTHDAY", rule.month_days), ("BYMONTH", rule.months), ("BYWEEKNO", rule.weeks),
                          ("BYYEARDAY", rule.year_days), ("BYSETPOS", rule.positions)):
        if numbers:
            parts.append(f"{name}=" + ",".join(map(str, numbers)))
    if rule.week_start:
        parts.append(f"WKST={DAYS[rule.week_start]}")
    if rule.count is not None:
        parts.append(f"COUNT={rule.count}")
    if rule.until is not None:
        parts.append(f"UNTIL={rule.until:%Y%m%d}")
    return ";".join(parts)


# ---------------------------------------------------------------- the days
def days(rule: Rule, first: dt.date, until: dt.date, most: int = MOST_COUNT * 40) -> list[dt.date]:
    """Days of a rule that begins on `first`, up to `until` (included) and never more than `most`."""
    last = min(until, rule.until or until, FARTHEST)
    found = takewhile(lambda day: day <= last, _all(rule, first, last))
    return list(islice(found, most if rule.count is None else min(rule.count, most)))


def first_day(rule: Rule, on: dt.date) -> dt.date:
    """The day itself if the rule stands for it, else the first one after it; BadRule when there is none in 45 years."""
    if not EARLIEST <= on <= FARTHEST:
        raise BadRule(_("It lies too far in the past or in the future."))
    bare = replace(rule, count=None, until=None)
    found = next((day for day in _reckoned(bare, on, on + LONGEST)), None)
    if found is None or (rule.until is not None and found > rule.until):
        raise BadRule(_("By this rule it never takes place."))
    return found


def _all(rule: Rule, first: dt.date, last: dt.date) -> Iterator[dt.date]:
    if rule.calendar != "gregorian":
        return _reckoned(rule, first, last)
    first_day(rule, first)  # dateutil would look for days that never come up to the year 9999
    bare = write(replace(_told(rule, first), count=None, until=min(last, FARTHEST)))
    return (moment.date() for moment in rrulestr(bare, dtstart=dt.datetime.combine(first, dt.time())))


def _told(rule: Rule, first: dt.date) -> Rule:
    """The rule with what it leaves to its first day: weeks alone mean that day of each week."""
    bare = rule.weeks and not (rule.weekdays or rule.month_days or rule.year_days)
    return replace(rule, weekdays=((0, first.weekday()),)) if bare else rule


def _reckoned(rule: Rule, first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Days by the arithmetic of the rule's calendar, one day, week, month or year after the other."""
    rule = _told(rule, first)
    for period in _periods(rule, first, last):
        for day in sorted(set(_chosen(rule, period, first))):
            if day > last:
                return
            if day >= first:
                yield day


def _periods(rule: Rule, first: dt.date, last: dt.date) -> Iterator[tuple[dt.date, dt.date]]:
    """First and last days of the stretches in which days are chosen; they begin with the one that `first` is in."""
    reckoning = calendar(rule.calendar)
    if rule.freq in ("DAILY", "WEEKLY"):
        length = dt.timedelta(days=1 if rule.freq == "DAILY" else 7)
        begin = first if rule.freq == "DAILY" else reckoning.week_bounds(first, rule.week_start)[0]
        while begin <= last:
            yield begin, begin + length - dt.timedelta(days=1)
            begin += length * rule.interval
        return
    year, month, _day = reckoning.parts(first)
    while True:
        begin = reckoning.date(year, month if rule.freq == "MONTHLY" else 1, 1)
        if begin > last:
            return
        yield reckoning.month_bounds(begin) if rule.freq == "MONTHLY" else reckoning.year_bounds(begin)
        if rule.freq == "MONTHLY":
            years, month0 = divmod(month - 1 + rule.interval, 12)
            year, month = year + years, month0 + 1
        else:
            year += rule.interval


def _chosen(rule: Rule, period: tuple[dt.date, dt.date], first: dt.date) -> Sequence[dt.date]:
    reckoning = calendar(rule.calendar)
    begin, end = period
    if rule.freq == "DAILY":
        return [begin] if not rule.weekdays or begin.weekday() in {day for _n, day in rule.weekdays} else []
    if rule.freq == "WEEKLY":
        wanted = {day for _n, day in rule.weekdays} or {first.weekday()}
        return [day for day in _between(begin, end) if day.weekday() in wanted]
    if rule.over_year:
        return _placed(rule, recurrence_year.chosen(rule, begin, end))
    _year, month, number = reckoning.parts(first)
    year = reckoning.parts(begin)[0]
    stretches = [period]
    if rule.freq == "YEARLY" and (rule.months or not rule.weekdays):
        stretches = [reckoning.month_bounds(reckoning.date(year, m, 1)) for m in sorted(rule.months or (month,))]
    elif rule.freq == "MONTHLY" and rule.months and reckoning.parts(begin)[1] not in rule.months:
        return []
    month_days = rule.month_days or (() if rule.weekdays else (number,))
    return _placed(rule, sorted({day for one in stretches for day in _in_stretch(one, rule, month_days)}))


def _placed(rule: Rule, found: Sequence[dt.date]) -> Sequence[dt.date]:
    if not rule.positions:
        return found
    return [found[p - 1 if p > 0 else p] for p in rule.positions if (p if p > 0 else -p) <= len(found)]


def _in_stretch(stretch: tuple[dt.date, dt.date], rule: Rule, month_days: Sequence[int]) -> Iterator[dt.date]:
    every = list(_between(*stretch))
    by_number = {every[n - 1 if n > 0 else n] for n in month_days if abs(n) <= len(every)} if month_days else set(every)
    if not rule.weekdays:
        yield from by_number
        return
    for number, weekday in rule.weekdays:
        same = [day for day in every if day.weekday() == weekday]
        if number == 0:
            yield from (day for day in same if day in by_number)
        elif abs(number) <= len(same) and same[number - 1 if number > 0 else number] in by_number:
            yield same[number - 1 if number > 0 else number]


def _between(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    return (first + dt.timedelta(days=n) for n in range((last - first).days + 1))
