"""Which moves of a lead's status are allowed: rules of moves (`base.move`), which the core enforces and managers edit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from addons.base import moverules
from core.api import Env

from .choices import ACTIVE, CONVERTED, DEAD, JUNK, RECYCLE

LEAD = "leads.lead"
NEW = moverules.NEW
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
    found: dict[str, set[str]] = {}
    for start, end in moverules.allowed(env, LEAD):
        found.setdefault(start, set()).add(end)
    anywhere = found.pop("", set())
    return {start: frozenset(ends | anywhere) for start, ends in found.items()}


def status_labels(env: Env) -> dict[str, str]:
    """Statuses of leads and what they are called (untranslated), in the order of the picklist."""
    field: Any = env.registry.record(LEAD).field("status")
    return dict(field.labels)


def next_statuses(env: Env, status: str) -> list[str]:
    """Statuses that a lead in this one may be given by hand, in the order of the picklist."""
    allowed = moves(env).get(status, frozenset())
    return [value for value in status_labels(env) if value in allowed and value != CONVERTED]


def replace(env: Env, wanted: Iterable[tuple[str, str]]) -> int:
    """Make these (from, to) the allowed moves; returns how many changed. Rules that ask for something stay."""
    statuses = [value for value in status_labels(env) if value != CONVERTED]
    return moverules.replace(env, LEAD, wanted, {(a, b) for a in (NEW, *statuses) for b in statuses})
