"""Date and time functions of the language: of the user's calendar, time zone and week."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from core.expressions import date_elements, elements, moments
from core.expressions.functions import Function
from core.expressions.moments import DateRange
from core.expressions.sql_value import Sql, bind_whole, constant, divide, multiply
from core.expressions.types import DATE, DATETIME, INTEGER, NUMBER, RANGE, Context
from core.i18n.messages import Message, _

_GROUP = "date"
_RANGES = "range"


def _part(unit: str, doc: Message, example: str) -> Function:
    """A number out of a date."""
    return Function(unit, _GROUP, (("date", "date"),), INTEGER, doc, example,
                    lambda context, day: moments.part(day, unit, context.calendar),
                    lambda context, day: date_elements.part_sql(day.expr, unit, context.calendar))


def _edge(name: str, unit: str, edge: str, doc: Message) -> Function:
    """The first or last day of the period a date is in."""
    def python(context: Context, day: dt.date) -> dt.date | None:
        found = moments.bounds(day, unit, context.calendar, context.week_start)
        return None if found is None else found[0 if edge == "first" else 1]

    return Function(name, _GROUP, (("date", "date"),), DATE, doc, f"{name}(due_on)", python,
                    lambda context, day: date_elements.edge_sql(day.expr, unit, edge, context.calendar,
                                                                context.week_start))


def _today(name: str, days: int, doc: Message) -> Function:
    return Function(name, _GROUP, (), DATE, doc, f"due_on == {name}()",
                    lambda context: moments.add_days(context.today, days), None)


def _minutes_sql(_context: Context, start: Sql, end: Sql) -> Sql:
    return Sql(elements.WholeQuotient(elements.Microseconds(start.expr, end.expr), bind_whole(60_000_000)), INTEGER)


def _hours_sql(_context: Context, start: Sql, end: Sql) -> Sql:
    microseconds = Sql(elements.Microseconds(start.expr, end.expr), INTEGER)
    return divide(microseconds, constant(3_600_000_000, INTEGER))


def _add_hours_sql(_context: Context, value: Sql, hours: Sql) -> Any:
    return elements.AddMinutes(value.expr, multiply(hours, constant(60, INTEGER)).expr)


DATES = (
    _today("today", 0, _("Today, in the time zone of whoever asks.")),
    _today("yesterday", -1, _("Yesterday.")),
    _today("tomorrow", 1, _("Tomorrow.")),
    Function("now", _GROUP, (), DATETIME, _("The present moment."), "due_at < now()",
             lambda context: context.now, None),
    Function("date", _GROUP, (("moment", "date"),), DATE,
             _("The date of a moment in the time zone of whoever asks; of a text like \"2026-01-31\" that day."),
             'date(created_at) == date("2026-01-31")', lambda _context, day: day, lambda _context, day: day),
    Function("add_days", _GROUP, (("date", "date"), ("days", "integer")), DATE,
             _("So many days later (or, with a negative number, before)."), "add_days(created_at, 14) < today()",
             lambda _context, day, days: moments.add_days(day, days),
             lambda _context, day, days: elements.AddDays(day.expr, days.expr)),
    Function("add_months", _GROUP, (("date", "date"), ("months", "integer")), DATE,
             _("The same day so many months of your calendar later, or the last day of a shorter month."),
             "add_months(signed_on, 12)",
             lambda context, day, months: moments.add_months(day, months, context.calendar),
             lambda context, day, months: date_elements.add_months_sql(day.expr, months.expr, context.calendar)),
    Function("add_hours", _GROUP, (("moment", "datetime"), ("hours", "integer")), DATETIME,
             _("So many hours later (or before)."), "add_hours(created_at, 4) < now()",
             lambda _context, value, hours: moments.add_minutes(value, hours * 60), _add_hours_sql),
    Function("add_minutes", _GROUP, (("moment", "datetime"), ("minutes", "integer")), DATETIME,
             _("So many minutes later (or before)."), "add_minutes(created_at, 30) < now()",
             lambda _context, value, minutes: moments.add_minutes(value, minutes),
             lambda _context, value, minutes: elements.AddMinutes(value.expr, minutes.expr)),
    Function("days_between", _GROUP, (("start", "date"), ("end", "date")), INTEGER,
             _("How many days from the first date to the second."), "days_between(created_at, today()) > 30",
             lambda _context, start, end: moments.days_between(start, end),
             lambda _context, start, end: elements.DaysBetween(start.expr, end.expr)),
    Function("hours_between", _GROUP, (("start", "datetime"), ("end", "datetime")), NUMBER,
             _("How many hours from the first moment to the second, with decimals."),
             "hours_between(created_at, answered_at) > 1.5",
             lambda _context, start, end: moments.hours_between(start, end), _hours_sql),
    Function("minutes_between", _GROUP, (("start", "datetime"), ("end", "datetime")), INTEGER,
             _("How many whole minutes from the first moment to the second."),
             "minutes_between(created_at, answered_at) <= 15",
             lambda _context, start, end: moments.minutes_between(start, end), _minutes_sql),
    _part("year", _("The year of the date in your calendar."), "year(signed_on) == year(today())"),
    _part("quarter", _("The quarter (1 to 4) of the date in your calendar."), "quarter(signed_on)"),
    _part("month", _("The month (1 to 12) of the date in your calendar."), "month(birthday) == month(today())"),
    _part("day", _("The day of the month of the date in your calendar."), "day(birthday) == day(today())"),
    _part("weekday", _("The day of the week: 1 is Monday, 7 is Sunday."), "weekday(due_on) == 6"),
    Function("hour", _GROUP, (("moment", "datetime"),), INTEGER,
             _("The hour (0 to 23) of the moment in the time zone of whoever asks."), "hour(created_at) >= 18",
             lambda context, value: value.astimezone(context.tz).hour,
             lambda context, value: elements.LocalHour(value.expr, date_elements.zone_bind(context.tz.key))),
    _edge("start_of_week", "week", "first", _("The first day of the week of the date.")),
    _edge("end_of_week", "week", "last", _("The last day of the week of the date.")),
    _edge("start_of_month", "month", "first", _("The first day of the month of the date in your calendar.")),
    _edge("end_of_month", "month", "last", _("The last day of the month of the date in your calendar.")),
    _edge("start_of_quarter", "quarter", "first", _("The first day of the quarter of the date in your calendar.")),
    _edge("end_of_quarter", "quarter", "last", _("The last day of the quarter of the date in your calendar.")),
    _edge("start_of_year", "year", "first", _("The first day of the year of the date in your calendar.")),
    _edge("end_of_year", "year", "last", _("The last day of the year of the date in your calendar.")),
)


def _range(name: str, args: Sequence[tuple[str, str]], doc: Message, example: str,
           python: Callable[..., DateRange | None]) -> Function:
    return Function(name, _RANGES, tuple(args), RANGE, doc, f"created_at in {example}", python, None)


def _period(name: str, unit: str, steps: int, doc: Message) -> Function:
    return _range(name, (), doc, f"{name}()", lambda context: moments.period(context, unit, steps))


RANGES = (
    _range("this_day", (), _("The whole of today."), "this_day()",
           lambda context: moments.days_range(context, 0, 0)),
    _period("this_week", "week", 0, _("The week of today.")),
    _period("last_week", "week", -1, _("The week before this one.")),
    _period("next_week", "week", 1, _("The week after this one.")),
    _period("this_month", "month", 0, _("The month of today in your calendar.")),
    _period("last_month", "month", -1, _("The month before this one.")),
    _period("next_month", "month", 1, _("The month after this one.")),
    _period("this_quarter", "quarter", 0, _("The quarter of today in your calendar.")),
    _period("last_quarter", "quarter", -1, _("The quarter before this one.")),
    _period("next_quarter", "quarter", 1, _("The quarter after this one.")),
    _period("this_year", "year", 0, _("The year of today in your calendar.")),
    _period("last_year", "year", -1, _("The year before this one.")),
    _period("next_year", "year", 1, _("The year after this one.")),
    _range("last_days", (("count", "constant"),), _("So many days that end with today."), "last_days(7)",
           lambda context, count: moments.days_range(context, 1 - count, 0)),
    _range("next_days", (("count", "constant"),), _("So many days that begin with today."), "next_days(7)",
           lambda context, count: moments.days_range(context, 0, count - 1)),
    _range("days", (("first", "date"), ("last", "date")), _("All days from the first to the last."),
           'days(date("2026-03-21"), today())', lambda _context, first, last: DateRange(first, last)),
)
