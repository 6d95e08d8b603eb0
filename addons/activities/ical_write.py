"""Activities as iCalendar files (RFC 5545) and invitations (RFC 5546), written by the library icalendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from icalendar import Calendar, Event, Todo, vCalAddress, vText

from core.api import LANGUAGES

from .choices import CANCELLED, DONE

PATHS = ("kind", "subject", "status", "priority", "all_day", "first_day", "last_day", "starts_at", "ends_at", "location", "online_url",
         "description", "private", "uid", "sequence", "created_at", "updated_at")
PRIORITY = {"high": 1, "normal": 5, "low": 9}
PARTSTAT = {"waiting": "NEEDS-ACTION", "accepted": "ACCEPTED", "tentative": "TENTATIVE", "declined": "DECLINED"}
KIND = "X-SARNAKH-KIND"
TYPE = "text/calendar; charset=utf-8"
ONE_DAY = dt.timedelta(days=1)


def uid_of(row: Mapping[str, Any]) -> str:
    """The identifier under which other programs know an activity."""
    return row["uid"] or f"activity-{row['id']}@sarnakh"


def component(row: Mapping[str, Any]) -> Event | Todo:
    """An activity as an event; as something to do when it has no day. The same activity is always the same text."""
    made: Event | Todo = Event() if row["starts_at"] or row["first_day"] else Todo()
    made.add("uid", uid_of(row))
    for name, value in (("dtstamp", row["updated_at"]), ("created", row["created_at"]), ("last-modified", row["updated_at"])):
        made.add(name, value.replace(microsecond=0))
    made.add("summary", row["subject"])
    if row["all_day"] and row["first_day"]:
        made.add("dtstart", row["first_day"])
        made.add("dtend", (row["last_day"] or row["first_day"]) + ONE_DAY)
    elif row["starts_at"]:
        made.add("dtstart", row["starts_at"])
        if row["ends_at"]:
            made.add("dtend", row["ends_at"])
    for name, value in (("location", row["location"]), ("url", row["online_url"]), ("description", row["description"])):
        if value:
            made.add(name, value)
    if isinstance(made, Event):
        made.add("status", "CANCELLED" if row["status"] == CANCELLED else "CONFIRMED")
        made.add("transp", "OPAQUE" if row["starts_at"] else "TRANSPARENT")
    elif row["status"] == DONE:
        made.add("status", "COMPLETED")
    made.add("class", "PRIVATE" if row["private"] else "PUBLIC")
    made.add("priority", PRIORITY.get(row["priority"], 5))
    made.add("sequence", row["sequence"] or 0)
    made.add(KIND, row["kind"])
    return made


def calendar(components: Iterable[Event | Todo], method: str = "", name: str = "", zones: bool = False) -> bytes:
    """A file of components; with `zones` it describes the time zones that they name."""
    made = Calendar()
    made.add("prodid", f"-//Sarnakh//Activities//{'EN' if 'en' in LANGUAGES else ''}")
    made.add("version", "2.0")
    if method:
        made.add("method", method)
    if name:
        made.add("x-wr-calname", name)
    for one in components:
        made.add_component(one)
    if zones:
        made.add_missing_timezones()
    return bytes(made.to_ical())


def person(email: str, name: str | None, **parameters: str) -> vCalAddress:
    """Somebody in an invitation."""
    made = vCalAddress(f"mailto:{email}")
    if name:
        made.params["CN"] = vText(name.replace('"', "'"))
    for key, value in parameters.items():
        made.params[key.upper()] = vText(value)
    return made


def invitation(row: Mapping[str, Any], method: str, organizer: tuple[str, str], guests: Sequence[Mapping[str, Any]]) -> bytes:
    """A REQUEST, or the CANCEL of one, from the owner to the guests that have an address."""
    made = component(row)
    made.add("organizer", person(*organizer))
    for guest in guests:
        if guest["email"]:
            made.add("attendee", person(guest["email"], guest["name"], role="REQ-PARTICIPANT", rsvp="TRUE",
                                        partstat=PARTSTAT[guest["answer"]]), encode=False)
    if method == "CANCEL":
        made["status"] = vText("CANCELLED")
    return calendar([made], method)


def reply(row: Mapping[str, Any], organizer: str, me: tuple[str, str], answer: str, now: dt.datetime) -> bytes:
    """The answer to an invitation that came from outside."""
    made = component(row)
    made["dtstamp"] = Event.new(uid="x", stamp=now.replace(microsecond=0))["dtstamp"]
    made.add("organizer", person(organizer, None))
    made.add("attendee", person(me[0], me[1], partstat=PARTSTAT[answer]), encode=False)
    return calendar([made], "REPLY")
