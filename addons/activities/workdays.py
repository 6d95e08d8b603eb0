"""Which days the actor works on, by their working time calendar: the one place that snoozing and following up ask."""

from __future__ import annotations

import datetime as dt

from addons.worktime import service
from core.api import Env, NotFound

EVENING = dt.time(18)
FARTHEST = 60
"""Days without work that are skipped at most."""


def next_open(env: Env, day: dt.date) -> dt.date:
    """This day, or the first one after it on which the actor works."""
    try:
        clock = service.clock(env, service.calendar_of(env, [env.actor.id])[env.actor.id] if env.actor.id else None)
    except NotFound:
        return day
    return next((found for n in range(FARTHEST) if clock.day_parts(found := day + dt.timedelta(days=n))), day)


def week_start(env: Env) -> dt.date:
    """The first working day of the next week."""
    ahead = (env.actor.week_start - env.today.weekday() - 1) % 7 + 1
    return next_open(env, env.today + dt.timedelta(days=ahead))
