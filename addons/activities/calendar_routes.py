"""Pages for calendars: files, invitations, reminders, the end of series, who is free, one's own settings."""

from __future__ import annotations

from core.api import Env, NotFound
from core.web_api import Gate, Request, Response

from . import calendar_page, calendar_sheets, feeds, freebusy_page, ical_page, ical_series, ical_write, invitations
from .doing import ACTIVITY
from .routes import pages as pages

READS = Gate(30)
"""How often an address is read in a minute, and how many wrong ones somebody may try."""


@pages.route("/<int:key>/file.ics")
def file(env: Env, request: Request, key: int) -> Response:
    """An activity as a file: with its series when it repeats, unless this one alone is asked for."""
    whole = None if request.arg("one") == "1" else ical_series.content(env, key)
    row = env.query(ACTIVITY).archived(None).with_ids([key]).select(*ical_write.PATHS).rows(1)
    if not row:
        raise NotFound
    body = whole or ical_write.calendar([ical_write.component(row[0])])
    return request.file(body, f"{row[0]['subject'][:60] or 'activity'}.ics", ical_write.TYPE)


@pages.route("/<int:key>/invite", methods=("POST",))
def invite(env: Env, request: Request, key: int) -> Response:
    """Invite the guests: a file to hand over."""
    return request.file(invitations.invite(env, key), "invitation.ics", ical_write.TYPE)


@pages.route("/<int:key>/answer", methods=("GET", "POST"))
def answer(env: Env, request: Request, key: int) -> Response:
    """Answer an invitation from outside by a file."""
    if request.posted and request.has("answer"):
        return request.file(invitations.reply(env, key, request.value("answer")), "answer.ics", ical_write.TYPE)
    return calendar_sheets.answer(env, request, key)


@pages.route("/<int:key>/remind", methods=("GET", "POST"))
def remind(env: Env, request: Request, key: int) -> Response:
    """Be reminded, or reminded again."""
    return calendar_sheets.remind(env, request, key)


@pages.route("/<int:key>/end-series", methods=("GET", "POST"))
def end_series(env: Env, request: Request, key: int) -> Response:
    """Delete this and following activities of a series, or all that are planned."""
    env.require("delete", ACTIVITY)
    return calendar_sheets.end_series(env, request, key)


@pages.route("/import", methods=("GET", "POST"), max_bytes=4_000_000)
def import_file(env: Env, request: Request) -> Response:
    """Take a calendar file, an answer or a cancellation."""
    env.require("create", ACTIVITY)
    return ical_page.show(env, request)


@pages.route("/free")
def free(env: Env, request: Request) -> Response:
    """Who is free on a day, and when all are next."""
    return freebusy_page.show(env, request)


@pages.route("/free/beside", methods=("POST",))
def beside(env: Env, request: Request) -> Response:
    """Beside the participants in a form."""
    return freebusy_page.beside(env, request)


@pages.route("/calendar-settings", methods=("GET", "POST"))
def settings(env: Env, request: Request) -> Response:
    """Usual reminders, and the address for other calendar programs."""
    env.require("read", ACTIVITY)
    return calendar_page.show(env, request)


@pages.route("/feed/<token>.ics", public=True)
def feed(env: Env, request: Request, token: str) -> Response:
    """Somebody's calendar for a calendar program; whoever has the address reads it, and only that."""
    if not READS.lets_in(feeds.digest(token)):
        return _too_many(request)
    try:
        reader = feeds.reader(env, token)
    except NotFound:
        if READS.lets_in(f"address {request.ip}"):
            raise
        return _too_many(request)
    body = feeds.content(reader)
    tag = feeds.tag(body)
    response = request.empty(304) if tag in request.raw.headers.get("If-None-Match", "") else request.file(
        body, "calendar.ics", ical_write.TYPE, inline=True)
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _too_many(request: Request) -> Response:
    response = request.text("", 429)
    response.headers["Retry-After"] = "60"
    return response
