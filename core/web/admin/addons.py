"""The catalogue of addons: look at what each would do, then enable, upgrade, disable or purge it.

The lifecycle works in transactions of its own, so what the request holds is committed before it is called.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from core.addons import graph, lifecycle
from core.addons.lifecycle import AddonInfo
from core.addons.manifest import Manifest
from core.env import Env
from core.errors import NotFound, SarnakhError
from core.i18n.messages import Message, _, n_
from core.schema.upgrade import plan_upgrade
from core.web.admin.frame import admin_page
from core.web.pages import Pages
from core.web.request import Request, Response
from core.web.small_forms import form, text
from core.web.viewmodels import Action, AdminPage, Badge, CatalogueCard, Cell, Column, Flash, Row, SimpleTable, Tab

pages = Pages("addons")

DEPENDS = re.compile(r"[\s<>=!~\[]")
STATES: dict[str, Message] = {
    "enabled": _("Enabled"), "available": _("Available"), "disabled": _("Disabled"), "broken": _("Broken"),
    "needs_upgrade": _("New version")}
TITLES: dict[str, Message] = {
    "enable": _("Enable “{addon}”"), "upgrade": _("Upgrade “{addon}”"), "disable": _("Disable “{addon}”"),
    "purge": _("Delete the data of “{addon}”")}
DONE: dict[str, Message] = {
    "enable": _("“{addon}” is enabled."), "upgrade": _("“{addon}” is upgraded."),
    "disable": _("“{addon}” is disabled; its data are kept."), "purge": _("The data of “{addon}” are deleted.")}
FITS = {"enable": ("available", "disabled"), "upgrade": ("needs_upgrade",), "disable": ("enabled", "needs_upgrade"),
        "purge": ("disabled",)}


@pages.route("/admin/addons", area="addons")
def catalogue(env: Env, request: Request) -> Response:
    """All addons as cards, by category."""
    found = lifecycle.catalogue(env.installation)
    chosen = request.arg("category")
    categories = sorted({c.category for c in found if c.category})
    page = AdminPage("", intro=env.t(_("Addons add record types, pages and rules. Disabling one keeps its data.")))
    page.categories = [Tab("all", env.t(_("All")), env.format.number(len(found)), "/admin/addons", not chosen)] + [
        Tab(c, env.t(c), "", f"/admin/addons?category={c}", c == chosen) for c in categories]
    page.cards = [_card(env, c, found) for c in found if not chosen or c.category == chosen]
    off = _("“{addon}” is switched off because it does not work.")
    page.notices = [Flash(f"{env.t(Message(off, {'addon': name}))} {_plain(env, error)}", "error")
                    for name, error in sorted(env.installation.broken.items())]
    return admin_page(env, request, _("Addons"), page)


def _plain(env: Env, error: str) -> str:
    return env.t(error) if isinstance(error, Message) else str(error)


def _card(env: Env, info: AddonInfo, all_of_them: list[AddonInfo]) -> CatalogueCard:
    titles = {c.name: env.t(c.title) for c in all_of_them}
    made = CatalogueCard(info.name, env.t(info.title), env.t(info.summary), info.icon, info.version, env.t(info.category),
                         info.state, env.t(STATES.get(info.state, info.state)), error=_plain(env, info.error) if info.error else "")
    made.depends = [Badge(titles.get(name, name)) for name in (DEPENDS.split(d)[0] for d in info.depends) if name != "base"]
    types = [env.t(r.plural) for r in env.registry.records.values() if r.addon == info.name]
    if types:
        made.adds.append(env.format.list(types))
    if info.installed_version and info.installed_version != info.version:
        made.adds.append(env.t(_("in use: version {version}", version=info.installed_version)))
    labels = {"enable": (_("Enable"), "primary"), "upgrade": (_("Upgrade"), "primary"), "disable": (_("Disable"), ""),
              "purge": (_("Delete data"), "danger")}
    for step, states in FITS.items():
        if info.state in states and not (info.required and step == "disable"):
            made.actions.append(Action(env.t(labels[step][0]), f"/admin/addons/{info.name}/{step}", style=labels[step][1]))
    return made


@pages.route("/admin/addons/<name>/<step>", methods=("GET", "POST"), area="addons")
def change(env: Env, request: Request, name: str, step: str) -> Response:
    """Show what a step would do; do it."""
    info = next((c for c in lifecycle.catalogue(env.installation) if c.name == name), None)
    if info is None or step not in FITS or info.state not in FITS[step]:
        raise NotFound(_("This cannot be done with the addon as it is now."))
    title = env.t(info.title)
    if not request.posted:
        return _plan_page(env, request, info, step)
    if step == "purge" and request.value("confirm").strip() != name:
        return _plan_page(env, request, info, step, [env.t(_("Write “{word}” to confirm.", word=name))])
    env.commit()  # the lifecycle writes in transactions of its own, which must not wait for this one
    try:
        ACTIONS[step](env, name)
    except SarnakhError as error:
        return _plan_page(env, request, info, step, [env.t(error.message)])
    except (SQLAlchemyError, ImportError, SyntaxError) as error:
        env.installation.log.exception("addon step failed", addon=name, step=step)
        return _plan_page(env, request, info, step, [env.t(_("It did not work, and nothing was changed: {reason}",
                                                            reason=type(error).__name__))])
    with env.installation.env(env.actor) as after:
        after.log(f"addon_{step}", name)
    request.flash(env.t(Message(DONE[step], {"addon": title})))
    return request.redirect("/admin/addons")


ACTIONS: dict[str, Callable[..., Any]] = {
    "enable": lambda env, name: lifecycle.enable(env.installation, [name], lang=env.lang),
    "upgrade": lambda env, name: lifecycle.upgrade_addons(env.installation, [name]),
    "disable": lambda env, name: lifecycle.disable(env.installation, name),
    "purge": lambda env, name: lifecycle.purge(env.installation, name)}


def _plan_page(env: Env, request: Request, info: AddonInfo, step: str, errors: list[str] | None = None) -> Response:
    title = Message(TITLES[step], {"addon": env.t(info.title)})
    fields = [text(env, request, "confirm", _("Write “{word}” to confirm", word=info.name), required=True, autocomplete="off",
                   dir="ltr")] if step == "purge" else []
    page = AdminPage("", form=form(env, f"/admin/addons/{info.name}/{step}", fields, submit=title, errors=errors or [],
                                   cancel="/admin/addons", danger=step in ("disable", "purge")))
    page.notices, lines = PLANS[step](env, info)
    if lines:
        page.table = SimpleTable([Column("what", env.t(_("What will happen")))],
                                 [Row(i, "", [Cell(text=line)]) for i, line in enumerate(lines)])
    return admin_page(env, request, title, page, active="/admin/addons", status=422 if errors else 200)


# ---------------------------------------------------------------- what a step would do
def _enable_plan(env: Env, info: AddonInfo) -> tuple[list[Flash], list[str]]:
    """Addons that come along, record types and changes of the database; or why it cannot be enabled."""
    inst = env.installation
    enabled = [m.name for m in env.registry.manifests]
    try:
        registry = inst.compile([*enabled, info.name], env.registry.customising)
        planned = plan_upgrade(env.connection, registry, registry.manifests)
    except SarnakhError as error:
        return [Flash(env.t(error.message), "error")], []
    added = [m for m in registry.manifests if m.name not in enabled]
    lines = [env.t(_("The addon “{addon}” comes along.", addon=env.t(m.title))) for m in added if m.name != info.name]
    lines += [env.t(_("New record type: {record}", record=env.t(r.plural))) for n, r in registry.records.items()
              if n not in env.registry.records]
    return [], lines + [env.t(line) for line in planned.describe()][:60]


def _upgrade_plan(env: Env, info: AddonInfo) -> tuple[list[Flash], list[str]]:
    planned = lifecycle.planned(env.installation)
    lines = [env.t(_("Version {old} becomes {new}.", old=info.installed_version, new=info.version))]
    return [], lines + [env.t(line) for line in planned.describe()][:60]


def _disable_plan(env: Env, info: AddonInfo) -> tuple[list[Flash], list[str]]:
    inst = env.installation
    enabled = {m.name for m in env.registry.manifests}
    needed = [n for n in graph.dependants(inst.found, info.name) if n in enabled]
    if needed:
        titles = [env.t(m.title) for n in needed if isinstance(m := inst.found[n], Manifest)]
        return [Flash(env.t(_("Other addons need it and must be disabled first: {others}.", others=env.format.list(titles))),
                      "error")], []
    lines = [env.t(_("{record} disappear from menus, lists and pages.", record=env.t(r.plural)))
             for r in env.registry.records.values() if r.addon == info.name]
    return [Flash(env.t(_("All data are kept and come back when it is enabled again.")), "info")], lines


def _purge_plan(env: Env, info: AddonInfo) -> tuple[list[Flash], list[str]]:
    plan = lifecycle.purge_plan(env.installation, info.name)
    lines = [env.t(n_("Table {table} with {count} row", "Table {table} with {count} rows", count, table=table))
             for table, count in plan.tables.items()]
    lines += [env.t(_("Column {column} of {table}", column=column, table=table)) for table, column in plan.columns]
    return [Flash(env.t(_("This cannot be taken back. A copy of the database made before is the only way back.")),
                  "warning")], lines


PLANS: dict[str, Callable[[Env, AddonInfo], tuple[list[Flash], list[str]]]] = {
    "enable": _enable_plan, "upgrade": _upgrade_plan, "disable": _disable_plan, "purge": _purge_plan}
