"""What messaging contributes to the core."""

from __future__ import annotations

from typing import Any

from core.api import ActionLink, ChangeSet, Env, HealthCheck, Installation, MacroStep, MenuItem, Panel, TimelineSource, hookimpl

from . import account_pages as account_pages
from . import alerts, consent_pages, demo, inbox, ledger, mass_menu, mass_panel, menu, notice_choices, seeds, template_menu, timeline
from . import compose_pages as compose_pages
from . import inbox_pages as inbox_pages
from . import macro_steps as mass_steps
from . import mass_routes as mass_routes
from . import template_routes as template_routes
from .routes import pages


@hookimpl
def blueprints(installation: Installation) -> list[Any]:
    """The pages of messaging."""
    return [pages]


@hookimpl
def menus(env: Env) -> list[MenuItem]:
    """The Messaging app."""
    return [*menu.entries(env), *mass_menu.entries(env)]


@hookimpl
def record_actions(env: Env, record_name: str, record: Any) -> list[ActionLink]:
    """From a template to its texts, from a message to its conversation, from an account to its settings."""
    return [*template_menu.template_buttons(env, record_name, record), *menu.record_buttons(env, record_name, record)]


@hookimpl
def list_actions(env: Env, record_name: str) -> list[ActionLink]:
    """New templates, accounts and messages; a message to chosen records."""
    return [*template_menu.template_list_buttons(env, record_name), *menu.list_buttons(env, record_name),
            *mass_menu.list_buttons(env, record_name)]


@hookimpl
def timeline_sources(env: Env, record_name: str) -> list[TimelineSource]:
    """Messages on the timeline of what they concern."""
    return timeline.sources(env, record_name)


@hookimpl
def personal_pages(env: Env) -> list[ActionLink]:
    """A person's own accounts and notifications, among their settings."""
    return [*menu.personal(env), *mass_menu.personal_links(env)]


@hookimpl
def live_counts(env: Env) -> dict[str, Any]:
    """Conversations that wait, for pages that stay open."""
    return inbox.live(env)


@hookimpl
def dashboard_tiles(env: Env) -> list[Any]:
    """Conversations that nobody has read."""
    return inbox.tiles(env)


@hookimpl
def health_checks(env: Env) -> list[HealthCheck]:
    """Accounts that do not work."""
    return alerts.health(env)


@hookimpl
def addon_enabled(env: Env, addon: str) -> None:
    """The rules that hold at first."""
    if addon == "messaging":
        seeds.first(env)


@hookimpl
def language_chosen(env: Env, lang: str) -> None:
    """Names that were shipped before the language was known."""
    seeds.translate(env, lang)


@hookimpl
def demo_data(env: Env) -> None:
    """Conversations of the demo company."""
    demo.create(env)


@hookimpl
def record_panels(env: Env, record_name: str, record: Any) -> list[Panel]:
    """How far a mass sending is; consents of people."""
    return [*mass_panel.panels(env, record_name, record), *consent_pages.panels(env, record_name, record)]


@hookimpl
def macro_steps(env: Env, record_name: str) -> list[MacroStep]:
    """Messages by macro and rule."""
    return mass_steps.steps(env, record_name)


@hookimpl
def after_changes(env: Env, changes: ChangeSet) -> None:
    """A flag against messages is an entry in the ledger."""
    ledger.follow_flags(env, changes)


@hookimpl
def settings_pages(env: Env) -> list[ActionLink]:
    """Rules and purposes."""
    return mass_menu.admin_links(env)


@hookimpl
def notice_kinds(env: Env) -> list[tuple[str, str]]:
    """What people are told of, beside what addons name."""
    return list(notice_choices.KINDS)
