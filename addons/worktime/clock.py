"""The arithmetic of working time: plain Python without a database, safe to share between threads.

All open intervals of a year stand in three sorted lists: where each begins, where it ends, and how much working time lies
before it, in microseconds counted from the year that was asked for first. "How much working time until this moment" is one
binary search in the first list, "when will so much have passed" one in the third, so `add` and `between` cost the same over
an hour and over twenty years. Years are added to the lists when a question reaches them (a millisecond each, once).

What a day's hours are is decided in this order: an exception of the calendar, a holiday, the week. An interval belongs to
the day on which it begins, also when it runs past midnight. Daylight saving is dealt with where intervals become moments
(see :mod:`.wall`), so everything after that counts real time.
"""

from __future__ import annotations

import datetime as dt
import threading
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from core.api import SarnakhError, _

from .hours import Spans
from .wall import DAY, SECOND, Days, moment, ticks

FIRST_YEAR, LAST_YEAR = 1970, 2150
"""Between these years clocks count; whatever lies outside is a mistake in the data."""


class NoWorkingTime(SarnakhError):
    """A calendar has no open hours from here on, so no moment can be found."""

    def __init__(self, name: str) -> None:
        super().__init__(_("The working time calendar “{name}” has no open hours there: give it some.", name=name))


class OutOfReach(SarnakhError):
    """A moment lies outside of the years that clocks count."""

    def __init__(self) -> None:
        super().__init__(_("Working time is counted between the years {first} and {last}.", first=str(FIRST_YEAR), last=str(LAST_YEAR)))


@dataclass(frozen=True)
class DayRule:
    """A day that is not as its weekday: hours of its own (none: closed), or the week's hours until a minute; and why.

    Names are pairs: as it is called here, and the English name of an official holiday, by which other languages know it.
    """

    names: tuple[tuple[str, str], ...] = ()
    spans: Spans | None = None
    until: int | None = None
    holiday: bool = False

    def hours(self, usual: Spans) -> Spans:
        """The day's intervals, of those that its weekday has."""
        if self.spans is not None:
            return self.spans
        last = DAY * 2 if self.until is None else self.until
        return tuple((begins, min(ends, last)) for begins, ends in usual if begins < last)


@dataclass(frozen=True)
class _Lists:
    """Open intervals of whole years: where each begins and ends, and how much lies before it (one more than intervals)."""

    years: range
    low: int
    high: int
    begins: array[int] = field(default_factory=lambda: array("q"))
    ends: array[int] = field(default_factory=lambda: array("q"))
    before: array[int] = field(default_factory=lambda: array("q", [0]))


class Clock:
    """A calendar's time. Moments are aware; those given back are in UTC. See the service for how to get one."""

    def __init__(self, zone: ZoneInfo, week: Sequence[Spans], days: Mapping[dt.date, DayRule] | None = None, *,
                 name: str = "", key: int = 0) -> None:
        self.zone, self.name, self.key = zone, name, key
        self.week = tuple(week)
        self.rules = dict(days or {})
        self._special = {day.toordinal(): rule for day, rule in self.rules.items()}
        self._lock = threading.Lock()
        self._lists: _Lists | None = None
        self._open_days = sorted(day for day, rule in self.rules.items() if rule.spans)

    # ---------------------------------------------------------------- questions
    def add(self, start: dt.datetime, seconds: int) -> dt.datetime:
        """The first moment at which so many seconds of working time have passed since `start`; for negative seconds the
        last moment from which so many lead up to it. 0 seconds: `start` itself. NoWorkingTime, OutOfReach."""
        at = ticks(start)
        if not seconds:
            return moment(at)
        wanted = seconds * SECOND
        found = self._covering(at)
        goal = self._passed(found, at) + wanted
        if wanted > 0:
            while goal > found.before[-1]:
                found = self._later(found)
            index = bisect_left(found.before, goal) - 1
            return moment(found.begins[index] + goal - found.before[index])
        while goal < found.before[0]:
            found = self._earlier(found)
        index = bisect_right(found.before, goal) - 1
        return moment(found.begins[index] + goal - found.before[index])

    def between(self, start: dt.datetime, end: dt.datetime) -> int:
        """Whole seconds of working time from `start` to `end`; negative when `end` is earlier. OutOfReach."""
        one, two = ticks(start), ticks(end)
        found = self._covering(min(one, two), max(one, two))
        passed = self._passed(found, two) - self._passed(found, one)
        return passed // SECOND if passed >= 0 else -(-passed // SECOND)

    def is_open(self, at: dt.datetime) -> bool:
        """Whether it is working time; the moment at which an interval ends is not."""
        found, instant = self._covering(ticks(at)), ticks(at)
        index = bisect_right(found.begins, instant) - 1
        return index >= 0 and instant < found.ends[index]

    def next_open(self, at: dt.datetime) -> dt.datetime:
        """The moment itself when it is working time, else the next beginning of it. NoWorkingTime, OutOfReach."""
        instant = ticks(at)
        found = self._covering(instant)
        index = bisect_right(found.begins, instant) - 1
        if index >= 0 and instant < found.ends[index]:
            return moment(instant)
        while index + 1 >= len(found.begins):
            found = self._later(found)
            index = bisect_right(found.begins, instant) - 1
        return moment(found.begins[index + 1])

    # ---------------------------------------------------------------- days, for drawing
    def hours(self, day: dt.date) -> Spans:
        """Intervals that begin on a day, in minutes after its midnight on the wall."""
        rule = self.rules.get(day)
        usual = self.week[day.weekday()]
        return usual if rule is None else rule.hours(usual)

    def label(self, day: dt.date) -> str:
        """Why a day is not as usual: its holiday or exception, as it was written down."""
        rule = self.rules.get(day)
        return "" if rule is None else "; ".join(name for name, _known in rule.names)

    def day_parts(self, day: dt.date) -> list[tuple[dt.datetime, dt.datetime]]:
        """The open parts of a day, what is left of the night before included, as moments in UTC."""
        today = day.toordinal()
        return [(moment(begins), moment(ends)) for begins, ends in self._merged(Days(self.zone), range(today - 1, today + 1), today)]

    # ---------------------------------------------------------------- the lists
    def _passed(self, found: _Lists, at: int) -> int:
        """Working time until a moment that the lists cover."""
        index = bisect_right(found.begins, at) - 1
        if index < 0:
            return found.before[0]
        return found.before[index] + min(at, found.ends[index]) - found.begins[index]

    def _covering(self, low: int, high: int | None = None) -> _Lists:
        """Lists that cover all from one moment to another."""
        high = low if high is None else high
        found = self._lists
        if found is not None and found.low <= low and high < found.high:
            return found
        first, last = self._year(low), self._year(high)
        if found is None:
            found = self._grown(range(first, last + 1))
        if low < found.low or high >= found.high:
            found = self._grown(range(min(first, found.years.start), max(last + 1, found.years.stop)))
        return found

    def _year(self, at: int) -> int:
        """The year of a moment in the calendar's zone."""
        try:
            year = moment(at).astimezone(self.zone).year
        except OverflowError:
            raise OutOfReach from None
        if not FIRST_YEAR < year < LAST_YEAR:
            raise OutOfReach
        return year

    def _later(self, found: _Lists) -> _Lists:
        """Lists that reach further into the future."""
        if not any(self.week) and (not self._open_days or self._open_days[-1].year < found.years.stop):
            raise NoWorkingTime(self.name)
        if found.years.stop >= LAST_YEAR:
            raise OutOfReach
        return self._grown(range(found.years.start, found.years.stop + 1))

    def _earlier(self, found: _Lists) -> _Lists:
        """Lists that reach further back; what is counted for later moments stays what it was."""
        if not any(self.week) and (not self._open_days or self._open_days[0].year >= found.years.start):
            raise NoWorkingTime(self.name)
        if found.years.start <= FIRST_YEAR + 1:
            raise OutOfReach
        return self._grown(range(found.years.start - 1, found.years.stop))

    def _grown(self, years: range) -> _Lists:
        """The lists for these years and those that are there already."""
        with self._lock:
            known = self._lists
            if known is None:
                made = self._built(years)
            else:
                head = self._built(range(min(years.start, known.years.start), known.years.start))
                tail = self._built(range(known.years.stop, max(years.stop, known.years.stop)))
                made = _joined(_joined(head, known, ends_at=known.before[0]), tail)
            self._lists = made
            return made

    def _built(self, years: range) -> _Lists:
        walls, first, last = Days(self.zone), dt.date(years.start, 1, 1).toordinal(), dt.date(years.stop, 1, 1).toordinal()
        made = _Lists(years, walls.midnight(first), walls.midnight(last))
        total = 0
        for begins, ends in self._merged(walls, range(first - 1, last), first):
            made.begins.append(begins)
            made.ends.append(ends)
            total += ends - begins
            made.before.append(total)
        return made

    def _merged(self, walls: Days, days: range, first: int) -> list[tuple[int, int]]:
        """Open intervals that begin on these days, as moments, from the midnight of `first` on; what touches is one."""
        low, high = walls.midnight(first), walls.midnight(days.stop)
        raw: list[tuple[int, int]] = []
        for day in days:
            rule, usual = self._special.get(day), self.week[(day - 1) % 7]
            hours = usual if rule is None else rule.hours(usual)
            if hours:
                raw += walls.spans(day, hours)
        made: list[tuple[int, int]] = []
        for begins, ends in sorted(raw):
            begins, ends = max(begins, low), min(ends, high)
            if begins >= ends:
                continue
            if made and begins <= made[-1][1]:
                made[-1] = (made[-1][0], max(made[-1][1], ends))
            else:
                made.append((begins, ends))
        return made


def _joined(one: _Lists, two: _Lists, ends_at: int | None = None) -> _Lists:
    """Two lists after each other; with `ends_at` the count of the second stays, otherwise that of the first."""
    if not one.years:
        return two
    if not two.years:
        return one
    shift_one = 0 if ends_at is None else ends_at - one.before[-1]
    shift_two = one.before[-1] + shift_one - two.before[0]
    before = array("q", [*(value + shift_one for value in one.before), *(value + shift_two for value in two.before[1:])])
    return _Lists(range(one.years.start, two.years.stop), one.low, two.high, one.begins + two.begins, one.ends + two.ends, before)
