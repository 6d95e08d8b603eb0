"""Articles for other addons: suggestions for a text, and what goes into an answer.

    from addons.knowledge.suggesting import suggest, as_link, as_text

All of it acts for the person in `env`: what they may not read is neither suggested nor inserted.
"""

from __future__ import annotations

import html
from functools import reduce
from operator import or_
from typing import Any

from core.api import Env, F, NotFound, fold

from . import addresses, audience, texts, words
from .choices import ARTICLE, PUBLISHED

COLUMNS = ("title", "summary", "language", "category", "slug", "audience", "group", "published_at")
CANDIDATES = 4
"""How many times as many as asked for are looked at closely."""
IN_TITLE = 0.5
"""What a telling word in the title adds, as a share of the best score."""


def suggest(env: Env, text: str, limit: int = 5, lang: str | None = None) -> list[dict[str, Any]]:
    """Published articles that fit a text, the best first, one per group of translations: rows of id, title, summary,
    language, category, slug, audience, url and score. `lang` is the language wanted (the person's by default); an article
    that is not there in it comes in another. Rare words of the text count more, those in a title once more."""
    return ranked(env, words.telling(text, lang or env.lang), limit, lang or env.lang)


def ranked(env: Env, telling: list[str], limit: int, lang: str, search: str = "") -> list[dict[str, Any]]:
    """Articles by how much of these words they hold; with `search` only such as hold every word of it."""
    reading = audience.reader(env)
    query = reading.query(ARTICLE).where(F.state == PUBLISHED)
    wanted = query.search(search) if search else query
    found = dict(wanted.alike(telling, limit * CANDIDATES))
    if search and not found:  # nothing but words that thousands have: those in titles first, then the newest
        in_title = reduce(or_, (F.title.contains(word) for word in telling))
        newest = [key for one in (wanted.where(in_title), wanted) for key in one.order("-id").ids(limit * CANDIDATES)]
        found = dict.fromkeys(newest, 1.0)
    rows = query.with_ids(found).select(*COLUMNS).rows() if found else []
    best = max(found.values(), default=0.0)
    for row in rows:
        title = fold(row["title"]).split()
        hits = sum(any(w.startswith(word) for w in title) for word in telling)
        row["score"] = found[row["id"]] + best * IN_TITLE * hits / max(len(telling), 1)
        row["url"] = addresses.article(row)
    return one_per_group(sorted(rows, key=lambda r: (-r["score"], -r["id"])), lang)[:limit]


def one_per_group(rows: list[dict[str, Any]], lang: str) -> list[dict[str, Any]]:
    """Of the translations of one article the one in the reader's language, at the place of the best of them."""
    chosen: dict[str, dict[str, Any]] = {}
    for row in rows:
        held = chosen.get(row["group"])
        if held is None or (row["language"] == lang and held["language"] != lang):
            chosen[row["group"]] = row
    return list(chosen.values())


def as_link(env: Env, article_id: int) -> str:
    """An HTML link to an article in the help centre, with its whole address where the settings name the site's."""
    row = _one(env, article_id, *COLUMNS)
    return f'<a href="{html.escape(addresses.absolute(env, addresses.article(row)))}">{html.escape(row["title"], quote=False)}</a>'


def as_text(env: Env, article_id: int) -> str:
    """Title and text of an article as plain text."""
    row = _one(env, article_id, "title", "body")
    return f"{row['title']}\n\n{texts.lines(row['body'])}"


def _one(env: Env, article_id: int, *columns: str) -> dict[str, Any]:
    found = audience.reader(env).query(ARTICLE).where(F.state == PUBLISHED).with_ids([article_id]).select(*columns).rows(1)
    if not found:
        raise NotFound
    return found[0]
