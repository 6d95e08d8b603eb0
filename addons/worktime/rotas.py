"""Rotas: patterns of shifts, and the shifts that they make for the weeks ahead.

A shift that was planned is known by its rota, its day and for whom it was planned, also after somebody gave it to another
person, moved or deleted it: planning again leaves such shifts alone, changes those that nobody touched, and never writes about
what has begun already. So it may run every night.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from core.api import Env, F, Invalid, Message, _, latin_digits

from . import hours, loading
from .choices import FREE, MEMBER, ROTA, SHIFT, SHIFT_TYPE
from .shift_checks import BY_ROTA
from .wall import moment, wall_ticks

ONE_DAY = dt.timedelta(days=1)
AT_ONCE = 4000
"""Shifts that are planned while somebody waits; more are made in the background."""
Key = tuple[int, dt.date]


# ---------------------------------------------------------------- patterns
def days_of(pattern: str | None) -> list[str]:
    """The codes of a pattern, one for each day."""
    return latin_digits(pattern or "").replace(",", " ").replace("–", FREE).replace("،", " ").split()


def codes(records: Sequence[Any]) -> Iterator[Invalid]:
    """Codes of shifts that could not stand in a pattern."""
    for record in records:
        if record.code and (days_of(record.code) != [record.code] or record.code == FREE):
            yield Invalid(record, "code", _("A code is a word without spaces, and not “-”, which means a free day."))


def problems(records: Sequence[Any], env: Env) -> Iterator[Invalid]:
    """Why rotas cannot be as they are."""
    kinds = _kinds(env)
    for record in records:
        pattern = days_of(record.pattern)
        unknown = sorted({code for code in pattern if code != FREE and code not in kinds})
        if unknown:
            yield Invalid(record, "pattern", _("There is no kind of shift with the code {codes}. There are: {known}.",
                                               codes=", ".join(unknown), known=", ".join(sorted(kinds)) or "–"))
        elif not any(code != FREE for code in pattern):
            yield Invalid(record, "pattern", _("A pattern has a shift on one day at least."))
        else:
            yield from _overlaps(record, pattern, kinds)
        if record.last_day and record.last_day < record.first_day:
            yield Invalid(record, "last_day", _("The last day is not before the first."))


def _overlaps(record: Any, pattern: Sequence[str], kinds: dict[str, _Kind]) -> Iterator[Invalid]:
    """A shift that is still running when the next one of the same person begins."""
    for one, two in zip(pattern, [*pattern[1:], pattern[0]], strict=True):
        if one != FREE and two != FREE and kinds[one].ends - hours.DAY > kinds[two].begins:
            yield Invalid(record, "pattern", _("{one} is not over yet when {two} begins on the next day.", one=one, two=two))
            return


@dataclass(frozen=True)
class _Kind:
    """A kind of shift, in minutes of its day."""

    key: int
    begins: int
    ends: int


def _kinds(env: Env) -> dict[str, _Kind]:
    with env.elevated("kinds of shifts") as sudo:
        rows = sudo.query(SHIFT_TYPE).archived(None).select("code", "begins", "ends").rows()
    return {r["code"]: _Kind(r["id"], *hours.span(hours.read_time(r["begins"]), hours.read_time(r["ends"]))) for r in rows}


# ---------------------------------------------------------------- planning
@dataclass
class Planned:
    """What planning did: shifts made, changed and taken away, and days on which somebody had another shift already."""

    made: int = 0
    changed: int = 0
    removed: int = 0
    busy: int = 0

    def message(self) -> Message:
        """As people read it."""
        if not (self.made or self.changed or self.removed or self.busy):
            return _("All shifts are planned already.")
        counts: dict[str, Any] = {"made": self.made, "changed": self.changed, "removed": self.removed}
        return _("Shifts: {made} made, {changed} changed, {removed} taken away.", **counts) if not self.busy else _(
            "Shifts: {made} made, {changed} changed, {removed} taken away; {busy} left out because the person has another shift then.",
            **counts, busy=self.busy)


def plan_by_hand(env: Env, ids: Sequence[int]) -> Message:
    """Plan these rotas now, or in the background when they are large."""
    weeks = {r["id"]: r["weeks_ahead"] for r in env.query(ROTA).with_ids(ids).select("weeks_ahead").rows()}
    members = Counter(r["rota"].id for r in env.query(MEMBER).archived(None).where(F.rota.isin(list(ids))).select("rota").rows())
    if not members:
        return _("Add members first: who goes through the pattern, and with which day each begins.")
    if sum(weeks[key] * 7 * count for key, count in members.items()) > AT_ONCE:
        env.enqueue("worktime.plan", {"rotas": list(ids)}, dedupe=f"worktime.plan:{sorted(ids)}")
        return _("The shifts are being planned in the background.")
    return plan(env, ids).message()


def plan(env: Env, ids: Sequence[int] | None = None) -> Planned:
    """Make the shifts of the weeks ahead, of these rotas or of all that are active."""
    with env.elevated("planning shifts") as sudo:
        query = sudo.query(ROTA).where(F.active == True)  # noqa: E712
        rotas = (query if ids is None else query.with_ids(ids)).order("id").records(
            "pattern", "first_day", "last_day", "weeks_ahead", "time_zone", "skips_holidays", "made_until")
        chosen = F.rota.isin([r.id for r in rotas])
        members: dict[int, list[Any]] = {}
        for member in sudo.query(MEMBER).archived(None).where(chosen, F["user.active"] == True).records("rota", "user", "offset"):  # noqa: E712
            members.setdefault(member.rota.id, []).append(member)
        kinds, done = _kinds(sudo), Planned()
        for rota in rotas:
            _plan_one(sudo, rota, members.get(rota.id, []), kinds, done)
    return done


def _plan_one(env: Env, rota: Any, members: Sequence[Any], kinds: dict[str, _Kind], done: Planned) -> None:
    zone = ZoneInfo(rota.time_zone)
    today = env.now.astimezone(zone).date()
    until = today + ONE_DAY * (7 * rota.weeks_ahead)
    until = max(until, rota.made_until or until)
    until = until if rota.last_day is None else min(until, rota.last_day)
    first = max(rota.first_day, today)
    wanted = _wanted(env, rota, members, kinds, first, until)
    rows = env.query(SHIFT).deleted(None).archived(None).where(F.rota == rota.id, F.day >= today - ONE_DAY).select(
        "planned_for", "day", "shift_type", "begins_at", "ends_at", "as_planned", "deleted_at").rows()
    known = {(r["planned_for"].id, r["day"]): r for r in rows if r["planned_for"]}
    gone = [r["id"] for key, r in known.items() if _is_ours(env, r) and key not in wanted]
    if gone:  # first, so that their time is free; for good, because nobody threw them away
        env.delete(SHIFT, gone)
        env.purge(SHIFT, gone)
    different = {known[key]["id"]: {n: values[n] for n in ("shift_type", "begins_at", "ends_at")} for key, values in wanted.items()
                 if key in known and _is_ours(env, known[key]) and _differs(known[key], values)}
    new = [values for key, values in wanted.items() if key not in known]
    new = _free(env, new, done)
    different = _fits(env, different, wanted, known, done)
    env.update_each(SHIFT, different, source=BY_ROTA)
    env.create(SHIFT, new, source=BY_ROTA)
    if rota.made_until != until:
        env.update(ROTA, rota.id, {"made_until": until}, source=BY_ROTA)
    done.made, done.changed, done.removed = done.made + len(new), done.changed + len(different), done.removed + len(gone)


def _is_ours(env: Env, row: dict[str, Any]) -> bool:
    """Whether a shift is still as it was planned and has not begun."""
    return bool(row["as_planned"]) and row["deleted_at"] is None and row["begins_at"] > env.now


def _differs(row: dict[str, Any], values: dict[str, Any]) -> bool:
    kind = row["shift_type"].id if row["shift_type"] else None
    return (kind, row["begins_at"], row["ends_at"]) != (values["shift_type"], values["begins_at"], values["ends_at"])


def _wanted(env: Env, rota: Any, members: Sequence[Any], kinds: dict[str, _Kind], first: dt.date,
            until: dt.date) -> dict[Key, dict[str, Any]]:
    """The shifts that the pattern gives and that have not begun, by for whom and on which day."""
    pattern, zone = days_of(rota.pattern), ZoneInfo(rota.time_zone)
    free = _holidays(env, [m.user.id for m in members]) if rota.skips_holidays else {}
    found: dict[Key, dict[str, Any]] = {}
    for number in range((until - first).days + 1):
        day = first + ONE_DAY * number
        for member in members:
            code = pattern[((day - rota.first_day).days + member.offset - 1) % len(pattern)]
            kind = kinds.get(code)
            if kind is None or day in free.get(member.user.id, ()):
                continue
            begins = moment(wall_ticks(zone, day, kind.begins))
            if begins > env.now:
                found[member.user.id, day] = {
                    "user": member.user.id, "planned_for": member.user.id, "rota": rota.id, "day": day, "as_planned": True,
                    "shift_type": kind.key, "begins_at": begins, "ends_at": moment(wall_ticks(zone, day, kind.ends))}
    return found


def _holidays(env: Env, users: Sequence[int]) -> dict[int, set[dt.date]]:
    """The days on which people have a whole holiday."""
    clocks, people, default = loading.all_clocks(env), loading.assigned(env), loading.default_id(env)
    off = {key: {day for day, rule in clock.rules.items() if rule.holiday and not clock.hours(day)} for key, clock in clocks.items()}
    return {user: off[people.get(user, default)] for user in users}


def _free(env: Env, new: Sequence[dict[str, Any]], done: Planned) -> list[dict[str, Any]]:
    """Those of the new shifts that nobody else's plan forbids: the person has no other shift at the time."""
    if not new:
        return []
    busy = _busy(env, new, set())
    made = [values for values in new if not _taken(busy, values["user"], values)]
    done.busy += len(new) - len(made)
    return made


def _fits(env: Env, different: dict[int, dict[str, Any]], wanted: dict[Key, dict[str, Any]], known: dict[Key, dict[str, Any]],
          done: Planned) -> dict[int, dict[str, Any]]:
    """The same for shifts that change."""
    if not different:
        return {}
    whole = {known[key]["id"]: values for key, values in wanted.items() if key in known and known[key]["id"] in different}
    busy = _busy(env, list(whole.values()), set(different))
    made = {key: values for key, values in different.items() if not _taken(busy, whole[key]["user"], values)}
    done.busy += len(different) - len(made)
    return made


def _busy(env: Env, values: Sequence[dict[str, Any]], but: set[int]) -> dict[int, list[tuple[dt.datetime, dt.datetime]]]:
    rows = env.query(SHIFT).archived(None).where(
        F.user.isin(sorted({v["user"] for v in values})), F.begins_at < max(v["ends_at"] for v in values),
        F.ends_at > min(v["begins_at"] for v in values)).select("user", "begins_at", "ends_at").rows()
    found: dict[int, list[tuple[dt.datetime, dt.datetime]]] = {}
    for row in rows:
        if row["id"] not in but:
            found.setdefault(row["user"].id, []).append((row["begins_at"], row["ends_at"]))
    return found


def _taken(busy: dict[int, list[tuple[dt.datetime, dt.datetime]]], user: int, values: dict[str, Any]) -> bool:
    return any(begins < values["ends_at"] and values["begins_at"] < ends for begins, ends in busy.get(user, ()))
