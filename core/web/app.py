"""The web application of one registry: its routes, templates, static files and everything pages share.

Built anew beside the old one when addons change; requests under way keep the application they began with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import flask
import jinja2
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.routing import RequestRedirect

from core import themes
from core.env import Env
from core.installation import REQUIRED, Installation
from core.registry.registry import Registry
from core.security.actor import Actor
from core.web import lifecycle, shell
from core.web.core_pages import CORE_PAGES
from core.web.doors import Door, door_of
from core.web.gate import Gate
from core.web.later import Later
from core.web.pages import Route
from core.web.request import Request
from core.web.static import StaticFiles
from core.web.theme import Themes
from core.web.viewmodels import Action, Crumb, Shell


class Site:
    """What the pages of one registry share."""

    def __init__(self, installation: Installation, registry: Registry, later: Later, gate: Gate) -> None:
        self.installation = installation
        self.registry = registry
        self.later = later
        self.gate = gate
        self.themes = Themes(installation, registry)
        self.static = StaticFiles(registry, self.themes)
        self.addon_styles, self.addon_scripts = (
            [f"{self.static.url(f'addon-{m.name}')}/{p.name}" for m in registry.manifests
             for p in sorted((m.path / "static").glob(pattern))] for pattern in ("*.css", "*.js"))
        self.doors: dict[str, Door] = {}
        self._visitors: dict[str, Actor] = {}

    def styles_of(self, addon: str) -> list[str]:
        """An addon's own style sheets: what a visitor gets on its public pages, and of no other addon."""
        prefix = f"{self.static.url(f'addon-{addon}')}/"
        return [url for url in self.addon_styles if url.startswith(prefix)]

    def visitor(self, lang: str) -> Actor:
        """Somebody who is not signed in, with the digits that go with the language and the settings' time and place."""
        if lang not in self._visitors:
            locale = self.installation.settings.locale
            self._visitors[lang] = Actor(name="anonymous", lang=lang, tz=locale.time_zone, region=locale.country,
                                         calendar=locale.calendar, digits="arabext" if lang == "fa" else "latn")
        return self._visitors[lang]

    def theme_name(self, env: Env) -> str:
        """The theme for a reader."""
        return themes.chosen(env)

    def templates(self, env: Env) -> jinja2.Environment:
        """The templates as a reader sees them."""
        return self.themes.environment(self.theme_name(env), env.lang, env.actor.digits)

    def shell(self, request: Request, *, title: str, crumbs: Sequence[Crumb], primary: Action | None, active: str) -> Shell:
        """The frame of a whole page."""
        made = shell.full(self, request, active or request.path)
        made.title, made.breadcrumbs, made.primary = title, list(crumbs), primary
        return made

    def bare_shell(self, request: Request) -> Shell:
        """The frame of a fragment or an error: no navigation."""
        return shell.bare(self, request)

    def visitor_env(self, raw: flask.Request) -> Env:
        """An env for pages about errors that happened before there was one; it has no open transaction."""
        connection: Any = _Nothing()
        lang = lifecycle.visitor_language(self, raw)
        return Env(self.installation, connection, self.registry, self.visitor(lang), lang=lang)


class _Nothing:
    """Stands for a connection where none may be used."""

    class dialect:
        name = "none"


def make_app(installation: Installation, registry: Registry, later: Later, gate: Gate) -> flask.Flask:
    """The Flask application for a registry."""
    app = flask.Flask("sarnakh", static_folder=None, template_folder=None)
    site = Site(installation, registry, later, gate)
    app.extensions["sarnakh"] = site
    app.config["MAX_FORM_MEMORY_SIZE"] = 5 << 20
    app.config["PROPAGATE_EXCEPTIONS"] = True  # `Stale` must reach the host; the life cycle lets nothing else out
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.add_url_rule("/static/<kind>/<version>/<path:path>", "static", site.static.serve)
    for pages in CORE_PAGES:
        _mount(app, site, pages.routes, "")
    for pages in registry.collected("blueprints", installation=installation):
        _mount(app, site, pages.routes, pages.prefix or ("" if pages.name == REQUIRED else f"/x/{pages.name}"))
        if pages.door is not None:
            site.doors[pages.prefix] = pages.door
    app.register_error_handler(HTTPException, lambda error: _http_error(site, error))
    return app


def _nowhere(env: Env, request: Request) -> Any:
    raise AssertionError("never called")


NOWHERE = Route("/nowhere-at-all", _nowhere, "nowhere", public=True)


def _mount(app: flask.Flask, site: Site, routes: Iterable[Route], prefix: str) -> None:
    for route in routes:
        app.add_url_rule(prefix + route.rule, prefix + route.name, _view(site, route),
                         methods=[*route.methods, *(["OPTIONS"] if route.door else [])],
                         provide_automatic_options=route.door is None)


def _view(site: Site, route: Route) -> Callable[..., flask.Response]:
    def answer(**arguments: Any) -> flask.Response:
        return lifecycle.run(site, route, arguments)
    return answer


def _http_error(site: Site, error: HTTPException) -> Any:
    """No such route, wrong method, too large: the page goes the way of every other, so its frame is complete."""
    if isinstance(error, RequestRedirect):
        return error
    code = 413 if isinstance(error, RequestEntityTooLarge) else (error.code or 500)
    door = door_of(site.doors, flask.request.path)
    response = lifecycle.run_error(site, NOWHERE if door is None else replace(NOWHERE, door=door), code)
    if code == 405 and error.valid_methods:  # type: ignore[attr-defined]  # of MethodNotAllowed
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))  # type: ignore[attr-defined]
    return response
