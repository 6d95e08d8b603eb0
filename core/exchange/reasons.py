"""Why a row was set aside: texts kept as they can be translated later, for whoever reads them then."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.i18n.messages import Message


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing wrong with a row: in the cell of `column` (None: with the row), about `field` (None: the record)."""

    message: str
    column: int | None = None
    field: str | None = None


def dump_reason(reason: Reason) -> dict[str, Any]:
    """The JSON form of a reason."""
    return {"m": dump_message(reason.message), "c": reason.column, "f": reason.field}


def load_reason(data: dict[str, Any]) -> Reason:
    """What :func:`dump_reason` kept."""
    return Reason(load_message(data["m"]), data["c"], data["f"])


def dump_message(message: str) -> Any:
    """A message with its values as JSON; a plain text stays one."""
    if not isinstance(message, Message):
        return str(message)
    params = {name: _plain(value) for name, value in message.params.items()}
    return {"id": str.__str__(message), "params": params, "plural": message.plural, "number": message.number,
            "context": message.context}


def load_message(data: Any) -> str:
    """What :func:`dump_message` kept."""
    if not isinstance(data, dict):
        return str(data)
    params = {name: load_message(value) if isinstance(value, dict) else value for name, value in data["params"].items()}
    return Message(data["id"], params, data.get("plural"), data.get("number"), data.get("context") or "")


def _plain(value: Any) -> Any:
    if isinstance(value, Message):
        return dump_message(value)
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def plain_cell(value: Any) -> Any:
    """A cell of a file as JSON keeps it; dates and times in ISO form."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat(" ") if isinstance(value, dt.datetime) else value.isoformat()
    if isinstance(value, dt.timedelta):
        seconds = int(value.total_seconds())
        return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return str(value)
