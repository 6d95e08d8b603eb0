"""What the tickets addon answers when the core asks."""

from __future__ import annotations

from typing import Any

from core.api import ActionLink, ChangeSet, Env, HealthCheck, Installation, MacroStep, MenuItem, TimelineSource, _, hookimpl

from . import buttons, demo, live, macros, menu, policies, routes, seeds, service, service_panels, service_routes, timeline


@hookimpl
def blueprints(installation: Installation) -> list[Any]:
    """Pages under /x/tickets and /x/service."""
    return [routes.pages, service_routes.pages]


@hookimpl
def menus(env: Env) -> list[MenuItem]:
    """The Tickets app."""
    if not env.can("read", "tickets.ticket"):
        return []
    return [item for item in menu.MENU if item.name not in menu.MANAGED or env.can("update", menu.MANAGED[item.name])]


@hookimpl
def timeline_sources(env: Env, record_name: str) -> list[TimelineSource]:
    """Conversations, steps of escalation, and the tickets of customers."""
    return [*timeline.sources(env, record_name), *service_panels.sources(env, record_name)]


@hookimpl
def record_actions(env: Env, record_name: str, record: Any) -> list[ActionLink]:
    """To the desk, merge and split on a ticket; a new ticket on a customer."""
    return buttons.of_record(env, record_name, record)


@hookimpl
def list_actions(env: Env, record_name: str) -> list[ActionLink]:
    """For the chosen tickets."""
    return buttons.of_list(env, record_name)


@hookimpl
def macro_steps(env: Env, record_name: str) -> list[MacroStep]:
    """Replies with canned answers, and internal notes."""
    return macros.steps(record_name)


@hookimpl
def live_counts(env: Env) -> dict[str, Any]:
    """Customers who wait, for pages that stay open."""
    return live.counts(env)


@hookimpl
def dashboard_tiles(env: Env) -> list[Any]:
    """What waits for an answer."""
    return buttons.tiles(env)


@hookimpl
def addon_enabled(env: Env, addon: str) -> None:
    """Ship statuses and a queue; give the first profiles their sets."""
    if addon == "tickets":
        seeds.create(env)


@hookimpl
def language_chosen(env: Env, lang: str) -> None:
    """Shipped names follow."""
    seeds.translate(env, lang)


@hookimpl
def demo_data(env: Env) -> None:
    """Tickets of the demo company's customers."""
    demo.create(env)


@hookimpl
def before_changes(env: Env, changes: ChangeSet) -> None:
    """Service levels that are kept by processes are read anew."""
    service.before(env, changes)


@hookimpl
def after_changes(env: Env, changes: ChangeSet) -> None:
    """Promises follow service levels and calendars; tickets of who leaves are given back."""
    service.after(env, changes)


@hookimpl
def health_checks(env: Env) -> list[HealthCheck]:
    """Conditions over tickets that cannot be read any more."""
    return policies.health(env)


@hookimpl
def record_panels(env: Env, record_name: str, record: Any) -> list[Any]:
    """The promise beside a ticket."""
    return service_panels.promise(env, record.id) if record_name == "tickets.ticket" else []


@hookimpl
def notice_kinds(env: Env) -> list[tuple[str, str]]:
    """What people are told of."""
    return [("ticket.message", _("A customer writes about my ticket")), ("escalation", _("A ticket is escalated to me"))]
