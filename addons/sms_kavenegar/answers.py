"""Entries of Kavenegar's answers as outcomes of messages and as messages that came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from addons.messaging.contract import REJECTED, UNCERTAIN, Incoming, Outgoing, Sent
from addons.sms import gateway
from core.api import _

from .errors import BLOCKED, FAILED

CURRENCY = "IRR"


def text(entry: Mapping[str, Any], name: str) -> str:
    """A value of an entry as text, "" for none."""
    value = entry.get(name)
    return "" if value is None else str(value)


def state(entry: Mapping[str, Any]) -> int:
    """The state of the message, 0 for none."""
    return int(gateway.amount(entry.get("status")) or 0)


def outcomes(messages: Sequence[Outgoing], entries: Sequence[Mapping[str, Any]]) -> list[Sent]:
    """What became of each message: by our number where Kavenegar repeats it, else by its receiver, in turn."""
    found = gateway.matched(messages, entries, "localid", lambda message: str(message.number))
    return [_outcome(entry) for entry in found]


def _outcome(entry: Mapping[str, Any] | None) -> Sent:
    if entry is None:
        return Sent(UNCERTAIN, reason=_("Kavenegar's answer does not name this message."))
    now, identifier = state(entry), text(entry, "messageid")
    if now in FAILED:
        return Sent(REJECTED, identifier, str(now), FAILED[now], unwanted=now == BLOCKED)
    return gateway.accepted(identifier, code=str(now), cost=gateway.amount(entry.get("cost")), currency=CURRENCY)


def incoming(entry: Mapping[str, Any]) -> Incoming:
    """A message that came."""
    return Incoming(text(entry, "messageid"), gateway.international(entry.get("sender")), text(entry, "receptor"),
                    text(entry, "message"), gateway.moment(entry.get("date")))
