"""Customisation packages in the browser: what was applied here, and exporting chosen parts."""

from __future__ import annotations

from typing import Any

from core.api import ActionLink, Env, SarnakhError, _, history, n_, packages
from core.web_api import (
    Action,
    AdminPage,
    Badge,
    Cell,
    Column,
    EmptyState,
    FieldView,
    FormPage,
    Option,
    Request,
    Response,
    Row,
    Section,
    SimpleTable,
    admin_page,
    flag,
    text,
)

from . import package_words
from .site import LINKS, pages

BASE = "/x/studio/packages"
AREA = "layouts"
USUAL = ("record", "field", "rule", "choice", "layout", "home", "menu")
"""Groups that are marked at first: what was made here, not what every installation begins with."""
LINKS.append((AREA, ActionLink(_("Packages"), BASE, "box-seam", help=_("Move what was made here to another installation."))))


@pages.route("/packages", area=AREA)
def package_list(env: Env, request: Request) -> Response:
    """The packages that were applied here, with their way back."""
    page = AdminPage("", intro=env.t(_(
        "A package holds fields, layouts, rules and settings as readable files. Make one here, look at its difference in another "
        "installation, check it, and apply it there as a whole.")))
    page.actions = [Action(env.t(_("Export a package")), f"{BASE}/export", "box-arrow-up", style="primary"),
                    Action(env.t(_("Apply a package")), f"{BASE}/new", "box-arrow-in-down")]
    applied = history(env, "package", limit=100)
    people = env.labels("base.user", {row.who for row in applied if row.who})
    page.table = SimpleTable(
        [Column("package", env.t(_("Package"))), Column("version", env.t(_("Version"))), Column("when", env.t(_("Applied on"))),
         Column("who", env.t(_("By")))],
        [_applied(env, i, row, people) for i, row in enumerate(applied)], caption=env.t(_("Packages applied here")),
        empty=EmptyState(env.t(_("No package was applied here yet")), env.t(_(
            "Apply one that was exported elsewhere, or export what you made here.")), "box-seam"))
    present = env.registry.customising.of("package")
    latest: dict[str, int] = {}
    for i, row in enumerate(applied):
        if row.after is not None and present.get(row.target) == row.after:
            latest.setdefault(row.target, i)
    page.table.row_actions = {i: [_back(env, applied[i].batch)] for i in latest.values()}
    return admin_page(env, request, _("Packages"), page)


def _applied(env: Env, number: int, row: Any, people: dict[int, str]) -> Row:
    data = row.after or {}
    version = Cell(text=str(data.get("version", "")), dir="ltr") if row.after else Cell(badges=[Badge(env.t(_("Taken back")))])
    return Row(number, "", [Cell(text=str(data.get("title") or row.target), dir="auto"), version,
                            Cell(text=env.format.datetime(row.at)), Cell(text=people.get(row.who, env.t(_("Command line"))))])


def _back(env: Env, batch: str) -> Action:
    return Action(env.t(_("Take back")), f"{BASE}/back", "arrow-counterclockwise", kind="post", fields={"batch": batch},
                  confirm=env.t(_("Everything that this package changed becomes what it was before. What people wrote into its new "
                                  "fields is kept in a file of the server.")))


@pages.route("/packages/back", methods=("POST",), area=AREA)
def package_back(env: Env, request: Request) -> Response:
    """Take an applied package back."""
    batch = request.value("batch")[:36]
    env.commit()  # packages are applied in transactions of their own
    try:
        packages.take_back(env.installation, env.actor, batch)
    except SarnakhError as error:
        request.flash(env.t(error.message), "error")
    else:
        request.flash(env.t(_("The package is taken back.")))
    return request.redirect(BASE)


@pages.route("/packages/export", methods=("GET", "POST"), area=AREA)
def package_export(env: Env, request: Request) -> Response:
    """Choose parts and get them as one file."""
    parts = packages.parts(env)
    errors: list[str] = []
    if request.posted:
        known = {part.item: part.data for part in parts}
        chosen = {item for item in request.values("items") if item in known}
        if request.has("along"):
            chosen |= packages.needed_along(env, known, chosen)
        try:
            package = packages.export(env, chosen, request.value("name").strip(), version=request.value("version").strip(),
                                      title=request.value("title").strip()[:200])
            env.log("customising_exported", f"{package.name} {package.version}")
            return request.file(packages.to_zip(package), f"{package.name}-{package.version}.zip", "application/zip")
        except SarnakhError as error:
            errors = [env.t(error.message)]
    page = AdminPage("", form=_export_form(env, request, parts, errors), intro=env.t(_(
        "Passwords, keys and people never travel. Profiles, views and the like are called by their names, as numbers differ "
        "elsewhere.")))
    return admin_page(env, request, _("Export a package"), page, active=BASE, status=422 if errors else 200)


def _export_form(env: Env, request: Request, parts: list[Any], errors: list[str]) -> FormPage:
    head = [text(env, request, "name", _("Name"), "", required=True, dir="ltr", help=_("Small letters, digits and underscores; "
                 "it stays the same for all versions.")),
            text(env, request, "version", _("Version"), "1.0", required=True, dir="ltr"),
            text(env, request, "title", _("Title"), ""),
            flag(env, request, "along", _("Take along what the chosen parts need"), True)]
    groups: dict[str, list[Any]] = {}
    for part in parts:
        groups.setdefault(part.group, []).append(part)
    order = sorted(groups, key=lambda group: (USUAL.index(group) if group in USUAL else len(USUAL), group))
    return FormPage("", f"{BASE}/export", [Section("package", columns=2, fields=head), *(
        _group(env, request, group, groups[group]) for group in order)], errors=errors, cancel_url=BASE,
        actions=[Action(env.t(_("Export")), kind="submit", style="primary", icon="box-arrow-up")])


def _group(env: Env, request: Request, group: str, parts: list[Any]) -> Section:
    """The parts of one kind as marks; kinds that every installation has stay folded."""
    usual = group in USUAL
    chosen = set(request.values("items")) if request.posted else {part.item for part in parts if usual}
    label = packages.group_label(env, group)
    options = sorted((Option(part.item, package_words.label_of_part(env, part), selected=part.item in chosen) for part in parts),
                     key=lambda option: env.sort_key(option.label))
    count = env.t(n_("{count} part", "{count} parts", len(parts)))
    field = FieldView("items", count, "multichoice", [o.value for o in options if o.selected], multiple=True, options=options, width=2)
    return Section(f"group-{group.replace('.', '-')}", label, columns=1, fields=[field],
                   collapsed=not usual and not any(o.selected for o in options))
