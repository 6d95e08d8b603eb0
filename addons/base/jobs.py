"""Work of this addon that the clock starts."""

from __future__ import annotations

import datetime as dt

from core.api import Env, F, Job, Schedule, job

from .notices import NOTICE

KEPT = dt.timedelta(days=90)
STEP = 5000


@job("base.old_notices", as_actor="system")
def forget(env: Env, work: Job) -> dict[str, int]:
    """Delete what was told long ago, in steps."""
    gone = 0
    while ids := env.query(NOTICE).deleted(None).where(F.created_at < env.now - KEPT).ids(STEP):
        env.delete(NOTICE, env.query(NOTICE).with_ids(ids))
        env.purge(NOTICE, ids)
        gone += len(ids)
        work.checkpoint({"gone": gone})
    return {"gone": gone}


NIGHTLY = Schedule("base.old_notices", "12 3 * * *", "base.old_notices")
