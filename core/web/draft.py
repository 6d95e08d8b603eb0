"""A look at a page before its layout is kept: the real page of a record type, for another profile, to be seen only."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import flask
from werkzeug.test import EnvironBuilder

from core.env import Env
from core.errors import NotFound
from core.layouts.store import load_changes
from core.registry.registry import Registry
from core.security.both import BothAccess
from core.security.grants import Profile
from core.web import list_pages, record_forms, record_pages
from core.web.board import pages as board_pages
from core.web.calendar import pages as calendar_pages
from core.web.request import Request, Response
from core.web.urls import list_url, record_url

View = Callable[..., Response]
RECORD_KINDS = ("form", "card", "print")


def draft_page(env: Env, request: Request, record: str, kind: str, owner: str, data: dict[str, Any], *, key: int = 0,
               profile: Profile | None = None, lang: str = "") -> Response:
    """The page that the layout `kind` draws, with `data` as the changes of `owner`, for a `profile` and in a language.

    It is made as for a GET, whatever `request` is, from records that the asking person may see, with the fields that this
    person and the profile may both see. `key` is the record shown; NotFound where the kind needs one and there is none.
    """
    load_changes(data)
    seen = _looking(env, env.registry.with_customising("layout", f"{record}|{kind}|{owner}", data), profile, lang)
    example = key or example_of(seen, record)
    if kind in RECORD_KINDS and not example:
        raise NotFound
    if kind in ("form", "print"):
        one: View = record_pages.show if kind == "form" else record_pages.on_paper
        return one(seen, _get(request, seen, record_url(record, example)), record, example)
    if kind == "card":
        card: View = record_pages.card
        return card(seen, _get(request, seen, f"/card/{record}/{example}", "card"), record, example)
    views: dict[str, tuple[View, str]] = {
        "quick": (record_forms.quick, "/quick"), "kanban": (board_pages.show, "/board"), "calendar": (calendar_pages.show, "/calendar")}
    view, path = views.get(kind, (list_pages.show, ""))
    return view(seen, _get(request, seen, list_url(record) + path), record)


def example_of(env: Env, record: str) -> int:
    """The newest record that one may see, 0 when there is none."""
    found = env.query(record).order("-id").ids(limit=1) if env.can("read", record) else []
    return found[0] if found else 0


def _looking(env: Env, registry: Registry, profile: Profile | None, lang: str) -> Env:
    """The same transaction as the profile would have it, over another registry; never more than the asking person may."""
    changes: dict[str, Any] = {}
    if profile is not None:
        changes |= {"profile": profile, "is_super": False}
    if lang and lang != env.lang:
        changes |= {"lang": lang, "digits": "arabext" if lang == "fa" else "latn"}
    actor = dataclasses.replace(env.actor, **changes)
    made = Env(env.installation, env.connection, registry, actor, lang=lang or env.lang, now=env.now)
    if profile is not None:
        made.access = BothAccess(env.access, made.access)
    return made


def _get(request: Request, env: Env, path: str, fragment: str = "") -> Request:
    """A request of the same person that only looks."""
    headers = [("X-Fragment", fragment)] if fragment else []
    raw = flask.Request(EnvironBuilder(path=path, method="GET", headers=headers).get_environ())
    made = Request(request.site, raw, request.route, request.cookie)
    made.session, made.env = request.session, env
    return made
