"""What a gateway tells by calling our address, by the fields that settings name."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from addons.messaging.contract import Account, Call, Forged, Incoming, Report
from core.api import _

from . import reading
from .errors import STATES, WAITING

MOST_ITEMS = 1_000


def read(account: Account, call: Call) -> list[Report | Incoming]:
    """Reports and incoming messages in a call. Raises Forged when the secret that settings name is wrong or missing."""
    if header := account.get("call_header").strip().lower():
        secret = account.get("call_secret")
        if not secret or not hmac.compare_digest(call.headers.get(header, "").encode(), secret.encode()):
            raise Forged(_("The call does not bring along the secret of the account."))
    data: Any = call.values if call.json is None else call.json
    items = reading.at(data, account.get("call_items"))
    states = reading.table(account.get("states"), (*STATES, WAITING))
    found = (_one(account, states, item) for item in (items if isinstance(items, list) else [items])[:MOST_ITEMS])
    return [one for one in found if one]


def report(states: Mapping[str, str], said: str, known: str, key: str = "", reason: str = "") -> Report | None:
    """What a state of the gateway means; None for one that says nothing, or that nobody explained."""
    meant = STATES.get(states.get(said, WAITING))
    if meant is None:
        return None
    return Report(meant[0], id=known, key=key, code=said[:50], reason=reason[:500] if meant[0] == "failed" else "",
                  address_bad=meant[1] == "address_bad", unwanted=meant[1] == "unwanted")


def _one(account: Account, states: Mapping[str, str], item: Any) -> Report | Incoming | None:
    def field(name: str) -> str:
        path = account.get(name)
        return reading.as_text(reading.at(item, path)).strip() if path else ""

    known, key, said = field("call_id"), field("call_key"), field("call_state")
    if said and (known or key):
        return report(states, said, known, key, field("call_error"))
    if sender := field("in_from"):
        return Incoming(field("in_id") or uuid4().hex, _number(account, sender), field("in_to"), field("in_text"))
    return None


def _number(account: Account, number: str) -> str:
    """A number as E.164, where it is one in the form that the gateway uses; others, such as names, as they came."""
    digits, country = number.removeprefix("+"), account.get("country") or "98"
    if not digits.isascii() or not digits.isdecimal() or len(digits) < 8:
        return number
    if number.startswith("+"):
        return number
    if digits.startswith("00"):
        return f"+{digits[2:]}"
    return f"+{country}{digits[1:]}" if digits.startswith("0") else f"+{digits}"
