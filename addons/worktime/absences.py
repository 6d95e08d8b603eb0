"""Absences: what they keep to, who is away at a moment, and who stands in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from core.api import Change, Env, F, Invalid, _

from . import calendar_checks, hours
from .choices import ABSENCE
from .wall import moment, wall_ticks

MOST_DAYS = 1100


def before(env: Env, change: Change) -> None:
    """Times are stored as 08:30; an absence is called as who is away."""
    calendar_checks.clean_times(change, "from_time", "until_time")
    if change.action not in ("create", "update"):
        return
    with env.elevated("names of people") as sudo:
        names = sudo.labels("base.user", [r.owner.id for r in change.records if r.owner])
    for record in change.records:
        change.set(record, "title", names.get(record.owner.id) if record.owner else None)


# ---------------------------------------------------------------- when
class Away(NamedTuple):
    """A time somebody is away, as moments."""

    key: int | None
    user: int
    begins: dt.datetime
    ends: dt.datetime
    stand_in: int | None
    record: Any


def _zones(env: Env, users: Iterable[int]) -> dict[int, ZoneInfo]:
    """Where people are: absences are days there."""
    with env.elevated("time zones of people") as sudo:
        rows = sudo.query("base.user").with_ids(sorted(set(users))).archived(None).select("time_zone").rows()
    return {row["id"]: ZoneInfo(row["time_zone"]) for row in rows}


def _away(record: Any, zone: ZoneInfo) -> Away:
    begins = wall_ticks(zone, record.first_day, hours.read_time(record.from_time) if record.from_time else 0)
    ends = wall_ticks(zone, record.last_day, hours.read_time(record.until_time) if record.until_time else hours.DAY)
    return Away(record.get("id"), record.owner.id, moment(begins), moment(ends), record.stand_in.id if record.stand_in else None, record)


def around(env: Env, first: dt.date, last: dt.date, users: Sequence[int] | None = None, as_stand_in: bool = False) -> list[Away]:
    """Absences that touch these days or those beside them (zones differ), of these people or of everybody; read elevated."""
    wide = dt.timedelta(days=1)
    with env.elevated("who is away") as sudo:
        query = sudo.query(ABSENCE).archived(None).where(F.first_day <= last + wide, F.last_day >= first - wide)
        if users is not None:
            concerned = F.owner.isin(sorted(set(users)))
            query = query.where(concerned | F.stand_in.isin(sorted(set(users))) if as_stand_in else concerned)
        found = query.order("first_day", "id").records("owner", "first_day", "last_day", "from_time", "until_time", "kind", "stand_in")
    zones = _zones(env, [r.owner.id for r in found]) if found else {}
    return [_away(record, zones[record.owner.id]) for record in found if record.owner.id in zones]


def absent_at(env: Env, users: Iterable[int], at: dt.datetime) -> set[int]:
    """Those of these people who are away at a moment."""
    chosen = list(users)
    return {a.user for a in around(env, at.date(), at.date(), chosen) if a.begins <= at < a.ends} if chosen else set()


def stand_ins(env: Env, user_ids: Iterable[int], day: dt.date) -> dict[int, int]:
    """Who stands in for those of these people who are away all of a day."""
    chosen = sorted(set(user_ids))
    if not chosen:
        return {}
    with env.elevated("who stands in") as sudo:
        rows = sudo.query(ABSENCE).archived(None).where(
            F.owner.isin(chosen), F.first_day <= day, F.last_day >= day, F.from_time.is_null(), F.until_time.is_null(),
            F.stand_in.not_null()).order("id").select("owner", "stand_in").rows()
    return {row["owner"].id: row["stand_in"].id for row in rows}


# ---------------------------------------------------------------- what must hold
def problems(records: Sequence[Any], env: Env) -> Iterator[Invalid]:
    """Why absences cannot be as they are."""
    shapeless = list(_shapes(records))
    yield from shapeless
    if shapeless or not records:
        return
    people = sorted({r.owner.id for r in records} | {r.stand_in.id for r in records if r.stand_in})
    own = {r.get("id") for r in records}
    first, last = min(r.first_day for r in records), max(r.last_day for r in records)
    others = [a for a in around(env, first, last, people, as_stand_in=True) if a.key not in own]
    zones = _zones(env, people)
    with env.elevated("names of people") as sudo:
        names = sudo.labels("base.user", [*people, *(a.user for a in others)])
    known = list(others)
    for record in records:
        one = _away(record, zones[record.owner.id])
        yield from _conflicts(env, one, known, names)
        known.append(one)


def _shapes(records: Sequence[Any]) -> Iterator[Invalid]:
    yield from calendar_checks.times(records, "from_time", "until_time")
    for record in records:
        part = bool(record.from_time) or bool(record.until_time)
        if record.last_day < record.first_day:
            yield Invalid(record, "last_day", _("The last day is not before the first."))
        elif (record.last_day - record.first_day).days > MOST_DAYS:
            yield Invalid(record, "last_day", _("An absence lasts three years at most."))
        elif part and record.first_day != record.last_day:
            yield Invalid(record, "from_time", _("Times are for an absence of one day. Leave them empty for several days."))
        elif part and (record.from_time or "00:00") >= (record.until_time or "24:00"):
            yield Invalid(record, "until_time", _("It ends after it begins."))
        if record.stand_in and record.stand_in.id == record.owner.id:
            yield Invalid(record, "stand_in", _("Nobody stands in for themselves."))


def _conflicts(env: Env, one: Away, known: Sequence[Away], names: dict[int, str]) -> Iterator[Invalid]:
    for other in known:
        if other.begins >= one.ends or one.begins >= other.ends:
            continue
        when = _when(env, other)
        if other.user == one.user:
            yield Invalid(one.record, "first_day", _("{person} is away already: {when}.", person=names.get(other.user, "?"), when=when))
        if one.stand_in is not None and other.user == one.stand_in:
            yield Invalid(one.record, "stand_in", _("{person} is away at that time ({when}): choose somebody else.",
                                                    person=names.get(other.user, "?"), when=when))
        if other.stand_in == one.user:
            yield Invalid(one.record, "first_day", _(
                "{person} stands in for {other} at that time ({when}): give {other} another stand-in first.",
                person=names.get(one.user, "?"), other=names.get(other.user, "?"), when=when))


def _when(env: Env, away: Away) -> str:
    """The days of an absence, with its times if it is a part of a day."""
    first, last = (env.format.date(day) for day in (away.record.first_day, away.record.last_day))
    days, from_time, until_time = first if first == last else f"{first} – {last}", away.record.from_time, away.record.until_time
    return f"{days} {from_time or '00:00'}–{until_time or '24:00'}" if from_time or until_time else days
