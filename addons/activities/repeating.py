"""From what somebody chooses in the form to a rule and back, and what a write to an activity does to its series."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from core.api import Change, Env, Invalid, SarnakhError, _

from . import recurrence, series, timing
from .choices import ALL, CUSTOM, FOLLOWING, NEVER, ONE
from .recurrence import BadRule
from .rule_form import FIELDS, begins, rule_of

MOST_SERIES = 20
SCOPE = "activities.scope"
"""Under which a write of an activity keeps, until it is done, for which of the series it is."""


def problems(env: Env, records: Iterable[Any]) -> Iterator[Invalid]:
    """Why something cannot repeat as it was chosen."""
    for record in () if env.access.trusted else records:
        if record.repeat == NEVER:
            continue
        day = begins(record, env.tz)
        if day is None:
            yield Invalid(record, "repeat", _("Say when it takes place for the first time."))
            continue
        if not recurrence.EARLIEST <= day <= recurrence.FARTHEST:
            yield Invalid(record, "repeat", _("It lies too far in the past or in the future."))
            continue
        if record.repeat_until and record.repeat_count:
            yield Invalid(record, "repeat_count", _("Give either the last day or how often it takes place, not both."))
            continue
        try:
            recurrence.first_day(recurrence.read(recurrence.write(rule_of(env, record, day))), day)
        except BadRule as error:
            if record.series is None or record.repeat_until is None:
                yield Invalid(record, "repeat_rule" if record.repeat == CUSTOM else
                              "repeat_until" if record.repeat_until else "repeat", error.message)


def fill(env: Env, change: Change) -> None:
    """Before a write: what repeats begins on a day of its rule; for whom a change is is asked once and not kept."""
    if change.action == "create":
        for record in change.records:
            if record.uid is None:
                change.set(record, "uid", uuid.uuid4().hex)
            if record.series_scope:
                change.set(record, "series_scope", None)
            if record.repeat != NEVER and record.series is None:
                _to_first(env, change, record)
        return
    if change.action != "update":
        return
    for record in change.records:
        scope = record.series_scope
        if scope:
            change.set(record, "series_scope", None)
        if not env.access.trusted:
            env.cache[SCOPE, record.id] = scope or ONE
        if record.series is None and record.repeat != NEVER and change.was(record, "repeat") == NEVER:
            _to_first(env, change, record)


def _to_first(env: Env, change: Change, record: Any) -> None:
    """Move a beginning to the first day of its rule: on Wednesdays means that the first one is a Wednesday."""
    day = begins(record, env.tz)
    if day is None:
        return
    try:
        rule = rule_of(env, record, day)
        ahead = recurrence.first_day(recurrence.read(recurrence.write(rule)), day) - day
    except (BadRule, ValueError, OverflowError):
        return
    change.set(record, "repeat_rule", recurrence.write(rule))
    if not ahead:
        return
    if record.all_day:
        change.set(record, "first_day", record.first_day + ahead)
        if record.last_day:
            change.set(record, "last_day", record.last_day + ahead)
    else:
        local = record.starts_at.astimezone(env.tz)
        moved = series.moment(day + ahead, local.time(), env.tz)
        if record.ends_at:
            change.set(record, "ends_at", record.ends_at + (moved - record.starts_at))
        change.set(record, "starts_at", moved)
    owner_zone = timing.zones(env, {record.owner.id})[record.owner.id] if record.all_day else env.tz
    change.set(record, "due_at", timing.end_of_day(record.last_day or record.first_day, owner_zone) if record.all_day
               else record.starts_at)


def follow(env: Env, change: Change) -> None:
    """After a write: series begin, and what is for others of a series reaches them."""
    if change.action == "create":
        series.begin(env, [(r, change.many) for r in change.records if r.repeat != NEVER and r.series is None])
        return
    if change.action != "update" or env.access.trusted:
        return
    fresh, asked = [], []
    for record in change.records:
        if record.series is None:
            if record.repeat != NEVER:
                fresh.append((record, change.many))
            continue
        scope = env.cache.pop((SCOPE, record.id), ONE)
        reshaped = any(_differs(change, record, name) for name in FIELDS)
        if reshaped and scope == ONE:
            scope = FOLLOWING
        if scope in (FOLLOWING, ALL):
            asked.append((record, scope, reshaped))
    series.begin(env, fresh)
    earliest: dict[int, tuple[Any, str, bool]] = {}
    for one in sorted(asked, key=lambda a: a[0].series_at):
        earliest.setdefault(one[0].series.id, one)
    if len(earliest) > MOST_SERIES:
        raise SarnakhError(_("Change at most {most} series at a time.", most=MOST_SERIES))
    for record, scope, reshaped in earliest.values():
        _reach(env, change, record, scope, reshaped)


def _differs(change: Change, record: Any, name: str) -> bool:
    return bool(change.was(record, name) != record.__dict__.get(name))


def _reach(env: Env, change: Change, record: Any, scope: str, reshaped: bool) -> None:
    key, was = record.id, change.old[record.id]
    if reshaped and record.repeat == NEVER:
        series.end(env, key, scope, keep=True)
        return
    moved = any(was.get(name) != record.__dict__.get(name) for name in timing.TIMES)
    values: dict[str, Any] = {}
    for name in series.LIKE:
        column = change.rtype.fields[name]
        if column.type_name == "anylink":
            if name in change.fields:
                values[name] = (record.about.record, record.about.id) if record.about else None
        elif was.get(column.column_name) != record.__dict__.get(column.column_name):
            values[name] = record.__dict__.get(column.column_name)
    for name in series.PEOPLE:
        if key in change.many.get(name, {}):
            values[name] = list(change.many[name][key])
    if values:
        series.spread(env, key, scope, values)
    if moved or reshaped:
        series.retime(env, key, scope, was, rule_of if reshaped else None)
    if not (values or moved or reshaped):  # guests and reminders reach the others, too: by a job without limits
        series.require(env, key, scope)
    env.enqueue(series.LINES, {"activity": key, "scope": scope}, dedupe=f"lines:{key}")
