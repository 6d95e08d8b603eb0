"""Background work of the API addon."""

from __future__ import annotations

from addons.api import oauth_tokens, webhook_replay, webhook_send
from addons.api.webhook_choices import DELIVERY, ENDED, TOPIC, WAITING
from core.api import Env, F, Job, Schedule, job


@job(TOPIC, as_actor="system", retries=20)
def send(env: Env, work: Job) -> dict[str, int]:
    """Send what waits for one webhook."""
    return webhook_send.drain(env, work)


@job("api.webhook_sweep", as_actor="system")
def sweep(env: Env, work: Job) -> dict[str, int]:
    """Ring for webhooks with deliveries that are due and that nobody sends."""
    due = env.query(DELIVERY).where((F.state == WAITING) & (F.due_at <= env.now) & F.webhook.active & (F.webhook.health != ENDED))
    keys = [row["webhook"].id for row in due.aggregate(["webhook"]) if row["webhook"]]
    for key in keys:
        env.enqueue(TOPIC, {"webhook": key}, dedupe=str(key))
    return {"webhooks": len(keys)}


@job("api.webhook_forget", as_actor="system")
def forget(env: Env, work: Job) -> dict[str, int]:
    """Forget deliveries of long ago."""
    return webhook_replay.forget_old(env, work)


@job("api.oauth_forget", as_actor="system")
def forget_tokens(env: Env, work: Job) -> dict[str, int]:
    """Forget tokens that ran out."""
    return oauth_tokens.forget_old(env, work)


SWEEP = Schedule("api.webhook_sweep", "* * * * *", "api.webhook_sweep")
FORGET = Schedule("api.webhook_forget", "27 3 * * *", "api.webhook_forget")
FORGET_TOKENS = Schedule("api.oauth_forget", "41 3 * * *", "api.oauth_forget")
