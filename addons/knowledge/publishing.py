"""Publishing: what stands in drafts becomes what people read, for many articles at once; taking it back; reviews."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from typing import Any

from addons.base.notices import Notice, notify
from core.api import Env, F, Message, SarnakhError, _, n_

from . import texts
from .choices import ARCHIVED, ARTICLE, ATTACHMENT, DRAFT, FILE, KEPT, PUBLISHED, VERSION

MOST_TOLD = 500


def publish(env: Env, keys: Sequence[int]) -> Message:
    """Publish the drafts of articles on which the acting person may do so, each as its next version."""
    allowed = sorted(env.allowed_ids("action:publish", ARTICLE, keys))
    if len(allowed) < len(set(keys)):
        env.require("action:publish", ARTICLE)
        raise SarnakhError(_("You may not publish all of these articles."))
    with env.elevated("articles published") as sudo:
        heads = {a.id: a for a in sudo.browse(ARTICLE, allowed, "published_number", "review_every", "review_on", "body", "title", "source")}
        drafts = {v.article.id: v for v in sudo.query(VERSION).where(F.state == DRAFT).holding("article", allowed).records(
            "article", "title", "summary", "body", "files", "version")}
        bare = [a.title for a in heads.values() if not _has_text(sudo, drafts.get(a.id) or a)]
        if bare:
            raise SarnakhError(_("“{title}” has no text yet.", title=bare[0]))
        sudo.update_each(VERSION, {v.id: {
            "number": heads[key].published_number + 1, "state": KEPT, "published_at": env.now, "published_by": env.actor.id}
            for key, v in drafts.items()}, versions={v.id: v.version for v in drafts.values()})
        sources = {a.id: a.source.id for a in heads.values() if a.source}
        numbers = {r["id"]: r["published_number"] for r in sudo.query(ARTICLE).archived(None).with_ids(sources.values()).select(
            "published_number").rows()} if sources else {}
        changes: dict[int, dict[str, Any]] = {}
        for key, head in heads.items():
            changes[key] = {"state": PUBLISHED, "waiting": False, "has_draft": False}
            if key in drafts:
                changes[key] |= _live(env, head, drafts[key])
            if head.review_every and (head.review_on is None or head.review_on <= env.today):
                changes[key]["review_on"] = later(env, head.review_every)
            if sources.get(key) in numbers and key in drafts:
                changes[key]["source_number"] = numbers[sources[key]]
        sudo.update_each(ARTICLE, changes)
        _publish_files(sudo, drafts)
    env.emit("knowledge.published", {"articles": allowed})
    return n_("{count} article is published.", "{count} articles are published.", len(allowed))


def _has_text(sudo: Env, text: Any) -> bool:
    return bool(texts.plain(sudo, text.body) or texts.pictures(text.body))


def _live(env: Env, head: Any, draft: Any) -> dict[str, Any]:
    return {"title": draft.title, "summary": draft.summary, "body": draft.body, "slug": texts.slug(draft.title),
            "published_number": head.published_number + 1, "published_at": env.now, "published_by": env.actor.id}


def _publish_files(sudo: Env, drafts: dict[int, Any]) -> None:
    """The published files of articles are those of the texts that were just published, and no others: of these only such
    as were put into a version of the same article."""
    if not drafts:
        return
    old = sudo.query(ATTACHMENT).holding("article", list(drafts)).archived(None).deleted(None).ids()
    if old:
        sudo.delete(ATTACHMENT, old)
        sudo.purge(ATTACHMENT, old)
    wanted = {key: [(f.id, False) for f in v.files] + [(n, True) for n in texts.pictures(v.body)] for key, v in drafts.items()}
    versions = {r["id"]: r["article"].id for r in sudo.query(VERSION).holding("article", list(drafts)).select("article").rows()}
    files = {r["id"]: r for r in sudo.query(FILE).with_ids({n for pairs in wanted.values() for n, _in in pairs}).select(
        "name", "about").rows()}
    rows = []
    for key, pairs in wanted.items():
        for number, in_text in dict.fromkeys(pairs):
            file = files.get(number)
            if file and file["about"] and file["about"].record == VERSION and versions.get(file["about"].id) == key:
                rows.append({"article": key, "file": number, "name": file["name"], "in_text": in_text})
    if rows:
        sudo.create(ATTACHMENT, rows)


def submit(env: Env, keys: Sequence[int]) -> Message:
    """Put drafts among those that wait for an editor."""
    with env.elevated("publication asked for") as sudo:
        sudo.update(ARTICLE, keys, {"waiting": True})
    env.emit("knowledge.submitted", {"articles": list(keys)})
    return _("Editors find it under “Waiting for publication”.")


def set_state(env: Env, keys: Sequence[int], state: str, said: str) -> str:
    """Take articles from readers, into the archive, or out of it."""
    env.require("action:publish", ARTICLE)
    with env.elevated("articles taken from readers") as sudo:
        sudo.update(ARTICLE, keys, {"state": state, **({"waiting": False} if state == ARCHIVED else {})})
    return said


def reviewed(env: Env, keys: Sequence[int]) -> Message:
    """Still right: the next review is after the article's number of months."""
    with env.elevated("articles reviewed") as sudo:
        rows = sudo.query(ARTICLE).archived(None).with_ids(keys).select("review_every").rows()
        sudo.update_each(ARTICLE, {r["id"]: {"review_on": later(env, r["review_every"] or 12)} for r in rows})
    return _("Noted. It comes up again in due time.")


def tell_due(env: Env) -> int:
    """Tell owners of articles whose review is due, once until they have read it; returns how many lines were written."""
    with env.elevated("articles to be reviewed") as sudo:
        rows = sudo.query(ARTICLE).where((F.state == PUBLISHED) & (F.review_on <= env.today)).select("owner").rows(MOST_TOLD)
        return notify(sudo, [Notice(r["owner"].id, "review", _("An article is due for review"), (ARTICLE, r["id"]),
                                    dedupe=f"review:{r['id']}", icon="journal-check") for r in rows if r["owner"]])


def later(env: Env, months: int) -> dt.date:
    """The day so many months from today, the last of its month where that is shorter."""
    count = env.today.year * 12 + env.today.month - 1 + months
    year, month = divmod(count, 12)
    return dt.date(year, month + 1, min(env.today.day, calendar.monthrange(year, month + 1)[1]))
