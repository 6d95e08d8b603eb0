"""The frame of administration pages: one menu of the core's pages and those of addons, by the reader's areas."""

from __future__ import annotations

from core.env import Env
from core.i18n.messages import Message, _
from core.installation import REQUIRED
from core.ui import ActionLink
from core.web.pages import Pages
from core.web.request import Request, Response
from core.web.viewmodels import AdminPage, EmptyState, Panel, Tab, WorkItem

pages = Pages("admin")

PAGES: tuple[tuple[str, ActionLink], ...] = (
    ("addons", ActionLink(_("Addons"), "/admin/addons", "puzzle",
                          help=_("What this installation can do, and what it could."))),
    ("addons", ActionLink(_("Edition"), "/admin/edition", "box-seam", help=_("The set of addons and its limits."))),
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


def links(env: Env) -> dict[str, list[ActionLink]]:
    """Links the reader may follow, by heading: people, this installation, then the pages of each addon."""
    made: dict[str, list[ActionLink]] = {}
    for link in env.registry.collected("settings_pages", env=env):
        made.setdefault(_addon(link.url), []).append(link)
    found = {env.t(_("People and rights")): made.pop(REQUIRED, []),
             env.t(_("This installation")): [link for area, link in PAGES if env.access.area(area)]}
    for name, manifest in ((one.name, one) for one in env.registry.manifests if one.name in made):
        found.setdefault(env.t(Message(manifest.title)), []).extend(made[name])
    return {title: entries for title, entries in found.items() if entries}


def _addon(url: str) -> str:
    """Whose page an address leads to: `/x/<addon>/…`, or a list of the addon's records, `/r/<addon>.<type>`."""
    _root, kind, name, *_rest = [*url.partition("?")[0].split("/"), "", ""]
    return name.partition(".")[0] if kind in ("x", "r") else REQUIRED


def admin_page(env: Env, request: Request, title: str, page: AdminPage, *, active: str = "", status: int = 200) -> Response:
    """A page of the administration, with its menu; `active` is the menu's address to mark (default: this page's)."""
    address = active or request.path
    page.title = env.t(title)
    page.menu_title = env.t(_("Administration"))
    page.menu = [Tab(link.url, env.t(link.label), url=link.url, icon=link.icon, active=link.url == address, group="" if at else heading)
                 for heading, entries in links(env).items() for at, link in enumerate(entries)]
    return request.render("admin/page.html", page, title=page.title, status=status)


@pages.route("/admin")
def start(env: Env, request: Request) -> Response:
    """What this person may administer."""
    page = AdminPage("")
    for title, found in links(env).items():
        page.panels.append(Panel(title, items=[WorkItem(env.t(link.label), link.url, env.t(link.help), icon=link.icon) for link in found]))
    if not page.panels:
        page.empty = EmptyState(env.t(_("Nothing here for you")),
                                env.t(_("Your profile opens no part of the administration.")),
                                "lock", "forbidden")
    return admin_page(env, request, _("Administration"), page, status=200 if page.panels else 403)


