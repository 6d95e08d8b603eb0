"""The calculator beside a calendar: add working time to a moment, measure it between two, day by day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from core.api import Env, Message, SarnakhError, _, latin_digits
from core.web_api import FieldView, Request

from .clock import Clock
from .drawing import ONE_DAY, shown_hours, told
from .holiday_names import rule_label

MOST_STEPS = 40
LONGEST = 10_000_000
"""Hours that are counted at most."""


@dataclass
class Step:
    """What a day adds."""

    day: str
    hours: str
    total: str


@dataclass
class Trial:
    """Inputs and what comes of them."""

    fields: list[FieldView] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    more: bool = False


def trial(env: Env, request: Request, clock: Clock) -> Trial:
    """The calculator with what was asked. Moments are read and told where the reader is."""
    made, wrong = Trial(), dict[str, Message]()
    begins = _moment(env, request.arg("from"), "from", wrong) or env.now.replace(second=0, microsecond=0)
    ends = _moment(env, request.arg("until"), "until", wrong)
    length = _length(env, request.arg("hours"), wrong)
    asked = bool(request.arg("from") or request.arg("until") or request.arg("hours"))
    if asked and not wrong:
        try:
            _answer(env, clock, made, begins, length, ends)
        except SarnakhError as error:
            made.answers.append(env.t(error.message))
    made.fields = [
        FieldView("from", env.t(_("From")), "datetime", request.arg("from") or _typed(env, begins)),
        FieldView("hours", env.t(_("Add working time")), "text", request.arg("hours") or ("" if asked else "6:00"),
                  help=env.t(_("Hours: 6, 6:30 or 90 min."))),
        FieldView("until", env.t(_("Or measure until")), "datetime", request.arg("until"))]
    for one in made.fields:
        one.errors = [env.t(wrong[one.name])] if one.name in wrong else []
    return made


def _typed(env: Env, moment: dt.datetime) -> str:
    return env.format.datetime(moment, "short")


def _moment(env: Env, text: str, name: str, wrong: dict[str, Message]) -> dt.datetime | None:
    try:
        return env.format.parse_datetime(text, env.now) if text else None
    except ValueError as error:
        wrong[name] = error.args[0]
        return None


def _length(env: Env, text: str, wrong: dict[str, Message]) -> int | None:
    """Seconds: a bare number means hours here."""
    bare = latin_digits(text).strip()
    try:
        seconds = float(env.format.parse_number(bare)) * 3600 if bare and not any(c in bare for c in ":") and _is_number(bare) else (
            env.format.parse_duration(bare).total_seconds() if bare else None)
    except ValueError as error:
        wrong["hours"] = error.args[0]
        return None
    if seconds is not None and abs(seconds) > LONGEST * 3600:
        wrong["hours"] = _("That is more than clocks count.")
        return None
    return None if seconds is None else round(seconds)


def _is_number(text: str) -> bool:
    return all(c.isdigit() or c in "+-.,٫−" for c in text)


def _answer(env: Env, clock: Clock, made: Trial, begins: dt.datetime, length: int | None, ends: dt.datetime | None) -> None:
    if length is not None:
        due = clock.add(begins, length)
        made.answers.append(env.t(_("{hours} of working time after {start} is {end}.", hours=told(env, length),
                                    start=env.format.datetime(begins), end=env.format.datetime(due))))
        _steps(env, clock, made, *sorted((begins, due)))
    if ends is not None:
        made.answers.append(env.t(_("From {start} to {end} there is {hours} of working time.", hours=told(env, clock.between(begins, ends)),
                                    start=env.format.datetime(begins), end=env.format.datetime(ends))))
        if length is None:
            _steps(env, clock, made, *sorted((begins, ends)))


def _steps(env: Env, clock: Clock, made: Trial, begins: dt.datetime, ends: dt.datetime) -> None:
    """The days between two moments and what each adds, so that it can be checked by hand."""
    day, last = begins.astimezone(clock.zone).date(), ends.astimezone(clock.zone).date()
    names = env.calendar.weekday_names(env.lang)
    made.more = (last - day).days >= MOST_STEPS
    for _number in range(min((last - day).days + 1, MOST_STEPS)):
        parts = [(max(one, begins), min(two, ends)) for one, two in clock.day_parts(day) if one < ends and two > begins]
        spans = [(_minute(clock, one), _minute(clock, two) or 1440) for one, two in parts]
        label = rule_label(env, clock.rules.get(day))
        name = f"{names[day.weekday()]} {env.format.date(day, 'day')}"
        made.steps.append(Step(name, shown_hours(env, spans) or label or env.t(_("closed")),
                               told(env, sum((two - one).total_seconds() for one, two in parts)) if parts else ""))
        day += ONE_DAY


def _minute(clock: Clock, moment: dt.datetime) -> int:
    wall = moment.astimezone(clock.zone)
    return wall.hour * 60 + wall.minute
