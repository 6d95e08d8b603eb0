"""Sending again what was parked, or everything since a moment; and forgetting what is old."""

from __future__ import annotations

import datetime as dt

from core.api import Env, F, Job, NotFound, forget

from .webhook_choices import DELIVERED, DELIVERY, PARKED, SKIPPED, TOPIC, WAITING, WEBHOOK

KEPT = {DELIVERED: dt.timedelta(days=30), SKIPPED: dt.timedelta(days=30), PARKED: dt.timedelta(days=90)}


def one(env: Env, key: int) -> None:
    """Send one delivery again, under the ID it had."""
    row = env.get(DELIVERY, key, "webhook", "state")
    env.require("update", WEBHOOK)
    _again(env, row.webhook.id, F.id == key)


def parked(env: Env, webhook: int) -> int:
    """Send again all that was given up; returns how many."""
    return _again(env, webhook, F.state == PARKED)


def since(env: Env, webhook: int, moment: dt.datetime) -> int:
    """Send again everything that happened since a moment, delivered or not; returns how many."""
    return _again(env, webhook, F.at >= moment)


def _again(env: Env, webhook: int, which: object) -> int:
    if env.allowed_ids("update", WEBHOOK, [webhook]) != {webhook}:
        raise NotFound
    with env.elevated("deliveries are sent again") as sudo:
        query = sudo.query(DELIVERY).where(F.webhook == webhook, F.state.isin((DELIVERED, PARKED, SKIPPED)), which)  # type: ignore[arg-type]
        ids = sudo.claim(query, {"state": WAITING, "attempts": 0, "due_at": env.now, "problem": None})
        if ids:
            sudo.enqueue(TOPIC, {"webhook": webhook}, dedupe=str(webhook))
    return len(ids)


def forget_old(env: Env, work: Job) -> dict[str, int]:
    """Delete what happened long ago."""
    return {"gone": sum(forget(env, DELIVERY, (F.state == state) & (F.at < env.now - kept), work) for state, kept in KEPT.items())}
