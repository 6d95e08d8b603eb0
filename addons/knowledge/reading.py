"""What the help centre shows a reader: the tree with what they may read, articles of a category, one article, a search.

Everything is read in the reader's own env (`audience.reader`) among published articles, in a fixed number of statements.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from core.api import Env, F, NotFound, fold

from . import addresses, categories, snippets, suggesting, texts, words
from .categories import Branch
from .choices import ARTICLE, ATTACHMENT, LANGUAGE_NAMES, PUBLISHED

CARD = ("title", "summary", "language", "slug", "group", "published_at", "category")
PAGE = 40
FOUND = 20
LATEST = 6
RELATED = 5
_TERMS = re.compile(r"[\W_]+")


@dataclass
class Card:
    """An article in a list. `pieces` are parts of its text with whether they were searched for."""

    title: str
    url: str
    summary: str = ""
    language: str = ""
    where: str = ""
    pieces: list[tuple[str, bool]] = field(default_factory=list)


@dataclass
class Found:
    """An article as its page shows it."""

    row: dict[str, Any]
    text: texts.Shown
    way: list[Branch]
    translations: list[dict[str, Any]]
    files: list[dict[str, Any]]
    related: list[Card]


def published(env: Env) -> Any:
    """The published articles that a reader may read."""
    return env.query(ARTICLE).where(F.state == PUBLISHED)


def branches(env: Env, lang: str) -> dict[int, Branch]:
    """The tree in a language with the reader's articles counted."""
    rows = published(env).where(F.language == lang).aggregate(["category"], limit=5000)
    return categories.tree(env, lang, {r["category"].id: r["count"] for r in rows if r["category"]})


def roots(found: dict[int, Branch]) -> list[Branch]:
    """The categories of the first page: those with something to read."""
    return [b for b in found.values() if b.count and (b.parent is None or b.parent not in found)]


def card(row: dict[str, Any], lang: str, found: dict[int, Branch] | None = None) -> Card:
    """A row as it stands in lists; its language is named where it is another one."""
    branch = found.get(row["category"].id) if found and row["category"] else None
    return Card(row["title"], addresses.article(row), row["summary"] or "",
                "" if row["language"] == lang else LANGUAGE_NAMES.get(row["language"], ""), branch.name if branch else "")


def first_page(env: Env, lang: str) -> tuple[list[Card], list[Card]]:
    """Chosen articles, and the latest ones."""
    own = published(env).where(F.language == lang).order("-published_at").select(*CARD)
    return ([card(r, lang) for r in own.where(F.featured).page(LATEST).rows], [card(r, lang) for r in own.page(LATEST).rows])


def in_category(env: Env, lang: str, key: int, token: str) -> tuple[list[Card], str | None, str | None, list[Card]]:
    """A page of the articles right in a category, tokens of its neighbours, and what there is in other languages only."""
    query = published(env).where(F.category == key)
    page = query.where(F.language == lang).order("title").select(*CARD).page(PAGE, token or None)
    others = query.where(F.language != lang).order("title").select(*CARD).rows(PAGE)
    groups = [r["group"] for r in others]
    known = {r["group"] for r in published(env).where(F.language == lang, F.group.isin(groups)).select("group").rows()} if groups else set()
    missing = suggesting.one_per_group([r for r in others if r["group"] not in known], lang)
    return [card(r, lang) for r in page.rows], page.previous, page.next, [card(r, lang) for r in missing]


def article(env: Env, key: int) -> Found:
    """A published article with all that its page shows; NotFound for whoever may not read it."""
    rows = published(env).with_ids([key]).select(*CARD, "body", "published_number", "audience", "audience.kind").rows(1)
    if not rows:
        raise NotFound
    row = rows[0]
    with env.elevated("files of an article that the reader may read") as sudo:
        held = sudo.query(ATTACHMENT).where(F.article == key, ~F.in_text).order("id").select("name", "file").rows()
    lang = row["language"]
    found = categories.tree(env, lang, {})
    siblings = published(env).where(F.group == row["group"]).select(*CARD).rows() if row["group"] else []
    branch = row["category"]
    near = published(env).where(F.category == branch.id, F.language == lang, F.id != key).order("-id").select(*CARD).rows(
        RELATED) if branch else []
    names = list(LANGUAGE_NAMES)
    return Found(row, texts.shown(row["body"], lambda number: addresses.file(key, number)),
                 categories.way(found, branch.id if branch else None),
                 sorted(siblings, key=lambda r: names.index(r["language"]) if r["language"] in names else 9),
                 [r for r in held if r["file"]], [card(r, lang) for r in near])


def search(env: Env, lang: str, text: str) -> list[Card]:
    """The best articles that hold all words, in the reader's language where there is one, with the place in the text."""
    terms = _TERMS.sub(" ", fold(text[:200])).split()[:8]
    rows = suggesting.ranked(env, terms, FOUND, lang, search=text) if terms else []
    bodies = {r["id"]: r for r in published(env).with_ids(r["id"] for r in rows).select("body").rows()} if rows else {}
    found = categories.tree(env, lang, {}) if rows else {}
    made = []
    for row in rows:
        one = card(row, lang, found)
        plain = texts.plain(env, bodies[row["id"]]["body"])
        one.pieces = snippets.snippet(plain, terms)
        made.append(one)
    return made


def close(env: Env, lang: str, text: str) -> list[Card]:
    """Articles that hold some of the words, for when none holds all."""
    return [card(row, lang) for row in suggesting.ranked(env, words.telling(text, lang), RELATED, lang)]
