"""Keeping what was arranged, for everybody or a profile, so that two people at it do not overwrite each other."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from core.api import Conflict, Env, NotFound, _, change_customising

EVERYBODY = "installation"


def owners(env: Env) -> list[tuple[str, str]]:
    """For whom something may be arranged, as pairs of a target and a label: everybody, then the profiles."""
    with env.elevated("names of profiles, for arranging pages") as sudo:
        rows = sudo.query("base.profile").order("name").select("name").rows(500)
    return [(EVERYBODY, env.t(_("Everybody"))), *((f"profile:{r['id']}", env.t(r["name"])) for r in rows)]


def owner_label(env: Env, owner: str) -> str:
    """What one of :func:`owners` is called; NotFound for any other text."""
    found = dict(owners(env)).get(owner)
    if found is None:
        raise NotFound(_("There is no such profile."))
    return found


def stored(env: Env, kind: str, owner: str) -> Any:
    """What is kept now, None for nothing."""
    return env.registry.customising.of(kind).get(owner)


def stamp(data: Any) -> str:
    """Equal for equal data: what a form remembers of what it began with."""
    return hashlib.sha256(json.dumps(data, sort_keys=True, default=str).encode()).hexdigest()[:16]


def keep(env: Env, kind: str, owner: str, data: Any, seen: str) -> None:
    """Keep (with None: take away) what was arranged; Conflict when somebody else did so since the form was opened."""
    if stamp(stored(env, kind, owner)) != seen:
        raise Conflict(_("Somebody else changed this meanwhile. Open it again and repeat what you did; nothing of theirs is lost."))
    if data != stored(env, kind, owner):
        change_customising(env, kind, owner, data, expected=stored(env, kind, owner))
