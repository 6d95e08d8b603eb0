"""Reading iCalendar files of anybody: bounded before the library sees them, each entry by itself, bad ones with a reason."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar

from core.api import SarnakhError, _

from . import ical_further, recurrence
from .ical_values import PRIORITIES, Unreadable, address, day, kind, number, text, times, url, when, zone_of
from .ical_write import PARTSTAT

MOST_BYTES, MOST_LINES, MOST_LINE, MOST_ENTRIES, DEEPEST, MOST_DATES = 1_000_000, 60_000, 70_000, 1000, 4, 1000
ANSWERS = {status: answer for answer, status in PARTSTAT.items()}
_ZONES = re.compile(r"^BEGIN:VTIMEZONE[ \t]*\n.*?^END:VTIMEZONE[ \t]*\n", re.DOTALL | re.MULTILINE | re.IGNORECASE)


class BadFile(SarnakhError):
    """A file that is no calendar, or larger than is taken."""


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
    further: list[dict[str, Any]] = field(default_factory=list)
    place: str = ""
    sequence: int = 0
    stamp: dt.datetime | None = None
    organizer: str = ""
    answers: list[tuple[str, str]] = field(default_factory=list)
    cancelled: bool = False
    error: str | None = None

    @property
    def key(self) -> str:
        """What the entry is known by: one in the place of another of its series, or on a further date, is an entry of its own."""
        place = f"{self.instead_of:%Y%m%d}" if self.instead_of else self.place
        return f"{self.uid}#{place}" if place else self.uid


@dataclass
class File:
    """What a file asks for ("" publishes, REQUEST invites, REPLY answers, CANCEL takes back) and its entries."""

    method: str
    entries: list[Entry]


def read(content: bytes, zone: ZoneInfo) -> File:
    """Read a file; times without a zone are in `zone`. BadFile when it is none, or too much."""
    bounded = _bounded(content)
    try:
        calendars = [one for one in Calendar.from_ical(bounded, multiple=True) if one.name == "VCALENDAR"]
        if not calendars:
            raise BadFile(_("This is not a calendar file (.ics)."))
        method = str(calendars[0].get("METHOD", "")).upper()[:20]
        entries = [_entry(part, zone) for one in calendars for part in one.subcomponents if part.name in ("VEVENT", "VTODO")]
    except BadFile:
        raise
    except Exception as error:  # whatever the library stumbles over: the file is at fault
        raise BadFile(_("This is not a calendar file (.ics).")) from error
    found = ical_further.spread(_moved_out(entries))
    if len(found) > MOST_ENTRIES:
        raise _too_many()
    return File(method, found)


def _too_many() -> BadFile:
    return BadFile(_("The file holds more than {most} entries. Export a shorter period.", most=MOST_ENTRIES))


def _bounded(content: bytes) -> str:
    """The text, if it is small enough in every way. Descriptions of zones are left out: zones are known by their names, and
    what such a description may ask to be worked out has no limit."""
    if len(content) > MOST_BYTES:
        raise BadFile(_("The file is larger than one megabyte."))
    plain = content.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    plain = re.sub(r"\n[ \t]", "", plain)
    lines = plain.split("\n")
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
        raise _too_many()
    return _ZONES.sub("", plain.rstrip("\n") + "\n").replace("\n", "\r\n")


def _entry(part: Any, zone: ZoneInfo) -> Entry:
    made = Entry(uid=text(part, "UID", 250), title=text(part, "SUMMARY", 200))
    try:
        _fill(made, part, zone)
    except Unreadable as error:
        made.error = error.why
    except SarnakhError as error:
        made.error = error.message
    except Exception:  # noqa: BLE001 - a value of a kind that nobody expects there
        made.error = _("This entry cannot be read.")
    return made


def _fill(made: Entry, part: Any, zone: ZoneInfo) -> None:
    if not made.uid:
        raise Unreadable(_("The entry has no identifier (UID)."))
    begins, ends = when(part, "DTSTART", zone), when(part, "DTEND", zone)
    if begins is None:
        begins, ends = when(part, "DUE", zone), None
    if ends is None and begins is not None and "DURATION" in part:
        ends = begins + part["DURATION"].dt
    made.zone = zone_of(part.get("DTSTART"), zone)
    made.values = {"subject": made.title or text(part, "DESCRIPTION", 200) or "?",
                   "description": text(part, "DESCRIPTION", 20_000) or None,
                   "location": text(part, "LOCATION", 255) or None, "online_url": url(part),
                   "private": text(part, "CLASS", 20).upper() in ("PRIVATE", "CONFIDENTIAL"),
                   "priority": PRIORITIES.get(number(part, "PRIORITY", 5), "normal"), "kind": kind(part, begins)} | times(begins, ends)
    made.sequence, made.stamp = max(0, min(number(part, "SEQUENCE", 0), 10**6)), when(part, "DTSTAMP", zone, moment=True)
    made.organizer = address(part.get("ORGANIZER"))
    made.cancelled = text(part, "STATUS", 20).upper() == "CANCELLED"
    attendees = part.get("ATTENDEE") or []
    for one in (attendees if isinstance(attendees, list) else [attendees])[:200]:
        status = str(getattr(one, "params", {}).get("PARTSTAT", "")).upper()
        if (who := address(one)) and status in ANSWERS:
            made.answers.append((who, ANSWERS[status]))
    if "RECURRENCE-ID" in part:
        replaced = when(part, "RECURRENCE-ID", zone)
        made.instead_of = day(replaced, made.zone)
        return
    left_out = part.get("EXDATE") or []
    dates = [d.dt for one in (left_out if isinstance(left_out, list) else [left_out]) for d in one.dts][:MOST_DATES]
    made.left_out = sorted({day(d, made.zone) for d in dates})
    if "RRULE" in part:
        _repeats(made, part, begins)
    if "RDATE" in part:
        made.further = ical_further.read(part, begins, ends, made.zone)


def _repeats(made: Entry, part: Any, begins: Any) -> None:
    if begins is None:
        raise Unreadable(_("An entry that repeats has no beginning."))
    rules = part["RRULE"]
    if isinstance(rules, list):
        raise Unreadable(_("Several rules of repetition at once are not supported."))
    rule = re.sub(r"UNTIL=(\d{8}T\d{6}Z)", lambda m: "UNTIL=" + _local_day(m[1], made.zone), rules.to_ical().decode())
    made.rule = recurrence.read(rule)
    recurrence.first_day(made.rule, day(begins, made.zone))


def _local_day(moment_text: str, zone: ZoneInfo | None) -> str:
    moment = dt.datetime.strptime(moment_text, "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
    return f"{moment.astimezone(zone or dt.UTC):%Y%m%d}"


def _moved_out(entries: list[Entry]) -> list[Entry]:
    """What stands in the place of one of a series takes that day out of the series."""
    by_uid = {e.uid: e for e in entries if e.rule is not None}
    for one in entries:
        if one.instead_of and not one.error and one.uid in by_uid:
            by_uid[one.uid].left_out = sorted({*by_uid[one.uid].left_out, one.instead_of})
    return entries
