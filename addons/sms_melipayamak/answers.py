"""Values for Melipayamak's templates, and lists in its answers: `{"MyBase": {"RetStatus", ...}, "Data": [...]}`."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Mapping
from typing import Any

from addons.messaging.contract import Incoming
from addons.sms import gateway
from core.api import latin_digits


def in_order(values: Mapping[str, str]) -> list[str]:
    """Values of a template: by their names where all of these are numbers, else as they come."""
    names = list(values)
    if all(re.fullmatch("[0-9]{1,3}", name) for name in names):
        names.sort(key=int)
    return [values[name] for name in names]


def base_of(body: dict[str, Any]) -> dict[str, Any]:
    """The part of an answer that says whether it went well: the answer itself, or what a list has beside it."""
    inner = body.get("MyBase")
    return inner if isinstance(inner, dict) else body


def rows(body: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of a list."""
    found = body.get("Data")
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def named_lines(body: dict[str, Any]) -> list[str]:
    """Lines in an answer: as rows with a `Number`, as plain numbers, or as text with commas in `Value`."""
    data = body.get("Data")
    data = data if isinstance(data, list) else re.split(r"[,;\s]+", str(body.get("Value") or ""))
    texts = (latin_digits(str(one.get("Number") if isinstance(one, dict) else one)) for one in data)
    return [one for one in texts if re.fullmatch(r"\+?[0-9]{4,20}", one)]


def incoming(row: dict[str, Any]) -> Incoming:
    """A message that came. One without a number of its own is known by what it says and when."""
    sender, receiver = (str(row.get(name) or row.get(f"{name}Number") or "") for name in ("Sender", "Receiver"))
    receiver = receiver or str(row.get("RecipientNumber") or "")
    text, when = str(row.get("Body") or ""), row.get("SendDate")
    identifier = str(row.get("MsgID") or "") or hashlib.sha256(repr((sender, receiver, text, when)).encode()).hexdigest()
    return Incoming(identifier, gateway.international(sender), receiver, text, _moment(when))


def _moment(value: object) -> dt.datetime | None:
    """`/Date(milliseconds+0330)/` or an ISO time of Tehran, as UTC."""
    text = str(value or "")
    if found := re.match(r"/Date\(([0-9]+)", text):
        return gateway.moment(int(found[1]) / 1000)
    return gateway.tehran_time(text)
