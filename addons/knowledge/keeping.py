"""Pages of the help centre as visitors get them, kept in memory while nothing that they show has changed.

Every change of an article, a category or an audience raises a counter of the database (`touched`), which each request reads
anyway. A page is kept for the site's visitor of a language, for this counter and the one of permissions: it is given again
only while both are what they were, in every process.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from core.api import ChangeSet, Env
from core.web_api import Request

from .choices import ARTICLE, ATTACHMENT, AUDIENCE, CATEGORY

COUNTER = "knowledge"
SHOWN = frozenset({ARTICLE, ATTACHMENT, AUDIENCE, CATEGORY, "base.file"})
MOST = 200
"""Pages for each language; when there are more all are forgotten."""


@dataclass(frozen=True)
class Kept:
    """A page, when what it shows was published, whether search engines may list it, and whose look is counted."""

    html: str
    modified: dt.datetime | None
    index: bool
    article: int


def touched(env: Env, changes: ChangeSet) -> None:
    """Tell every process that pages may show something else now."""
    if any(c.record in SHOWN for c in changes.changes):
        env.installation.bump(env, COUNTER)


def recall(env: Env, request: Request) -> Kept | None:
    """The page at this address, if it is kept for this visitor."""
    pages = _pages(env, request)
    return None if pages is None else pages.get((request.base_url, request.path))


def remember(env: Env, request: Request, page: Kept) -> None:
    """Keep a page."""
    pages = _pages(env, request)
    if pages is not None:
        if len(pages) >= MOST:
            pages.clear()
        pages[request.base_url, request.path] = page


def _pages(env: Env, request: Request) -> dict[tuple[str, str], Kept] | None:
    """Where pages are kept for this request; None for people, and for addresses with a query."""
    if env.actor.id is not None or env.counters is None or request.args():
        return None
    stamp = (env.counters.get(COUNTER), env.counters.get("access"))
    return env.registry.memo.slot(("knowledge.pages", env.actor.lang), env.actor, stamp)  # type: ignore[return-value]
