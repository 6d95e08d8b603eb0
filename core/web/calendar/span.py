"""Which days a calendar shows, in the reader's own calendar and week, and the way to the days before and after."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from babel import Locale, UnknownLocaleError

from core.env import Env
from core.i18n.calendars import calendar
from core.i18n.messages import _

MODES = {"month": _("Month"), "week": _("Week"), "day": _("Day"), "agenda": _("Agenda")}
AGENDA_DAYS = 28
FIRST, LAST = dt.date(1850, 1, 1), dt.date(2350, 1, 1)
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """The days from `first` to `last`, both shown; `day` is the chosen one among them."""

    mode: str
    day: dt.date
    first: dt.date
    last: dt.date
    previous: dt.date
    next: dt.date
    title: str
    subtitle: str = ""

    def days(self) -> list[dt.date]:
        """All of them."""
        return [self.first + DAY * i for i in range((self.last - self.first).days + 1)]


def span_of(env: Env, mode: str, text: str) -> Span:
    """What an address asks for; nonsense is today, days out of all reason are brought back into it."""
    try:
        day = env.format.parse_date(text[:40], env.now) if text else env.today
    except ValueError:
        day = env.today
    day = min(max(day, FIRST), LAST)
    return {"week": _week, "day": _day, "agenda": _agenda}.get(mode, _month)(env, day)


def _month(env: Env, day: dt.date) -> Span:
    year, month, _number = env.calendar.parts(day)
    grid = env.calendar.month_grid(year, month, env.actor.week_start)
    first, last = env.calendar.month_bounds(day)
    return Span("month", day, grid[0][0], grid[-1][-1], env.calendar.add_months(day, -1), env.calendar.add_months(day, 1),
                env.format.date(day, "month"), _other_months(env, first, last))


def _week(env: Env, day: dt.date) -> Span:
    first, last = env.calendar.week_bounds(day, env.actor.week_start)
    return Span("week", day, first, last, day - 7 * DAY, day + 7 * DAY, _between(env, first, last), _other_months(env, first, last))


def _day(env: Env, day: dt.date) -> Span:
    return Span("day", day, day, day, day - DAY, day + DAY, env.format.date(day, "long"), other_day(env, day, "medium"))


def _agenda(env: Env, day: dt.date) -> Span:
    last = day + DAY * (AGENDA_DAYS - 1)
    return Span("agenda", day, day, last, day - DAY * AGENDA_DAYS, last + DAY, _between(env, day, last), _other_months(env, day, last))


def _between(env: Env, first: dt.date, last: dt.date) -> str:
    """"28 Nov – 4 Dec 2026" with the year once, unless there are two."""
    same = env.calendar.parts(first)[0] == env.calendar.parts(last)[0]
    return f"{env.format.date(first, 'day' if same else 'medium')} – {env.format.date(last, 'medium')}"


def _other_months(env: Env, first: dt.date, last: dt.date) -> str:
    """The months of the other calendar, for those who live with both."""
    if env.actor.calendar != "jalali":
        return ""
    names = [calendar("gregorian").format(d, "month", env.lang, env.actor.digits) for d in (first, last)]
    return " – ".join(dict.fromkeys(names))


def other_day(env: Env, day: dt.date, style: str = "") -> str:
    """A day in the other calendar, small: its number, with the month's name on the first; "" for who reads Gregorian."""
    if env.actor.calendar != "jalali":
        return ""
    if style:
        return calendar("gregorian").format(day, style, env.lang, env.actor.digits)
    if day.day == 1:
        return calendar("gregorian").format(day, "day", env.lang, env.actor.digits)
    return env.format.number(day.day)


def weekend(region: str) -> frozenset[int]:
    """The weekdays on which a country rests (Monday = 0), as the CLDR has them: Friday in Iran, Saturday and Sunday in Turkey."""
    try:
        known = Locale.parse(f"und_{region}")
    except (UnknownLocaleError, ValueError):
        return frozenset({5, 6})
    first, last = known.weekend_start, known.weekend_end
    return frozenset((first + i) % 7 for i in range((last - first) % 7 + 1))


def midnight(env: Env, day: dt.date) -> dt.datetime:
    """When a day begins where the reader is, in UTC."""
    return dt.datetime.combine(day, dt.time(), env.tz).astimezone(dt.UTC)
