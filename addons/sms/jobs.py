"""Background work of SMS."""

from __future__ import annotations

from addons.sms import codes
from core.api import Env, Job, Schedule, job


@job(codes.TOPIC, as_actor="system", concurrency=1, retries=2)
def send_code(env: Env, work: Job) -> dict[str, bool]:
    """Send a one-time code."""
    return {"sent": codes.send(env, work.payload["user"], work.payload["purpose"], work.payload["request"])}


@job("sms.sweep", as_actor="system")
def sweep(env: Env, work: Job) -> dict[str, int]:
    """Forget old requests for codes."""
    return {"gone": codes.sweep(env)}


SWEEP = Schedule("sms.sweep", "41 * * * *", "sms.sweep")
