"""Who works at a moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from core.api import Env, F

from . import absences, loading
from .choices import SHIFT

NEAR = dt.timedelta(days=14)
"""Whoever has a shift so close to a moment works in shifts."""


def on_duty(env: Env, user_ids: Iterable[int], at: dt.datetime) -> set[int]:
    """See the service."""
    users = sorted(set(user_ids))
    if not users:
        return set()
    with env.elevated("who is on duty") as sudo:
        rows = sudo.query(SHIFT).archived(None).where(F.user.isin(users), F.begins_at <= at + NEAR, F.ends_at > at - NEAR
                                                     ).select("user", "begins_at", "ends_at").rows()
    in_shifts = {row["user"].id for row in rows}
    working = {row["user"].id for row in rows if row["begins_at"] <= at < row["ends_at"]}
    clocks, people, default = loading.all_clocks(env), loading.assigned(env), None
    opened: dict[int, bool] = {}
    for user in users:
        if user in in_shifts:
            continue
        key = people.get(user)
        if key is None or key not in clocks:
            default = key = loading.default_id(env) if default is None else default
        if key not in opened:
            opened[key] = clocks[key].is_open(at)
        if opened[key]:
            working.add(user)
    return working - absences.absent_at(env, working, at)
