"""What this addon answers when the core asks."""

from __future__ import annotations

from typing import Any

from core.api import ActionLink, Actor, ChangeSet, Env, Installation, MenuItem, _, end_sessions, hookimpl

from . import access, demo, macros, notices, seeds
from .accounts import BaseAccounts
from .pages import PAGES, admin_links
from .passwords import check_login

DECIDING = ("base.user", "base.profile", "base.role", "base.team", "base.sharing_rule", "base.access_default",
          "base.company")
HARMLESS = frozenset({"last_login_at", "totp_secret", "totp_step", "recovery_codes", "password_hash", "password_changed_at"})
"""Fields of users that decide nothing about what they see or how."""


@hookimpl
def load_actor(env: Env, user_id: int) -> Actor | None:
    """Users of this addon act."""
    return access.load_actor(env, user_id)


@hookimpl
def authenticate(env: Env, login: str, password: str) -> int | None:
    """Name and password of a user."""
    return check_login(env, login, password)


@hookimpl
def account_keeper() -> BaseAccounts:
    """Accounts are kept here."""
    return BaseAccounts()


@hookimpl
def after_changes(env: Env, changes: ChangeSet) -> None:
    """Whatever decides about permissions makes every process load its actors anew; who is switched off is signed out."""
    if any(c.record in DECIDING and (not c.fields or c.fields - HARMLESS) for c in changes.changes):
        env.installation.bump(env, "access")
        env.registry.plugins.hook.access_changed(env=env)
    notices.assigned(env, changes)
    if any(c.record == "base.macro" for c in changes.changes):
        env.changed("macros")
    if any(c.record == "base.view" for c in changes.changes):
        env.installation.bump(env, "views")
    for change in changes.of("base.user", "update", "delete"):
        for record in change.records:
            if change.action == "delete" or not record.active:
                end_sessions(env, record.__dict__["id"])


@hookimpl
def addon_enabled(env: Env, addon: str) -> None:
    """Ship currencies, countries and the first profiles."""
    if addon == "base":
        seeds.create(env)


@hookimpl
def language_chosen(env: Env, lang: str) -> None:
    """What was shipped before, and the demo company's roles and teams, follow."""
    seeds.translate(env, lang)
    seeds.rename(env, lang, demo.NAMES)


@hookimpl
def demo_data(env: Env) -> None:
    """People of the demo company, in two teams under one director, and what foreign money was worth."""
    demo.create(env)
    demo.create_rates(env)


@hookimpl
def blueprints(installation: Installation) -> list[Any]:
    """The pages about people."""
    return [PAGES]


@hookimpl
def settings_pages(env: Env) -> list[Any]:
    """People and permissions in the administration's menu."""
    return admin_links(env)


@hookimpl
def record_actions(env: Env, record_name: str, record: Any) -> list[ActionLink]:
    """The macros of the record type."""
    return macros.buttons(env, record_name, record.id)


@hookimpl
def list_actions(env: Env, record_name: str) -> list[ActionLink]:
    """The macros of the record type, for the chosen records."""
    return macros.buttons(env, record_name)


@hookimpl
def menus(env: Env) -> list[Any]:
    """Lists of this addon that ordinary people look at."""
    return [MenuItem("users", _("People"), icon="people", record="base.user", order=900),
            MenuItem("teams", _("Teams"), icon="people", record="base.team", app="users", order=10)]
