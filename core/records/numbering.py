"""Number series: taken in blocks, in the transaction that uses them."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from sqlalchemy import update

from core.i18n.calendars import calendar
from core.i18n.messages import _

if TYPE_CHECKING:
    from core.env import Env

_PLACE = re.compile(r"\{(number|year|yy)(?::0?(\d{1,2})d?)?\}")


def take(env: Env, name: str, count: int = 1) -> int:
    """The first of `count` consecutive numbers of a series. Serialises concurrent takers until their commit."""
    table = env.registry.system.sequence
    moved = update(table).where(table.c.name == name).values(next=table.c.next + count).returning(table.c.next)
    value = env.execute(moved).scalar_one_or_none()
    if value is None:
        env.execute(env.insert_for(table).values(name=name, next=1).on_conflict_do_nothing())
        value = env.execute(moved).scalar_one()
    return int(value) - count


def check_pattern(pattern: str) -> str:
    """The pattern of a series; ValueError with the reason when it cannot be used."""
    rest = _PLACE.sub("", pattern)
    if "{" in rest or "}" in rest:
        raise ValueError(_("Only {number}, {year} and {yy} may stand in braces, such as {number:05}."))
    if "{number" not in pattern:
        raise ValueError(_("The pattern needs a {number}."))
    return pattern


def next_number(env: Env, series: str, pattern: str, on: dt.date, in_calendar: str, starts: tuple[int, int]) -> str:
    """The next number of a series; of its year, when the pattern names the year."""
    year, month, day = calendar(in_calendar).parts(on)
    year -= (month, day) < starts
    counter = f"number:{series}:{year if '{y' in check_pattern(pattern) else ''}"
    values = {"number": take(env, counter), "year": year, "yy": year % 100}

    def shown(place: re.Match[str]) -> str:
        return str(values[place[1]]).zfill(int(place[2] or (2 if place[1] == "yy" else 0)))
    return _PLACE.sub(shown, pattern)
