"""Blocks that only a home page has: what addons tell, what waits, what one looked at last, the apps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from core.i18n.messages import _
from core.layouts import text_in
from core.ui import BlockKind
from core.ui import Tile as HookTile
from core.web import news, shell
from core.web.viewmodels import AppLink, EmptyState, Panel, Tile, WorkItem

if TYPE_CHECKING:
    from core.env import Env
    from core.web.blocks.shown import Shown

COLOURS = ("teal", "blue", "violet", "orange", "green", "pink", "red", "yellow")
HOME = ("home",)
TILES = "home.tiles"


def addon_tiles(env: Env) -> tuple[list[Tile], list[Panel]]:
    """What addons show on the home page: figures, and panels of what waits. Worked out once, however many blocks show them."""
    if TILES not in env.cache:
        env.cache[TILES] = _addon_tiles(env)
    return env.cache[TILES]  # type: ignore[no-any-return]


def _addon_tiles(env: Env) -> tuple[list[Tile], list[Panel]]:
    tiles, panels = [], []
    for tile in sorted(env.registry.collected("dashboard_tiles", env=env), key=lambda t: t.order):
        if tile.rows or not tile.value:
            panels.append(_panel(env, tile))
        else:
            tiles.append(Tile(env.t(tile.title), tile.value, url=tile.url, icon=tile.icon))
    return tiles, panels


def _panel(env: Env, tile: HookTile) -> Panel:
    items = [WorkItem(text, url, detail) for text, url, detail in tile.rows]
    empty = EmptyState(env.t(tile.empty) if tile.empty else env.t(_("Nothing is waiting.")), icon=tile.icon or "check2-circle")
    return Panel(env.t(tile.title), items, empty=empty, url=tile.url, icon=tile.icon)


def _tiles(env: Env, block: Mapping[str, Any], shown: Shown) -> Panel | None:
    tiles, _panels = addon_tiles(env)
    return Panel("", tiles=tiles) if tiles else None


def _work(env: Env, block: Mapping[str, Any], shown: Shown) -> list[Panel]:
    return addon_tiles(env)[1]


def _news(env: Env, block: Mapping[str, Any], shown: Shown) -> list[Panel]:
    return news.panels(env)


def recent_panel(env: Env, items: list[Any], title: str = "") -> Panel:
    """Records somebody looked at last."""
    empty = EmptyState(env.t(_("Nothing yet")), env.t(_("Records you open are listed here.")), "clock-history")
    return Panel(title or env.t(_("Recent")), [WorkItem(n.label, n.url, icon=n.icon) for n in items], icon="clock-history", empty=empty)


def _recent(env: Env, block: Mapping[str, Any], shown: Shown) -> Panel | None:
    found = shell.recent(shown.request, 8) if shown.request is not None else []
    return recent_panel(env, found, text_in(block.get("label"), env.lang, env.t))


def app_links(nav: list[Any]) -> list[AppLink]:
    """The apps of the navigation as launcher tiles."""
    return [AppLink(a.label, a.url, a.icon, colour=COLOURS[i % len(COLOURS)]) for i, a in enumerate(nav)]


def _apps(env: Env, block: Mapping[str, Any], shown: Shown) -> Panel | None:
    return Panel(text_in(block.get("label"), env.lang, env.t) or env.t(_("Apps")), apps=app_links(shell.navigation(env)), icon="grid")


KINDS = (
    BlockKind("tiles", _("Figures of the addons"), _tiles, icon="speedometer2", places=HOME,
              help=_("What each addon counts for its reader.")),
    BlockKind("work", _("What waits for me"), _work, icon="check2-square", places=HOME, help=_("Tasks, records that wait, what is late.")),
    BlockKind("news", _("News"), _news, icon="bell", places=HOME, help=_("What happened to records one follows.")),
    BlockKind("recent", _("Recent records"), _recent, icon="clock-history", places=HOME, help=_("What one looked at last.")),
    BlockKind("apps", _("Apps"), _apps, icon="grid", places=HOME, help=_("The apps one may use.")),
)
