"""Reading iCalendar files of anybody: bounded before the library sees them, each entry by itself, bad ones with a reason."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar

from core.api import SarnakhError, _

from . import recurrence
from .ical_write import KIND, PARTSTAT, PRIORITY

MOST_BYTES, MOST_LINES, MOST_LINE, MOST_ENTRIES, DEEPEST, MOST_DATES = 1_000_000, 60_000, 70_000, 1000, 4, 1000
SOONEST, LATEST = dt.date(1970, 1, 1), dt.date(2200, 1, 1)
ANSWERS = {status: answer for answer, status in PARTSTAT.items()}
PRIORITIES = {number: name for name, number in PRIORITY.items()}
_ZONES = re.compile(r"^BEGIN:VTIMEZONE[ \t]*\n.*?^END:VTIMEZONE[ \t]*\n", re.DOTALL | re.MULTILINE | re.IGNORECASE)


class BadFile(SarnakhError):
    """A file that is no calendar, or larger than is taken."""


class _Unreadable(Exception):
    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


@dataclass
class Entry:
    """One entry of a file: what it says, or why it cannot be read."""

    uid: str = ""
    title: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    zone: ZoneInfo | None = None
    rule: recurrence.Rule | None = None
    left_out: list[dt.date] = field(default_factory=list)
    instead_of: dt.date | None = None
    sequence: int = 0
    stamp: dt.datetime | None = None
    organizer: str = ""
    answers: list[tuple[str, str]] = field(default_factory=list)
    cancelled: bool = False
    error: str | None = None

    @property
    def key(self) -> str:
        """What the entry is known by: one in the place of another of its series is an entry of its own."""
        return f"{self.uid}#{self.instead_of:%Y%m%d}" if self.instead_of else self.uid


@dataclass
class File:
    """What a file asks for ("" publishes, REQUEST invites, REPLY answers, CANCEL takes back) and its entries."""

    method: str
    entries: list[Entry]


def read(content: bytes, zone: ZoneInfo) -> File:
    """Read a file; times without a zone are in `zone`. BadFile when it is none, or too much."""
    text = _bounded(content)
    try:
        found = Calendar.from_ical(text, multiple=True)
        calendars = [one for one in found if one.name == "VCALENDAR"]
        if not calendars:
            raise BadFile(_("This is not a calendar file (.ics)."))
        method = str(calendars[0].get("METHOD", "")).upper()[:20]
        entries = [_entry(part, zone) for one in calendars for part in one.subcomponents if part.name in ("VEVENT", "VTODO")]
    except BadFile:
        raise
    except Exception as error:  # whatever the library stumbles over: the file is at fault
        raise BadFile(_("This is not a calendar file (.ics).")) from error
    return File(method, _moved_out(entries))


def _bounded(content: bytes) -> str:
    """The text, if it is small enough in every way. Descriptions of zones are left out: zones are known by their names, and
    what such a description may ask to be worked out has no limit."""
    if len(content) > MOST_BYTES:
        raise BadFile(_("The file is larger than one megabyte."))
    text = content.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    text = re.sub(r"\n[ \t]", "", text)
    lines = text.split("\n")
    depth = entries = 0
    for line in lines:
        head = line[:20].upper()
        if head.startswith("BEGIN:"):
            depth += 1
            entries += head.startswith(("BEGIN:VEVENT", "BEGIN:VTODO"))
        elif head.startswith("END:"):
            depth -= 1
        if depth > DEEPEST or depth < 0:
            raise BadFile(_("This is not a calendar file (.ics)."))
    if len(lines) > MOST_LINES or entries > MOST_ENTRIES or max(map(len, lines)) > MOST_LINE:
        raise BadFile(_("The file holds more than {most} entries. Export a shorter period.", most=MOST_ENTRIES))
    return _ZONES.sub("", text.rstrip("\n") + "\n").replace("\n", "\r\n")


def _entry(part: Any, zone: ZoneInfo) -> Entry:
    made = Entry(uid=_text(part, "UID", 250), title=_text(part, "SUMMARY", 200))
    try:
        _fill(made, part, zone)
    except _Unreadable as error:
        made.error = error.why
    except SarnakhError as error:
        made.error = error.message
    except Exception:  # noqa: BLE001 - a value of a kind that nobody expects there
        made.error = _("This entry cannot be read.")
    return made


def _fill(made: Entry, part: Any, zone: ZoneInfo) -> None:
    if not made.uid:
        raise _Unreadable(_("The entry has no identifier (UID)."))
    begins, ends = _when(part, "DTSTART", zone), _when(part, "DTEND", zone)
    if begins is None:
        begins, ends = _when(part, "DUE", zone), None
    if ends is None and begins is not None and "DURATION" in part:
        ends = begins + part["DURATION"].dt
    made.zone = _zone_of(part.get("DTSTART"), zone)
    made.values = {"subject": made.title or _text(part, "DESCRIPTION", 200) or "?",
                   "description": _text(part, "DESCRIPTION", 20_000) or None,
                   "location": _text(part, "LOCATION", 255) or None, "online_url": _url(part),
                   "private": _text(part, "CLASS", 20).upper() in ("PRIVATE", "CONFIDENTIAL"),
                   "priority": PRIORITIES.get(_number(part, "PRIORITY", 5), "normal"), "kind": _kind(part, begins)} | _times(begins, ends)
    made.sequence, made.stamp = max(0, min(_number(part, "SEQUENCE", 0), 10**6)), _when(part, "DTSTAMP", zone, moment=True)
    made.organizer = _address(part.get("ORGANIZER"))
    made.cancelled = _text(part, "STATUS", 20).upper() == "CANCELLED"
    attendees = part.get("ATTENDEE") or []
    for one in (attendees if isinstance(attendees, list) else [attendees])[:200]:
        status = str(getattr(one, "params", {}).get("PARTSTAT", "")).upper()
        if (address := _address(one)) and status in ANSWERS:
            made.answers.append((address, ANSWERS[status]))
    if "RECURRENCE-ID" in part:
        replaced = _when(part, "RECURRENCE-ID", zone)
        made.instead_of = _day(replaced, made.zone)
    elif "RRULE" in part:
        _repeats(made, part, begins)
    if "RDATE" in part:
        raise _Unreadable(_("Single further dates (RDATE) are not supported."))


def _repeats(made: Entry, part: Any, begins: Any) -> None:
    if begins is None:
        raise _Unreadable(_("An entry that repeats has no beginning."))
    rules = part["RRULE"]
    if isinstance(rules, list):
        raise _Unreadable(_("Several rules of repetition at once are not supported."))
    text = rules.to_ical().decode()
    text = re.sub(r"UNTIL=(\d{8}T\d{6}Z)", lambda m: "UNTIL=" + _local_day(m[1], made.zone), text)
    made.rule = recurrence.read(text)
    recurrence.first_day(made.rule, _day(begins, made.zone))
    left_out = part.get("EXDATE") or []
    dates = [d.dt for one in (left_out if isinstance(left_out, list) else [left_out]) for d in one.dts][:MOST_DATES]
    made.left_out = sorted({_day(d, made.zone) for d in dates})


def _local_day(text: str, zone: ZoneInfo | None) -> str:
    moment = dt.datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
    return f"{moment.astimezone(zone or dt.UTC):%Y%m%d}"


def _moved_out(entries: list[Entry]) -> list[Entry]:
    """What stands in the place of one of a series takes that day out of the series."""
    by_uid = {e.uid: e for e in entries if e.rule is not None}
    for one in entries:
        if one.instead_of and not one.error and one.uid in by_uid:
            by_uid[one.uid].left_out = sorted({*by_uid[one.uid].left_out, one.instead_of})
    return entries


# ---------------------------------------------------------------- values
def _times(begins: Any, ends: Any) -> dict[str, Any]:
    if begins is None:
        return {"all_day": False, "starts_at": None, "ends_at": None}
    if not isinstance(begins, dt.datetime):
        last = ends - dt.timedelta(days=1) if isinstance(ends, dt.date) and not isinstance(ends, dt.datetime) else begins
        return {"all_day": True, "first_day": begins, "last_day": max(begins, last)}
    if ends is not None and (not isinstance(ends, dt.datetime) or ends < begins):
        raise _Unreadable(_("It cannot end before it begins."))
    return {"all_day": False, "starts_at": begins.astimezone(dt.UTC), "ends_at": ends.astimezone(dt.UTC) if ends else None}


def _when(part: Any, name: str, zone: ZoneInfo, moment: bool = False) -> Any:
    """A day or an aware moment; None where the entry says nothing."""
    if name not in part:
        return None
    value = part[name]
    found = getattr(value, "dt", None)
    if not isinstance(found, dt.date) or isinstance(value, list):
        if moment:
            return None
        raise _Unreadable(_("“{name}” is not a date.", name=name))
    if isinstance(found, dt.datetime):
        if found.tzinfo is None:
            if "TZID" in value.params:
                raise _Unreadable(_("The time zone “{zone}” is not known.", zone=str(value.params["TZID"])[:80]))
            found = found.replace(tzinfo=zone)
        found = found.astimezone(found.tzinfo).replace(microsecond=0)
    day = found.date() if isinstance(found, dt.datetime) else found
    if not SOONEST <= day <= LATEST:
        raise _Unreadable(_("It lies too far in the past or in the future."))
    return found


def _zone_of(value: Any, zone: ZoneInfo) -> ZoneInfo:
    """The zone whose wall an entry's times are on."""
    found = getattr(value, "dt", None)
    if not isinstance(found, dt.datetime) or found.tzinfo is None:
        return zone
    key = getattr(found.tzinfo, "key", "")
    return ZoneInfo(key) if key and key != "UTC" else zone


def _day(value: Any, zone: ZoneInfo | None) -> dt.date:
    if isinstance(value, dt.datetime):
        return (value if value.tzinfo is None else value.astimezone(zone)).date()
    return value  # type: ignore[no-any-return]


def _text(part: Any, name: str, most: int) -> str:
    value = part.get(name)
    value = value[0] if isinstance(value, list) and value else value
    text = "" if value is None else str(value)
    return "".join(c for c in text if c in "\n\t" or ord(c) >= 32).strip()[:most]


def _number(part: Any, name: str, default: int) -> int:
    text = _text(part, name, 12)
    return int(text) if re.fullmatch(r"-?\d{1,9}", text) else default


def _url(part: Any) -> str | None:
    text = _text(part, "URL", 2000)
    return text if text.startswith(("https://", "http://")) and not re.search(r"\s", text) else None


def _kind(part: Any, begins: Any) -> str:
    told = _text(part, KIND, 20)
    if told in ("task", "call", "meeting", "email", "note"):
        return told
    return "task" if part.name == "VTODO" or not isinstance(begins, dt.datetime) else "meeting"


def _address(value: Any) -> str:
    value = value[0] if isinstance(value, list) and value else value
    text = "" if value is None else str(value)
    return text[7:].strip().lower()[:255] if text[:7].lower() == "mailto:" else ""


