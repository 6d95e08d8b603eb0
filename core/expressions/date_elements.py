"""Parts and periods of dates in SQL, in both calendars.

SQLite calls Python. PostgreSQL has the Gregorian calendar; the Jalali one is integer arithmetic on the days since 1
Farvardin 1200: in the years 1200 to 1501 the leap years of the official calendar follow the 33-year cycle exactly, so
the year `y` (counted from 1200) begins on day `365 y + (8 y + 18) / 33`. A test compares all these days with Python.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import BigInteger, Date, Integer, String
from sqlalchemy.sql.elements import ColumnElement, literal

from core.expressions.elements import Dialected, operation
from core.expressions.moments import END_OF_JALALI, FIRST_JALALI, MAX_MONTHS

_EPOCH: Final = f"DATE '{FIRST_JALALI}'"
_DAYS: Final = (END_OF_JALALI - FIRST_JALALI).days


def _year_start(year: str) -> str:
    return f"(365 * ({year}) + (8 * ({year}) + 18) / 33)"


def _month_start(month: str) -> str:
    """Days of the year before a month (from 0)."""
    return f"(31 * least({month}, 6) + 30 * greatest({month} - 6, 0))"


def _jalali(what: str, more: str = "") -> str:
    """A sub-select in which `n` is the day, `y` the year from 1200, `m` the month and `d` the day, both from 0."""
    return (
        f"(SELECT {what} FROM (SELECT x.*,"
        " CASE WHEN x.o < 186 THEN x.o / 31 ELSE (x.o - 186) / 30 + 6 END AS m,"
        " CASE WHEN x.o < 186 THEN mod(x.o, 31) ELSE mod(x.o - 186, 30) END AS d"
        f" FROM (SELECT w.*, w.n - {_year_start('w.y')} AS o"
        " FROM (SELECT u.*, (33 * u.n + 14) / 12053 AS y"
        f" FROM (SELECT {{0}} - {_EPOCH} AS n{more} OFFSET 0) AS u OFFSET 0) AS w OFFSET 0) AS x OFFSET 0) AS v"
        f" WHERE v.n BETWEEN 0 AND {_DAYS - 1})")


def _after(month: str) -> str:
    """The day after a month of the year `v.y` ends."""
    return (f"CASE WHEN {month} >= 11 THEN {_year_start('v.y + 1')}"
            f" ELSE {_year_start('v.y')} + {_month_start(f'({month} + 1)')} END")


def _part(unit: str, gregorian: str, jalali: str) -> dict[str, type[Dialected]]:
    return {name: operation(f"{name}_{unit}", f"sarnakh_part({{0}}, '{unit}', '{name}')", sql, BigInteger())
            for name, sql in (("gregorian", f"CAST(extract({gregorian} FROM {{0}}) AS BIGINT)"),
                              ("jalali", jalali))}


_PARTS: Final = {
    "year": _part("year", "year", _jalali("v.y + 1200")),
    "quarter": _part("quarter", "quarter", _jalali("v.m / 3 + 1")),
    "month": _part("month", "month", _jalali("v.m + 1")),
    "day": _part("day", "day", _jalali("v.d + 1")),
    "weekday": _part("weekday", "isodow", "CAST(extract(isodow FROM {0}) AS BIGINT)"),
}


def _edges(unit: str, interval: str, first: str, last: str) -> dict[tuple[str, str], type[Dialected]]:
    """Operations for the first and the last day of a period, by calendar and edge."""
    started = f"date_trunc('{unit}', CAST({{0}} AS TIMESTAMP))"
    forms = {
        ("gregorian", "first"): f"CAST({started} AS DATE)",
        ("gregorian", "last"): f"CAST({started} + INTERVAL '{interval}' - INTERVAL '1 day' AS DATE)",
        ("jalali", "first"): _jalali(f"{_EPOCH} + ({first})"),
        ("jalali", "last"): _jalali(f"{_EPOCH} + ({last}) - 1"),
    }
    return {(name, edge): operation(f"{name}_{unit}_{edge}", f"sarnakh_{edge}({{0}}, '{unit}', '{name}', 0)", sql,
                                     Date())
            for (name, edge), sql in forms.items()}


_QUARTER: Final = "(v.m / 3 * 3)"
_PERIODS: Final = {
    "month": _edges("month", "1 month", "v.n - v.d", _after("v.m")),
    "quarter": _edges("quarter", "3 months", f"{_year_start('v.y')} + {_month_start(_QUARTER)}",
                      _after(f"({_QUARTER} + 2)")),
    "year": _edges("year", "1 year", _year_start("v.y"), _year_start("v.y + 1")),
}
_WEEKS: Final = {
    edge: operation(
        f"week_{edge}", f"sarnakh_{edge}({{0}}, 'week', 'gregorian', {{1}})",
        f"(SELECT v.d - mod(CAST(extract(isodow FROM v.d) AS INTEGER) + 6 - {{1}}, 7) + {days}"
        " FROM (SELECT {0} AS d OFFSET 0) AS v)", Date())
    for edge, days in (("first", 0), ("last", 6))
}

_TARGET: Final = "(v.y * 12 + v.m + CAST(v.k AS INTEGER))"
_TARGET_START: Final = f"({_year_start('t / 12')} + {_month_start('mod(t, 12)')})"
_TARGET_DAYS: Final = ("CASE WHEN mod(t, 12) < 6 THEN 31 WHEN mod(t, 12) < 11 THEN 30"
                       f" ELSE {_year_start('t / 12 + 1')} - {_year_start('t / 12')} - 336 END")
_ADD_MONTHS: Final = {
    "gregorian": operation(
        "gregorian_add_months", "sarnakh_add_months({0}, {1}, 'gregorian')",
        "(SELECT CASE WHEN extract(year FROM v.d) * 12 + extract(month FROM v.d) - 1 + v.n BETWEEN 12 AND 119999"
        f" AND abs(v.n) <= {MAX_MONTHS}"
        " THEN CAST(v.d + make_interval(months => CAST(v.n AS INTEGER)) AS DATE) END"
        " FROM (SELECT {0} AS d, {1} AS n OFFSET 0) AS v)", Date()),
    "jalali": operation(
        "jalali_add_months", "sarnakh_add_months({0}, {1}, 'jalali')",
        f"(SELECT {_EPOCH} + {_TARGET_START} + least(d, ({_TARGET_DAYS}) - 1) FROM "
        + _jalali(f"CASE WHEN abs(v.k) <= {MAX_MONTHS} THEN {_TARGET} END AS t, v.d", ", {1} AS k")
        + f" AS r WHERE t BETWEEN 0 AND {302 * 12 - 1})", Date()),
}


def part_sql(day: ColumnElement[Any], unit: str, calendar: str) -> ColumnElement[Any]:
    """:func:`core.expressions.moments.part` in SQL."""
    return _PARTS[unit][calendar](day)


def edge_sql(day: ColumnElement[Any], unit: str, edge: str, calendar: str, week_start: int) -> ColumnElement[Any]:
    """The "first" or "last" day of the period (:func:`core.expressions.moments.bounds`) in SQL."""
    if unit == "week":
        return _WEEKS[edge](day, literal(week_start, Integer()))
    return _PERIODS[unit][calendar, edge](day)


def add_months_sql(day: ColumnElement[Any], months: ColumnElement[Any], calendar: str) -> ColumnElement[Any]:
    """:func:`core.expressions.moments.add_months` in SQL."""
    return _ADD_MONTHS[calendar](day, months)


def zone_bind(name: str) -> ColumnElement[Any]:
    """A time zone's name as a bound value."""
    return literal(name, String())
