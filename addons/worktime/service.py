"""Working time for other addons: the public part, and the only module that they import.

    from addons.worktime import service

    clock = service.clock(env)                              # the organisation's calendar
    due = clock.add(env.now, 6 * 3600)                      # when six working hours will have passed
    used = clock.between(opened_at, env.now)                # working seconds between two moments

Clocks are read elevated (when an office is open is no secret), kept by the process until somebody changes a calendar, and
need no database: ask for one once and use it for 50,000 tickets. Moments go in aware and come out in UTC.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from core.api import Env, NotFound, _

from . import absences, loading, on_duty_now
from .clock import Clock, NoWorkingTime, OutOfReach
from .holiday_days import days

__all__ = ["Clock", "NoWorkingTime", "OutOfReach", "away", "calendar_of", "clock", "clocks", "days", "default_calendar", "on_duty",
           "stand_ins"]


def default_calendar(env: Env) -> int:
    """The number of the organisation's calendar. NotFound when there is none at all."""
    return loading.default_id(env)


def clock(env: Env, calendar_id: int | None = None) -> Clock:
    """The clock of a calendar, of the organisation's when None. NotFound for a calendar that does not exist (any more)."""
    found = loading.all_clocks(env).get(default_calendar(env) if calendar_id is None else calendar_id)
    if found is None:
        raise NotFound(_("This working time calendar does not exist any more."))
    return found


def clocks(env: Env, ids: Iterable[int]) -> dict[int, Clock]:
    """Clocks of several calendars by number, without those that do not exist (any more)."""
    known = loading.all_clocks(env)
    return {key: known[key] for key in ids if key in known}


def calendar_of(env: Env, user_ids: Iterable[int]) -> dict[int, int]:
    """Which calendar each person has: their own, else that of their team, else the organisation's. No statement once known."""
    people, default = loading.assigned(env), default_calendar(env)
    return {user: people.get(user, default) for user in user_ids}


def on_duty(env: Env, user_ids: Iterable[int], moment: dt.datetime) -> set[int]:
    """Those who work at a moment: within a shift if they work in shifts, else within their calendar; and not absent.

    Somebody works in shifts who has one within two weeks before or after the moment. Three statements, however many people.
    """
    return on_duty_now.on_duty(env, user_ids, moment)


def stand_ins(env: Env, user_ids: Iterable[int], day: dt.date) -> dict[int, int]:
    """Who stands in for those of these people who are absent all of a day and named somebody. One statement."""
    return absences.stand_ins(env, user_ids, day)


def away(env: Env, user_ids: Iterable[int], first: dt.date, last: dt.date) -> dict[int, list[tuple[dt.datetime, dt.datetime]]]:
    """When these people are absent within days, as moments in UTC and without the reason. Two statements, read elevated."""
    found: dict[int, list[tuple[dt.datetime, dt.datetime]]] = {}
    chosen = sorted(set(user_ids))
    for one in absences.around(env, first, last, chosen) if chosen else ():
        found.setdefault(one.user, []).append((one.begins, one.ends))
    return found
