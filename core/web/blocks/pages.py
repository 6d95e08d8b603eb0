"""Addresses of single blocks, fetched when they come into sight or their list is turned over."""

from __future__ import annotations

from core.env import Env
from core.errors import NotFound
from core.web import brand, lists, record_page
from core.web.blocks.draw import drawn
from core.web.blocks.home_page import block_of_home
from core.web.blocks.shown import Shown
from core.web.pages import Pages
from core.web.request import Request, Response
from core.web.urls import record_url
from core.web.viewmodels import Panel

pages = Pages("blocks")


@pages.route("/r/<record>/<int:key>/block/<name>")
def of_record(env: Env, request: Request, record: str, key: int, name: str) -> Response:
    """A block of a record's page."""
    rtype = lists.record_type(env, record)
    block = record_page.block_of(env, rtype, key, name)
    if not request.fragment:
        return request.redirect(record_url(record, key))
    return _answer(request, drawn(env, block, Shown(env, rtype, key, request, request.path, request.arg("after")[:2000])))


@pages.route("/home/block/<name>")
def of_home(env: Env, request: Request, name: str) -> Response:
    """A block of the reader's home page."""
    block = block_of_home(env, name)
    if block is None:
        raise NotFound
    if not request.fragment:
        return request.redirect("/")
    return _answer(request, drawn(env, block, Shown(env, request=request, url=request.path, token=request.arg("after")[:2000])))


@pages.route("/picture/<name>")
def picture(env: Env, request: Request, name: str) -> Response:
    """A picture that texts of this installation show."""
    found = brand.picture(env.registry, name)
    if found is None:
        raise NotFound
    return request.file(found[0], name, found[1], inline=True)


def _answer(request: Request, found: list[Panel]) -> Response:
    return request.render_fragment("fragments/panel.html", found)
