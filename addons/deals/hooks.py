"""What the deals addon answers when the core asks."""

from __future__ import annotations

from typing import Any

from core.api import ChangeSet, ConversionTarget, Env, HealthCheck, Installation, MenuItem, ProgramAction, hookimpl

from . import closing, conversion, demo, history, menu, programs, routes, seeds, summaries


@hookimpl
def blueprints(installation: Installation) -> list[Any]:
    """Pages under /x/deals."""
    return [routes.pages]


@hookimpl
def menus(env: Env) -> list[MenuItem]:
    """The Deals app."""
    if not env.can("read", "deals.deal"):
        return []
    return [item for item in menu.MENU if item.name not in menu.MANAGED or env.can("update", menu.MANAGED[item.name])]


@hookimpl
def conversion_targets(env: Env, record_name: str, record: Any) -> list[ConversionTarget]:
    """Leads become deals, too."""
    return [conversion.target(env, record)] if record_name == conversion.LEAD else []


@hookimpl
def status_moves(env: Env, record_name: str, record_id: int, status: str) -> dict[str, str] | None:
    """Closing has a dialog; the other stages are a click away."""
    return closing.offered_moves(env, record_id, status) if record_name == closing.DEAL else None


@hookimpl
def program_actions(env: Env, record_name: str) -> list[ProgramAction]:
    """Closing in one call."""
    return programs.actions(record_name)


@hookimpl
def after_changes(env: Env, changes: ChangeSet) -> None:
    """A note keeps a deal from growing stale."""
    for change in changes.of("base.note", "create"):
        history.touched_by_notes(env, change)


@hookimpl
def earned(env: Env, record_name: str, ids: list[int]) -> dict[int, Any]:
    """What lead sources brought in: their won deals."""
    return summaries.earned_by_sources(env, ids) if record_name == "leads.source" else {}


@hookimpl
def list_summary(env: Env, record_name: str, query: Any) -> list[Any]:
    """How many deals, their sum and weighted sum."""
    return summaries.of_list(env, query) if record_name == "deals.deal" else []


@hookimpl
def dashboard_tiles(env: Env) -> list[Any]:
    """My open deals, what closes this month, what grows stale."""
    return summaries.tiles(env) if env.can("read", "deals.deal") else []


@hookimpl
def record_panels(env: Env, record_name: str, record: Any) -> list[Any]:
    """Whether a deal is stale; on accounts and leads what deals brought."""
    return summaries.panels(env, record_name, record)


@hookimpl
def health_checks(env: Env) -> list[HealthCheck]:
    """Pipelines in which deals can begin and end."""
    return summaries.health(env)


@hookimpl
def addon_enabled(env: Env, addon: str) -> None:
    """Ship a pipeline, reasons and the mapping; give the first profiles their sets."""
    if addon == "deals":
        seeds.create(env)


@hookimpl
def language_chosen(env: Env, lang: str) -> None:
    """Shipped names follow."""
    seeds.translate(env, lang)


@hookimpl
def demo_data(env: Env) -> None:
    """A believable year of sales."""
    demo.create(env)
