"""Versions of an article as people compare them, and the languages that it is there in."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from core.api import Env, F, NotFound, _

from . import texts
from .choices import ARTICLE, DRAFT, LANGUAGE_NAMES, PUBLISHED, STATES, VERSION

_STATE_NAMES = {value: label for value, label, _colour in STATES}
_WORDS = re.compile(r"\s+|[^\W_]+(?:\u200c[^\W_]+)*|.", re.DOTALL)
MOST = 100


@dataclass
class Line:
    """A paragraph of a comparison: "same", "out", "in", or "changed" with its pieces (text, "same" | "out" | "in")."""

    kind: str
    pieces: list[tuple[str, str]] = field(default_factory=list)


def listed(env: Env, key: int) -> list[dict[str, Any]]:
    """The versions of an article that the person may see, the draft first, then the latest."""
    rows = env.query(VERSION).where(F.article == key).order("-number").select(
        "number", "state", "note", "published_at", "published_by", "updated_at", "updated_by").rows(MOST)
    for row in rows:
        draft = row["state"] == DRAFT
        row["label"] = env.t(_("Draft")) if draft else env.t(_("Version {number}", number=row["number"]))
        row["draft"] = draft
        row["number_sort"] = 1_000_000 if draft else row["number"]
        at, who = (row["updated_at"], row["updated_by"]) if draft else (row["published_at"], row["published_by"])
        row["when"], row["who"] = env.format.datetime(at) if at else "", who.label if who else ""
    return sorted(rows, key=lambda r: -r["number_sort"])


def differences(env: Env, key: int, old: int, new: int) -> list[Line]:
    """What leads from one text to another, paragraph by paragraph and, where a paragraph was changed, word by word."""
    found = {v.id: v for v in env.query(VERSION).where(F.article == key).with_ids([old, new]).records("title", "summary", "body")}
    if new not in found or (old and old not in found):
        raise NotFound
    before, after = (_paragraphs(found[one]) if one in found else [] for one in (old, new))
    return list(_lines(before, after))


def _paragraphs(version: Any) -> list[str]:
    body = [p for p in texts.lines(version.body).split("\n") if p.strip()]
    return [p for p in (version.title, version.summary) if p] + body


def _lines(before: list[str], after: list[str]) -> Iterator[Line]:
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            yield from (Line("same", [(p, "same")]) for p in before[a:b])
            continue
        pairs = min(b - a, d - c)
        for i in range(pairs):
            yield Line("changed", _words(before[a + i], after[c + i]))
        yield from (Line("out", [(p, "out")]) for p in before[a + pairs:b])
        yield from (Line("in", [(p, "in")]) for p in after[c + pairs:d])


def _words(before: str, after: str) -> list[tuple[str, str]]:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    found: list[tuple[str, str]] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(("".join(old[a:b]), "same"))
            continue
        found += [pair for pair in (("".join(old[a:b]), "out"), ("".join(new[c:d]), "in")) if pair[0]]
    return found


def languages(env: Env, article: Any) -> list[dict[str, Any]]:
    """Each language with what there is of an article in it, see `in_languages`."""
    rows = env.query(ARTICLE).where(F.group == article.group).archived(None).select(
        "language", "state", "source", "source_number", "published_number").rows() if article.group else []
    return in_languages(env, article.language, rows)


def in_languages(env: Env, own: str, translations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each language with the translation in it: number and state, "" where there is none. The state "old" is that of a
    translation of an earlier version of its source."""
    rows = {r["language"]: r for r in translations}
    numbers = {r["id"]: r["published_number"] for r in translations}
    found = []
    for code, name in LANGUAGE_NAMES.items():
        row = rows.get(code)
        state = row["state"] if row else ""
        if row and state == PUBLISHED and row["source"] and numbers.get(row["source"].id, 0) > (row["source_number"] or 0):
            state = "old"
        label = env.t(_("Older than its source")) if state == "old" else env.t(_STATE_NAMES[state]) if state else env.t(_("Missing"))
        found.append({"code": code, "name": name, "id": row["id"] if row else 0, "state": state, "label": label, "own": code == own})
    return found
