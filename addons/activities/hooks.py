"""What the activities addon answers when the core asks."""

from __future__ import annotations

from typing import Any

from core.api import ActionLink, Env, Installation, MenuItem, TimelineSource, _, hookimpl

from . import actions, calendar_actions, calendar_routes, demo, menu, seeds, timeline


@hookimpl
def blueprints(installation: Installation) -> list[Any]:
    """Pages under /x/activities."""
    return [calendar_routes.pages]


@hookimpl
def menus(env: Env) -> list[MenuItem]:
    """The Activities app."""
    if not env.can("read", "activities.activity"):
        return []
    return [item for item in menu.MENU if item.name not in menu.MANAGED or env.can("update", menu.MANAGED[item.name])]


@hookimpl
def timeline_sources(env: Env, record_name: str) -> list[TimelineSource]:
    """Activities about a record."""
    return timeline.sources(env, record_name)


@hookimpl
def record_actions(env: Env, record_name: str, record: Any) -> list[ActionLink]:
    """Log a call from any record's page."""
    return actions.of_record(env, record_name, record.id) + calendar_actions.of_record(env, record_name, record.id)


@hookimpl
def record_panels(env: Env, record_name: str, record: Any) -> list[Any]:
    """How an activity repeats."""
    return calendar_actions.panels(env, record_name, record)


@hookimpl
def list_actions(env: Env, record_name: str) -> list[ActionLink]:
    """For the records chosen in a list."""
    return actions.of_list(env, record_name)


@hookimpl
def dashboard_tiles(env: Env) -> list[Any]:
    """The day's work on the home page."""
    return [actions.tile(env)] if env.can("read", "activities.activity") else []


@hookimpl
def addon_enabled(env: Env, addon: str) -> None:
    """Ship outcomes; give the first profiles their sets."""
    if addon == "activities":
        seeds.create(env)


@hookimpl
def language_chosen(env: Env, lang: str) -> None:
    """Shipped names follow."""
    seeds.translate(env, lang)


@hookimpl
def demo_data(env: Env) -> None:
    """What is done and planned about the accounts of the demo company; leads and deals have theirs when they are there."""
    demo.create(env, "contacts.account", env.query("contacts.account").with_ids(env.query("contacts.account").order("id").ids(40)), 1404)


@hookimpl
def notice_kinds(env: Env) -> list[tuple[str, str]]:
    """What people are told of."""
    return [("reminder", _("An activity is due"))]
