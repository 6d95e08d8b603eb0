"""Moving and resizing an entry: what an ordinary write of its fields would be, and whether it is still where it was seen.

Times are those of the mover's clock. A move keeps how long an entry really lasts, also over a change of clocks; days are
days, in no time zone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from core.env import Env
from core.errors import Conflict, SarnakhError
from core.i18n.messages import Message, _
from core.records.fields import ManyField
from core.registry.compose import RecordType
from core.web.calendar.draw import COMMA, seen_place
from core.web.calendar.entries import USUAL, entry, person_ids
from core.web.calendar.fields import When
from core.web.calendar.span import DAY
from core.web.conflicts import changes_since

MORNING = dt.time(9)
HOUR = dt.timedelta(hours=1)
MOST_VERSIONS = 20
Moment = dt.date | dt.datetime


def read_moment(text: str) -> Moment | None:
    """A day or a moment of somebody's clock, as scripts write them; None for "" and nonsense."""
    try:
        if "T" in text:
            return dt.datetime.fromisoformat(text[:16])
        return dt.date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None


def is_whole(when: When, row: Mapping[str, Any]) -> bool:
    """Whether an entry is one of whole days."""
    return not when.timed or when.all_day is not None and bool(row[when.all_day.name])


def moved(env: Env, when: When, row: Mapping[str, Any], begin: Moment) -> dict[str, Any]:
    """The values that let an entry begin at another moment, or on another day."""
    if isinstance(begin, dt.datetime):
        if not when.timed:
            raise SarnakhError(_("These entries have no hours."))
        return _to_moment(env, when, row, begin.replace(tzinfo=env.tz))
    if is_whole(when, row):
        return _to_day(when, row, begin)
    start = row[when.start.name] or dt.datetime.combine(begin, MORNING, env.tz)
    local = start.astimezone(env.tz)
    return _to_moment(env, when, row, dt.datetime.combine(begin, local.time(), env.tz))


def _to_moment(env: Env, when: When, row: Mapping[str, Any], begin: dt.datetime) -> dict[str, Any]:
    begin = begin.astimezone(dt.UTC)
    values: dict[str, Any] = {when.start.name: begin}
    start, end = row[when.start.name], row[when.end.name] if when.end else None
    if is_whole(when, row):
        values |= {f.name: None for f in (when.day, when.last_day) if f is not None and not f.required}
        if when.all_day is not None:
            values[when.all_day.name] = False
        if when.end is not None:
            values[when.end.name] = begin + HOUR
    elif when.end is not None and start is not None and end is not None:
        values[when.end.name] = begin + (end - start)
    return values


def _to_day(when: When, row: Mapping[str, Any], begin: dt.date) -> dict[str, Any]:
    first, last = (when.day, when.last_day) if when.timed else (when.start, when.end)
    assert first is not None
    values: dict[str, Any] = {first.name: begin}
    if last is not None and row[last.name] is not None and row[first.name] is not None:
        values[last.name] = begin + (row[last.name] - row[first.name])
    return values


def to_whole(env: Env, when: When, row: Mapping[str, Any], begin: dt.date) -> dict[str, Any]:
    """The values that make an entry with hours one of the whole day. What lasts a day or more stands there already, and moves."""
    one = entry(env, when, dict(row))
    if is_whole(when, row) or one is not None and one.long:
        return moved(env, when, row, begin)
    if when.all_day is None or when.day is None:
        raise SarnakhError(_("These entries have hours: put it at one."))
    values: dict[str, Any] = {when.day.name: begin, when.all_day.name: True}
    if when.last_day is not None:
        values[when.last_day.name] = begin
    return values | {f.name: None for f in (when.start, when.end) if f is not None and not f.required}


def resized(env: Env, when: When, row: Mapping[str, Any], end: Moment) -> dict[str, Any]:
    """The values that let an entry end at another moment, or on another last day."""
    whole = is_whole(when, row)
    field = when.end if not whole or not when.timed else when.last_day
    start = row[(when.day if whole and when.timed and when.day else when.start).name]
    if field is None or start is None:
        raise SarnakhError(_("These entries have no end."))
    if not whole:
        clock = (row[field.name] or start + USUAL).astimezone(env.tz).time()
        over = DAY if clock == dt.time() else dt.timedelta()     # midnight ends the day before
        moment = end if isinstance(end, dt.datetime) else dt.datetime.combine(end, clock) + over
        until: Moment = moment.replace(tzinfo=env.tz).astimezone(dt.UTC)
        if until <= start:
            raise SarnakhError(_("An entry ends after it begins."))
    else:
        until = end.date() if isinstance(end, dt.datetime) else end
        if until < start:
            raise SarnakhError(_("An entry ends after it begins."))
    return {field.name: until}


def handed(when: When, row: Mapping[str, Any], came: int, to: int) -> dict[str, Any]:
    """The values that give an entry to another person."""
    if when.people is None or not to or came == to:
        return {}
    if not isinstance(when.people, ManyField):
        return {when.people.name: to}
    return {when.people.name: list(dict.fromkeys(to if k == came else k for k in person_ids(when, dict(row))))}


def write(env: Env, rtype: RecordType, when: When, row: Mapping[str, Any], was: str, values: dict[str, Any]) -> None:
    """Change an entry. When it is not any more where the person saw it, somebody was faster, and :class:`Conflict` says who;
    other changes of the record meanwhile do not matter."""
    if was != seen_place(when, row):
        raise Conflict(_faster(env, rtype, when, row), record_id=row["id"])
    env.update(rtype.name, row["id"], values, {row["id"]: row["version"]})


def _faster(env: Env, rtype: RecordType, when: When, row: Mapping[str, Any]) -> Message:
    names = {f.name for f in when.placing()}
    last = next((c for c in changes_since(env, rtype, row["id"], MOST_VERSIONS) if names & set(c.changes or {})), None)
    who = env.labels("base.user", [last.actor_id]).get(last.actor_id) if last is not None and last.actor_id else None
    where = said(env, when, row)
    if who:
        return _("{name} was faster: this is at {when} now.", name=who, when=where)
    return _("Somebody was faster: this is at {when} now.", when=where)


def said(env: Env, when: When, row: Mapping[str, Any]) -> str:
    """When an entry is, in words."""
    one = entry(env, when, dict(row))
    if one is None:
        return env.t(_("no day"))
    if one.begin is None:
        return env.format.date(one.first, "long") + ("" if one.first == one.last else f" – {env.format.date(one.last, 'long')}")
    times = [row[f.name] for f in (when.start, when.end) if f is not None and row[f.name] is not None]
    return COMMA[env.lang == "fa"].join([env.format.date(one.first, "long"), " – ".join(map(env.format.time, times))])
