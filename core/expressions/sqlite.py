"""What SQLite lacks, as Python functions that an SQLite connection calls: the same code as the Python form."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from core.expressions import moments, numbers, texts
from core.expressions.sorting import sqlite_sorting
from core.i18n.text import fold

_MARKS = re.compile(r"[\W_]+")


def register_sqlite_functions(dbapi_connection: Any) -> None:
    """Give a new SQLite connection the functions of the language; wire it to the engine's "connect" event."""
    for name, count, function in _strict():
        dbapi_connection.create_function(f"sarnakh_{name}", count, _without_nulls(function), deterministic=True)
    for name, count, function in _own():
        dbapi_connection.create_function(f"sarnakh_{name}", count, function, deterministic=True)


def _strict() -> tuple[tuple[str, int, Callable[..., Any]], ...]:
    """Functions that are not called when an argument is NULL."""
    return (
        *((name, 1, function) for name, function in sqlite_sorting()),
        ("fold", 1, fold), ("gaps", 1, lambda text: _MARKS.sub(" ", text)),
        ("lower", 1, texts.lower), ("upper", 1, texts.upper), ("left", 2, texts.left),
        ("right", 2, texts.right), ("digit", 2, texts.digit), ("replace", 3, texts.replace),
        ("starts", 2, str.startswith), ("ends", 2, str.endswith),
        ("has_option", 2, lambda stored, option: option in json.loads(stored)),
        ("local_date", 2, lambda moment, zone: moments.local_date(_moment(moment), _zone(zone)).isoformat()),
        ("local_hour", 2, lambda moment, zone: _moment(moment).astimezone(_zone(zone)).hour),
        ("add_days", 2, lambda day, days: _date_text(moments.add_days(_date(day), int(days)))),
        ("add_months", 3, lambda day, months, name: _date_text(moments.add_months(_date(day), int(months), name))),
        ("add_minutes", 2, lambda moment, minutes: _moment_text(moments.add_minutes(_moment(moment), int(minutes)))),
        ("days_between", 2, lambda start, end: moments.days_between(_date(start), _date(end))),
        ("microseconds", 2, lambda start, end: (_moment(end) - _moment(start)) // dt.timedelta(microseconds=1)),
        ("part", 3, lambda day, unit, name: moments.part(_date(day), unit, name)),
        ("first", 4, lambda day, unit, name, week: _edge(day, unit, name, week, 0)),
        ("last", 4, lambda day, unit, name, week: _edge(day, unit, name, week, 1)),
    )


def _own() -> tuple[tuple[str, int, Callable[..., Any]], ...]:
    """Functions that know NULL themselves. A negative count means any number of arguments."""
    return (
        ("concat", -1, texts.concat),
        ("least", -1, lambda *values: min((value for value in values if value is not None), default=None)),
        ("greatest", -1, lambda *values: max((value for value in values if value is not None), default=None)),
        ("multiply", 3, numbers.scaled_multiply), ("divide", 3, numbers.scaled_divide),
        ("remainder", 2, numbers.scaled_remainder), ("round", 2, numbers.scaled_round),
        ("floor", 2, numbers.scaled_floor), ("ceiling", 2, numbers.scaled_ceiling),
    )


def _without_nulls(function: Callable[..., Any]) -> Callable[..., Any]:
    def called(*values: Any) -> Any:
        return None if None in values else function(*values)
    return called


@lru_cache(64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _date(text: str) -> dt.date:
    return dt.date.fromisoformat(text[:10])


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def _date_text(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()


def _moment_text(moment: dt.datetime | None) -> str | None:
    """As SQLAlchemy stores it, so that texts compare as moments do."""
    return None if moment is None else moment.strftime("%Y-%m-%d %H:%M:%S.%f").rjust(26, "0")


def _edge(day: str, unit: str, name: str, week_start: int, index: int) -> str | None:
    found = moments.bounds(_date(day), unit, name, week_start)
    return None if found is None else found[index].isoformat()
