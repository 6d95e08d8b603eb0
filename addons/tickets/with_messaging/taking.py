"""What customers write by SMS, mail and other channels of messages: a ticket, or a further message of theirs in one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from addons.messaging.choices import CONCERN, IN, MESSAGE
from addons.tickets import receiving
from addons.tickets.choices import CHANNELS, TICKET
from core.api import Env, F

CONTACT = "contacts.contact"
OTHER = "chat"
NAMES = {"mail": "email"}
"""Channels of messages that tickets call otherwise."""
LENGTH = 80
PATHS = ("channel", "counterpart", "sender", "subject", "body", "files", "person", "external", "account")


def tickets(env: Env, messages: Sequence[Mapping[str, Any]]) -> Mapping[int, tuple[str, int]]:
    """The ticket of each message: the one that it answers, or a new one."""
    return {m["id"]: (TICKET, _receive(env, m, m["name"], ()).ticket) for m in messages}


def answers(env: Env, ids: Sequence[int]) -> int:
    """Put what customers answered to messages about a ticket into its conversation; returns how many. What became a ticket of its own
    is there already and is not taken in twice. Elevated code only."""
    about = env.query(CONCERN).holding("message", list(ids)).select("message", "about").rows()
    named = {r["message"].id: r["about"].id for r in reversed(about) if r["about"].record == TICKET}
    rows = env.query(MESSAGE).with_ids(named).where((F.direction == IN) & ~F.automatic).order("id").select(*PATHS).rows()
    keys = {t.id: receiving.reply_key(t) for t in env.query(TICKET).archived(None).with_ids(named.values()).records("token")}
    new = []
    for row in rows:
        person = row["person"]
        message = {**row, "sender": row["counterpart"], "person": (person.record, person.id) if person else None,
                   "files": [f.id for f in row["files"] or ()]}
        key = keys.get(named[row["id"]])
        if key is not None:
            found = _receive(env, message, "", [key])
            if found.ticket != named[row["id"]]:  # it was closed for too long: they have a new one now
                new.append({"message": row["id"], "about": (TICKET, found.ticket), "at": env.now})
    if new:
        env.create(CONCERN, new)
    return len(rows)


def _receive(env: Env, message: Mapping[str, Any], name: str, references: Sequence[str]) -> receiving.Received:
    text = message["body"] or ""
    contact = message["person"][1] if message["person"] and message["person"][0] == CONTACT else None
    return receiving.receive(
        env, message["counterpart"], message["subject"] or " ".join(text.split())[:LENGTH], text, message["files"],
        channel_of(message["channel"]), references, name=name, message_id=f"messaging:{message['id']}", contact=contact)


def channel_of(channel: str) -> str:
    """A channel of messages as tickets name it."""
    channel = NAMES.get(channel, channel)
    return channel if channel in {value for value, _label in CHANNELS} else OTHER
