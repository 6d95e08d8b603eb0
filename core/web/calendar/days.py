"""What is to be said of days: holidays, days off, and the hours in which nobody works."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from core.env import Env
from core.web.calendar.span import Span, weekend

MINUTES = 24 * 60


@dataclass
class DayNote:
    """One day: names of holidays, whether it is off, stretches of minutes of the reader's clock that are closed."""

    label: str = ""
    off: bool = False
    shut: list[tuple[int, int]] = field(default_factory=list)


def notes(env: Env, span: Span) -> dict[dt.date, DayNote]:
    """A note for each day of a calendar, from the hook `calendar_days` and the country's weekend."""
    free = weekend(env.region)
    answers = env.registry.plugins.hook.calendar_days(env=env, first=span.first, last=span.last)
    found = {}
    for day in span.days():
        said = [a[day] for a in answers if a and day in a]
        labels = dict.fromkeys(env.t(one.label) for one in said if one.label)
        offs = [one.off for one in said if one.off is not None]
        off = any(offs) if offs else day.weekday() in free
        hours = next((one.hours for one in said if one.hours is not None), None)
        found[day] = DayNote(" · ".join(labels), off, _shut(env, day, hours, off))
    return found


def _shut(env: Env, day: dt.date, hours: Any, off: bool) -> list[tuple[int, int]]:
    """The minutes outside of working hours; all of a day off without any, none where nobody knows."""
    if not hours:
        return [(0, MINUTES)] if off or hours is not None else []
    found, at = [], 0
    for begins, ends in sorted(hours):
        begin, end = _minute(env, day, begins), _minute(env, day, ends)
        if begin > at:
            found.append((at, begin))
        at = max(at, end)
    return [*found, (at, MINUTES)] if at < MINUTES else found


def _minute(env: Env, day: dt.date, moment: dt.datetime) -> int:
    local = moment.astimezone(env.tz)
    if local.date() != day:
        return 0 if local.date() < day else MINUTES
    return local.hour * 60 + local.minute
