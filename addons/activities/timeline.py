"""Activities on the timeline of what they are about: done ones in their place, planned ones on top with the next first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from core.api import Env, F, TimelineSource, _
from core.web_api import Action, TimelineEntry, list_url, record_url, with_query

from . import times
from .choices import CALL, DIRECTIONS, DONE, ICONS, KINDS, MEETING, PLANNED, TASK
from .doing import ACTIVITY, URL

PATHS = ("kind", "subject", "all_day", "first_day", "last_day", "starts_at", "due_at", "owner", "description", "location", "online_url",
         "duration", "direction", "outcome", "outcome_text", "done_at", "done_by", "private")
AHEAD = 20


def sources(env: Env, record_name: str) -> list[TimelineSource]:
    """Where activities may be about the records of a type."""
    if record_name == ACTIVITY or not env.can("read", ACTIVITY) or "noted" not in env.registry.record(record_name).traits:
        return []
    return [TimelineSource("activity", _("Activities"), fetch, planned, composers)]


def fetch(env: Env, record_name: str, record_id: int, before: dt.datetime | None, limit: int) -> list[tuple[dt.datetime, TimelineEntry]]:
    """What was done, the last first."""
    query = env.query(ACTIVITY).holding("about", [record_id], record_name).where(F.status == DONE, F.done_at.not_null())
    if before is not None:
        query = query.where(F.done_at < before)
    rows = query.order("-done_at", "-id").select(*PATHS).rows(limit)
    return [(row["done_at"], _past(env, row)) for row in rows]


def _past(env: Env, row: Mapping[str, Any]) -> TimelineEntry:
    made = TimelineEntry(row["kind"], env.format.relative(row["done_at"], env.now), env.format.datetime(row["done_at"]),
                         id=f"a{row['id']}", icon=ICONS.get(row["kind"], "check2-square"))
    by = row["done_by"].label if row["done_by"] and row["done_by"].label else env.t(_("Somebody"))
    kind = env.t(next((o.label for o in KINDS if o.value == row["kind"]), row["kind"]))
    made.title = env.t(_("{who}: {kind}, {subject}", who=by, kind=kind, subject=row["subject"]))
    told = [row["outcome"].label if row["outcome"] else "", _direction(env, row), env.format.duration(row["duration"])
            if row["duration"] else "", row["outcome_text"] or row["description"] or ""]
    made.text = env.t(_(" · ")).join(t for t in told if t)
    made.actions = [Action(env.t(_("Open")), record_url(ACTIVITY, row["id"]), "box-arrow-in-up-right")]
    return made


def _direction(env: Env, row: Mapping[str, Any]) -> str:
    return next((env.t(o.label) for o in DIRECTIONS if o.value == row["direction"]), "")


def planned(env: Env, record_name: str, record_id: int) -> list[TimelineEntry]:
    """What is to come, and what is overdue before it."""
    rows = env.query(ACTIVITY).holding("about", [record_id], record_name).where(F.status == PLANNED).order("due_at", "id").select(
        *PATHS).rows(AHEAD)
    changeable = env.allowed_ids("update", ACTIVITY, [r["id"] for r in rows]) if rows else set()
    back = record_url(record_name, record_id)
    return [_ahead(env, row, row["id"] in changeable, back) for row in rows]


def _ahead(env: Env, row: Mapping[str, Any], may: bool, back: str) -> TimelineEntry:
    late = row["due_at"] is not None and row["due_at"] < env.now
    made = TimelineEntry(row["kind"], times.when(env, row), times.exact(env, row), id=f"a{row['id']}",
                         icon=ICONS.get(row["kind"], "check2-square"), late=late)
    owner = row["owner"].label if row["owner"] and row["owner"].label else ""
    made.title = env.t(_("{subject} ({who})", subject=row["subject"], who=owner)) if owner else row["subject"]
    made.text = env.t(_(" · ")).join(t for t in (row["location"] or "", row["description"] or "") if t)
    made.actions = [Action(env.t(_("Open")), record_url(ACTIVITY, row["id"]), "box-arrow-in-up-right")]
    if may:
        ids = {"ids": str(row["id"]), "next": back}
        made.main = Action(env.t(_("Done", context="button")), f"{URL}/{row['id']}/done", "check2", kind="post", fields={"next": back})
        made.actions = [
            Action(env.t(_("Done, with outcome and follow-up")), with_query(f"{URL}/done", ids), "check2-all", kind="sheet"),
            Action(env.t(_("Snooze")), with_query(f"{URL}/snooze", ids), "alarm", kind="sheet"),
            Action(env.t(_("Reschedule")), with_query(f"{URL}/reschedule", ids), "calendar-range", kind="sheet"),
            Action(env.t(_("Edit")), with_query(f"{record_url(ACTIVITY, row['id'])}/edit", {"next": back}), "pencil", kind="sheet"),
            *made.actions]
    return made


def composers(env: Env, record_name: str, record_id: int) -> Sequence[Action]:
    """Log a call, plan a task or a meeting."""
    if not env.can("create", ACTIVITY):
        return []
    back = record_url(record_name, record_id)
    about = {"about": f"{record_name}:{record_id}", "next": back}
    quick = f"{list_url(ACTIVITY)}/quick"
    return [Action(env.t(_("Log a call")), with_query(f"{URL}/log/{CALL}", about), ICONS[CALL], kind="sheet"),
            Action(env.t(_("Task")), with_query(quick, {**about, "kind": TASK, "all_day": "1", "first_day": env.today.isoformat()}),
                   ICONS[TASK], kind="sheet"),
            Action(env.t(_("Meeting")), with_query(quick, {**about, "kind": MEETING}), ICONS[MEETING], kind="sheet")]
