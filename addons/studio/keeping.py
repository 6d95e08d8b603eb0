"""Keeping what was arranged, for everybody or a profile, so that two people at it do not overwrite each other."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from core.api import Conflict, Env, NotFound, _, change_customising

EVERYBODY, PROFILE = "installation", "profile:"
CLASH = _("Somebody else changed this meanwhile. What you arranged still stands here and is not kept yet: saved once more it takes the "
          "place of theirs, which the changes of the studio keep.")
_PROFILES = "studio.profiles"


def profiles(env: Env) -> dict[int, str]:
    """Profiles by number with what they are called: whoever arranges pages must know for whom. Read once for a page."""
    if _PROFILES not in env.cache:
        with env.elevated("names of profiles, for arranging pages") as sudo:
            rows = sudo.query("base.profile").order("name").select("name").rows(500)
        env.cache[_PROFILES] = {row["id"]: env.t(row["name"]) for row in rows}
    return env.cache[_PROFILES]  # type: ignore[no-any-return]


def owners(env: Env) -> list[tuple[str, str]]:
    """For whom something may be arranged, as pairs of a target and a label: everybody, then the profiles."""
    return [(EVERYBODY, env.t(_("Everybody"))), *((f"{PROFILE}{number}", name) for number, name in profiles(env).items())]


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


def keep(env: Env, kind: str, owner: str, data: Any, seen: str, clash: str = CLASH) -> None:
    """Keep (with None: take away) what was arranged; Conflict when somebody else did so since the form was opened."""
    before = stored(env, kind, owner)
    if stamp(before) != seen:
        raise Conflict(clash)
    if data != before:
        change_customising(env, kind, owner, data, expected=before)
