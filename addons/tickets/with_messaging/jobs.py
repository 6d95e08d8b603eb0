"""Replies that leave, and answers that come."""

from __future__ import annotations

from addons.messaging.receiving import TAKEN
from addons.tickets.saying import REPLY
from core.api import Env, GiveUp, Job, ValidationFailed, on_event

from . import replying, taking


@on_event(REPLY)
def send(env: Env, work: Job) -> dict[str, int]:
    """Replies leave by the channel that the customer wrote in, in the name of whoever wrote them."""
    try:
        queued = [replying.send(env, key) for key in work.payload["messages"]]
    except ValidationFailed as error:
        raise GiveUp(error.message) from error
    return {"queued": sum(key is not None for key in queued)}


@on_event(TAKEN, as_actor="system")
def answered(env: Env, work: Job) -> dict[str, int]:
    """What customers answer to messages about a ticket is said in the ticket."""
    return {"said": taking.answers(env, work.payload["messages"])}
