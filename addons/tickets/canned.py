"""Canned answers on the desk: which are offered for a ticket, and what one says there."""

from __future__ import annotations

from dataclasses import dataclass

from addons.base import placeholders
from core.api import Env, F, NotFound

from .choices import CANNED, CATEGORY, TICKET

MOST = 200
DEEPEST = 20


@dataclass(frozen=True)
class Offered:
    """One answer to choose."""

    id: int
    name: str
    own: bool
    fits: bool


def offered(env: Env, lang: str | None, category: int | None) -> list[Offered]:
    """One's own and the shared answers in the customer's language (or in none), those of the ticket's category first."""
    condition = F.active & (F.language.is_null() | (F.language == lang)) if lang else F.active
    rows = env.query(CANNED).where(condition).order("name").select("name", "user", "category").rows(MOST)
    around = above(env, category) if category is not None and any(r["category"] for r in rows) else set()
    found = [Offered(r["id"], r["name"], r["user"] is not None, r["category"] is not None and r["category"].id in around) for r in rows
             if r["category"] is None or r["category"].id in around or category is None]
    return sorted(found, key=lambda o: not o.fits)


def above(env: Env, category: int) -> set[int]:
    """A category with all that it stands under."""
    parents = {r["id"]: r["parent"].id if r["parent"] else None for r in env.query(CATEGORY).archived(None).select("parent").rows()}
    found: set[int] = set()
    at: int | None = category
    while at is not None and at not in found and len(found) < DEEPEST:
        found.add(at)
        at = parents.get(at)
    return found


def text(env: Env, key: int, ticket: int) -> str:
    """What an answer says on a ticket, as plain text, with what the acting person may read there."""
    env.get(TICKET, ticket, "id")
    rows = env.query(CANNED).with_ids([key]).where(F.active).select("body").rows(1)
    if not rows:
        raise NotFound
    return placeholders.fill(env, TICKET, ticket, rows[0]["body"], html=False)
