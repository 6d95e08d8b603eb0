"""What single properties of an entry in a calendar file say: days, moments, zones, texts; bounded, and Unreadable with a reason."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from zoneinfo import ZoneInfo

from core.api import _

from .ical_write import KIND, PRIORITY

SOONEST, LATEST = dt.date(1970, 1, 1), dt.date(2200, 1, 1)
PRIORITIES = {number: name for name, number in PRIORITY.items()}


class Unreadable(Exception):
    """Why an entry cannot be read."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


def times(begins: Any, ends: Any) -> dict[str, Any]:
    """When an activity is: whole days, or moments."""
    if begins is None:
        return {"all_day": False, "starts_at": None, "ends_at": None}
    if not isinstance(begins, dt.datetime):
        last = ends - dt.timedelta(days=1) if isinstance(ends, dt.date) and not isinstance(ends, dt.datetime) else begins
        return {"all_day": True, "first_day": begins, "last_day": max(begins, last)}
    if ends is not None and (not isinstance(ends, dt.datetime) or ends < begins):
        raise Unreadable(_("It cannot end before it begins."))
    return {"all_day": False, "starts_at": begins.astimezone(dt.UTC), "ends_at": ends.astimezone(dt.UTC) if ends else None}


def when(part: Any, name: str, zone: ZoneInfo, moment: bool = False) -> Any:
    """A day or an aware moment; None where the entry says nothing."""
    if name not in part:
        return None
    value = part[name]
    found = getattr(value, "dt", None)
    if not isinstance(found, dt.date) or isinstance(value, list):
        if moment:
            return None
        raise Unreadable(_("“{name}” is not a date.", name=name))
    if isinstance(found, dt.datetime) and found.tzinfo is None and "TZID" in value.params:
        raise Unreadable(_("The time zone “{zone}” is not known.", zone=str(value.params["TZID"])[:80]))
    return known(found, zone)


def zone_of(value: Any, zone: ZoneInfo) -> ZoneInfo:
    """The zone whose wall an entry's times are on."""
    found = getattr(value, "dt", None)
    if not isinstance(found, dt.datetime) or found.tzinfo is None:
        return zone
    key = getattr(found.tzinfo, "key", "")
    return ZoneInfo(key) if key and key != "UTC" else zone


def day(value: Any, zone: ZoneInfo | None) -> dt.date:
    """The day of a moment, or the day itself."""
    if isinstance(value, dt.datetime):
        return (value if value.tzinfo is None else value.astimezone(zone)).date()
    return value  # type: ignore[no-any-return]


def text(part: Any, name: str, most: int) -> str:
    """A property as plain text, at most so long."""
    value = part.get(name)
    value = value[0] if isinstance(value, list) and value else value
    said = "" if value is None else str(value)
    return "".join(c for c in said if c in "\n\t" or ord(c) >= 32).strip()[:most]


def number(part: Any, name: str, default: int) -> int:
    """A property as a whole number."""
    said = text(part, name, 12)
    return int(said) if re.fullmatch(r"-?\d{1,9}", said) else default


def url(part: Any) -> str | None:
    """The address of a page."""
    said = text(part, "URL", 2000)
    return said if said.startswith(("https://", "http://")) and not re.search(r"\s", said) else None


def kind(part: Any, begins: Any) -> str:
    """Which kind of activity it becomes."""
    told = text(part, KIND, 20)
    if told in ("task", "call", "meeting", "email", "note"):
        return told
    return "task" if part.name == "VTODO" or not isinstance(begins, dt.datetime) else "meeting"


def address(value: Any) -> str:
    """The e-mail address of somebody."""
    value = value[0] if isinstance(value, list) and value else value
    said = "" if value is None else str(value)
    return said[7:].strip().lower()[:255] if said[:7].lower() == "mailto:" else ""


def known(value: Any, zone: ZoneInfo) -> Any:
    """A day or an aware moment that is near enough to be worked with."""
    if isinstance(value, dt.datetime):
        value = (value.replace(tzinfo=zone) if value.tzinfo is None else value).replace(microsecond=0)
    if not SOONEST <= (value.date() if isinstance(value, dt.datetime) else value) <= LATEST:
        raise Unreadable(_("It lies too far in the past or in the future."))
    return value
