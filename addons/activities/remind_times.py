"""When reminders are due: from the activity's time and how long before, for whom, and by whose wish."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from core.api import Change, Env, F, Invalid, _, latin_digits

from . import timing
from .choices import PLANNED
from .doing import ACTIVITY

REMINDER, USER = "activities.reminder", "base.user"
MORNING = dt.time(9)
UNITS = {"minutes": dt.timedelta(minutes=1), "hours": dt.timedelta(hours=1), "days": dt.timedelta(days=1), "weeks": dt.timedelta(weeks=1)}
LETTERS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
PEOPLE = ("co_owners", "participants")
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")


class Wish(NamedTuple):
    """How long before somebody is usually reminded."""

    before: int
    unit: str
    at: str | None = None


def clock(text: str | None) -> dt.time | None:
    """A time of day as people write it; None when it is none."""
    match = _CLOCK.fullmatch(latin_digits(text or "").strip())
    return dt.time(int(match[1]), int(match[2])) if match else None


def moment(reminder: Any, activity: Mapping[str, Any], zone: ZoneInfo) -> dt.datetime | None:
    """When somebody in a zone is reminded; None for what has no time. Days before are days on the wall, not 24 hours."""
    ahead: dt.timedelta = UNITS[reminder.unit] * reminder.before
    whole = reminder.unit in ("days", "weeks")
    if activity["all_day"]:
        if activity["first_day"] is None:
            return None
        at = dt.datetime.combine(activity["first_day"], clock(reminder.at) or MORNING)
        local: dt.datetime = (at - ahead) if whole else at
        told: dt.datetime = local.replace(tzinfo=zone).astimezone(dt.UTC)
        return told if whole else told - ahead
    if activity["starts_at"] is None:
        return None
    begins: dt.datetime = activity["starts_at"]
    if not whole:
        return begins - ahead
    wall: dt.datetime = begins.astimezone(zone).replace(tzinfo=None) - ahead
    return wall.replace(tzinfo=zone).astimezone(dt.UTC)


def _set(env: Env, reminders: Iterable[Any], activities: Mapping[int, Mapping[str, Any]]) -> dict[int, dict[str, Any]]:
    """The moments of reminders by their position in the batch. What is over already is not told any more."""
    known = list(reminders)
    zones = timing.zones(env, {r.user.id if r.user else activities[r.activity.id]["owner"].id
                               for r in known if r.activity and r.activity.id in activities})
    found = {}
    for position, one in enumerate(known):
        activity = activities.get(one.activity.id) if one.activity else None
        if activity is None:
            continue
        at = moment(one, activity, zones.get(one.user.id if one.user else activity["owner"].id, env.tz))
        found[position] = {"remind_at": at, "sent_at": env.now if at is not None and at <= env.now else None}
    return found


def _activities(env: Env, ids: Iterable[int], *further: str) -> dict[int, dict[str, Any]]:
    with env.elevated("times of reminders") as sudo:
        rows = sudo.query(ACTIVITY).archived(None).with_ids(ids).select(
            "all_day", "first_day", "starts_at", "owner", "status", *further).rows()
    return {row["id"]: row for row in rows}


def fill(env: Env, change: Change) -> None:
    """Before reminders are written: when each is due."""
    if change.action not in ("create", "update") or not (change.action == "create" or change.touches("before", "unit", "at", "user")):
        return
    if change.action == "create" and env.access.trusted and all(r.remind_at for r in change.records):
        return  # by code that knows when
    activities = _activities(env, {r.activity.id for r in change.records if r.activity})
    for position, values in _set(env, change.records, activities).items():
        record = change.records[position]
        for name, value in values.items():
            change.set(record, name, value)
        if record.at and (time := clock(record.at)):
            change.set(record, "at", f"{time:%H:%M}")


def problems(env: Env, records: Iterable[Any]) -> Iterator[Invalid]:
    """A time of day is one; who is reminded takes part."""
    known = list(records)
    asked = set() if env.access.trusted else {r.activity.id for r in known if r.user and r.activity}
    people = takes_part(env, asked) if asked else {}
    for record in known:
        if record.at and clock(record.at) is None:
            yield Invalid(record, "at", _("Write a time of day such as 9:00."))
        if asked and record.user and record.activity and record.user.id not in people.get(record.activity.id, ()):
            yield Invalid(record, "user", _("Only who takes part in the activity can be reminded of it."))


def takes_part(env: Env, ids: Iterable[int]) -> dict[int, list[int]]:
    """Who takes part in activities: owner, further assignees, participants."""
    return _people(_activities(env, ids, *PEOPLE))


def _people(activities: Mapping[int, Mapping[str, Any]]) -> dict[int, list[int]]:
    return {key: list(dict.fromkeys([*([row["owner"].id] if row["owner"] else []), *(u.id for name in PEOPLE for u in row[name])]))
            for key, row in activities.items()}


def follow(env: Env, change: Change) -> None:
    """Reminders of activities that got other times are due at others; who newly takes part is reminded as they usually are."""
    if change.action == "create":
        ids = [r.id for r in change.records if r.status == PLANNED and (r.starts_at or r.first_day)]
    elif change.action == "update":
        changed = {r.id for r in change.changed("all_day", "first_day", "starts_at", "owner", "status")}
        people = {key for name in PEOPLE for key in change.many.get(name, ())}
        ids = [r.id for r in change.records if r.status == PLANNED and (r.id in changed or r.id in people)]
    else:
        return
    if ids:
        usual(env, ids, fresh=change.action == "create")


def usual(env: Env, ids: list[int], fresh: bool) -> None:
    """Bring the reminders of activities in line with times and people; a fixed number of statements."""
    with env.elevated("reminders of activities") as sudo:
        there = [] if fresh else sudo.query(REMINDER).where(F.activity.isin(ids)).records(
            "activity", "before", "unit", "at", "user", "usual", "remind_at", "sent_at")
        activities = _activities(env, ids, *PEOPLE)
        people = _people(activities)
        gone = [r.id for r in there if r.user and r.user.id not in people.get(r.activity.id, ())]
        stay = [r for r in there if r.id not in set(gone)]
        moved = {stay[p].id: values for p, values in _set(env, stay, activities).items() if values["remind_at"] != stay[p].remind_at}
        wishes = {r["id"]: r for r in sudo.query(USER).with_ids({u for one in people.values() for u in one}).where(F.active).select(
            "activities_reminder", "activities_day_reminder", "time_zone").rows()}
        held = {(r.activity.id, r.user.id) for r in stay if r.user and r.usual}
        rows = []
        for key, users in people.items():
            wish = "activities_day_reminder" if activities[key]["all_day"] else "activities_reminder"
            for user in users:
                chosen = wishes.get(user, {}).get(wish) or "none"
                if chosen != "none" and (key, user) not in held and (activities[key]["starts_at"] or activities[key]["first_day"]):
                    wished = Wish(int(chosen[:-1]), LETTERS[chosen[-1]])
                    at = moment(wished, activities[key], ZoneInfo(wishes[user]["time_zone"] or "UTC"))
                    rows.append({"activity": key, "before": wished.before, "unit": wished.unit, "user": user, "usual": True,
                                 "remind_at": at, "sent_at": env.now if at is not None and at <= env.now else None})
        if gone:
            sudo.delete(REMINDER, gone)
        sudo.update_each(REMINDER, moved)
        if rows:
            sudo.create(REMINDER, rows)
