"""What is special about days, and when one works on them: for calendars that people look at."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from core.api import CalendarDay, Env

from . import loading
from .clock import Clock
from .holiday_names import rule_label
from .wall import moment, wall_ticks

ONE_DAY = dt.timedelta(days=1)
MOST = 800
"""Days that are answered for at most."""


def days(env: Env, first: dt.date, last: dt.date) -> dict[dt.date, CalendarDay]:
    """The days from first to last by the calendar of the person who looks: the holiday or exception in their language,
    whether it is free, the working time as moments. No statement once calendars are known; without a calendar {}."""
    clocks = loading.all_clocks(env)
    if not clocks:
        return {}
    clock = clocks[loading.assigned(env).get(env.actor.id or 0, loading.default_id(env))]
    chosen = [first + ONE_DAY * number for number in range(min((last - first).days, MOST) + 1)]
    return {day: CalendarDay(rule_label(env, clock.rules.get(day)), off=not clock.hours(day), hours=_parts(clock, day, env.tz))
            for day in chosen}


def _parts(clock: Clock, day: dt.date, zone: ZoneInfo) -> list[tuple[dt.datetime, dt.datetime]]:
    """Working time within a day of the reader, whose zone may not be the calendar's."""
    if zone.key == clock.zone.key:
        return clock.day_parts(day)
    begins, ends = (moment(wall_ticks(zone, one, 0)) for one in (day, day + ONE_DAY))
    near = [part for number in (-1, 0, 1) for part in clock.day_parts(day + ONE_DAY * number)]
    return [(max(one, begins), min(two, ends)) for one, two in near if one < ends and two > begins]
