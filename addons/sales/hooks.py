"""What the sales addon answers when the core asks."""

from __future__ import annotations

from typing import Any

from core.api import ActionLink, Env, Installation, MenuItem, hookimpl

from . import demo, goods_in_page, offering, panels, routes, seeds, telling
from .menu import MENU


@hookimpl
def blueprints(installation: Installation) -> list[Any]:
    """Pages under /x/sales."""
    return [routes.pages, offering.pages, goods_in_page.pages]


@hookimpl
def menus(env: Env) -> list[MenuItem]:
    """The Sales app."""
    return [item for item in MENU if item.name != "sales_series" or env.can("update", "sales.series")]


@hookimpl
def record_actions(env: Env, record_name: str, record: Any) -> list[ActionLink]:
    """PDF, link for the customer, statement."""
    return panels.buttons(env, record_name, record)


@hookimpl
def record_panels(env: Env, record_name: str, record: Any) -> list[Any]:
    """Prices that changed meanwhile; what an account owes."""
    return panels.offers(env, record_name, record)


@hookimpl
def list_summary(env: Env, record_name: str, query: Any) -> list[Any]:
    """What is open."""
    return panels.summary(env, record_name, query)


@hookimpl
def dashboard_tiles(env: Env) -> list[Any]:
    """What waits."""
    return panels.tiles(env)


@hookimpl
def notice_kinds(env: Env) -> list[tuple[str, Any]]:
    """What people are told of."""
    return list(telling.KINDS)


@hookimpl
def addon_enabled(env: Env, addon: str) -> None:
    """Number series; the sets for the first profiles."""
    if addon == "sales":
        seeds.create(env)


@hookimpl
def demo_data(env: Env) -> None:
    """A year of papers."""
    demo.create(env)
