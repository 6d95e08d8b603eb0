"""Taking entries of a calendar file into activities: what is new, what is changed, what stays; safe to do again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from core.api import ME, Env, F, Message, SarnakhError, ValidationFailed, _

from . import recurrence, series, series_values
from .choices import CANCELLED, PLANNED
from .doing import ACTIVITY
from .ical_read import Entry

NEW, CHANGED, SAME, BAD = "new", "changed", "same", "bad"
LABELS: Mapping[str, Message] = {NEW: _("New"), CHANGED: _("Changed"), SAME: _("Unchanged"), BAD: _("Cannot be read")}
VALUES = ("subject", "description", "location", "online_url", "private", "priority", "all_day", "first_day", "last_day", "starts_at",
          "ends_at")


@dataclass
class Found:
    """One entry, what becomes of it, and the activity (or series) that it is already."""

    entry: Entry
    state: str
    key: int | None = None
    series: int | None = None
    why: str | None = None


def plan(env: Env, entries: Iterable[Entry]) -> list[Found]:
    """What each entry would do; two statements. Only one's own activities are ever changed by a file."""
    known = list(entries)
    keys = {e.key for e in known if not e.error}
    held = {r["uid"]: r for r in env.query(ACTIVITY).archived(None).where(F.owner == ME).holding("uid", keys).select(
        "uid", "kind", "status", *VALUES).rows()} if keys else {}
    repeated = {e.uid for e in known if e.rule is not None}
    with env.elevated("series of one's own") as sudo:
        ours = {r["uid"]: r for r in sudo.query(series.SERIES).where(F.owner == env.actor.id).holding("uid", repeated).order("id").select(
            "uid", "rule", "template", "starts_at", "first_day", "exceptions").rows()} if repeated else {}
    seen: set[str] = set()
    found = []
    for entry in known:
        if entry.error or entry.key in seen:
            why = entry.error or _("The file holds this entry twice.")
            found.append(Found(entry, BAD, why=why))
            continue
        seen.add(entry.key)
        found.append(_repeated(entry, ours.get(entry.uid)) if entry.rule is not None else _single(entry, held.get(entry.key)))
    return found


def _single(entry: Entry, row: Mapping[str, Any] | None) -> Found:
    if row is None:
        return Found(entry, NEW) if not entry.cancelled else Found(entry, SAME)
    same = all(row[name] == entry.values.get(name, False if name == "private" else None) for name in VALUES)
    same = same and (row["status"] == CANCELLED or not entry.cancelled)
    return Found(entry, SAME if same else CHANGED, row["id"])


def _first(entry: Entry) -> dt.date:
    return entry.values.get("first_day") or entry.values["starts_at"].astimezone(entry.zone).date()  # type: ignore[no-any-return]


def _repeated(entry: Entry, row: Mapping[str, Any] | None) -> Found:
    if row is None:
        return Found(entry, NEW)
    template = row["template"] or {}
    assert entry.rule is not None
    same = (row["rule"] == recurrence.write(entry.rule) and row["starts_at"] == entry.values.get("starts_at")
            and row["first_day"] == entry.values.get("first_day") and (row["exceptions"] or []) == [d.isoformat() for d in entry.left_out]
            and template.get("imported") == _print(entry))
    return Found(entry, SAME if same else CHANGED, series=row["id"])


def _print(entry: Entry) -> list[Any]:
    """What an entry says besides its times, to compare it with what it said before."""
    return [entry.values.get(n) for n in ("subject", "description", "location", "online_url", "private", "priority")] + [
        str(entry.values.get("ends_at") or entry.values.get("last_day") or "")]


def take(env: Env, found: Iterable[Found]) -> dict[str, int]:
    """Write what is new and changed, all or nothing; returns how many of each state there were."""
    known = list(found)
    fresh = [f for f in known if f.entry.rule is None and f.state == NEW]
    if fresh:
        keys = _guard(fresh, lambda: env.create(ACTIVITY, [_values(f.entry) for f in fresh], source="ics"))
        with env.elevated("what a calendar file says") as sudo:
            sudo.update_each(ACTIVITY, {key: _identity(f.entry) for key, f in zip(keys, fresh, strict=True)})
    changed = {f.key: f for f in known if f.entry.rule is None and f.state == CHANGED and f.key is not None}
    if changed:
        empty = dict.fromkeys(("first_day", "last_day", "starts_at", "ends_at"))
        _guard(list(changed.values()), lambda: env.update_each(
            ACTIVITY, {k: {n: v for n, v in (empty | _values(f.entry)).items() if n != "kind"} for k, f in changed.items()}, source="ics"))
        with env.elevated("what a calendar file says") as sudo:
            sudo.update_each(ACTIVITY, {k: {"sequence": f.entry.sequence} for k, f in changed.items()})
    for one in known:
        if one.entry.rule is not None and one.state in (NEW, CHANGED):
            if one.series is not None:
                _drop(env, one.series)
            _guard([one], lambda entry=one.entry: _adopt(env, entry))
    counts = dict.fromkeys(LABELS, 0)
    for one in known:
        counts[one.state] += 1
    return counts


def _guard(found: list[Found], work: Any) -> Any:
    """One refusal refuses all, and says which entry it is."""
    try:
        return work()
    except ValidationFailed as error:
        first = error.errors[0]
        at = first.record if isinstance(first.record, int) and first.record < len(found) else 0
        raise SarnakhError(_("“{name}”: {reason}", name=found[at].entry.title or found[at].entry.uid, reason=first.message)) from error


def _values(entry: Entry) -> dict[str, Any]:
    return entry.values | ({"status": CANCELLED} if entry.cancelled else {})


def _identity(entry: Entry) -> dict[str, Any]:
    return {"uid": entry.key, "sequence": entry.sequence, "organizer": entry.organizer or None}


def _drop(env: Env, key: int) -> None:
    """What was planned of a series, and may be deleted, makes room for what the file says now."""
    env.delete(ACTIVITY, env.query(ACTIVITY).archived(None).where(F.series == key, F.status == PLANNED))
    with env.elevated("a series that was imported again") as sudo:
        sudo.update(series.SERIES, key, {"finished": True, "until": env.today - dt.timedelta(days=1), "uid": None})


def _adopt(env: Env, entry: Entry) -> None:
    """Make a series of an entry that repeats, on the wall of the entry's own zone."""
    assert entry.rule is not None and entry.zone is not None
    plan = series.Plan(entry.rule, _first(entry), None if entry.values["all_day"] else entry.values["starts_at"].astimezone(
        entry.zone).time(), entry.zone)
    day = next((d for d in plan.days(recurrence.FARTHEST, len(entry.left_out) + 1) if d not in entry.left_out), None)
    if day is None:
        return
    key = env.create(ACTIVITY, _values(entry), source="ics")
    fields = ("starts_at", "ends_at", "first_day", "last_day", "all_day", "duration", "owner", *series.LIKE)
    with env.elevated("what a calendar file says") as sudo:
        record = sudo.get(ACTIVITY, key, *dict.fromkeys(fields))
        made = sudo.create(series.SERIES, {
            "rule": recurrence.write(entry.rule), "calendar": entry.rule.calendar, "time_zone": str(entry.zone), "owner": env.actor.id,
            "starts_at": record.starts_at, "first_day": record.first_day, "exceptions": [d.isoformat() for d in entry.left_out] or None,
            "template": series_values.template_of(record, {name: [] for name in series.PEOPLE}) | {"imported": _print(entry)},
            "made_until": day, "uid": entry.uid})
        shape = series_values.shape(sudo.get(series.SERIES, made, "template"), plan)
        sudo.update(ACTIVITY, key, {"series": made, "series_at": plan.place(day), "organizer": entry.organizer or None} | shape(day))
    env.enqueue(series.MAKE, {"series": [made]})
