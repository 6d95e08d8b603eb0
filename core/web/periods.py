"""Periods of reports in the reader's own calendar: this month, last quarter, the last twelve months, or typed days."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from core.env import Env
from core.i18n.messages import Message, _
from core.web.viewmodels import FieldView, Option

NAMES: dict[str, Message] = {
    "this_month": _("This month"), "last_month": _("Last month"), "this_quarter": _("This quarter"),
    "last_quarter": _("Last quarter"), "next_quarter": _("Next quarter"), "this_year": _("This year"),
    "last_year": _("Last year"), "last_12": _("The last 12 months"), "next_12": _("The next 12 months")}
MOST_MONTHS = 120


@dataclass(frozen=True)
class Period:
    """Days from `first` to `last`, both included. `key` is what stands in the address."""

    key: str
    label: str
    first: dt.date
    last: dt.date

    @property
    def quick(self) -> str:
        """The same as the quick filter of a date column (`list_link(..., filters={"closes": period.quick})`)."""
        return f"{self.first.isoformat()}..{self.last.isoformat()}"


def period(env: Env, key: str, default: str = "this_month") -> Period:
    """The period an address names: a key of `NAMES`, or two typed days with `..` between; else the default."""
    if ".." in key:
        start, _dots, end = key.partition("..")
        try:
            first, last = env.format.parse_date(start), env.format.parse_date(end)
        except ValueError:
            return period(env, default)
        first, last = min(first, last), max(first, last)
        return Period(f"{first.isoformat()}..{last.isoformat()}", f"{env.format.date(first)} – {env.format.date(last)}",
                      first, last)
    key = key if key in NAMES else default
    first, last = _bounds(env, key)
    return Period(key, env.t(NAMES[key]), first, last)


def _bounds(env: Env, key: str) -> tuple[dt.date, dt.date]:
    calendar, today = env.calendar, env.today
    month = calendar.month_bounds(today)
    if key == "last_12":
        return calendar.month_bounds(calendar.add_months(month[0], -11))[0], month[1]
    if key == "next_12":
        return month[0], calendar.month_bounds(calendar.add_months(month[0], 11))[1]
    which, _line, unit = key.partition("_")
    bounds = {"month": calendar.month_bounds, "quarter": calendar.quarter_bounds, "year": calendar.year_bounds}[unit]
    this = bounds(today)
    if which == "last":
        return bounds(this[0] - dt.timedelta(days=1))
    return bounds(this[1] + dt.timedelta(days=1)) if which == "next" else this


def months(env: Env, first: dt.date, last: dt.date) -> list[Period]:
    """The months of the reader's calendar that touch these days, whole ones."""
    found: list[Period] = []
    start = env.calendar.month_bounds(first)[0]
    while start <= last and len(found) < MOST_MONTHS:
        end = env.calendar.month_bounds(start)[1]
        found.append(Period(f"{start.isoformat()}..{end.isoformat()}", env.format.date(start, "month"), start, end))
        start = end + dt.timedelta(days=1)
    return found


def quarters(env: Env, first: dt.date, last: dt.date) -> list[Period]:
    """The quarters of the reader's calendar that touch these days, whole ones."""
    found: list[Period] = []
    start = env.calendar.quarter_bounds(first)[0]
    while start <= last and len(found) < MOST_MONTHS:
        end = env.calendar.quarter_bounds(start)[1]
        year, month, _day = env.calendar.parts(start)
        label = env.t(_("Q{number} {year}", number=env.format.number((month + 2) // 3), year=env.format.date(start, "year")))
        found.append(Period(f"{start.isoformat()}..{end.isoformat()}", label, start, end))
        start = end + dt.timedelta(days=1)
    return found


def period_field(env: Env, chosen: Period, name: str = "period", offered: tuple[str, ...] = tuple(NAMES)) -> FieldView:
    """The select of periods for the filters of a report; it sends its form when it is changed."""
    options = [Option(k, env.t(NAMES[k])) for k in offered]
    if chosen.key not in offered:
        options.insert(0, Option(chosen.key, chosen.label))
    return FieldView(name, env.t(_("Period")), "select", chosen.key, options=options, required=True,
                     attrs={"data-submit": ""})
