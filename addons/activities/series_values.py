"""What the activities of a series are like: from an activity to a template, and from it to further ones."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from core.api import Env, F, SarnakhError, _, calendar

from . import recurrence, rule_form
from .choices import NEVER, PLANNED
from .doing import ACTIVITY
from .recurrence import Rule

if TYPE_CHECKING:
    from .series import Plan

LIKE = ("kind", "subject", "priority", "about", "private", "location", "online_url", "description", "direction", "owner")
PEOPLE = ("co_owners", "participants")
USER, GUEST, REMINDER = "base.user", "activities.guest", "activities.reminder"
LINES: Mapping[str, tuple[str, ...]] = {GUEST: ("contact", "name", "email"), REMINDER: ("before", "unit", "at", "user", "usual")}


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as they stand in a template."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items() if name in LIKE + PEOPLE}


def series_of(env: Env, record: Any, many: Mapping[str, Mapping[int, Sequence[int]]]) -> dict[str, Any]:
    """The row of a series that begins with an activity which was just written."""
    day = rule_form.begins(record, env.tz)
    assert day is not None
    rule = recurrence.read(recurrence.write(rule_form.rule_of(env, record, day)))
    held = {name: list(many[name][record.id]) for name in PEOPLE if record.id in many.get(name, {})}
    missing = [name for name in PEOPLE if name not in held]
    if missing:
        with env.elevated("series of activities") as sudo:
            found = sudo.get(ACTIVITY, record.id, *missing)
        held |= {name: [link.id for link in found[name]] for name in missing}
    template = template_of(record, held)
    return {"rule": recurrence.write(rule), "calendar": rule.calendar, "time_zone": str(env.tz), "owner": template["owner"],
            "starts_at": None if record.all_day else record.starts_at, "first_day": record.first_day if record.all_day else None,
            "template": template, "made_until": day, "uid": uuid.uuid4().hex}


def template_of(record: Any, people: Mapping[str, list[int]]) -> dict[str, Any]:
    """What further activities of a series take from one."""
    return {"kind": record.kind, "subject": record.subject, "priority": record.priority, "private": bool(record.private),
            "about": [record.about.record, record.about.id] if record.about else None, "location": record.location,
            "online_url": record.online_url, "description": record.description, "direction": record.direction,
            "owner": record.owner.id, **people, **length(record)}


def length(record: Any) -> dict[str, Any]:
    """How long an activity lasts: seconds, or days after the first."""
    seconds = (record.ends_at - record.starts_at if record.starts_at and record.ends_at else record.duration) or dt.timedelta()
    further = (record.last_day - record.first_day).days if record.all_day and record.last_day else 0
    return {"seconds": int(seconds.total_seconds()), "ends": bool(record.ends_at), "further_days": further}


def shape(target: Any, plan: Plan) -> Callable[[dt.date], dict[str, Any]]:
    """When the activity of a day of a series is, and what its form shows of the rule."""
    told = rule_form.chosen(plan.rule)
    template = target.template or {}
    seconds = dt.timedelta(seconds=template.get("seconds", 0))

    def when(day: dt.date) -> dict[str, Any]:
        if plan.clock is None:
            last = day + dt.timedelta(days=template.get("further_days", 0))
            return {"all_day": True, "first_day": day, "last_day": last, "starts_at": None, "ends_at": None, **told}
        begins = plan.place(day)
        ends = begins + seconds if template.get("ends") else None
        return {"all_day": False, "starts_at": begins, "ends_at": ends, "duration": seconds or None, "first_day": None,
                "last_day": None, **told}
    return when


def activities(sudo: Env, wanted: Sequence[tuple[Any, Plan, Sequence[dt.date]]]) -> list[dict[str, Any]]:
    """Rows of new activities of series; links to what is no longer there are left out."""
    people = {u for row, _plan, _days in wanted for name in PEOPLE for u in (row.template or {}).get(name, ())}
    known = set(sudo.visible_ids(USER, people)) if people else set()
    about: dict[str, set[int]] = {}
    for row, _plan, _days in wanted:
        if linked := (row.template or {}).get("about"):
            about.setdefault(linked[0], set()).add(linked[1])
    alive = {(record, key) for record, keys in about.items() if record in sudo.registry.records for key in sudo.visible_ids(record, keys)}
    rows = []
    for row, plan, days in wanted:
        template = dict(row.template or {})
        linked = template.get("about")
        values = {name: template.get(name) for name in LIKE} | {
            name: [u for u in template.get(name, ()) if u in known] for name in PEOPLE}
        values |= {"about": tuple(linked) if linked and tuple(linked) in alive else None, "status": PLANNED, "series": row.id,
                   "owner": row.owner.id}
        when = shape(row, plan)
        rows += [values | when(day) | {"series_at": plan.place(day)} for day in days]
    return rows


def copy_lines(sudo: Env, made: Mapping[int, int], models: Mapping[int, int] | None = None) -> None:
    """Give new activities (with their series) the guests and reminders of the last one before them; `models` says of whom."""
    if models is None:
        rows = sudo.query(ACTIVITY).archived(None).where(F.series.isin(sorted(set(made.values()))), F.status == PLANNED).order(
            "-id").select("series").rows()
        models = {row["series"].id: row["id"] for row in rows if row["id"] not in made}
    whose = {model: series for series, model in models.items()}
    for record, names in LINES.items():
        lines = sudo.query(record).where(F.activity.isin(sorted(whose))).select("activity", *names).rows() if whose else []
        by_series: dict[int, list[dict[str, Any]]] = {}
        for line in lines:
            values = {n: line[n].id if hasattr(line[n], "id") else line[n] for n in names}
            by_series.setdefault(whose[line["activity"].id], []).append(values)
        new = [{"activity": key, **values} for key, series in made.items() for values in by_series.get(series, ())
               if not values.get("usual")]
        if new:
            sudo.create(record, new)


def shifted(rule: Rule, first: dt.date, pivot: dt.date, day: dt.date) -> Rule:
    """The rule of a series that is moved from one day to another. SarnakhError where only a new rule could say it."""
    ahead = (day - pivot).days
    if not ahead:
        return rule
    until = rule.until + dt.timedelta(days=ahead) if rule.until else None
    moved = replace(rule, until=until)
    if rule.freq in ("DAILY", "WEEKLY"):
        return replace(moved, weekdays=tuple((n, (d + ahead) % 7) for n, d in rule.weekdays))
    said = rule_form.chosen(rule)
    if said["repeat"] in ("custom", NEVER) or said["repeat_by"] == "last_day":
        raise SarnakhError(_("This series cannot be moved to another day: change its rule instead, or move only this activity."))
    _year, month, number = calendar(rule.calendar).parts(day)
    months = (month,) if rule.months else ()
    if rule.weekdays:
        place = rule.weekdays[0][0]
        return replace(moved, months=months, weekdays=((place if place < 0 else (number + 6) // 7, day.weekday()),))
    return replace(moved, months=months, month_days=(number,))


