"""What the clock starts: reminders each minute, series every night and whenever one begins."""

from __future__ import annotations

from typing import Any

from core.api import Env, F, Job, Schedule, job

from . import reminding, series, series_values
from .choices import ALL, PLANNED
from .doing import ACTIVITY


@job("activities.remind", retries=3, concurrency=1, timeout=300, as_actor="system")
def remind(env: Env, work: Job) -> dict[str, int]:
    """Tell of all reminders that are due, step by step."""
    told = 0
    while count := reminding.send(env):
        told += count
        work.checkpoint({"told": told})
    return {"told": told}


@job(series.MAKE, retries=5, concurrency=1, timeout=900, as_actor="system")
def materialise(env: Env, work: Job) -> dict[str, int]:
    """Make activities of the named series, or of all that lack some, ahead to the horizon."""
    ids = work.payload.get("series")
    made = series.materialise(env, ids)
    while ids is None and series.lacking(env):
        work.checkpoint({"made": made})
        made += series.materialise(env)
    return {"made": made}


@job(series.LINES, retries=3, as_actor="system")
def lines(env: Env, work: Job) -> dict[str, int]:
    """Give the other planned activities of a series the guests and reminders of the one that was changed."""
    key, scope = work.payload["activity"], work.payload["scope"]
    with env.elevated("a change of a series") as sudo:
        found = sudo.query(ACTIVITY).archived(None).with_ids([key]).select("series", "series_at").rows()
        if not found or found[0]["series"] is None:
            return {"changed": 0}
        row = found[0]
        query = sudo.query(ACTIVITY).archived(None).where(F.series == row["series"].id, F.status == PLANNED, F.id != key)
        ids = (query if scope == ALL else query.where(F.series_at > row["series_at"])).ids()
        for record in series_values.LINES:
            old = sudo.query(record).where(F.activity.isin(ids))
            sudo.delete(record, old.where(~F.usual) if record == series_values.REMINDER else old)
        series_values.copy_lines(sudo, dict.fromkeys(ids, row["series"].id), {row["series"].id: key})
    return {"changed": len(ids)}


EACH_MINUTE: Any = Schedule("activities.reminders", "* * * * *", "activities.remind")
NIGHTLY: Any = Schedule("activities.series", "30 0 * * *", series.MAKE)
