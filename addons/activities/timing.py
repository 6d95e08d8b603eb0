"""When activities are: whole days stay days, times are moments, and both give the moment at which something is due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from core.api import Change, Env, Invalid, _

LAST_SECOND = dt.timedelta(seconds=1)
TIMES = ("all_day", "first_day", "last_day", "starts_at", "ends_at", "duration")


def end_of_day(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    """The last second of a day in a zone, in UTC (a day may have 23 or 25 hours)."""
    following = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), zone)
    return following.astimezone(dt.UTC) - LAST_SECOND


def zones(env: Env, users: Iterable[int]) -> Mapping[int, ZoneInfo]:
    """The time zones of users; one statement, none when it is only the actor."""
    wanted = set(users)
    if wanted <= {env.actor.id}:
        return {key: env.tz for key in wanted}
    with env.elevated("time zones of owners") as sudo:
        rows = sudo.query("base.user").archived(None).deleted(None).with_ids(wanted).select("time_zone").rows()
    return {row["id"]: ZoneInfo(row["time_zone"] or "UTC") for row in rows}


def fill(env: Env, change: Change) -> None:
    """Days or times, the end from the duration or the other way round, and the moment at which it is due."""
    if change.action not in ("create", "update") or not (change.action == "create" or change.touches(*TIMES, "owner", "due_at")):
        return
    known = zones(env, {r.owner.id for r in change.records if r.all_day and r.owner})
    for record in change.records:
        if record.all_day:
            _days(change, record)
            zone = known.get(record.owner.id, env.tz) if record.owner else env.tz
            due = end_of_day(record.last_day, zone) if record.last_day else None
        else:
            _times(change, record)
            due = record.starts_at
        if record.due_at != due:
            change.set(record, "due_at", due)


def _days(change: Change, record: Any) -> None:
    """A day that moves takes the last day along."""
    for name in ("starts_at", "ends_at"):
        if getattr(record, name) is not None:
            change.set(record, name, None)
    first, last = record.first_day, record.last_day
    before, ended = change.was(record, "first_day"), change.was(record, "last_day")
    if first is None and last is not None:
        change.set(record, "first_day", last)
    elif first is not None and last is None:
        change.set(record, "last_day", first)
    elif first is not None and before and ended == last and first != before:
        change.set(record, "last_day", first + (ended - before))


def _times(change: Change, record: Any) -> None:
    """A beginning that moves takes the end along."""
    for name in ("first_day", "last_day"):
        if getattr(record, name) is not None:
            change.set(record, name, None)
    start, end, length = record.starts_at, record.ends_at, record.duration
    if start is None:
        if end is not None:
            change.set(record, "ends_at", None)
        return
    told = end is not None and (length is None or change.was(record, "ends_at") != end)
    if told and end >= start:
        change.set(record, "duration", end - start)
    elif not told and length is not None and end != start + length:
        change.set(record, "ends_at", start + length)


def problems(records: Iterable[Any]) -> Iterator[Invalid]:
    """What ends before it begins, or lasts less than nothing."""
    for record in records:
        if record.first_day and record.last_day and record.last_day < record.first_day:
            yield Invalid(record, "last_day", _("The last day is not before the first."))
        if record.starts_at and record.ends_at and record.ends_at < record.starts_at:
            yield Invalid(record, "ends_at", _("It cannot end before it begins."))
        if record.all_day and record.first_day is None:
            yield Invalid(record, "first_day", _("Say on which day, or take “all day” away."))


def name_guests(env: Env, change: Change) -> None:
    """Fill names and addresses of guests from their contacts."""
    lacking = [r for r in change.records if r.contact and not (r.name and r.email)]
    if change.action not in ("create", "update") or not lacking:
        return
    rows = env.query("contacts.contact").archived(None).with_ids({r.contact.id for r in lacking}).select("name", "email").rows()
    known = {row["id"]: row for row in rows}
    for record in lacking:
        found = known.get(record.contact.id)
        for name in ("name", "email"):
            if found and found[name] and not getattr(record, name):
                change.set(record, name, found[name])
