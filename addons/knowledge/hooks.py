"""What the knowledge addon answers when the core asks."""

from __future__ import annotations

from typing import Any

from core.api import ActionLink, ChangeSet, Env, Installation, MenuItem, Tile, _, hookimpl

from . import audience, demo, help_pages, keeping, overview_pages, panels, seeds
from .choices import ARTICLE, AUDIENCE
from .menu import FOR_AUTHORS, FOR_EDITORS, MENU


@hookimpl
def blueprints(installation: Installation) -> list[Any]:
    """The help centre under /x/help, the editors' pages under /x/knowledge."""
    return [help_pages.pages, overview_pages.pages]


@hookimpl
def menus(env: Env) -> list[MenuItem]:
    """The Knowledge app."""
    if not audience.is_colleague(env):
        return [item for item in MENU if item.name == "knowledge"]
    return [item for item in MENU if (item.name not in FOR_AUTHORS or env.can("create", ARTICLE))
            and (item.name not in FOR_EDITORS or env.can("create", FOR_EDITORS[item.name]))]


@hookimpl
def record_actions(env: Env, record_name: str, record: Any) -> list[ActionLink]:
    """To the text, the versions, the page that readers see."""
    return panels.buttons(env, record_name, record)


@hookimpl
def list_actions(env: Env, record_name: str) -> list[ActionLink]:
    """New articles begin on a page of their own."""
    return panels.list_buttons(env, record_name)


@hookimpl
def dashboard_tiles(env: Env) -> list[Tile]:
    """What waits for an author or editor."""
    return panels.tiles(env)


@hookimpl
def after_changes(env: Env, changes: ChangeSet) -> None:
    """Who belongs to an audience is a part of what people may see: every process learns of a change, and of what pages show."""
    if any(c.record == AUDIENCE for c in changes.changes):
        env.installation.bump(env, "access")
    keeping.touched(env, changes)


@hookimpl
def addon_enabled(env: Env, addon: str) -> None:
    """Audiences; the sets for the first profiles."""
    if addon == "knowledge":
        seeds.create(env)


@hookimpl
def language_chosen(env: Env, lang: str) -> None:
    """Shipped audiences follow."""
    seeds.translate(env, lang)


@hookimpl
def demo_data(env: Env) -> None:
    """A help centre of a year."""
    demo.create(env)


@hookimpl
def notice_kinds(env: Env) -> list[tuple[str, str]]:
    """What people are told of."""
    return [("review", _("An article is due for review"))]
