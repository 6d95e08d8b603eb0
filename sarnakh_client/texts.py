"""Values as people type them and as files hold them, by the type of their field."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from .errors import SarnakhError
from .values import Link, Money, to_json

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BEFORE = "' \u00a0\u200e\u200f\ufeff"
PHONE = re.compile(r"\+[0-9][0-9 ()./-]*")
YES, NO = ("true", "yes", "1"), ("false", "no", "0")


def from_text(name: str, kind: str, text: str) -> Any:
    """A value from its text; an empty one is no value."""
    text = text.strip()
    if not text:
        return None
    try:
        return _read(kind, text)
    except (ValueError, InvalidOperation):
        raise SarnakhError(f"{name}: “{text[:60]}” is not of the type {kind}.") from None


def _read(kind: str, text: str) -> Any:
    if kind in ("integer", "link", "file", "image"):
        return int(text)
    if kind == "flag":
        if text.lower() not in YES + NO:
            raise ValueError(text)
        return text.lower() in YES
    if kind in ("decimal", "percent"):
        return Decimal(text)
    if kind == "money":
        amount, _space, currency = text.partition(" ")
        return Money(Decimal(amount), currency.strip() or None)
    if kind == "duration":
        return dt.timedelta(seconds=int(text))
    if kind in ("many", "tags"):
        return [int(part) for part in text.split(",") if part.strip()]
    if kind == "multichoice":
        return [part.strip() for part in text.split(",") if part.strip()]
    if kind == "datetime":
        return dt.datetime.fromisoformat(text)
    if kind == "anylink":
        record, _comma, key = text.partition(",")
        return {"record": record.strip(), "id": int(key)}
    if kind in ("data", "names"):
        return json.loads(text)
    return text


def to_text(value: Any) -> str:
    """A value in a file: :func:`from_text` reads it again."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Link):
        return str(value.id)
    if isinstance(value, list) and all(isinstance(one, Link | str | int) for one in value):
        return ",".join(to_text(one) for one in value)
    if isinstance(value, dt.timedelta):
        return str(int(value.total_seconds()))
    if isinstance(value, Mapping | list) and not isinstance(value, Money):
        return json.dumps(to_json(value), ensure_ascii=False)
    if isinstance(value, Money | str):
        return str(value)
    return str(to_json(value))


def shown(value: Any) -> str:
    """A value for eyes: links by their names."""
    if isinstance(value, Link):
        return str(value)
    if isinstance(value, list):
        return ", ".join(shown(one) for one in value)
    return to_text(value)


def guarded(text: str) -> str:
    """A text of a CSV file with an apostrophe before it when a spreadsheet would run it as a formula; a telephone number is none."""
    risky = text.lstrip(BEFORE).startswith(FORMULA) and not PHONE.fullmatch(text)
    return "'" + text if risky else text


def unguarded(text: str) -> str:
    """The text without what :func:`guarded` put before it."""
    return text[1:] if text.startswith("'") and text.lstrip(BEFORE).startswith(FORMULA) else text
