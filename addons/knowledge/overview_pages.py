"""Which articles are there in which language: what is missing, and which translations are older than their source."""

from __future__ import annotations

from typing import Any

from core.api import Env, F, _
from core.web_api import Request, Response, with_query

from . import versions
from .choices import ARCHIVED, ARTICLE, LANGUAGE_NAMES, PUBLISHED
from .editor_pages import crumbs
from .editor_pages import pages as pages

PAGE = 50


@pages.route("/translations")
def translations(env: Env, request: Request) -> Response:
    """Published originals by number, with their languages."""
    env.require("create", ARTICLE)
    query = env.query(ARTICLE).where(F.source.is_null(), F.state == PUBLISHED).order("-id").select("title", "language", "group")
    page = query.page(PAGE, request.arg("after") or None)
    groups = [r["group"] for r in page.rows if r["group"]]
    found: dict[str, list[dict[str, Any]]] = {}
    if groups:
        for row in env.query(ARTICLE).where(F.group.isin(groups), F.state != ARCHIVED).select(
                "group", "language", "state", "source", "source_number", "published_number").rows():
            found.setdefault(row["group"], []).append(row)
    rows = [{"id": r["id"], "title": r["title"], "language": r["language"],
             "languages": versions.in_languages(env, r["language"], found.get(r["group"], []))}
            for r in page.rows]
    own = "/x/knowledge/translations"
    model = {"rows": rows, "languages": list(LANGUAGE_NAMES.items()),
             "next": with_query(own, {"after": page.next}) if page.next else "",
             "previous": with_query(own, {"after": page.previous}) if page.previous else ""}
    return request.render("knowledge/translations.html", model, title=env.t(_("Translations")), crumbs=crumbs(env), active=own)
