"""Closing deals for other programs: in one call what the page of closing asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

from core.api import Env, Invalid, ProgramAction, SarnakhError, ValidationFailed, _

from . import closing
from .choices import LOST, OPEN, WON

_DAY = {"type": "string", "format": "date", "description": "When it was closed; today without it."}
_NOTE, _NUMBER = {"type": "string", "maxLength": 4000}, {"type": "integer", "minimum": 1}
PARAMETERS: dict[str, dict[str, Any]] = {
    WON: {"closed_on": _DAY, "close_note": _NOTE, "reason": {**_NUMBER, "description": "A deals.reason of deals that are won."},
          "actual_amount": {"type": ["string", "number"], "description": "In the deal's currency; its amount without it."}},
    LOST: {"closed_on": _DAY, "close_note": _NOTE, "reason": {**_NUMBER, "description": "A deals.reason of deals that are lost."},
           "lost_to": {**_NUMBER, "description": "The deals.competitor that won it."}}}


def actions(record_name: str) -> list[ProgramAction]:
    """What programs may do with deals."""
    if record_name != closing.DEAL:
        return []
    return [ProgramAction(name, label, partial(run, status), "update", {
        "type": "object", "additionalProperties": False, "properties": PARAMETERS[status],
        **({"required": ["reason"]} if status == LOST else {})})
        for name, label, status in (("win", _("Won"), WON), ("lose", _("Lost"), LOST))]


def run(status: str, env: Env, ids: list[int], given: dict[str, Any]) -> dict[str, Any]:
    """Close these deals; how many were."""
    values = {name: _read(status, name, value) for name, value in given.items()}
    rows = env.query(closing.DEAL).archived(None).with_ids(ids).select("status").rows()
    if any(row["status"] != OPEN for row in rows):
        raise SarnakhError(_("Some of these deals are closed already."))
    return {"closed": closing.close(env, ids, status, values)}


def _read(status: str, name: str, value: Any) -> Any:
    """A value as records take it; ValidationFailed for one that is not in its form."""
    reader = READERS.get(name) if name in PARAMETERS[status] else None
    try:
        if reader is not None:
            return None if value is None else reader(value)
    except (ValueError, InvalidOperation):
        pass
    raise ValidationFailed([Invalid(None, name, _("This is not in the form that is expected."))])


def _whole(value: Any) -> int:
    if type(value) is not int or not 0 < value < 2**62:
        raise ValueError(value)
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(value)
    return value


def _amount(value: Any) -> Decimal:
    if type(value) not in (int, str, Decimal) or len(str(value)) > 40:
        raise ValueError(value)
    found = Decimal(value)
    if not found.is_finite():
        raise ValueError(value)
    return found


def _day(value: Any) -> dt.date:
    return dt.date.fromisoformat(_text(value))


READERS: dict[str, Callable[[Any], Any]] = {"closed_on": _day, "close_note": _text, "reason": _whole, "lost_to": _whole,
                                            "actual_amount": _amount}
