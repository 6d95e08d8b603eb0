"""Addresses of single blocks, fetched when they come into sight or their list is turned over."""

from __future__ import annotations

from core.env import Env
from core.errors import NotFound
from core.i18n.messages import _
from core.web import brand, lists, record_page
from core.web.blocks.draw import drawn
from core.web.blocks.home_page import block_of_home
from core.web.blocks.shown import Shown
from core.web.pages import Pages
from core.web.request import Request, Response
from core.web.urls import list_url, record_url
from core.web.viewmodels import Crumb, Panel, ReportPage

pages = Pages("blocks")


@pages.route("/r/<record>/<int:key>/block/<name>")
def of_record(env: Env, request: Request, record: str, key: int, name: str) -> Response:
    """A block of a record's page."""
    rtype = lists.record_type(env, record)
    block = record_page.block_of(env, rtype, key, name)
    name_of = env.labels(record, [key]).get(key, f"#{key}")
    crumbs = [Crumb(env.t(rtype.plural), list_url(record)), Crumb(name_of, record_url(record, key))]
    return _answer(request, drawn(env, block, Shown(env, rtype, key, request, request.path, request.arg("after")[:2000])), name_of, crumbs)


@pages.route("/home/block/<name>")
def of_home(env: Env, request: Request, name: str) -> Response:
    """A block of the reader's home page."""
    block = block_of_home(env, name)
    if block is None:
        raise NotFound
    shown = Shown(env, request=request, url=request.path, token=request.arg("after")[:2000])
    return _answer(request, drawn(env, block, shown), env.t(_("Home")), [Crumb(env.t(_("Home")), "/")])


@pages.route("/picture/<name>")
def picture(env: Env, request: Request, name: str) -> Response:
    """A picture that texts of this installation show."""
    found = brand.picture(env.registry, name)
    if found is None:
        raise NotFound
    return request.file(found[0], name, found[1], inline=True)


def _answer(request: Request, found: list[Panel], title: str, crumbs: list[Crumb]) -> Response:
    """A fragment for scripts, a page without them."""
    if request.fragment:
        return request.render_fragment("fragments/panel.html", found)
    return request.render("report.html", ReportPage(title, panels=found), title=title, crumbs=crumbs)
