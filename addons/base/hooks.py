"""What this addon answers when the core asks."""

from __future__ import annotations

from typing import Any

from core.api import Actor, ChangeSet, Env, MenuItem, _, hookimpl

from . import access, seeds
from .passwords import check_login

PEOPLE = ("base.user", "base.profile", "base.role", "base.team", "base.sharing_rule", "base.access_default")


@hookimpl
def load_actor(env: Env, user_id: int) -> Actor | None:
    """Users of this addon act."""
    return access.load_actor(env, user_id)


@hookimpl
def authenticate(env: Env, login: str, password: str) -> int | None:
    """Name and password of a user."""
    return check_login(env, login, password)


@hookimpl
def after_changes(env: Env, changes: ChangeSet) -> None:
    """Whatever decides about permissions makes every process load its actors anew."""
    if any(c.record in PEOPLE for c in changes.changes):
        env.installation.bump(env, "access")
        env.registry.plugins.hook.access_changed(env=env)


@hookimpl
def addon_enabled(env: Env, addon: str) -> None:
    """Ship currencies, countries and the first profiles."""
    if addon == "base":
        seeds.create(env)


@hookimpl
def menus(env: Env) -> list[Any]:
    """Lists of this addon that ordinary people look at."""
    return [MenuItem("people", _("People"), icon="people", record="base.user", order=900),
            MenuItem("teams", _("Teams"), icon="people-fill", record="base.team", app="people", order=10)]
