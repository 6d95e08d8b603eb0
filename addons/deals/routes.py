"""Pages of deals, under `/x/deals`: closing, forecast, analysis."""

from __future__ import annotations

from markupsafe import Markup

from core.api import Env, NotFound, SarnakhError, _
from core.web_api import Crumb, Pages, Panel, Request, Response, list_url

from . import adjusting, analysis_page, close_pages, forecast_page
from .figures import unit

pages = Pages("deals")
DEAL = close_pages.DEAL


@pages.route("/<int:key>/<any(won, lost):status>", methods=("GET", "POST"))
def close_one(env: Env, request: Request, key: int, status: str) -> Response:
    """Close one deal."""
    env.get(DEAL, key, "status")
    return close_pages.show(env, request, [key], status, f"/x/deals/{key}/{status}")


@pages.route("/close/<any(won, lost):status>", methods=("GET", "POST"))
def close_many(env: Env, request: Request, status: str) -> Response:
    """Close several deals for one reason."""
    ids = env.visible_ids(DEAL, request.ids())
    if not ids:
        raise NotFound(_("Choose deals in the list first."))
    if len(ids) > close_pages.MOST:
        raise SarnakhError(_("Choose at most {most} deals at a time.", most=close_pages.MOST))
    return close_pages.show(env, request, ids, status, f"/x/deals/close/{status}")


def _crumbs(env: Env) -> list[Crumb]:
    return [Crumb(env.t(env.registry.record(DEAL).plural), list_url(DEAL))]


@pages.route("/forecast")
def forecast(env: Env, request: Request) -> Response:
    """What a month or quarter comes to."""
    env.require("read", DEAL)
    page, lines, headings = forecast_page.page(env, request)
    title = env.t(_("People"))
    html = request.render_text("deals/forecast_table.html", lines=lines, headings=headings, caption=title)
    page.panels.append(Panel(title, html=Markup(html), wide=True, icon="people",  # noqa: S704 - the text of a template
                             note=env.t(_("Amounts in {unit}. A pen writes your own figure beside what the deals say.", unit=unit(env)))))
    return request.render("report.html", page, title=page.title, crumbs=_crumbs(env), active=forecast_page.URL)


@pages.route("/forecast/adjust", methods=("GET", "POST"))
def adjust(env: Env, request: Request) -> Response:
    """A manager's own figure over a line."""
    env.require("read", DEAL)
    return adjusting.show(env, request)


@pages.route("/analysis")
def analysis(env: Env, request: Request) -> Response:
    """What the history of deals tells."""
    env.require("read", DEAL)
    page = analysis_page.page(env, request)
    return request.render("report.html", page, title=page.title, crumbs=_crumbs(env), active=analysis_page.URL)
