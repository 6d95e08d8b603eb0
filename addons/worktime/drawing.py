"""Days and weeks as they are drawn: bars over the hours of a day, in the reader's language and calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from core.api import Env, Message, _

from . import hours
from .clock import Clock
from .holiday_names import rule_label
from .hours import DAY, Spans

ONE_DAY = dt.timedelta(days=1)


@dataclass
class Bar:
    """Open hours in a day, in minutes; `tail` is what is left of the night before."""

    begins: int
    width: int
    tail: bool = False


@dataclass
class DrawnDay:
    """A day or weekday with its open hours."""

    name: str
    value: str = ""
    detail: str = ""
    bars: list[Bar] = field(default_factory=list)
    text: str = ""
    total: str = ""
    label: str = ""
    closed: bool = False
    today: bool = False
    error: str = ""


def weekday_order(env: Env) -> list[int]:
    """Weekdays (Monday is 0) as the reader's week goes."""
    return [(env.actor.week_start + number) % 7 for number in range(7)]


def first_of_week(env: Env, day: dt.date) -> dt.date:
    """The first day of the week in which a day lies."""
    return day - ONE_DAY * ((day.weekday() - env.actor.week_start) % 7)


def told(env: Env, seconds: float) -> str:
    """A length of working time; never in days, since a working day has no fixed length."""
    whole, minutes = divmod(round(abs(seconds)) // 60, 60)
    if minutes and whole:
        text = env.t(_("{hours} h {minutes} min", hours=env.format.number(whole), minutes=env.format.number(minutes)))
    else:
        text = env.t(_("{minutes} min", minutes=env.format.number(minutes)) if minutes else _("{hours} h", hours=env.format.number(whole)))
    return f"−{text}" if seconds < 0 else text


def shown_hours(env: Env, spans: Sequence[tuple[int, int]]) -> str:
    """Intervals in the reader's digits; a range stays in its direction within right-to-left text."""
    return env.format.list(f"⁦{env.format.time(_clock(begins))}–{env.format.time(_clock(ends)) if ends != DAY else _midnight(env)}⁩"
                           for begins, ends in spans)


def _clock(minutes: int) -> dt.time:
    return dt.time(minutes % DAY // 60, minutes % 60)


def _midnight(env: Env) -> str:
    return f"{env.format.number(24)}:{env.format.time(dt.time(0))[-2:]}"


def bars(own: Spans, before: Spans = ()) -> list[Bar]:
    """The bars of a day: its own intervals until midnight, and what the day before left."""
    made = [Bar(0, ends - DAY, tail=True) for _begins, ends in before if ends > DAY]
    return made + [Bar(begins, min(ends, DAY) - begins) for begins, ends in own]


def week(env: Env, spans: Sequence[Spans], texts: Sequence[str] | None = None, errors: dict[int, Message] | None = None) -> list[DrawnDay]:
    """The weekdays of a week in the reader's order; `texts` are shown instead of what the hours say."""
    names = env.calendar.weekday_names(env.lang)
    made = []
    for day in weekday_order(env):
        error = (errors or {}).get(day)
        made.append(DrawnDay(names[day], str(day), bars=bars(spans[day], spans[day - 1]),
                             text=hours.write(spans[day]) if texts is None else texts[day],
                             total=told(env, hours.seconds(spans[day])) if spans[day] else "", closed=not spans[day],
                             error=env.t(error) if error is not None else ""))
    return made


def days(env: Env, clock: Clock, chosen: Iterable[dt.date]) -> list[DrawnDay]:
    """Days of a clock with the hours that hold on them, as clocks there show them."""
    names, made = env.calendar.weekday_names(env.lang, short=True), []
    for day in chosen:
        own, before = clock.hours(day), clock.hours(day - ONE_DAY)
        rule = clock.rules.get(day)
        made.append(DrawnDay(names[day.weekday()], detail=env.format.date(day, "day"), bars=bars(own, before),
                             text=shown_hours(env, own), total=told(env, hours.seconds(own)) if own else "",
                             label=rule_label(env, rule), closed=not own, today=day == env.today))
    return made
