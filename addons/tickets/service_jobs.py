"""What service levels, escalations and queues do in the background; the handlers themselves are in `jobs`."""

from __future__ import annotations

from typing import Any

from core.api import Env, Job

from . import alerts, assigning, escalating, sla


def minute(env: Env, work: Job) -> dict[str, Any]:
    """Each minute: escalate, hand out what waited for somebody on duty, tell people. Each part is committed with what it did."""
    escalated = given = 0
    for count in escalating.sweep(env):
        escalated += count
        work.checkpoint({"escalated": escalated})
    for count in assigning.waiting(env):
        given += count
        work.checkpoint({"escalated": escalated, "given": given})
    return {"escalated": escalated, "given": given, "told": alerts.send(env)}


def recount(env: Env, work: Job) -> dict[str, Any]:
    """Count the open tickets again, a few thousand at a time; an interrupted one goes on where it was."""
    changed, last = work.state.get("changed", 0), work.state.get("last", 0)
    while not work.cancelled():
        last, found = sla.recount(env, bool(work.payload.get("choose")), work.payload.get("accounts", ()), last)
        if not last:
            break
        changed += found
        work.checkpoint({"last": last, "changed": changed})
    return {"changed": changed}


def left(env: Env, work: Job) -> dict[str, Any]:
    """Give back what people who left still had."""
    given = work.state.get("given", 0)
    while found := assigning.give_back(env, work.payload["users"]):
        given += found
        work.checkpoint({"given": given})
    return {"given": given}
