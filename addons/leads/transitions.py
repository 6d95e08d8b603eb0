"""Which moves of a lead's status are allowed: kept as records that the admin edits, read once per piece of work."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core.api import Env

from .choices import ACTIVE, CONVERTED, DEAD, JUNK, RECYCLE

NEW = ""
"""The beginning of the moves of leads that do not exist yet."""

_FORWARD = {
    "raw": ("new", "contacted", "nurturing", "mal"),
    "new": ("raw", "contacted", "nurturing", "mal", "mql"),
    "contacted": ("nurturing", "mal", "mql", "sal", "sql", "ready"),
    "nurturing": ("contacted", "mal", "mql", "sal"),
    "mal": ("nurturing", "mql"),
    "mql": ("nurturing", "mal", "sal", "sql"),
    "sal": ("nurturing", "mql", "sql"),
    "sql": ("nurturing", "sal", "ready"),
    "ready": ("nurturing", "sql"),
    "recycle": ("new", "contacted", "nurturing", "mal", "mql"),
    JUNK: ("new", RECYCLE), DEAD: ("new", RECYCLE),
}
Moves = dict[str, frozenset[str]]


def defaults() -> list[tuple[str, str]]:
    """The moves an installation begins with, as (from, to)."""
    found = [(NEW, to) for to in (*ACTIVE, JUNK, DEAD)]
    for start, ends in _FORWARD.items():
        found.extend((start, end) for end in ends)
        if start in ACTIVE:
            found.extend((start, end) for end in (JUNK, DEAD, RECYCLE) if end != start and end not in ends)
    return found


def moves(env: Env) -> Moves:
    """Allowed moves, by where they begin."""
    known: Moves | None = env.cache.get("leads.moves")
    if known is None:
        with env.elevated("reading the allowed moves of leads") as sudo:
            rows = sudo.query("leads.transition").select("from_status", "to_status").rows()
        found: dict[str, set[str]] = {}
        for row in rows:
            found.setdefault(row["from_status"] or NEW, set()).add(row["to_status"])
        known = env.cache["leads.moves"] = {start: frozenset(ends) for start, ends in found.items()}
    return known


def status_labels(env: Env) -> dict[str, str]:
    """Statuses of leads and what they are called (untranslated), in the order of the picklist."""
    field: Any = env.registry.record("leads.lead").field("status")
    return dict(field.labels)


def next_statuses(env: Env, status: str) -> list[str]:
    """Statuses that a lead in this one may be given by hand, in the order of the picklist."""
    allowed = moves(env).get(status, frozenset())
    return [value for value in status_labels(env) if value in allowed and value != CONVERTED]


def replace(env: Env, wanted: Iterable[tuple[str, str]]) -> int:
    """Make these (from, to) the allowed moves; returns how many changed."""
    stored = {(r["from_status"] or NEW, r["to_status"]): r["id"]
              for r in env.query("leads.transition").select("from_status", "to_status").rows()}
    chosen = set(wanted)
    gone = [key for move, key in stored.items() if move not in chosen]
    added = sorted(chosen - set(stored))
    if gone:
        env.delete("leads.transition", gone)
    if added:
        env.create("leads.transition", [{"from_status": start or None, "to_status": end} for start, end in added])
    return len(gone) + len(added)
