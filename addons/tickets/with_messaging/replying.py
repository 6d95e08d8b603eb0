"""Replies to customers leave by the channel they wrote in; notes of the house never do.

`conversation.public_message` is the one door to what is sent: it knows replies alone.
"""

from __future__ import annotations

from typing import Any

from addons.messaging import accounts, reach
from addons.messaging.choices import CONCERN, IN, MESSAGE
from addons.messaging.contract import Channel
from addons.messaging.queueing import Draft, queue
from addons.tickets import conversation, receiving
from addons.tickets.choices import MESSAGE as SAID
from addons.tickets.choices import PUBLIC, TICKET
from core.api import Env, F, NotFound, plain_text

from .taking import NAMES, channel_of

LOOKED = 50
WAYS = {theirs: ours for ours, theirs in NAMES.items()}


def send(env: Env, message: int) -> int | None:
    """Queue one reply in the name of whoever wrote it; the number of what leaves, None when the customer did not write by a channel of
    messages, or there is nowhere to send to. ValidationFailed when there is no account to send it from."""
    try:
        said = conversation.public_message(env, message)
    except NotFound:
        return None
    with env.elevated("a reply leaves the house") as sudo:
        ticket = sudo.query(TICKET).archived(None).with_ids([said.ticket.id]).records(
            "number", "subject", "token", "channel", "language", limit=1)[0]
        written = _written(sudo, ticket)
        way = _way(sudo, ticket, written)
        if way is None:
            return None
        to, person = _to(sudo, ticket, way, written)
        if not to:
            return None
        formatted = {"subject": f"Re: {ticket.subject} [{ticket.number}]", "html": said.body, "files": [f.id for f in said.files or ()],
                     "details": {"reply_key": receiving.reply_key(ticket)}} if way.formatted else {}
        usable = {r["id"] for r in accounts.usable(sudo, way.name)}
        account = written["account"].id if written and written["account"] and written["account"].id in usable else None
        return queue(sudo, [Draft(
            way.name, to, plain_text(said.body), about=[(TICKET, ticket.id)], person=person, account=account,
            answers=written["id"] if written else None, language=ticket.language or "", **formatted)], strict=False)[0]


def _written(env: Env, ticket: Any) -> dict[str, Any] | None:
    """The last message that the customer wrote about the ticket, by any channel of messages."""
    about = env.query(CONCERN).holding("about", [ticket.id], TICKET).order("-at", "-id").select("message").rows(LOOKED)
    rows = env.query(MESSAGE).with_ids(r["message"].id for r in about).where(F.direction == IN).order("-at", "-id").select(
        "channel", "counterpart", "account", "person").rows(1) if about else []
    return rows[0] if rows else None


def _way(env: Env, ticket: Any, written: dict[str, Any] | None) -> Channel | None:
    """The channel that the customer used last; else the ticket's. Who came back by the portal is answered there."""
    last = env.query(SAID).where((F.ticket == ticket.id) & (F.kind == PUBLIC) & (F.direction == IN)).order("-at", "-id").select(
        "channel").rows(1)
    used = last[0]["channel"] if last else ticket.channel
    if written is not None and channel_of(written["channel"]) == used:
        return accounts.channels(env).get(written["channel"])
    return accounts.channels(env).get(WAYS.get(used, used))


def _to(env: Env, ticket: Any, way: Channel, written: dict[str, Any] | None) -> tuple[str, tuple[str, int] | None]:
    """Where it goes: back to where they wrote from, else to whom the ticket is from."""
    if written is not None and written["channel"] == way.name:
        person = written["person"]
        return written["counterpart"], (person.record, person.id) if person else None
    found = reach.recipients(env, TICKET, [ticket.id], way)[ticket.id]
    return (found[0].address, found[0].record) if found else ("", None)

