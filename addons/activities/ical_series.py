"""A series as a calendar file: its rule once, days that are left out, and those of its activities that are otherwise.

The file says what its reader sees: an activity that they do not see is a day left out, as one that was deleted is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from icalendar import Event, Todo, vRecur

from core.api import Env, F, NotFound

from . import ical_write, recurrence, series, series_values
from .choices import CANCELLED
from .doing import ACTIVITY
from .series import Plan

MOST = 3000
TIMES = ("all_day", "first_day", "last_day", "starts_at", "ends_at")
TOLD = ("subject", "location", "online_url", "description", "private", "priority")


def content(env: Env, key: int) -> bytes | None:
    """The file of the series of an activity; None when it does not repeat (any more). NotFound when it may not be seen."""
    own = env.query(ACTIVITY).archived(None).with_ids([key]).select(*ical_write.PATHS, "series", "series_at").rows(1)
    if not own:
        raise NotFound
    if own[0]["series"] is None:
        return None
    with env.elevated("the rule of a series whose activity one sees") as sudo:
        row = sudo.get(series.SERIES, own[0]["series"].id, *series.PATHS)
    plan = series.plan_of(row)
    rows = env.query(ACTIVITY).archived(None).where(F.series == row.id, F.series_at.not_null()).order("series_at", "id").select(
        *ical_write.PATHS, "series_at").rows(MOST)
    found = _components(row, plan, rows, own[0])
    return ical_write.calendar(found, zones=True) if found else None


def _components(row: Any, plan: Plan, rows: Sequence[Mapping[str, Any]], own: Mapping[str, Any]) -> list[Event | Todo]:
    """Nothing when the activity lies behind the end of its series: it was done early, and the rest was taken out."""
    usual = (row.template or {}).get("subject")
    model = next((r for r in rows if r["subject"] == usual and r["status"] != CANCELLED), own)
    uid = row.uid or f"series-{row.id}@sarnakh"
    when = series_values.shape(row, plan)
    there = {plan.day(r["series_at"]): r for r in rows}
    made_until = plan.day(rows[-1]["series_at"]) if len(rows) == MOST else row.made_until or plan.first
    places = plan.days(made_until)
    if plan.day(own["series_at"]) not in places:
        return []
    left_out = [day for day in places if day not in there]
    left_out += [day for text in row.exceptions or () if (day := dt.date.fromisoformat(text)) > made_until]
    found = [_master(model, uid, plan, when(plan.first), left_out)]
    for day in places:
        one = there.get(day)
        if one is not None and _differs(one, model, when(day)):
            other = ical_write.component({**one, "uid": uid})
            other.add("recurrence-id", _begins(plan, day))
            found.append(other)
    return found


def _begins(plan: Plan, day: dt.date) -> dt.date:
    """A place of the series on the wall of its zone, so that its hour stays the same over daylight saving."""
    return day if plan.clock is None else plan.place(day).astimezone(plan.zone)


def _master(model: Mapping[str, Any], uid: str, plan: Plan, usual: Mapping[str, Any], left_out: Sequence[dt.date]) -> Event | Todo:
    made = ical_write.component({**model, **{name: usual.get(name) for name in TIMES}, "uid": uid, "status": "planned"})
    if plan.clock is not None:
        for name, value in (("dtstart", usual["starts_at"]), ("dtend", usual["ends_at"])):
            made.pop(name, None)
            if value is not None:
                made.add(name, value.astimezone(plan.zone))
    made.add("rrule", vRecur.from_ical(_rule(plan)))
    if left_out:
        made.add("exdate", [_begins(plan, day) for day in left_out])
    return made


def _rule(plan: Plan) -> str:
    """The rule up to where the series ends; its last moment is told in UTC, as the standard asks for what has a time."""
    rule = plan.rule
    if plan.last is not None:
        rule = replace(rule, count=None, until=min(plan.last, rule.until or plan.last))
    text = recurrence.write(rule)
    if rule.until is None or plan.clock is None:
        return text
    return text.replace(f"UNTIL={rule.until:%Y%m%d}", f"UNTIL={plan.place(rule.until):%Y%m%dT%H%M%SZ}")


def _differs(one: Mapping[str, Any], model: Mapping[str, Any], usual: Mapping[str, Any]) -> bool:
    return (one["status"] == CANCELLED or any(one[name] != model[name] for name in TOLD)
            or any((one[name] or None) != (usual.get(name) or None) for name in TIMES))
