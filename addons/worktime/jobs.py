"""Background work: planning shifts every night, filling in official holidays every month."""

from __future__ import annotations

from typing import Any

from core.api import Env, Job, Schedule, job

from . import official, rotas
from .choices import HOLIDAY_SET


@job("worktime.plan", retries=3, concurrency=1, timeout=900)
def plan(env: Env, work: Job) -> dict[str, int]:
    """Plan shifts, of the rotas that are named or of all."""
    done = rotas.plan(env, work.payload.get("rotas"))
    return {"made": done.made, "changed": done.changed, "removed": done.removed, "busy": done.busy}


@job("worktime.official_holidays", retries=3, concurrency=1)
def official_holidays(env: Env, work: Job) -> dict[str, int]:
    """Fill in the years ahead, and put estimated days of the lunar calendar where they are known to be by now."""
    sets = env.query(HOLIDAY_SET).where("country is not null").select("country").rows()
    return {"days": sum(official.add_years(env, row["id"], row["country"], official.coming(env.today)) for row in sets)}


NIGHTLY: Any = Schedule("worktime.nightly", "20 1 * * *", "worktime.plan", tz="Asia/Tehran")
MONTHLY: Any = Schedule("worktime.monthly", "40 1 2 * *", "worktime.official_holidays", tz="Asia/Tehran")
