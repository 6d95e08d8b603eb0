"""Numbers as Iranian providers want and name them, and other values of answers."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from addons.messaging.contract import REJECTED, Sent
from core.api import _, latin_digits

Item = TypeVar("Item")
TEHRAN = ZoneInfo("Asia/Tehran")


def iranian(number: str) -> str:
    """+989121234567 as 09121234567; "" for what is not an Iranian mobile number."""
    return f"0{number[3:]}" if re.fullmatch(r"\+989[0-9]{9}", number) else ""


def international(number: object) -> str:
    """A number that an Iranian provider names, as E.164 where it is a mobile number; short and other ones as they came."""
    digits = latin_digits(str(number or "")).strip()
    found = re.fullmatch(r"(?:\+|00)?(?:98|0)?(9[0-9]{9})", digits)
    return f"+98{found[1]}" if found else digits


def foreign() -> Sent:
    """What becomes of a message to another country where a provider knows only Iranian numbers."""
    return Sent(REJECTED, code="foreign", reason=_("This provider reaches Iranian mobile numbers only."), elsewhere=True)


def lowered(value: Any) -> Any:
    """The same JSON with all keys in small letters, for providers that write them now so, now so."""
    if isinstance(value, dict):
        return {str(key).lower(): lowered(inner) for key, inner in value.items()}
    return [lowered(inner) for inner in value] if isinstance(value, list) else value


def amount(value: object) -> Decimal | None:
    """A number from JSON or text; None when it is none."""
    try:
        found = Decimal(latin_digits(str(value)).replace(",", "").strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def moment(seconds: object) -> dt.datetime | None:
    """Seconds since 1970 as a time in UTC; None for nothing, and for what is no time."""
    found = amount(seconds)
    try:
        return dt.datetime.fromtimestamp(float(found), dt.UTC) if found and found > 0 else None
    except (OverflowError, ValueError, OSError):
        return None


def tehran_time(text: object) -> dt.datetime | None:
    """An ISO time, of Tehran where it names no zone, as UTC; None for what is no time."""
    try:
        there = dt.datetime.fromisoformat(str(text or ""))
        return (there if there.tzinfo else there.replace(tzinfo=TEHRAN)).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None


def chunks(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    """The items in groups of at most `size`."""
    return (items[at:at + size] for at in range(0, len(items), size))
