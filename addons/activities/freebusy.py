"""Who is busy when: activities, absences and hours of work of several people, and when all of them are free next.

Of activities that one may not see only the time is told. It is arithmetic on intervals of moments; the statements are the
same however many people and days.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from addons.worktime import service
from core.api import Env, F, NotFound, SarnakhError, _

from .choices import PLANNED
from .doing import ACTIVITY

Span = tuple[dt.datetime, dt.datetime]
MOST_PEOPLE, MOST_ROWS = 30, 5000
SEARCHED = dt.timedelta(days=30)
STEP = 900
ONE_DAY = dt.timedelta(days=1)


@dataclass
class Busy:
    """A time somebody is not free: with the activity for those who may see it, `away` for an absence."""

    begins: dt.datetime
    ends: dt.datetime
    key: int | None = None
    subject: str = ""
    away: bool = False


@dataclass
class Person:
    """Somebody's time: what they are busy with, and their hours of work."""

    user: int
    name: str
    busy: list[Busy] = field(default_factory=list)
    hours: list[Span] = field(default_factory=list)


def people(env: Env, users: Sequence[int], begin: dt.datetime, end: dt.datetime, without: int | None = None) -> list[Person]:
    """What these people (whom the actor must be allowed to see) do between two moments; `without` one activity."""
    if len(users) > MOST_PEOPLE:
        raise SarnakhError(_("Choose at most {most} people.", most=MOST_PEOPLE))
    names = env.labels("base.user", users)
    made = {user: Person(user, names[user]) for user in dict.fromkeys(users) if user in names}
    if not made:
        return []
    _activities(env, made, begin, end, without)
    first, last = begin.date() - ONE_DAY, end.date() + ONE_DAY
    for user, spans in service.away(env, made, first, last).items():
        made[user].busy += [Busy(*cut, away=True) for cut in _cut(spans, begin, end)]
    _hours(env, made, first, last, begin, end)
    for one in made.values():
        one.busy.sort(key=lambda b: (b.begins, b.ends))
    return list(made.values())


def _activities(env: Env, made: dict[int, Person], begin: dt.datetime, end: dt.datetime, without: int | None) -> None:
    who = sorted(made)
    one_of = F.id.isin(who)
    with env.elevated("who is busy when") as sudo:
        rows = sudo.query(ACTIVITY).where(
            F.status == PLANNED, ~F.all_day, F.starts_at < end, F.ends_at > begin,
            F.owner.isin(who) | F.co_owners.any(one_of) | F.participants.any(one_of)).order("starts_at", "id").select(
            "subject", "starts_at", "ends_at", "owner", "co_owners", "participants").rows(MOST_ROWS)
    open_to = set(env.visible_ids(ACTIVITY, [r["id"] for r in rows])) if rows else set()
    for row in rows:
        if row["id"] == without:
            continue
        subject = row["subject"] if row["id"] in open_to else ""
        for user in {row["owner"].id, *(u.id for name in ("co_owners", "participants") for u in row[name])} & made.keys():
            made[user].busy.append(Busy(max(row["starts_at"], begin), min(row["ends_at"], end),
                                        row["id"] if subject else None, subject))


def _hours(env: Env, made: dict[int, Person], first: dt.date, last: dt.date, begin: dt.datetime, end: dt.datetime) -> None:
    """Hours of work, holidays left out; without any calendar all hours are."""
    try:
        calendars = service.calendar_of(env, made)
        clocks = service.clocks(env, set(calendars.values()))
    except NotFound:
        calendars, clocks = {}, {}
    days = [first + ONE_DAY * n for n in range((last - first).days + 1)]
    parts = {key: _merged(_cut([p for day in days for p in clock.day_parts(day)], begin, end)) for key, clock in clocks.items()}
    for user, one in made.items():
        one.hours = parts.get(calendars.get(user, 0), [(begin, end)])


def _cut(spans: Iterable[Span], begin: dt.datetime, end: dt.datetime) -> list[Span]:
    return [(max(a, begin), min(b, end)) for a, b in spans if a < end and b > begin]


def _merged(spans: Iterable[Span]) -> list[Span]:
    found: list[Span] = []
    for begins, ends in sorted(spans):
        if found and begins <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ends))
        else:
            found.append((begins, ends))
    return found


def free(one: Person) -> list[Span]:
    """When somebody works and is not busy."""
    found = []
    for begins, ends in one.hours:
        at = begins
        for busy in _merged((b.begins, b.ends) for b in one.busy if b.begins < ends and b.ends > begins):
            if busy[0] > at:
                found.append((at, busy[0]))
            at = max(at, busy[1])
        if at < ends:
            found.append((at, ends))
    return found


def _both(one: Sequence[Span], two: Sequence[Span]) -> list[Span]:
    found, i, j = [], 0, 0
    while i < len(one) and j < len(two):
        begins, ends = max(one[i][0], two[j][0]), min(one[i][1], two[j][1])
        if begins < ends:
            found.append((begins, ends))
        if one[i][1] < two[j][1]:
            i += 1
        else:
            j += 1
    return found


def next_free(env: Env, users: Sequence[int], after: dt.datetime, length: dt.timedelta, without: int | None = None) -> dt.datetime | None:
    """The first quarter of an hour from which all are free for so long, within their hours; None within 30 days."""
    known = people(env, users, after, after + SEARCHED, without)
    if not known:
        return None
    common = free(known[0])
    for one in known[1:]:
        common = _both(common, free(one))
    for begins, ends in common:
        seconds = -(-int(begins.timestamp()) // STEP) * STEP
        at = dt.datetime.fromtimestamp(seconds, dt.UTC)
        if at + length <= ends:
            return at
    return None


def problems(one: Person, begin: dt.datetime, end: dt.datetime) -> list[Busy]:
    """What keeps somebody from a time, an entry without a subject if it lies outside of their hours."""
    found = [b for b in one.busy if b.begins < end and b.ends > begin]
    if not any(a <= begin and end <= b for a, b in one.hours):
        found.append(Busy(begin, end))
    return found
