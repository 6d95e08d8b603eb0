"""Work of this addon that the clock starts."""

from __future__ import annotations

import datetime as dt

from core.api import Env, F, Job, Schedule, forget, job

from . import connecting, connection_oauth
from .connection_rules import USE
from .notices import NOTICE

KEPT = dt.timedelta(days=90)


@job("base.old_notices", as_actor="system")
def forget_notices(env: Env, work: Job) -> dict[str, int]:
    """Delete what was told long ago."""
    return {"gone": forget(env, NOTICE, F.created_at < env.now - KEPT, work)}


@job("base.connection_exchange", as_actor="system", retries=2)
def exchange(env: Env, work: Job) -> None:
    """The tokens for a code that somebody came back with."""
    connection_oauth.exchange(env, work)


@job("base.connection_test", as_actor="system", retries=0)
def try_out(env: Env, work: Job) -> None:
    """Whether a connection works."""
    connecting.try_out(env, work)


@job("base.old_uses", as_actor="system")
def forget_uses(env: Env, work: Job) -> dict[str, int]:
    """Delete who used connections long ago."""
    return {"gone": forget(env, USE, F.created_at < env.now - KEPT, work)}


NIGHTLY = Schedule("base.old_notices", "12 3 * * *", "base.old_notices")
OLD_USES = Schedule("base.old_uses", "18 3 * * *", "base.old_uses")
