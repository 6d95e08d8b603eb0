"""Single further dates of an entry (RDATE): each becomes an entry of its own, known by the entry's identifier and its day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from core.api import _

from . import recurrence
from .ical_values import Unreadable, known, times
from .ical_values import day as day_of

if TYPE_CHECKING:
    from .ical_read import Entry

MOST_DATES, MOST_COMPARED = 1000, 800
"""How many further dates of an entry are read, and with how many days of its rule they are compared."""


def read(part: Any, begins: Any, ends: Any, zone: ZoneInfo) -> list[dict[str, Any]]:
    """When else it takes place: days, moments, or moments with an end of their own. Else as long as it usually is."""
    if begins is None:
        raise Unreadable(_("An entry that repeats has no beginning."))
    lists = part["RDATE"] if isinstance(part["RDATE"], list) else [part["RDATE"]]
    found = []
    for value in [d.dt for one in lists for d in one.dts][:MOST_DATES]:
        start, end = value if isinstance(value, tuple) else (value, None)
        start = known(start, zone)
        if not isinstance(begins, dt.datetime):
            start = day_of(start, zone)
        elif not isinstance(start, dt.datetime):
            start = begins.replace(year=start.year, month=start.month, day=start.day)
        if isinstance(end, dt.timedelta):
            end = start + end
        elif end is None and ends is not None:
            end = start + (ends - begins)
        found.append(times(start, end))
    return found



def spread(entries: Iterable[Entry]) -> list[Entry]:
    """The entries, each followed by one for each of its further dates that its rule does not yield anyway, that is not left out
    and in whose place the file has no other entry."""
    known = list(entries)
    replaced = {(e.uid, e.instead_of) for e in known if e.instead_of}
    made: list[Entry] = []
    for entry in known:
        made.append(entry)
        if entry.further and not entry.error and not entry.instead_of:
            days = {day for uid, day in replaced if uid == entry.uid} | set(entry.left_out)
            made += _single(entry, days)
    return made


def _single(entry: Entry, taken: set[dt.date]) -> list[Entry]:
    first = _day(entry, entry.values)
    last = max(_day(entry, values) for values in entry.further)
    taken = taken | ({*recurrence.days(entry.rule, first, last, MOST_COMPARED)} if entry.rule is not None else {first})
    found: dict[str, Entry] = {}
    for values in entry.further:
        day = _day(entry, values)
        moment = values.get("starts_at")
        if day in taken and (moment is None or _same_clock(entry, moment)):
            continue
        place = f"{day:%Y%m%d}" if moment is None or _same_clock(entry, moment) else f"{moment:%Y%m%dT%H%M%SZ}"
        found.setdefault(place, replace(entry, rule=None, left_out=[], further=[], values=entry.values | values, place=place))
    return list(found.values())


def _day(entry: Entry, values: dict[str, Any]) -> dt.date:
    moment = values.get("starts_at")
    return moment.astimezone(entry.zone).date() if moment else values["first_day"]  # type: ignore[no-any-return]


def _same_clock(entry: Entry, moment: dt.datetime) -> bool:
    """Whether it is at the usual time of day, on the wall of the entry's zone."""
    usual = entry.values["starts_at"]
    return bool(usual and usual.astimezone(entry.zone).time() == moment.astimezone(entry.zone).time())
