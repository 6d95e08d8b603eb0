"""Home: what waits for me, what I looked at, what there is."""

from __future__ import annotations

from core.env import Env
from core.i18n.messages import Message, _
from core.web import news, shell
from core.web.blocks import draw, home_blocks, home_page
from core.web.blocks.shown import Shown
from core.web.pages import Pages
from core.web.request import Request, Response
from core.web.viewmodels import HomePage, NavApp, WorkItem

pages = Pages("home")

@pages.route("/")
def home(env: Env, request: Request) -> Response:
    """The first page after signing in."""
    name = env.actor.name.split()[0] if env.actor.name.split() else env.actor.name
    model = HomePage(env.t(_greeting(env, name)), env.format.date(env.today, "long"))
    nav = shell.navigation(env)
    arranged = home_page.home_of(env)
    if arranged is not None:
        blocks = list(home_page.blocks_of(arranged))
        model.shape, model.charts = home_page.shape_of(arranged), draw.has_charts(env, blocks)
        model.columns = [[p for b in column for p in draw.placed(env, b, Shown(env, request=request, url=f"/home/block/{b['id']}"))]
                         for column in home_page.columns_of(arranged)]
    else:
        model.tiles, model.panels = home_blocks.addon_tiles(env)
        model.panels += news.panels(env)
        model.side.append(home_blocks.recent_panel(env, shell.recent(request, 8)))
        model.apps = home_blocks.app_links(nav)
    model.steps = _first_steps(env, nav)
    return request.render("home.html", model, title=env.t(_("Home")), active="/")


def _greeting(env: Env, name: str) -> Message:
    hour = env.now.astimezone(env.tz).hour
    if hour < 5 or hour >= 22:
        return _("Good night, {name}", name=name)
    if hour < 12:
        return _("Good morning, {name}", name=name)
    return _("Good afternoon, {name}", name=name) if hour < 18 else _("Good evening, {name}", name=name)


def _first_steps(env: Env, nav: list[NavApp]) -> list[WorkItem]:
    """What a new installation's administrator does first."""
    if not env.access.area("addons") or len(env.registry.manifests) > 1:
        return []
    return [WorkItem(env.t(_("Enable apps")), "/admin/addons", env.t(_("Leads, contacts and what else you need")), icon="puzzle"),
            WorkItem(env.t(_("Invite colleagues")), "/r/base.user/new", env.t(_("Give each a profile and a role")),
                     icon="person-plus")]
