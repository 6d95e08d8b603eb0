"""Pages of activities, under `/x/activities`."""

from __future__ import annotations

from core.api import Env, SarnakhError, _
from core.web_api import Pages, Request, Response, chosen_ids

from . import figures_page, finishing, sheets, today_page
from .doing import ACTIVITY

pages = Pages("activities")


@pages.route("/today")
def today(env: Env, request: Request) -> Response:
    """The day's work."""
    return today_page.show(env, request)


@pages.route("/done", methods=("GET", "POST"))
def done(env: Env, request: Request) -> Response:
    """What came of activities, and what follows."""
    env.require("update", ACTIVITY)
    return sheets.done(env, request)


@pages.route("/<int:key>/done", methods=("POST",))
def done_at_once(env: Env, request: Request, key: int) -> Response:
    """Done, and nothing more to say."""
    env.require("update", ACTIVITY)
    return sheets.back(env, request, finishing.told(finishing.finish(env, [key])))


@pages.route("/log/<any(task, call, meeting, email, note):kind>", methods=("GET", "POST"))
def log(env: Env, request: Request, kind: str) -> Response:
    """Write down what was done without a plan."""
    return sheets.log(env, request, kind)


@pages.route("/snooze", methods=("GET", "POST"))
def snooze(env: Env, request: Request) -> Response:
    """Put activities off."""
    env.require("update", ACTIVITY)
    return sheets.snooze(env, request)


@pages.route("/reschedule", methods=("GET", "POST"))
def reschedule(env: Env, request: Request) -> Response:
    """Move activities to a day or by some days."""
    env.require("update", ACTIVITY)
    return sheets.reschedule(env, request)


@pages.route("/plan", methods=("GET", "POST"))
def plan(env: Env, request: Request) -> Response:
    """The same activity about each of the chosen records."""
    record = request.value("record") or request.arg("record")
    if record not in env.registry.records:
        raise SarnakhError(_("Choose records in a list first."))
    ids = chosen_ids(env, request, env.registry.record(record), "read") if request.posted else request.ids()
    return sheets.plan(env, request, record, ids)


@pages.route("/figures")
def figures(env: Env, request: Request) -> Response:
    """What was done, is planned and is overdue, by person and kind."""
    env.require("read", ACTIVITY)
    return figures_page.show(env, request)
