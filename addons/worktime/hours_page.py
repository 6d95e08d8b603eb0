"""The page of a calendar's hours: its week to draw and write, a preview of the coming weeks, exceptions, a calculator."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from typing import Any

from core.api import Env, F, Message, ValidationFailed, _
from core.web_api import Action, Crumb, Pages, Request, Response, list_url, record_url

from . import drawing, hours, service
from .choices import CALENDAR, EXCEPTION, INTERVAL
from .clock import Clock
from .drawing import DrawnDay
from .hours import Spans
from .trying import Trial, trial

pages = Pages("worktime")
WEEKS = 5
MOST_EXCEPTIONS = 12


@dataclass
class Line:
    """An exception or a set of holidays, in a few words."""

    text: str
    url: str
    detail: str = ""


@dataclass
class HoursPage:
    """What the page shows."""

    title: str
    url: str
    zone: str
    now: str
    week: list[DrawnDay]
    digest: str
    editable: bool
    weeks: list[list[DrawnDay]] = field(default_factory=list)
    exceptions: list[Line] = field(default_factory=list)
    holidays: list[Line] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    trial: Trial = field(default_factory=Trial)
    errors: list[str] = field(default_factory=list)
    total: str = ""


@pages.route("/hours/<int:key>", methods=("GET", "POST"))
def edit_hours(env: Env, request: Request, key: int) -> Response:
    """Show a calendar, and take a new week for it."""
    calendar = env.get(CALENDAR, key, "name", "time_zone", "holiday_sets")
    clock = service.clock(env, key)
    stored = [hours.write(spans) for spans in clock.week]
    errors: dict[int, Message] = {}
    problems: list[str] = []
    texts, week = None, list(clock.week)
    if request.posted:
        env.require("update", CALENDAR)
        texts = [request.value(f"day{day}") for day in range(7)]
        week = [_read(text, day, errors, clock) for day, text in enumerate(texts)]
        if request.value("was") != _digest(stored):
            texts, week, errors = None, list(clock.week), {}
            problems.append(env.t(_("Somebody changed these hours meanwhile. This is what they are now; your change was not saved.")))
        elif not errors:
            try:
                with request.attempt():
                    save(env, key, clock, week)
            except ValidationFailed as error:
                problems += [env.t(e.message) for e in error.errors]
            else:
                request.flash(env.t(_("Saved.")), undo=env.batch)
                return request.redirect(f"/x/worktime/hours/{key}")
    page = _page(env, calendar, clock, drawing.week(env, week, texts, errors), _digest(stored))
    page.errors, page.trial = problems, trial(env, request, clock)
    page.total = drawing.told(env, sum(hours.seconds(spans) for spans in week))
    return request.render("worktime/hours.html", page, title=page.title, status=422 if errors or problems else 200,
                          active=list_url(CALENDAR), crumbs=[Crumb(env.t(_("Working time calendars")), list_url(CALENDAR)),
                                                             Crumb(calendar.name, record_url(CALENDAR, key))])


def save(env: Env, key: int, clock: Clock, week: list[Spans]) -> None:
    """Write the weekdays that differ."""
    changed = [day for day in range(7) if week[day] != clock.week[day]]
    if not changed:
        return
    rows = env.query(INTERVAL).archived(None).where(F.calendar == key, F.weekday.isin([str(day) for day in changed])).ids()
    env.delete(INTERVAL, rows)
    env.create(INTERVAL, [{"calendar": key, "weekday": str(day), "begins": hours.write_time(begins), "ends": hours.write_time(ends)}
                          for day in changed for begins, ends in week[day]])


def _read(text: str, day: int, errors: dict[int, Message], clock: Clock) -> Spans:
    try:
        return hours.read(text)
    except ValueError as error:
        errors[day] = error.args[0]
        return clock.week[day]


def _digest(texts: list[str]) -> str:
    return hashlib.sha256("|".join(texts).encode()).hexdigest()[:16]


def _page(env: Env, calendar: Any, clock: Clock, week: list[DrawnDay], digest: str) -> HoursPage:
    local = env.now.astimezone(clock.zone)
    opened = clock.is_open(env.now)
    time = env.format.time(local.time())
    page = HoursPage(calendar.name, f"/x/worktime/hours/{calendar.id}", calendar.time_zone,
                     env.t(_("It is {time} there: working time.", time=time) if opened else _("It is {time} there: closed.", time=time)),
                     week, digest, env.can("update", CALENDAR))
    first = drawing.first_of_week(env, local.date())
    page.weeks = [drawing.days(env, clock, [first + dt.timedelta(days=7 * number + day) for day in range(7)]) for number in range(WEEKS)]
    page.exceptions = [_line(env, record) for record in env.query(EXCEPTION).where(
        F.calendar == calendar.id, (F.last_day >= env.today) | (F.last_day.is_null() & (F.first_day >= env.today))).order(
        "first_day").records("name", "kind", "first_day", "last_day", "hours", "weekday", limit=MOST_EXCEPTIONS)]
    page.holidays = [Line(link.label or "", record_url("worktime.holiday_set", link.id)) for link in calendar.holiday_sets]
    if env.can("create", EXCEPTION):
        page.actions = [Action(env.t(_("Add an exception")), f"/r/{EXCEPTION}/new?calendar={calendar.id}", icon="calendar-x")]
    return page


def _line(env: Env, record: Any) -> Line:
    label = env.registry.record(EXCEPTION).field("kind").labels[record.kind]  # type: ignore[attr-defined]
    last = f" – {env.format.date(record.last_day)}" if record.last_day and record.last_day != record.first_day else ""
    spans = hours.read(record.hours)
    more = f": {drawing.shown_hours(env, spans)}" if spans else ""
    return Line(record.name, record_url(EXCEPTION, record.id), f"{env.format.date(record.first_day)}{last} · {env.t(label)}{more}")
