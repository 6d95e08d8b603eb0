"""Quotas and adjustments: what should be sold, and what managers make of what the deals say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from core.api import Change, Env, Invalid, _, calendar

QUOTA, ADJUSTMENT = "deals.quota", "deals.adjustment"


def bounds(name: str, period: str, day: dt.date) -> tuple[dt.date, dt.date]:
    """First and last day of the month, quarter or year of a calendar in which a day lies."""
    return {"month": calendar(name).month_bounds, "quarter": calendar(name).quarter_bounds,
            "year": calendar(name).year_bounds}[period](day)


def period_name(env: Env, period: str, starts: dt.date, lang: str = "", name: str = "") -> str:
    """What a period is called: Mehr 1405, third quarter of 1405, 1405."""
    used = calendar(name) if name else env.calendar
    if period == "quarter":
        year, month, _day = used.parts(starts)
        return env.t(_("Quarter {number} of {year}", number=(month + 2) // 3, year=env.format.date(starts, "year")
                       if used is env.calendar else str(year)))
    style = "month" if period == "month" else "year"
    return env.format.date(starts, style) if used is env.calendar else used.format(starts, style, lang or env.lang, env.actor.digits)


def _people(env: Env, records: Sequence[Any], *names: str) -> dict[tuple[str, int], str]:
    found: dict[tuple[str, int], str] = {}
    with env.elevated("names of people and teams in plans") as sudo:
        for name, record in (("user", "base.user"), ("team", "base.team"), ("role", "base.role")):
            ids = {getattr(r, name).id for r in records if name in names and getattr(r, name)}
            found |= {(name, key): label for key, label in sudo.labels(record, ids).items()}
    return found


# ---------------------------------------------------------------- quotas
def bound_quotas(env: Env, change: Change) -> None:
    """The first and the last day of the period, and a name."""
    if change.action not in ("create", "update"):
        return
    names = _people(env, change.records, "user", "team")
    for record in change.records:
        if not (record.starts and record.period and record.calendar):
            continue
        starts, ends = bounds(record.calendar, record.period, record.starts)
        change.set(record, "starts", starts)
        change.set(record, "ends", ends)
        who = next((names.get((n, getattr(record, n).id), "") for n in ("user", "team") if getattr(record, n)), "")
        change.set(record, "title", f"{who} · {period_name(env, record.period, starts, name=record.calendar)}"[:255])


def quota_problems(env: Env, records: Sequence[Any]) -> Iterator[Invalid]:
    """Either a person or a team; and one quota for each and period."""
    with env.elevated("whether there is a quota already") as sudo:
        rows = sudo.query(QUOTA).holding("starts", {r.starts for r in records if r.starts}).select("user", "team", "starts", "ends").rows()
    taken = {_key(r["user"], r["team"], r["starts"], r["ends"]): r["id"] for r in rows}
    for record in records:
        if (record.user is None) == (record.team is None):
            yield Invalid(record, "user", _("Choose a person or a team, not both."))
            continue
        key = _key(record.user, record.team, record.starts, record.ends)
        other = taken.setdefault(key, record.get("id") or -id(record))
        if other != (record.get("id") or -id(record)):
            yield Invalid(record, "starts", _("There is a quota for this period already: change that one."))


def _key(user: Any, team: Any, starts: dt.date, ends: dt.date | None) -> tuple[Any, ...]:
    return (user.id if user else None, team.id if team else None, starts, ends)


# ---------------------------------------------------------------- adjustments
def name_adjustments(env: Env, change: Change) -> None:
    """Whom it is about, and when."""
    if change.action not in ("create", "update"):
        return
    names = _people(env, change.records, "user", "role")
    for record in change.records:
        who = next((names.get((n, getattr(record, n).id), "") for n in ("user", "role") if getattr(record, n)), "")
        if record.starts:
            change.set(record, "title", f"{who} · {env.format.date(record.starts)}"[:255])


def adjustment_problems(env: Env, records: Sequence[Any]) -> Iterator[Invalid]:
    """Managers adjust figures of people below them, and their own; nobody those of others."""
    mine = {env.actor.id or 0, *env.actor.subordinate_ids}
    strangers = _with_strangers(env, {r.role.id for r in records if r.role}, mine)
    for record in records:
        if (record.user is None) == (record.role is None):
            yield Invalid(record, "user", _("Choose a person or a role, not both."))
        elif record.user is not None and not env.access.unlimited and record.user.id not in mine:
            yield Invalid(record, "user", _("You adjust the figures of your own people only."))
        elif record.role is not None and record.role.id in strangers:
            yield Invalid(record, "role", _("You adjust the figures of your own people only."))
        if record.starts and record.ends and record.ends < record.starts:
            yield Invalid(record, "ends", _("This ends before it starts."))


def _with_strangers(env: Env, roles: set[int], mine: set[int]) -> set[int]:
    """Those of the roles in which there is somebody who is not below the person."""
    if not roles or env.access.unlimited:
        return set()
    with env.elevated("who is in a role whose forecast is adjusted") as sudo:
        rows = sudo.query("base.user").holding("role", roles).select("role").rows()
    return {row["role"].id for row in rows if row["id"] not in mine}
