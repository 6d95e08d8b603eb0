"""The entries of some days: read by two statements whatever the days hold, and cut into what a calendar draws.

What begins within the days and what has begun before and still lasts are two parts of one statement (core/query/parts.py),
read from an index over beginning and end; one condition for both ("overlaps") would read half of the table. Moments
and whole days are read apart, because they stand in different fields. Whole days belong to no time zone.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from core.env import Env
from core.expressions import F, Node, all_of, as_node
from core.query.query import Query
from core.records.fields import Link
from core.registry.compose import RecordType
from core.web.calendar.fields import When
from core.web.calendar.span import DAY, Span, midnight
from core.web.money import with_currencies

MOST = 2000
"""Entries that one calendar draws of either kind; of more the earliest, and it says so."""
USUAL = dt.timedelta(minutes=30)
"""How long an entry without an end looks."""
MINUTES = 24 * 60


@dataclass(frozen=True)
class Entry:
    """A record on the calendar. `first` and `last` are days of the reader's clock; `begin` and `end` its minutes in them, None for
    whole days. `long` ones last a day or more, and are drawn over days like whole ones."""

    id: int
    row: dict[str, Any]
    first: dt.date
    last: dt.date
    begin: int | None = None
    end: int | None = None
    long: bool = True

    @property
    def order(self) -> tuple[Any, ...]:
        """Whole days first, then by the clock; of several the longer before."""
        return self.first, self.begin is not None, self.begin or 0, -(self.last - self.first).days, self.id


def paths(env: Env, rtype: RecordType, when: When) -> list[str]:
    """What entries need of each record."""
    names = [f.name for f in (*when.placing(), when.people, when.colour) if f is not None]
    wanted = [when.title, *names, *with_currencies(env, rtype, when.card), "version"]
    return [p for p in dict.fromkeys(wanted) if p]


def read(env: Env, query: Query, rtype: RecordType, when: When, span: Span) -> tuple[list[Entry], bool]:
    """The entries of these days in order, and whether there are more than are drawn."""
    if when.timed:
        parts = [_parts(F[when.start.name], when.end and F[when.end.name], midnight(env, span.first), midnight(env, span.last + DAY))]
        if when.all_day is not None and when.day is not None:
            flag = F[when.all_day.name]
            parts = [[as_node(all_of(p, ~flag)) for p in parts[0]],
                     [as_node(all_of(p, flag)) for p in _day_parts(when.day.name, when.last_day and when.last_day.name, span)]]
    else:
        parts = [_day_parts(when.start.name, when.end and when.end.name, span)]
    starts = [when.start.name, when.day.name if when.day else ""]
    found: list[Entry] = []
    full = False
    for start, some in zip(starts, parts, strict=False):
        for page in query.select(*paths(env, rtype, when)).order(start).first_pages(some, MOST):
            found += [e for e in (entry(env, when, row) for row in page.rows) if e is not None]
            full = full or page.next is not None
    return sorted(found, key=lambda e: e.order), full


def _parts(start: Any, end: Any, first: dt.datetime, after: dt.datetime) -> list[Node]:
    within = [as_node(all_of(start >= first, start < after))]
    return within if end is None else [*within, as_node(all_of(start < first, end > first))]


def _day_parts(start: str, end: str | None, span: Span) -> list[Node]:
    within = [as_node(all_of(F[start] >= span.first, F[start] <= span.last))]
    return within if end is None else [*within, as_node(all_of(F[start] < span.first, F[end] >= span.first))]


def entry(env: Env, when: When, row: dict[str, Any]) -> Entry | None:
    """A record as an entry; None when it stands on no day."""
    if when.timed and not (when.all_day is not None and row[when.all_day.name]):
        start = row[when.start.name]
        return None if start is None else timed(env, row, start, row[when.end.name] if when.end else None)
    first = row[(when.day or when.start).name]
    ending = when.last_day if when.day else when.end
    last = row[ending.name] if ending else None
    return None if first is None else Entry(row["id"], row, first, max(first, last or first))


def timed(env: Env, row: dict[str, Any], start: dt.datetime, end: dt.datetime | None) -> Entry:
    """An entry with hours, by the reader's clock. On the day on which clocks are put back, what ends by the clock before it
    began is drawn with its real length."""
    end = start + USUAL if end is None else max(end, start)
    begins, ends = start.astimezone(env.tz), end.astimezone(env.tz)
    first, last = begins.date(), ends.date()
    begin, until = begins.hour * 60 + begins.minute, ends.hour * 60 + ends.minute
    if last > first and until == 0:
        last, until = last - DAY, MINUTES
    if last <= first and until <= begin:
        last, until = first, min(MINUTES, begin + int((end - start).total_seconds()) // 60)
    return Entry(row["id"], row, first, last, begin, until, end - start >= DAY)


def person_ids(when: When, row: dict[str, Any]) -> list[int]:
    """Whose an entry is."""
    value = row.get(when.people.name) if when.people else None
    links = value if isinstance(value, list) else [value] if isinstance(value, Link) else []
    return [link.id for link in links]


@dataclass(frozen=True)
class Piece:
    """What lies of an entry among the hours of one day: minutes from `begin` to before `end`."""

    entry: Entry
    day: dt.date
    begin: int
    end: int


def pieces(entries: list[Entry], days: list[dt.date]) -> list[Piece]:
    """Entries with hours, cut at midnight: one piece for each of these days on which they last."""
    found = []
    for one in entries:
        if one.begin is None or one.end is None or one.long:
            continue
        for day in days:
            if one.first <= day <= one.last:
                begin = one.begin if day == one.first else 0
                found.append(Piece(one, day, begin, one.end if day == one.last else MINUTES))
    return found
