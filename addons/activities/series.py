"""Series of activities: how they begin, are made ahead, change from one of them on, and end.

A series is a rule over days, with a time of day on the wall of its zone. Each day of the rule is a place that one activity
has at most: `series_at` says which. Places are filled in their order up to `made_until`, so filling again fills nothing
twice; a deleted activity leaves its place empty. A change of times from one on begins a new series there and moves what is
planned place by place.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from core.api import Env, F, SarnakhError, _

from . import recurrence, rule_form, series_values
from .choices import ALL, DONE, NEVER, PLANNED
from .doing import ACTIVITY
from .recurrence import Rule

SERIES = "activities.series"
AHEAD = dt.timedelta(days=400)
MOST_AHEAD = 400
MAKE, LINES = "activities.materialise", "activities.series_lines"
LIKE, PEOPLE = series_values.LIKE, series_values.PEOPLE
ONE_DAY = dt.timedelta(days=1)


def moment(day: dt.date, clock: dt.time, zone: ZoneInfo) -> dt.datetime:
    """A wall time as a moment; one that clocks skip is as much later as they are put forward."""
    return dt.datetime.combine(day, clock, zone).astimezone(dt.UTC)


@dataclass(frozen=True)
class Plan:
    """A series as arithmetic: `clock` is None for whole days."""

    rule: Rule
    first: dt.date
    clock: dt.time | None
    zone: ZoneInfo
    last: dt.date | None = None

    def days(self, until: dt.date, most: int = 100_000) -> list[dt.date]:
        """Days of the series up to one, in order."""
        return recurrence.days(self.rule, self.first, min(until, self.last or until), most)

    def place(self, day: dt.date) -> dt.datetime:
        """What stands in `series_at` of the activity of a day."""
        return moment(day, self.clock or dt.time(), self.zone if self.clock is not None else ZoneInfo("UTC"))

    def day(self, place: dt.datetime) -> dt.date:
        """The day of a place."""
        return place.astimezone(self.zone if self.clock is not None else dt.UTC).date()


PATHS = ("rule", "time_zone", "starts_at", "first_day", "until", "exceptions", "template", "made_until", "finished", "version", "owner",
         "calendar", "uid")


def plan_of(row: Any) -> Plan:
    """The arithmetic of a stored series."""
    zone = ZoneInfo(row.time_zone)
    local = row.starts_at.astimezone(zone) if row.starts_at else None
    return Plan(recurrence.read(row.rule), local.date() if local else row.first_day, local.time() if local else None, zone, row.until)


# ---------------------------------------------------------------- beginning and making
def begin(env: Env, records: Sequence[tuple[Any, Mapping[str, Mapping[int, Sequence[int]]]]]) -> list[int]:
    """Make series of activities that were just written to repeat; the others of each are made by a job."""
    if not records:
        return []
    with env.elevated("series of activities") as sudo:
        rows = [series_values.series_of(env, record, many) for record, many in records]
        ids: list[int] = sudo.create(SERIES, rows)
        sudo.update_each(ACTIVITY, {record.id: {
            "series": key, "series_at": record.starts_at or moment(record.first_day, dt.time(), ZoneInfo("UTC")),
            **rule_form.chosen(recurrence.read(row["rule"]))} for row, key, (record, _many) in zip(rows, ids, records, strict=True)})
    env.enqueue(MAKE, {"series": ids})
    return ids


def materialise(env: Env, ids: Iterable[int] | None = None, step: int = 200) -> int:
    """Make activities of series ahead, up to the horizon, of those named or of `step` that lack some; returns how many.

    Safe to repeat: what is made says how far, in the same transaction, and a second worker that began before is refused.
    """
    horizon = env.today + AHEAD
    with env.elevated("series of activities") as sudo:
        query = sudo.query(SERIES).where(_lacking(env)).order("id")
        found = (query if ids is None else query.with_ids(ids)).records(*PATHS, limit=step)
        if not found:
            return 0
        wanted: list[tuple[Any, Plan, list[dt.date]]] = []
        reached: dict[int, dict[str, Any]] = {}
        for row in found:
            plan = plan_of(row)
            done = row.made_until or plan.first
            days = [day for day in plan.days(horizon + ONE_DAY) if day > done]
            ahead = [day for day in days if day <= horizon][:MOST_AHEAD]
            until = ahead[-1] if len(ahead) == MOST_AHEAD and ahead[-1] != days[-1] else horizon
            left_out = set(row.exceptions or ())
            wanted.append((row, plan, [day for day in ahead if day.isoformat() not in left_out]))
            reached[row.id] = {"made_until": until, "finished": _over(plan, until)}
        sudo.update_each(SERIES, reached, {row.id: row.version for row in found})
        return len(fill(sudo, wanted))


def _lacking(env: Env) -> Any:
    return ~F.finished & (F.made_until.is_null() | (F.made_until < env.today + AHEAD))


def lacking(env: Env) -> bool:
    """Whether there are series of which activities are to be made."""
    with env.elevated("series of activities") as sudo:
        return sudo.query(SERIES).where(_lacking(env)).exists()


def _over(plan: Plan, until: dt.date) -> bool:
    """Whether nothing comes after a day."""
    last = min(plan.rule.until or recurrence.FARTHEST, plan.last or recurrence.FARTHEST)
    return last <= until or (plan.rule.count is not None and len(plan.days(until)) >= plan.rule.count)


def fill(sudo: Env, wanted: Sequence[tuple[Any, Plan, Sequence[dt.date]]]) -> list[int]:
    """Make the activities of some days of series, with the guests and reminders of each one's model."""
    rows = series_values.activities(sudo, [(row, plan, days) for row, plan, days in wanted if days])
    if not rows:
        return []
    keys: list[int] = sudo.create(ACTIVITY, rows)
    series_values.copy_lines(sudo, dict(zip(keys, (row["series"] for row in rows), strict=True)))
    return keys


# ---------------------------------------------------------------- changing
def _of(env: Env, key: int) -> tuple[Any, Any, Plan]:
    with env.elevated("series of activities") as sudo:
        record = sudo.get(ACTIVITY, key, "series", "series_at", "all_day", "first_day", "last_day", "starts_at", "ends_at", "duration",
                          "status", "repeat", "repeat_every", "repeat_days", "repeat_by", "repeat_until", "repeat_count", "repeat_rule")
        if record.series is None:
            raise SarnakhError(_("This activity does not repeat."))
        row = sudo.get(SERIES, record.series.id, *PATHS)
    return record, row, plan_of(row)


def require(env: Env, key: int, scope: str) -> None:
    """SarnakhError unless the actor may change all planned activities of a series from this one on (or all)."""
    record, row, _plan = _of(env, key)
    _planned(env, row.id, None if scope == ALL else record.series_at)


def _planned(env: Env, series: int, since: dt.datetime | None) -> list[int]:
    """Planned activities of a series from a place on, all of which the actor must be allowed to change."""
    with env.elevated("series of activities") as sudo:
        query = sudo.query(ACTIVITY).archived(None).where(F.series == series, F.status == PLANNED)
        ids = (query if since is None else query.where(F.series_at >= since)).order("series_at", "id").ids()
    if set(ids) - env.allowed_ids("update", ACTIVITY, ids):
        raise SarnakhError(_("You may not change all activities of this series. Change only this one."))
    return ids


def spread(env: Env, key: int, scope: str, values: Mapping[str, Any]) -> int:
    """Give the other planned activities of a series the same values, and those that are made later."""
    record, row, _plan = _of(env, key)
    ids = [i for i in _planned(env, row.id, None if scope == ALL else record.series_at) if i != key]
    with env.elevated("a change of a series") as sudo:
        sudo.update(SERIES, row.id, {"template": (row.template or {}) | series_values.plain(values)}
                    | ({"owner": values["owner"]} if values.get("owner") else {}), {row.id: row.version})
        return sudo.update(ACTIVITY, ids, values) if ids else 0


def retime(env: Env, key: int, scope: str, was: Mapping[str, Any], rule_of: Callable[..., Rule] | None) -> None:
    """Move a series from an activity on, after it got other times or (with `rule_of`) another rule."""
    record, row, plan = _of(env, key)
    ids = _planned(env, row.id, None if scope == ALL else record.series_at)
    with env.elevated("a change of a series") as sudo:
        placed = {r["id"]: r for r in sudo.query(ACTIVITY).archived(None).where(F.series == row.id).select(
            "series_at", "status", "starts_at", "first_day", "done_at").rows()}
        pivot = plan.day(placed[ids[0]]["series_at"]) if scope == ALL and ids else plan.day(record.series_at)
        new = _moved(env, record, row, plan, pivot, was, rule_of)
        old_days = [d for d in plan.days(row.made_until or plan.first) if d >= pivot]
        earlier = len(plan.days(pivot - ONE_DAY)) if pivot > plan.first else 0
        if rule_of is not None:
            new = replace(new, last=plan.last)
        elif plan.last is not None:  # another series goes on behind it: as many as there were, wherever they are moved to
            new = replace(new, rule=replace(new.rule, count=max(1, len(plan.days(plan.last)) - earlier), until=None))
        elif new.rule.count is not None:
            new = replace(new, rule=replace(new.rule, count=new.rule.count - earlier))
        target = _successor(sudo, row, new, pivot, earlier, series_values.length(record))
        by_day = {plan.day(p["series_at"]): i for i, p in placed.items() if plan.day(p["series_at"]) >= pivot}
        if rule_of is None:
            _shift(sudo, target, new, old_days, by_day, placed)
        else:
            _reshape(sudo, env, target, new, ids, placed)


def _moved(env: Env, record: Any, row: Any, plan: Plan, pivot: dt.date, was: Mapping[str, Any],
           rule_of: Callable[..., Rule] | None) -> Plan:
    """The series from the pivot on, as the changed activity says."""
    zone = plan.zone
    clock = None if record.all_day else record.starts_at.astimezone(zone).time() if record.starts_at else None
    now = record.first_day if record.all_day else record.starts_at and record.starts_at.astimezone(zone).date()
    before = was.get("first_day") or (was["starts_at"].astimezone(zone).date() if was.get("starts_at") else plan.day(record.series_at))
    if now is None:
        raise SarnakhError(_("Activities of a series have a day. To change only this one, say so."))
    day = pivot + (now - before)
    if rule_of is not None:
        rule = rule_of(env, record, day, plan.rule.calendar)
    else:
        rule = series_values.shifted(plan.rule, plan.first, pivot, day)
    rule = recurrence.read(recurrence.write(rule))
    return Plan(rule, recurrence.first_day(rule, day), clock, zone)


def _successor(sudo: Env, row: Any, new: Plan, pivot: dt.date, earlier: int, length: Mapping[str, Any]) -> Any:
    """The series that goes on: the same one when nothing was before the pivot, else a new one behind it."""
    values = {"rule": recurrence.write(new.rule), "calendar": new.rule.calendar, "exceptions": None, "finished": False, "until": new.last,
              "starts_at": new.place(new.first) if new.clock is not None else None,
              "first_day": new.first if new.clock is None else None, "template": {**(row.template or {}), **length},
              "made_until": row.made_until}
    if not earlier:
        sudo.update(SERIES, row.id, values, {row.id: row.version})
        return sudo.get(SERIES, row.id, *PATHS)
    sudo.update(SERIES, row.id, {"until": pivot - ONE_DAY, "finished": True, "made_until": pivot - ONE_DAY}, {row.id: row.version})
    made = sudo.create(SERIES, {**values, "time_zone": row.time_zone, "owner": row.owner.id})
    return sudo.get(SERIES, made, *PATHS)


def _shift(sudo: Env, target: Any, new: Plan, old_days: Sequence[dt.date], by_day: Mapping[dt.date, int],
           placed: Mapping[int, Mapping[str, Any]]) -> None:
    """Move each activity to the place with its number; empty places stay empty, what is done keeps its times."""
    days = new.days(recurrence.FARTHEST, len(old_days))
    shape = series_values.shape(target, new)
    changes: dict[int, dict[str, Any]] = {}
    empty: list[str] = []
    for old, day in zip(old_days, days, strict=False):
        key = by_day.get(old)
        if key is None:
            empty.append(day.isoformat())
            continue
        changes[key] = {"series": target.id, "series_at": new.place(day)}
        if placed[key]["status"] == PLANNED:
            changes[key] |= shape(day)
    surplus = [by_day[old] for old in old_days[len(days):] if old in by_day and placed[by_day[old]]["status"] == PLANNED]
    _settle(sudo, target, changes, surplus, days[-1] if days else new.first - ONE_DAY, empty)


def _reshape(sudo: Env, env: Env, target: Any, new: Plan, ids: Sequence[int], placed: Mapping[int, Mapping[str, Any]]) -> None:
    """Give planned activities the days of another rule in their order; what lacks is made, what is over is deleted."""
    horizon = env.today + AHEAD
    taken = {new.day(p["starts_at"]) if p["starts_at"] and new.clock is not None else p["first_day"]
             for p in placed.values() if p["status"] == DONE}
    every = new.days(max(horizon, new.first), MOST_AHEAD)
    days = [day for day in every if day not in taken]
    shape = series_values.shape(target, new)
    changes = {key: {"series": target.id, "series_at": new.place(day)} | shape(day) for key, day in zip(ids, days, strict=False)}
    until = every[-1] if len(every) == MOST_AHEAD else max(horizon, new.first)
    _settle(sudo, target, changes, ids[len(days):], until, [d.isoformat() for d in taken if d])
    fill(sudo, [(target, new, days[len(ids):])])


def _settle(sudo: Env, target: Any, changes: Mapping[int, Mapping[str, Any]], surplus: Sequence[int], until: dt.date,
            empty: Sequence[str]) -> None:
    sudo.update_each(ACTIVITY, changes)
    if surplus:
        sudo.delete(ACTIVITY, surplus)
    sudo.update(SERIES, target.id, {"made_until": until, "exceptions": list(empty) or None, "finished": False})
    sudo.enqueue(MAKE, {"series": [target.id]})


# ---------------------------------------------------------------- ending
def end(env: Env, key: int, scope: str, keep: bool = False) -> int:
    """Take an activity and those after it (or all that are planned) out; with `keep` this one stays, by itself."""
    record, row, plan = _of(env, key)
    ids = _planned(env, row.id, None if scope == ALL else record.series_at)
    gone = [i for i in ids if i != key] if keep else ids
    with env.elevated("the end of a series") as sudo:
        last = (env.today if scope == ALL else plan.day(record.series_at)) - ONE_DAY
        sudo.update(SERIES, row.id, {"until": last, "finished": True}, {row.id: row.version})
        if keep:
            sudo.update(ACTIVITY, key, {"series": None, "series_at": None, "repeat": NEVER, "repeat_rule": None, "repeat_until": None,
                                        "repeat_count": None, "repeat_days": None})
    env.require("delete", ACTIVITY)
    if set(gone) - env.allowed_ids("delete", ACTIVITY, gone):
        raise SarnakhError(_("You may not delete all activities of this series."))
    return env.delete(ACTIVITY, gone) if gone else 0
