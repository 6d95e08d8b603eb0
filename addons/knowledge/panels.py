"""Buttons on articles and their list; tiles of the home page."""

from __future__ import annotations

from typing import Any

from core.api import ME, TODAY, ActionLink, Env, F, Tile, _, fn
from core.web_api import list_link, record_url

from . import addresses
from .choices import ARTICLE, DRAFT, PUBLISHED
from .editor_pages import edit_url

ROWS = 5


def buttons(env: Env, record_name: str, record: Any) -> list[ActionLink]:
    """From an article to its text, its page and its versions."""
    if record_name != ARTICLE:
        return []
    found = []
    if record.id in env.allowed_ids("update", ARTICLE, [record.id]):
        found.append(ActionLink(_("Edit text"), edit_url(record.id), icon="pencil-square"))
    row = env.query(ARTICLE).archived(None).with_ids([record.id]).select("state", "language", "slug", "title").rows(1)
    if row and row[0]["state"] == PUBLISHED:
        found.append(ActionLink(_("As readers see it"), addresses.article(row[0]), icon="box-arrow-up-right"))
    if env.can("read", "knowledge.version") and found:
        found.append(ActionLink(_("Versions"), f"/x/knowledge/versions/{record.id}", icon="clock-history"))
    return found


def list_buttons(env: Env, record_name: str) -> list[ActionLink]:
    """Over the list of articles."""
    if record_name != ARTICLE or not env.can("create", ARTICLE):
        return []
    return [ActionLink(_("New article"), "/x/knowledge/new", icon="plus-lg", primary=True)]


def tiles(env: Env) -> list[Tile]:
    """What is to be reviewed, and for editors what waits for publication."""
    if not env.can("create", ARTICLE):
        return []
    editor = env.can("action:publish", ARTICLE)
    due = (F.state == PUBLISHED) & (F.review_on <= fn.add_days(TODAY, 14))
    due = due if editor else due & (F.owner == ME)
    rows = env.query(ARTICLE).where(due).order("review_on").select("title", "review_on").rows(ROWS)
    found = [Tile(_("Articles to be reviewed"), rows=[(r["title"], record_url(ARTICLE, r["id"]), env.format.date(r["review_on"]))
                                                      for r in rows],
                  url=list_link(env, ARTICLE, due), icon="book", order=70)] if rows else []
    if editor:
        waiting = env.query(ARTICLE).where(F.waiting).order("-updated_at").select("title", "owner").rows(ROWS)
        if waiting:
            found.append(Tile(_("Waiting for publication"), rows=[(r["title"], edit_url(r["id"]), r["owner"].label or "") for r in waiting],
                              url=list_link(env, ARTICLE, F.waiting), icon="broadcast", order=71))
    else:
        drafts = (F.owner == ME) & (F.has_draft | (F.state == DRAFT))
        own = env.query(ARTICLE).where(drafts).order("-updated_at").select("title", "state").rows(ROWS)
        if own:
            found.append(Tile(_("My drafts"), rows=[(r["title"], edit_url(r["id"]), "") for r in own],
                              url=list_link(env, ARTICLE, drafts), icon="pencil-square", order=71))
    return found
