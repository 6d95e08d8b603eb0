"""The frame of administration pages: one menu of the core's pages and those of addons, by the reader's areas."""

from __future__ import annotations

from collections.abc import Sequence

from core.env import Env
from core.i18n.messages import _
from core.ui import ActionLink
from core.web.pages import Pages
from core.web.request import Request, Response
from core.web.viewmodels import AdminPage, EmptyState, Panel, Tab, WorkItem

pages = Pages("admin")

FIRST: tuple[tuple[str, ActionLink], ...] = (
    ("addons", ActionLink(_("Addons"), "/admin/addons", "puzzle",
                          help=_("What this installation can do, and what it could."))),
    ("addons", ActionLink(_("Edition"), "/admin/edition", "box-seam", help=_("The set of addons and its limits."))),
)
LAST: tuple[tuple[str, ActionLink], ...] = (
    ("layouts", ActionLink(_("Picklists"), "/admin/picklists", "list-check",
                           help=_("Options of choices: words, colours, order."))),
    ("layouts", ActionLink(_("Navigation"), "/admin/navigation", "compass",
                           help=_("Order of the apps, and which are hidden."))),
    ("jobs", ActionLink(_("Background work"), "/admin/jobs", "gear-wide-connected",
                        help=_("What runs, what waits, what failed."))),
    ("audit", ActionLink(_("History"), "/admin/audit", "clock-history", help=_("Who did what, and when."))),
    ("health", ActionLink(_("Health"), "/admin/health", "heart-pulse", help=_("Database, files, safety of the settings."))),
    ("settings", ActionLink(_("Settings"), "/admin/settings", "sliders2",
                            help=_("Settings in force and where they come from."))),
)


def links(env: Env) -> tuple[list[ActionLink], list[ActionLink], list[ActionLink]]:
    """Links the reader may follow: addons' catalogue, pages of addons, the rest of the core."""
    def own(all_of_them: Sequence[tuple[str, ActionLink]]) -> list[ActionLink]:
        return [link for area, link in all_of_them if env.access.area(area)]
    return own(FIRST), env.registry.collected("settings_pages", env=env), own(LAST)


def admin_page(env: Env, request: Request, title: str, page: AdminPage, *, active: str = "", status: int = 200) -> Response:
    """A page of the administration, with its menu; `active` is the menu's address to mark (default: this page's)."""
    address = active or request.path
    page.title = env.t(title)
    page.menu_title = env.t(_("Administration"))
    page.menu = [Tab(link.url, env.t(link.label), url=link.url, icon=link.icon, active=link.url == address)
                 for part in links(env) for link in part]
    return request.render("admin/page.html", page, title=page.title, status=status)


@pages.route("/admin")
def start(env: Env, request: Request) -> Response:
    """What this person may administer."""
    first, addons, last = links(env)
    page = AdminPage("")
    for title, found in ((_("People and addons"), [*first, *addons]), (_("This installation"), last)):
        if found:
            page.panels.append(Panel(env.t(title), items=[
                WorkItem(env.t(link.label), link.url, env.t(link.help), icon=link.icon) for link in found]))
    if not page.panels:
        page.empty = EmptyState(env.t(_("Nothing here for you")),
                                env.t(_("Your profile opens no part of the administration.")),
                                "lock", "forbidden")
    return admin_page(env, request, _("Administration"), page, status=200 if page.panels else 403)


