"""The sweep over escalations: which levels are due by now, what they do, and who is told.

A level "two working hours after the due time" is reached by a ticket when two working hours lie between its due time and now,
that is when its due time is not later than the moment two working hours ago. This moment is the same for all tickets that are
counted in one calendar, so the database finds them by a range of an index, a thousand at a time, and no ticket's clock is
asked. What was reached is written as a step (unique for ticket, level and opening) in the transaction of all that the level
does: a worker that is killed leaves neither or both.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from addons.worktime.service import Clock, NoWorkingTime, OutOfReach
from core.api import Change, Env, ExpressionError, F

from . import alerts, assigning
from .sla import Clocks
from .sla_choices import AFTER, AGAIN, LEVEL, LIVE, PERSON, RESOLUTION, RISING, STEP, SUPERIOR, TICKET

CHUNK = 1000
UNTIL = {"response": "response_until", RESOLUTION: "resolution_until"}
PATHS = ("name", "side", "offset", "tell_owner", "tell_superior", "tell_queue", "tell", "raises", "hand", "person", "queue",
         "queue.method", "rule.name", "rule.aim", "rule.condition")


@dataclass(frozen=True)
class Reached:
    """A ticket that reached a level."""

    ticket: int
    due: dt.datetime
    round: int
    owner: int | None
    queue: int | None
    priority: str


def levels(sudo: Env) -> list[dict[str, Any]]:
    """The levels of all active rules, in their order."""
    return sudo.query(LEVEL).where(F.rule.active, ~F.rule.archived).order("rule.position", "rule", "id").select(*PATHS).rows()


def sweep(env: Env, most: int = CHUNK) -> Iterator[int]:
    """Let tickets reach their levels, some hundreds at a time; yields how many did after each part, which is the place to commit.

    What is handed on after it reached one level is looked at anew for the next, so all rules that fit work together.
    """
    with env.elevated("escalation") as sudo:
        clocks = Clocks(sudo).known
        for level in levels(sudo):
            for key, clock in clocks.items():
                until = bound(clock, env.now, level["side"], int(level["offset"].total_seconds()))
                after: Reached | None = None
                while until is not None and (found := in_range(sudo, level, key, until, most, after)):
                    if new := fresh(sudo, level, found):
                        act(sudo, level, new)
                        yield len(new)
                    if len(found) < most:
                        break
                    after = found[-1]


def bound(clock: Clock, now: dt.datetime, side: str, offset: int) -> dt.datetime | None:
    """The latest due time with which a ticket has reached a level by now; None where the calendar has no such moment."""
    try:
        return clock.add(now, -offset if side == AFTER else offset)
    except (NoWorkingTime, OutOfReach):
        return None


def in_range(sudo: Env, level: Mapping[str, Any], calendar: int, until: dt.datetime, most: int,
             after: Reached | None = None) -> list[Reached]:
    """Open tickets of a calendar whose due time is within a level's reach, the longest due first, those after one that was
    found already."""
    name = UNTIL[level["rule.aim"]]
    query = sudo.query(TICKET).where(F[name] <= until, F.calendar == calendar, F.state.isin(LIVE))
    if after is not None:
        query = query.where(F[name] >= after.due, (F[name] > after.due) | (F.id > after.ticket))
    try:
        rows = query.where(level["rule.condition"] or None).order(name, "id").select(
            name, "reopened", "owner", "queue", "priority").rows(most)
    except ExpressionError:
        return []
    return [Reached(r["id"], r[name], r["reopened"] or 0, r["owner"].id if r["owner"] else None, r["queue"].id if r["queue"] else None,
                    r["priority"]) for r in rows]


def fresh(sudo: Env, level: Mapping[str, Any], found: Sequence[Reached]) -> list[Reached]:
    """Those that have not reached the level before. Asked of these few tickets by number, not in the range itself: how many steps
    there are is what a database knows least while they are being written."""
    before = {r["ticket"].id for r in sudo.query(STEP).holding("ticket", [r.ticket for r in found]).where(
        F.level == level["id"], F.current).select("ticket").rows()}
    return [r for r in found if r.ticket not in before]


# ---------------------------------------------------------------- what a level does
def act(sudo: Env, level: Mapping[str, Any], found: Sequence[Reached]) -> None:
    """Everything a level does with the tickets that reached it, and the steps that say so."""
    above = superiors(sudo, {r.owner for r in found if r.owner}) if level["tell_superior"] or level["hand"] == SUPERIOR else {}
    told = alerts.recipients(sudo, level, found, above)
    done = {r.ticket: list(_told(level)) for r in found}
    changes: dict[int, dict[str, Any]] = {}
    for one in found:
        if level["raises"] and one.priority != RISING[-1]:
            changes.setdefault(one.ticket, {})["priority"] = RISING[min(RISING.index(one.priority) + 1, len(RISING) - 1)]
            done[one.ticket].append(["raised", ""])
    _hand_over(sudo, level, found, above, changes, done)
    same = {"level": level["id"], "name": f"{level['rule.name']}: {level['name']}", "aim": level["rule.aim"], "at": sudo.now}
    steps = sudo.create(STEP, [{**same, "ticket": r.ticket, "round": r.round, "due": r.due, "done": done[r.ticket]}
                               for r in found])
    alerts.gather(sudo, {step: told[r.ticket] for step, r in zip(steps, found, strict=True)})
    if changes:
        sudo.update_each(TICKET, changes)
    if level["hand"] == AGAIN:
        assigning.hand_out(sudo, [key for key, one in changes.items() if "queue" in one])


def _told(level: Mapping[str, Any]) -> Iterator[list[str]]:
    yield from ([name, ""] for name in ("tell_owner", "tell_superior", "tell_queue") if level[name])
    if level["tell"]:
        yield ["tell", ", ".join(person.label or "" for person in level["tell"])]


def _hand_over(sudo: Env, level: Mapping[str, Any], found: Sequence[Reached], above: Mapping[int, Sequence[int]],
               changes: dict[int, dict[str, Any]], done: dict[int, list[list[str]]]) -> None:
    """Who has the tickets from now on; somebody who is away is passed over where there is another."""
    if level["hand"] == AGAIN and level["queue"]:
        for one in found:
            if one.queue != level["queue"].id:
                changes.setdefault(one.ticket, {}).update(queue=level["queue"].id, owner=None)
                done[one.ticket].append(["queue", level["queue"].label or ""])
        return
    wanted: dict[int, int] = {}
    if level["hand"] == PERSON and level["person"]:
        wanted = {r.ticket: level["person"].id for r in found}
    elif level["hand"] == SUPERIOR:
        there = alerts.on_duty_first(sudo, {u for users in above.values() for u in users})
        wanted = {r.ticket: min(above[r.owner], key=there.index) for r in found if r.owner and above.get(r.owner)}
    names = sudo.labels("base.user", wanted.values()) if wanted else {}
    for one in found:
        if one.ticket in wanted and wanted[one.ticket] != one.owner:
            changes.setdefault(one.ticket, {})["owner"] = wanted[one.ticket]
            done[one.ticket].append(["person", names.get(wanted[one.ticket], "")])


def superiors(sudo: Env, owners: set[int]) -> dict[int, list[int]]:
    """The active people of the nearest role above each owner's that has any; without a role, whom they report to."""
    if not owners:
        return {}
    roles = {r["id"]: r["parent"].id if r["parent"] else None for r in sudo.query("base.role").select("parent").rows()}
    holders: dict[int, list[int]] = {}
    for row in sudo.query("base.user").where(F.active, F.role.not_null()).order("id").select("role").rows():
        holders.setdefault(row["role"].id, []).append(row["id"])
    found: dict[int, list[int]] = {}
    for row in sudo.query("base.user").archived(None).with_ids(owners).select("role", "manager").rows():
        at = roles.get(row["role"].id) if row["role"] else None
        while at is not None and not holders.get(at):
            at = roles.get(at)
        found[row["id"]] = holders[at] if at is not None else [row["manager"].id] if row["manager"] else []
    return found


def again(env: Env, change: Change) -> None:
    """A ticket that was reopened may reach every level once more; what was reached before stays on its timeline."""
    ids = [r.id for r in change.changed("reopened")] if change.action == "update" else []
    if ids:
        with env.elevated("a ticket is open again") as sudo:
            steps = sudo.query(STEP).where(F.ticket.isin(ids), F.current).ids()
            sudo.update(STEP, steps, {"current": False})

