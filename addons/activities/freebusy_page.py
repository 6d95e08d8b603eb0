"""Who is free: a page with a day of several people side by side, and the short answer beside the participants in a form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from core.api import Env, SarnakhError, _, direction
from core.web_api import Action, FieldView, FormPage, Option, RecordForm, Request, Response, Section, record_url, text, with_query

from . import freebusy
from .doing import ACTIVITY, URL
from .freebusy import Busy, Person
from .shifting import FAR

PAGE = f"{URL}/free"
WIDTH, HEIGHT = 1000, 30
HOUR = dt.timedelta(hours=1)
LONGEST = dt.timedelta(days=14)


@dataclass
class Line:
    """One person on the page."""

    name: str
    svg: str
    said: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class FreePage:
    """What the template draws."""

    title: str
    filters: FormPage
    scale: str = ""
    lines: list[Line] = field(default_factory=list)
    next: str = ""
    next_url: str = ""
    errors: list[str] = field(default_factory=list)


def show(env: Env, request: Request) -> Response:
    """The page; people, day and length stand in its address."""
    env.require("read", ACTIVITY)
    users = request.ids("people") or [env.actor.id or 0]
    minutes = min(max(request.arg_int("minutes", 60), 5), 24 * 60)
    errors = []
    try:
        day = env.format.parse_date(request.arg("day")) if request.arg("day") else env.today
    except ValueError as error:
        day = env.today
        errors.append(env.t(error.args[0]))
    if abs(day - env.today) > FAR:
        day = env.today
        errors.append(env.t(_("This day is too far away.")))
    page = FreePage(env.t(_("Who is free?")), _filters(env, request, users, day, minutes), errors=errors)
    try:
        _answer(env, page, users, day, dt.timedelta(minutes=minutes))
    except SarnakhError as error:
        page.errors.append(env.t(error.message))
    return request.render("activities/free.html", page, title=page.title, active=PAGE)


def _filters(env: Env, request: Request, users: Sequence[int], day: dt.date, minutes: int) -> FormPage:
    chosen = env.labels("base.user", users)
    people = RecordForm(env, request, ACTIVITY, ["participants"]).fields()
    for one in people:
        one.name, one.label = "people", env.t(_("People"))
        one.selected = [Option(str(key), chosen[key], selected=True) for key in users if key in chosen]
    fields = [*people, FieldView("day", env.t(_("Day")), "date", env.format.date(day, "short")),
              text(env, request, "minutes", _("Minutes"), str(minutes), "integer", min="5", max="1440")]
    return FormPage("", PAGE, [Section("main", columns=3, fields=fields)], method="get", actions=[Action(env.t(_("Show")), kind="submit")])


def _answer(env: Env, page: FreePage, users: Sequence[int], day: dt.date, length: dt.timedelta) -> None:
    begin = dt.datetime.combine(day, dt.time(), env.tz).astimezone(dt.UTC)
    end = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), env.tz).astimezone(dt.UTC)
    known = freebusy.people(env, users, begin, end)
    rtl = direction(env.lang) == "rtl"
    page.lines = [Line(one.name, _drawn(one, begin, end, rtl), [_told(env, b) for b in one.busy]) for one in known]
    page.scale = _scale(env, begin, end, rtl)
    at = freebusy.next_free(env, [p.user for p in known], max(begin, env.now), length)
    if at is not None:
        page.next = env.t(_("Next time at which all are free: {when}", when=env.format.datetime(at)))
        if env.can("create", ACTIVITY):
            page.next_url = with_query(f"/r/{ACTIVITY}/new", [
                ("kind", "meeting"), ("starts_at", at.isoformat()), ("ends_at", (at + length).isoformat()),
                *(("participants", str(p.user)) for p in known if p.user != env.actor.id)])
    else:
        page.next = env.t(_("There is no time within 30 days at which all are free."))


def _place(at: dt.datetime, begin: dt.datetime, end: dt.datetime) -> float:
    return round(WIDTH * ((at - begin) / (end - begin)), 1)


def _rect(begins: dt.datetime, ends: dt.datetime, begin: dt.datetime, end: dt.datetime, rtl: bool, kind: str) -> Markup:
    one, two = _place(begins, begin, end), _place(ends, begin, end)
    x = WIDTH - two if rtl else one
    return Markup('<rect class="free-{}" x="{}" y="0" width="{}" height="{}" rx="3"/>').format(kind, x, max(two - one, 2), HEIGHT)


def _drawn(one: Person, begin: dt.datetime, end: dt.datetime, rtl: bool) -> Markup:
    marks = [_rect(a, b, begin, end, rtl, "hours") for a, b in one.hours]
    marks += [_rect(b.begins, b.ends, begin, end, rtl, "away" if b.away else "busy") for b in one.busy]
    return Markup('<svg class="free-line" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true">{}</svg>').format(
        WIDTH, HEIGHT, Markup("").join(marks))


def _scale(env: Env, begin: dt.datetime, end: dt.datetime, rtl: bool) -> Markup:
    marks = []
    for hour in range(0, 24, 3):
        x = _place(begin + HOUR * hour, begin, end)
        marks.append(Markup('<text x="{}" y="14">{}</text>').format(WIDTH - x if rtl else x, env.format.time(begin + HOUR * hour)))
    return Markup('<svg class="free-scale" viewBox="0 0 {} 18" aria-hidden="true">{}</svg>').format(WIDTH, Markup("").join(marks))


def _told(env: Env, busy: Busy) -> tuple[str, str]:
    """What is said of a time, and the address of the activity for those who may see it."""
    when = f"{env.format.time(busy.begins)}–{env.format.time(busy.ends)}"
    if busy.key is not None:
        return env.t(_("{when}: {subject}", when=when, subject=busy.subject)), record_url(ACTIVITY, busy.key)
    return env.t(_("{when}: away", when=when) if busy.away else _("{when}: busy", when=when)), ""


# ---------------------------------------------------------------- beside the participants
NAMES = ("owner", "co_owners", "participants", "all_day", "starts_at", "ends_at", "duration")


def beside(env: Env, request: Request) -> Response:
    """What a form that is being filled in makes of people's time: a fragment, empty while it has no time or one person."""
    env.require("read", ACTIVITY)
    values = {}
    for name, typed in RecordForm(env, request, ACTIVITY, NAMES).values().items():
        try:
            values[name] = env.registry.record(ACTIVITY).field(name).clean(typed, env) if typed not in (None, "", []) else None
        except ValueError:
            values[name] = None
    key = request.value_int("key") or None
    start, end = values.get("starts_at"), values.get("ends_at")
    people = [int(u) for name in NAMES[:3] for u in _listed(values.get(name))]
    if values.get("all_day") or start is None or len(set(people)) < 2 or abs(start - env.now) > FAR:
        return request.text("")
    length = min(end - start if end and end > start else _length(values.get("duration")), LONGEST)
    return request.render_fragment("activities/beside.html", None, **said(env, list(dict.fromkeys(people)), start, length, key))


def _listed(value: Any) -> list[Any]:
    if value in (None, ""):
        return []
    found = value if isinstance(value, (list, tuple)) else [value]
    return [getattr(one, "id", one) for one in found if str(getattr(one, "id", one)).isdecimal()]


def _length(value: Any) -> dt.timedelta:
    if isinstance(value, dt.timedelta) and value:
        return value
    return dt.timedelta(seconds=value) if isinstance(value, int) and value > 0 else HOUR


def said(env: Env, users: Sequence[int], start: dt.datetime, length: dt.timedelta, key: int | None) -> dict[str, Any]:
    """For each person whether they are free at a time, and when all are next."""
    end = start + length
    known = freebusy.people(env, users, start - HOUR, end + HOUR, key)
    lines = []
    for one in known:
        why = freebusy.problems(one, start, end)
        lines.append((one.name, [_told(env, b)[0] if b.subject or b.away or b in one.busy else env.t(_("outside working hours"))
                                 for b in why]))
    at = None
    if any(why for _name, why in lines):
        at = freebusy.next_free(env, users, max(start, env.now), length, key)
    local = start.astimezone(env.tz)
    url = with_query(PAGE, [*(("people", str(u)) for u in users), ("day", local.date().isoformat()),
                            ("minutes", str(int(length.total_seconds() // 60)))])
    return {"lines": lines, "next": env.format.datetime(at) if at else "", "url": url, "free": not any(why for _name, why in lines)}
