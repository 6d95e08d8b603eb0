"""From what somebody chooses in the form to a rule, and back."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from core.api import Env, calendar

from . import recurrence
from .choices import CUSTOM, DAILY, MONTHLY, ON_DATE, ON_LAST_DAY, ON_LAST_WEEKDAY, ON_WEEKDAY, WEEKLY, YEARLY
from .recurrence import Rule

SHAPE = ("repeat", "repeat_every", "repeat_days", "repeat_by", "repeat_until", "repeat_count")
FIELDS = (*SHAPE, "repeat_rule")


def rule_of(env: Env, record: Any, day: dt.date, kept: str = "") -> Rule:
    """The rule that was chosen for something that begins on a day; `kept` names the calendar of a series that is there."""
    if record.repeat == CUSTOM:
        rule = recurrence.read(record.repeat_rule or "")
        if record.repeat_until or record.repeat_count:
            rule = replace(rule, until=record.repeat_until, count=record.repeat_count)
        return rule
    name = kept or env.actor.calendar
    _year, month, number = calendar(name).parts(day)
    common: dict[str, Any] = {"interval": record.repeat_every or 1, "until": record.repeat_until, "count": record.repeat_count}
    if record.repeat == DAILY:
        return Rule("DAILY", **common)
    if record.repeat == WEEKLY:
        wanted = sorted({recurrence.DAYS.index(d) for d in record.repeat_days or ()} or {day.weekday()})
        return Rule("WEEKLY", weekdays=tuple((0, d) for d in wanted), week_start=env.actor.week_start, **common)
    common |= {"calendar": name, "months": (month,) if record.repeat == YEARLY else ()}
    freq, by = record.repeat.upper(), record.repeat_by or ON_DATE
    if by == ON_DATE:
        return Rule(freq, month_days=(number,), **common)
    if by == ON_LAST_DAY:
        return Rule(freq, month_days=(-1,), **common)
    return Rule(freq, weekdays=((-1 if by == ON_LAST_WEEKDAY else (number + 6) // 7, day.weekday()),), **common)


def chosen(rule: Rule) -> dict[str, Any]:
    """What the form shows of a rule: the choices where they can say it, else the rule itself."""
    found: dict[str, Any] = {
        "repeat": CUSTOM, "repeat_every": rule.interval, "repeat_days": None, "repeat_by": ON_DATE,
        "repeat_until": rule.until, "repeat_count": rule.count, "repeat_rule": recurrence.write(rule)}
    plain = not (rule.positions or rule.weeks or rule.year_days) and (not rule.months or (rule.freq == "YEARLY" and len(rule.months) == 1))
    if rule.freq == "DAILY" and not rule.weekdays:
        found["repeat"] = DAILY
    elif rule.freq == "WEEKLY":
        found |= {"repeat": WEEKLY, "repeat_days": [recurrence.DAYS[d] for _n, d in rule.weekdays] or None}
    elif plain and rule.freq in ("MONTHLY", "YEARLY") and (rule.freq == "MONTHLY" or rule.months):
        by = ""
        if not rule.weekdays and len(rule.month_days) == 1 and (rule.month_days[0] > 0 or rule.month_days[0] == -1):
            by = ON_LAST_DAY if rule.month_days[0] < 0 else ON_DATE
        elif not rule.month_days and len(rule.weekdays) == 1 and (0 < rule.weekdays[0][0] <= 5 or rule.weekdays[0][0] == -1):
            by = ON_LAST_WEEKDAY if rule.weekdays[0][0] < 0 else ON_WEEKDAY
        if by:
            found |= {"repeat": MONTHLY if rule.freq == "MONTHLY" else YEARLY, "repeat_by": by}
    return found


def begins(record: Any, zone: ZoneInfo) -> dt.date | None:
    """The day on which an activity begins on the wall of a zone."""
    if record.all_day:
        return record.first_day  # type: ignore[no-any-return]
    return record.starts_at.astimezone(zone).date() if record.starts_at else None
