"""What the leads addon answers when the core asks."""

from __future__ import annotations

from typing import Any

from core.api import ActionLink, ChangeSet, ConversionTarget, Env, Installation, Invalid, MenuItem, ProgramAction, _, hookimpl

from . import demo, form_pages, lifecycle, programs, reports, routes, seeds, settings_pages, targets
from .actions import lead_actions, lead_list_actions
from .menu import MENU
from .security import SET_UP


@hookimpl
def blueprints(installation: Installation) -> list[Any]:
    """Pages under /x/leads."""
    return [routes.pages, settings_pages.pages, form_pages.pages]


@hookimpl
def menus(env: Env) -> list[MenuItem]:
    """The Leads app."""
    needs = {"lead_settings": (SET_UP, "leads.lead"), "lead_returns": ("read", "leads.source")}
    return [item for item in MENU if item.name not in needs or env.can(*needs[item.name])]


@hookimpl
def record_actions(env: Env, record_name: str, record: Any) -> list[ActionLink]:
    """Taking a conversion back, and how to embed a form."""
    return lead_actions(env, record_name, record)


@hookimpl
def program_actions(env: Env, record_name: str) -> list[ProgramAction]:
    """Conversion in one call."""
    return programs.actions(record_name)


@hookimpl
def list_actions(env: Env, record_name: str) -> list[ActionLink]:
    """Convert, close or merge the chosen leads."""
    return lead_list_actions(env, record_name)


@hookimpl
def status_moves(env: Env, record_name: str, record_id: int, status: str) -> dict[str, str] | None:
    """The allowed moves; junk, dead and converted are decided on pages of their own."""
    return lifecycle.offered_moves(env, record_id, status) if record_name == "leads.lead" else None


@hookimpl
def conversion_targets(env: Env, record_name: str, record: Any) -> list[ConversionTarget]:
    """Leads become accounts and contacts."""
    return targets.targets(env, record) if record_name == "leads.lead" else []


@hookimpl
def list_summary(env: Env, record_name: str, query: Any) -> list[Any]:
    """How many of the leads in the list were converted, and how long that took."""
    return reports.summary(env, query) if record_name == "leads.lead" else []


@hookimpl
def dashboard_tiles(env: Env) -> list[Any]:
    """My new leads, hot leads, this month's conversion."""
    return reports.tiles(env) if env.can("read", "leads.lead") else []


@hookimpl
def record_panels(env: Env, record_name: str, record: Any) -> list[Any]:
    """Qualification of a lead; on accounts and contacts the leads they came from."""
    return reports.panels(env, record_name, record)


@hookimpl
def validate_changes(env: Env, changes: ChangeSet) -> list[Invalid]:
    """Conversion and reasons of closing: for forms, mass edits, imports and programs alike."""
    return [e for c in changes.of("leads.lead") for e in lifecycle.problems(env, c)]


@hookimpl
def after_changes(env: Env, changes: ChangeSet) -> None:
    """Notes are touches."""
    for change in changes.of("base.note", "create"):
        lifecycle.touched_by_notes(env, change)


@hookimpl
def health_checks(env: Env) -> list[Any]:
    """Whether leads can move at all, and what the quarantine holds."""
    return reports.health(env)


@hookimpl(specname="settings_pages")
def settings_links(env: Env) -> list[ActionLink]:
    """The settings of leads, in the administration."""
    if not env.can(SET_UP, "leads.lead"):
        return []
    return [ActionLink(_("Leads"), settings_pages.BASE, icon="person-plus")]


@hookimpl
def addon_enabled(env: Env, addon: str) -> None:
    """Ship sources, moves and mapping; give the first profiles their sets."""
    if addon == "leads":
        seeds.create(env)


@hookimpl
def language_chosen(env: Env, lang: str) -> None:
    """Sources that were shipped before follow."""
    seeds.translate(env, lang)


@hookimpl
def demo_data(env: Env) -> None:
    """Believable leads of a year."""
    demo.create(env)

