"""Moving planned activities in time: snoozing, to another day, by some days. Whole batches, each keeping its time of day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from core.api import Env, F, Message, SarnakhError, _, n_

from . import workdays
from .choices import PLANNED
from .doing import ACTIVITY

MOST = 500
FIVE = 300
SNOOZES: Mapping[str, Message] = {
    "hour": _("In an hour"), "evening": _("This evening"), "tomorrow": _("Tomorrow"), "next_week": _("Next week")}
"""Where activities may be snoozed to. The last two are working days."""
FAR = dt.timedelta(days=365 * 20)


def offered(env: Env) -> dict[str, Message]:
    """The snoozes that make sense now: no evening in the evening."""
    late = env.now.astimezone(env.tz).time() >= workdays.EVENING
    return {name: text for name, text in SNOOZES.items() if not (late and name == "evening")}


def planned(env: Env, ids: Iterable[int]) -> list[dict[str, Any]]:
    """Those of the chosen activities that are planned and that the actor may change; SarnakhError when there are none."""
    keys = list(dict.fromkeys(ids))
    if len(keys) > MOST:
        raise SarnakhError(_("Choose at most {most} activities at a time.", most=MOST))
    rows = env.query(ACTIVITY).archived(None).for_operation("update").with_ids(keys).where(F.status == PLANNED).order("due_at").select(
        "kind", "subject", "about", "all_day", "first_day", "last_day", "starts_at", "owner", "private").rows()
    if not rows:
        raise SarnakhError(_("None of these activities is planned and may be changed by you."))
    return rows


def snooze(env: Env, ids: Sequence[int], to: str) -> int:
    """Put activities off; whole days stay whole days unless a time of today is meant."""
    if to not in offered(env):
        raise SarnakhError(_("Choose until when."))
    if to == "hour":
        seconds = -(-int((env.now + dt.timedelta(hours=1)).timestamp()) // FIVE) * FIVE
        return _at(env, ids, dt.datetime.fromtimestamp(seconds, dt.UTC))
    if to == "evening":
        return _at(env, ids, dt.datetime.combine(env.today, workdays.EVENING, env.tz).astimezone(dt.UTC))
    day = workdays.next_open(env, env.today + dt.timedelta(days=1)) if to == "tomorrow" else workdays.week_start(env)
    return to_day(env, ids, day)


def _at(env: Env, ids: Sequence[int], moment: dt.datetime) -> int:
    return env.update(ACTIVITY, [row["id"] for row in planned(env, ids)], {"all_day": False, "starts_at": moment})


def to_day(env: Env, ids: Sequence[int], day: dt.date) -> int:
    """Move activities to a day; what had no day becomes one of the whole day."""
    if abs(day - env.today) > FAR:
        raise SarnakhError(_("This day is too far away."))
    return _move(env, ids, lambda _old: day)


def by_days(env: Env, ids: Sequence[int], days: int) -> int:
    """Move activities by so many days (back with a negative number); those without a day count from today."""
    if not days or abs(days) > FAR.days:
        raise SarnakhError(_("Say by how many days."))
    return _move(env, ids, lambda old: (old or env.today) + dt.timedelta(days=days))


def _move(env: Env, ids: Sequence[int], new_day: Callable[[dt.date | None], dt.date]) -> int:
    changes: dict[int, dict[str, Any]] = {}
    for row in planned(env, ids):
        if row["starts_at"] is not None:
            local = row["starts_at"].astimezone(env.tz)
            moved = dt.datetime.combine(new_day(local.date()), local.time(), env.tz)
            changes[row["id"]] = {"starts_at": moved.astimezone(dt.UTC)}
        else:
            first = new_day(row["first_day"])
            length = row["last_day"] - row["first_day"] if row["first_day"] and row["last_day"] else dt.timedelta()
            changes[row["id"]] = {"all_day": True, "first_day": first, "last_day": first + length}
    return env.update_each(ACTIVITY, changes)


def told(count: int) -> Message:
    """What is said when activities were moved."""
    return n_("{count} activity was moved.", "{count} activities were moved.", count)
