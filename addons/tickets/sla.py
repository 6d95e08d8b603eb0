"""Service levels at work: which one a ticket has, when it is due, and everything anew when a promise or a calendar changes.

A ticket's row keeps the log of its clock and the times that follow from it. They are written as derived values, in the
transaction of whatever they follow from: an open form is not refused because a holiday was entered.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from addons.worktime import service as worktime
from core.api import Change, ChangeSet, Env, F

from . import policies, sla_clock
from .policies import Level
from .sla_choices import TICKET
from .sla_clock import ENDED, Targets, Times

CHUNK = 5000
READ = ("policy", "priority", "state", "created_at", "clock_log", "first_responded_at", "resolved_at", "account.service_calendar")
SPANS = ("response_used", "resolution_used")
CALENDARS = frozenset({"worktime.calendar", "worktime.interval", "worktime.exception", "worktime.holiday", "worktime.holiday_set"})
PROMISES = frozenset({"tickets.policy", "tickets.target"})


# ---------------------------------------------------------------- following what happens to tickets
def follow(env: Env, change: Change) -> None:
    """After tickets were written: choose their service level where that may have changed, and count again."""
    if change.action not in ("create", "update", "restore"):
        return
    ids = [r.id for r in change.records]
    if change.action == "update":
        counted = [r.id for r in change.changed("state", "priority", "account", "first_responded_at", "resolved_at")]
        deciding = [r.id for r in change.changed("chosen_policy", *(policies.decides_by(env) & set(change.rtype.fields) & _stored(change)))]
        if not counted and not deciding:
            return
        assign(env, deciding)
        refresh(env, sorted({*counted, *deciding}))
        return
    assign(env, ids)
    refresh(env, ids)


def _stored(change: Change) -> set[str]:
    return {n for n, f in change.rtype.fields.items() if f.stored}


def assign(env: Env, ids: Collection[int]) -> int:
    """Give tickets the service level that was chosen by hand, or the one that counts for them; returns how many got another."""
    if not ids:
        return 0
    with env.elevated("service levels of tickets") as sudo:
        rows = [row for part in _parts(ids) for row in sudo.query(TICKET).archived(None).with_ids(part).select("chosen_policy").rows()]
        found: dict[int, int | None] = {r["id"]: r["chosen_policy"].id for r in rows if r["chosen_policy"]}
        found |= policies.choose(sudo, [r["id"] for r in rows if not r["chosen_policy"]])
        return sudo.derive(TICKET, {key: {"policy": level} for key, level in found.items()})


def refresh(env: Env, ids: Collection[int], at: dt.datetime | None = None) -> int:
    """Count the times of tickets again; returns how many changed. One read and one write for thousands."""
    changed = 0
    with env.elevated("due times of tickets") as sudo:
        levels, clocks = policies.shelf(sudo), Clocks(sudo)
        for part in _parts(ids):
            rows = sudo.query(TICKET).archived(None).with_ids(part).select(*READ).rows()
            logs, times = {}, {}
            for row in rows:
                log = log_of(row, at or sudo.now)
                if log != row["clock_log"]:
                    logs[row["id"]] = {"clock_log": log}
                times[row["id"]] = values(row, log, levels.get(row["policy"].id) if row["policy"] else None, clocks)
            sudo.derive(TICKET, logs)
            changed += sudo.derive(TICKET, times)
    return changed


def log_of(row: Mapping[str, Any], at: dt.datetime) -> list[list[int | str]]:
    """A ticket's log with what its status is now; one without a log has had that status from its beginning."""
    log, category = row["clock_log"], row["state"]
    return sla_clock.noted(log, category, at if log else row["created_at"])


def values(row: Mapping[str, Any], log: Sequence[Sequence[int | str]], level: Level | None, clocks: Clocks) -> dict[str, Any]:
    """What follows from a ticket's row and its log, as it is stored."""
    targets = level.of(row["priority"]) if level else Targets()
    key = clocks.of(level, row["account.service_calendar"])
    stops = level.stops if level else frozenset()
    ended = (row["resolved_at"] or sla_clock.moment(int(log[-1][0]))) if log[-1][1] in ENDED else None
    promised = level is not None and key is not None
    found = sla_clock.count(clocks.known[key], log, stops, targets, row["first_responded_at"], ended) if promised and key else Times()
    return {**_spans(dict(vars(found))), "calendar": key if promised else None, "response_target": _span(targets.response),
            "resolution_target": _span(targets.resolution), "paused_at": _paused(log, stops) if ended is None else None}


def _paused(log: Sequence[Sequence[int | str]], stops: Collection[str]) -> dt.datetime | None:
    """Since when the clock stands still; waiting for one after the other is one pause."""
    since = None
    for entry in reversed(log):
        if entry[1] not in stops:
            break
        since = sla_clock.moment(int(entry[0]))
    return since


def _span(seconds: int | None) -> dt.timedelta | None:
    return None if seconds is None else dt.timedelta(seconds=seconds)


def _spans(found: dict[str, Any]) -> dict[str, Any]:
    return found | {name: _span(found[name]) for name in SPANS}


class Clocks:
    """The clocks that service levels count with."""

    def __init__(self, env: Env) -> None:
        self.default = worktime.default_calendar(env)
        levels = policies.shelf(env).values()
        accounts = env.query("contacts.account").archived(None).where(F.service_calendar.not_null()).aggregate(["service_calendar"]) if any(
            level.customer_hours for level in levels) else []
        wanted = {self.default, *(level.calendar for level in levels if level.calendar), *(r["service_calendar"].id for r in accounts)}
        self.known = worktime.clocks(env, wanted)

    def of(self, level: Level | None, customer: Any) -> int | None:
        """In which calendar's hours a ticket is counted."""
        wanted = (level.calendar if level else None) or self.default
        if customer and level and level.customer_hours:
            wanted = customer.id
        return wanted if wanted in self.known else self.default


def _parts(ids: Iterable[int]) -> Iterable[list[int]]:
    keys = sorted(set(ids))
    return (keys[start:start + CHUNK] for start in range(0, len(keys), CHUNK))


# ---------------------------------------------------------------- when promises or calendars change
def promises_changed(env: Env, changes: ChangeSet) -> None:
    """Count open tickets again in the background when a service level, a target or a calendar changed."""
    touched = {change.record for change in changes.changes}
    if touched & PROMISES:
        env.enqueue("tickets.recount", {"choose": True}, dedupe="tickets.recount:choose")
    elif touched & CALENDARS:
        env.enqueue("tickets.recount", {"choose": False}, dedupe="tickets.recount")
    for change in changes.of("contacts.account", "update"):
        accounts = [r.id for r in change.changed("service_calendar")] if change.touches("service_calendar") else []
        if accounts:
            env.enqueue("tickets.recount", {"choose": False, "accounts": accounts})


def recount(env: Env, choose: bool, accounts: Sequence[int] = (), after: int = 0, most: int = CHUNK) -> tuple[int, int]:
    """Count the next open tickets after a number again; the last number (0 at the end) and how many changed.

    Tickets that ended keep what was promised and measured then.
    """
    with env.elevated("recount service levels") as sudo:
        query = sudo.query(TICKET).archived(None).where(F.resolved_at.is_null(), F.id > after)
        ids = (query.holding("account", accounts) if accounts else query).order("id").ids(most)
        if not ids:
            return 0, 0
        changed = assign(sudo, ids) if choose else 0
        return ids[-1], max(changed, refresh(sudo, ids))
