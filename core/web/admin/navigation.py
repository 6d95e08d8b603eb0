"""The order of apps and entries in the navigation, and which are hidden from everybody."""

from __future__ import annotations

from core.addons.lifecycle import change_customising
from core.env import Env
from core.i18n.messages import _
from core.ui import MenuItem
from core.web.admin.frame import admin_page
from core.web.pages import Pages
from core.web.request import Request, Response
from core.web.viewmodels import Action, AdminPage, Flash, Matrix, MatrixCell, MatrixRow

pages = Pages("navigation")

KIND, TARGET = "navigation", "main"


@pages.route("/admin/navigation", methods=("GET", "POST"), area="layouts")
def navigation(env: Env, request: Request) -> Response:
    """A line for each entry with its place and whether it is shown."""
    items = {i.name: i for i in env.registry.collected("menus", env=env)}
    if request.posted:
        if request.value("do") == "reset":
            change_customising(env, KIND, TARGET, None)
        else:
            places = {n: request.value_int(f"place.{n}", 9999) for n in items}
            ordered = sorted(items, key=lambda n: (places[n], list(items).index(n)))
            hidden = [n for n in items if not request.has(f"shown.{n}")]
            change_customising(env, KIND, TARGET, {"order": ordered, "hidden": hidden})
        request.flash(env.t(_("Saved.")))
        return request.redirect("/admin/navigation")
    stored = env.registry.customising.of(KIND).get(TARGET) or {}
    page = AdminPage("", intro=env.t(_(
        "Small numbers come first. Hidden entries stay reachable by their address for those who may.")))
    page.matrix = Matrix([env.t(_("Entry")), env.t(_("Place")), env.t(_("Shown"))], _rows(env, items, stored),
                         "/admin/navigation",
                         env.t(_("Navigation")))
    if env.registry.customising.of("menu"):
        page.notices = [Flash(env.t(_("Somebody arranged menus for everybody or for profiles: there this order does not count.")), "info")]
    if stored:
        page.actions = [Action(env.t(_("As shipped")), "/admin/navigation", kind="post", fields={"do": "reset"},
                               confirm=env.t(_("Take back the order and show everything?")))]
    return admin_page(env, request, _("Navigation"), page)


def _rows(env: Env, items: dict[str, MenuItem], stored: dict[str, list[str]]) -> list[MatrixRow]:
    order = {name: i for i, name in enumerate(stored.get("order", []))}
    hidden = set(stored.get("hidden", []))
    sequence = sorted(items.values(), key=lambda i: (order.get(i.name, len(order)), i.order))
    apps = [i for i in sequence if not i.app]
    rows: list[MatrixRow] = []
    for top in apps:
        entries = [i for i in sequence if i.app == top.name]
        for item, siblings in ((top, apps), *((e, entries) for e in entries)):
            places = [(str(n), env.format.number(n)) for n in range(1, len(siblings) + 1)]
            label = env.t(item.label)
            rows.append(MatrixRow(label, cells=[
                MatrixCell(f"place.{item.name}", value=str(siblings.index(item) + 1), options=places,
                           label=f"{env.t(_('Place'))}: {label}"),
                MatrixCell(f"shown.{item.name}", item.name not in hidden, label=f"{env.t(_('Shown'))}: {label}")],
                                  level=int(bool(item.app))))
    return rows
