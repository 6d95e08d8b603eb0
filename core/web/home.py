"""Home: what waits for me, what I looked at, what there is."""

from __future__ import annotations

from core.env import Env
from core.i18n.messages import Message, _
from core.ui import Tile as HookTile
from core.web import news, shell
from core.web.pages import Pages
from core.web.request import Request, Response
from core.web.viewmodels import AppLink, EmptyState, HomePage, NavApp, Panel, Tile, WorkItem

pages = Pages("home")

COLOURS = ("teal", "blue", "violet", "orange", "green", "pink", "red", "yellow")


@pages.route("/")
def home(env: Env, request: Request) -> Response:
    """The first page after signing in."""
    name = env.actor.name.split()[0] if env.actor.name.split() else env.actor.name
    model = HomePage(env.t(_greeting(env, name)), env.format.date(env.today, "long"))
    for tile in sorted(env.registry.collected("dashboard_tiles", env=env), key=lambda t: t.order):
        if tile.rows or not tile.value:
            model.panels.append(_panel(env, tile))
        else:
            model.tiles.append(Tile(env.t(tile.title), tile.value, url=tile.url, icon=tile.icon))
    model.panels += news.panels(env)
    model.side.append(_recent(env, request))
    nav = shell.navigation(env)
    model.apps = [AppLink(a.label, a.url, a.icon, colour=COLOURS[i % len(COLOURS)]) for i, a in enumerate(nav)]
    model.steps = _first_steps(env, nav)
    return request.render("home.html", model, title=env.t(_("Home")), active="/")


def _greeting(env: Env, name: str) -> Message:
    hour = env.now.astimezone(env.tz).hour
    if hour < 5 or hour >= 22:
        return _("Good night, {name}", name=name)
    if hour < 12:
        return _("Good morning, {name}", name=name)
    return _("Good afternoon, {name}", name=name) if hour < 18 else _("Good evening, {name}", name=name)


def _panel(env: Env, tile: HookTile) -> Panel:
    items = [WorkItem(text, url, detail) for text, url, detail in tile.rows]
    empty = EmptyState(env.t(tile.empty) if tile.empty else env.t(_("Nothing is waiting.")), icon=tile.icon or "check2-circle")
    return Panel(env.t(tile.title), items, empty=empty, url=tile.url, icon=tile.icon)


def _recent(env: Env, request: Request) -> Panel:
    items = [WorkItem(n.label, n.url, icon=n.icon) for n in shell.recent(request, 8)]
    empty = EmptyState(env.t(_("Nothing yet")), env.t(_("Records you open are listed here.")), "clock-history")
    return Panel(env.t(_("Recent")), items, icon="clock-history", empty=empty)


def _first_steps(env: Env, nav: list[NavApp]) -> list[WorkItem]:
    """What a new installation's administrator does first."""
    if not env.access.area("addons") or len(env.registry.manifests) > 1:
        return []
    return [WorkItem(env.t(_("Enable apps")), "/admin/addons", env.t(_("Leads, contacts and what else you need")), icon="puzzle"),
            WorkItem(env.t(_("Invite colleagues")), "/r/base.user/new", env.t(_("Give each a profile and a role")),
                     icon="person-plus")]
