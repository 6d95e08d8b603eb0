"""Pages of service under `/x/service`: figures, queues, try it."""

from __future__ import annotations

import datetime as dt

from core.api import ME, Env, F, _
from core.web_api import Crumb, Pages, Request, Response, list_link, list_url

from . import queues_page, reports_page, try_page
from .sla_choices import POLICY, TICKET

pages = Pages("service")


def _crumbs(env: Env) -> list[Crumb]:
    return [Crumb(env.t(_("Tickets")), list_url(TICKET))]


@pages.route("/figures")
def figures(env: Env, request: Request) -> Response:
    """Backlog, times, missed promises, reopened tickets and satisfaction."""
    env.require("read", TICKET)
    page = reports_page.page(env, request)
    return request.render("report.html", page, title=page.title, crumbs=_crumbs(env))


@pages.route("/queues")
def queues(env: Env, request: Request) -> Response:
    """How the queues stand now."""
    env.require("read", TICKET)
    page = queues_page.page(env)
    return request.render("report.html", page, title=page.title, crumbs=_crumbs(env))


@pages.route("/try")
def attempt(env: Env, request: Request) -> Response:
    """Which service level a ticket gets, when it is due, and why."""
    env.require("read", POLICY)
    page = try_page.page(env, request)
    return request.render("report.html", page, title=page.title, crumbs=_crumbs(env))


@pages.route("/escalated")
def escalated(env: Env, request: Request) -> Response:
    """The tickets that the reader was told of since a moment, as a list: where a notice about many leads."""
    env.require("read", TICKET)
    try:
        since = dt.datetime.fromisoformat(request.arg("since"))
    except ValueError:
        since = env.now - dt.timedelta(days=1)
    since = since.replace(tzinfo=since.tzinfo or dt.UTC)
    return request.redirect(list_link(env, TICKET, F.escalation_steps.any((F.at >= since) & F.alerts.any(F.user == ME))))
