"""Whose arrangement counts for a reader: that of their profile, else that for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.env import Env

EVERYBODY = "installation"


def owner_of(profile: int | None) -> str:
    """The target of a profile's own arrangements; None for everybody's."""
    return f"profile:{profile}" if profile else EVERYBODY


def chosen(env: Env, kind: str) -> Any:
    """What this reader's profile has of a kind of customising, else what everybody has; None for neither."""
    stored = env.registry.customising.of(kind)
    own = env.actor.profile.id
    return (stored.get(owner_of(own)) if own else None) or stored.get(EVERYBODY)
