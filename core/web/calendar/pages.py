"""Addresses of calendars: the calendar itself, something new in an empty place, moving and resizing."""

from __future__ import annotations

import datetime as dt
from typing import Any

from core.env import Env
from core.errors import AccessDenied, Conflict, NotFound, SarnakhError, ValidationFailed
from core.i18n.messages import _
from core.web import lists
from core.web.calendar import entries, face
from core.web.calendar.face import Calendaring
from core.web.calendar.fields import When
from core.web.calendar.moves import HOUR, MORNING, handed, moved, read_moment, resized, said, to_whole, write
from core.web.pages import Pages
from core.web.record_forms import WITH, quick_form
from core.web.refusals import refusal
from core.web.request import Request, Response
from core.web.viewmodels import Action

pages = Pages("calendars")


@pages.route("/r/<record>/calendar")
def show(env: Env, request: Request, record: str) -> Response:
    """A calendar, or for scripts what changes in it from day to day."""
    rtype = lists.record_type(env, record)
    model = face.page(env, request, rtype)
    if request.fragment:
        return request.render_fragment("fragments/calendar.html", model)
    primary = Action(env.t(rtype.label), model.create_url, "plus-lg", style="primary", shortcut="c",
                     title=env.t(_("Create {record}", record=rtype.label))) if model.can_create else None
    return request.render("calendar.html", model, title=model.title, active=record, primary=primary)


# ---------------------------------------------------------------- something new
@pages.route("/r/<record>/calendar/new")
def new(env: Env, request: Request, record: str) -> Response:
    """Quick create with the days, hours and person of the place that was chosen."""
    rtype = lists.record_type(env, record)
    env.require("create", record)
    made = face.prepare(env, rtype, request.args())
    begin, end = read_moment(request.arg("begin")), read_moment(request.arg("end"))
    args = _begun(env, made, begin if begin is not None else made.span.day, end)
    person = request.arg("person")
    if made.when.people is not None and person.isdecimal():
        args.append((made.when.people.name, person))
    return quick_form(env, request, rtype, [*args, (WITH, ",".join(n for n, _text in args))])


def _begun(env: Env, made: Calendaring, begin: dt.date, end: dt.date | None) -> list[tuple[str, str]]:
    """The fields that say when, as texts that the form would be typed with."""
    when = made.when
    if when.timed and (isinstance(begin, dt.datetime) or when.day is None):
        start = begin if isinstance(begin, dt.datetime) else dt.datetime.combine(begin, MORNING)
        until = end if isinstance(end, dt.datetime) and end > start else start + HOUR
        return [(f.name, f"{d:%Y-%m-%d %H:%M}") for f, d in ((when.start, start), (when.end, until)) if f is not None]
    days = _days(when, begin, end)
    flag = [(when.all_day.name, "1")] if when.all_day is not None else []
    return [*((name, day.isoformat()) for name, day in days), *flag]


def _days(when: When, begin: dt.date, end: dt.date | None) -> list[tuple[str, dt.date]]:
    first, last = (when.day, when.last_day) if when.timed else (when.start, when.end)
    day = begin.date() if isinstance(begin, dt.datetime) else begin
    until = end.date() if isinstance(end, dt.datetime) else end
    return [(f.name, d) for f, d in ((first, day), (last, max(day, until or day))) if f is not None]


# ---------------------------------------------------------------- moving
@pages.route("/r/<record>/calendar/move", methods=("POST",))
def move(env: Env, request: Request, record: str) -> Response:
    """Let an entry begin or end at another time, or give it to another person."""
    made = face.prepare(env, lists.record_type(env, record), request.args())
    key, when = request.value_int("id"), made.when
    row = _row(made, key)
    try:
        with request.attempt():
            write(env, made.rtype, when, row, request.value("was"), _values(request, made, row))
    except (ValidationFailed, AccessDenied, Conflict, SarnakhError) as error:
        names = [f.name for f in when.placing()]
        text, status = refusal(env, made.rtype, error, *names)
        return request.json({"message": text}, status)
    return request.json({"message": env.t(_("Moved to {when}.", when=said(env, when, _again(made, key, row)))), "batch": env.batch})


def _values(request: Request, made: Calendaring, row: dict[str, Any]) -> dict[str, Any]:
    env, when = made.env, made.when
    begin, end = read_moment(request.value("begin")), read_moment(request.value("end"))
    if not request.value("begin") and not request.value("end") or begin is None and end is None:
        raise SarnakhError(_("Say where to move it."))
    if begin is None:
        assert end is not None
        return resized(env, when, row, end)
    whole = request.value("whole") and not isinstance(begin, dt.datetime)
    values = to_whole(env, when, row, begin) if whole else moved(env, when, row, begin)
    return values | handed(when, row, request.value_int("from"), request.value_int("person"))


def _row(made: Calendaring, key: int) -> dict[str, Any]:
    """An entry as it is now; NotFound when it may not be seen."""
    rows = made.env.query(made.rtype.name).with_ids([key]).archived(None).select(
        *entries.paths(made.env, made.rtype, made.when)).rows()
    if not rows:
        raise NotFound
    return rows[0]


def _again(made: Calendaring, key: int, row: dict[str, Any]) -> dict[str, Any]:
    """The entry after it was moved; as it was, when it left the mover's sight by that."""
    try:
        return _row(made, key)
    except NotFound:
        return row
