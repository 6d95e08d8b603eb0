"""A package that somebody brought: its difference to what is here, the check, and applying it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from core.api import Env, NotFound, SarnakhError, ValidationFailed, _, n_, packages, read_files
from core.web_api import (
    Action,
    AdminPage,
    Badge,
    Cell,
    Column,
    EmptyState,
    FieldView,
    Flash,
    FormPage,
    Option,
    Request,
    Response,
    Row,
    Section,
    SimpleTable,
    Tile,
    admin_page,
    store_file,
)

from . import package_words
from .package_pages import AREA, BASE
from .site import pages

STATES = {"added": (_("New"), "green"), "changed": (_("Changed"), "blue"), "removed": (_("Goes"), "red"),
          "kept": (_("Stays as it is here"), "grey"), "clash": (_("Clash"), "orange")}
MOST_ROWS = 400
MOST_SHOWN = 160


@pages.route("/packages/new", methods=("GET", "POST"), area=AREA, max_bytes=packages.MOST_TOTAL + (1 << 16))
def package_new(env: Env, request: Request) -> Response:
    """Bring a package; nothing is changed yet."""
    errors: list[str] = []
    if request.posted:
        uploads = request.uploads("file")
        try:
            if not uploads:
                raise SarnakhError(_("Choose a file."))
            content = uploads[0].stream.read(packages.MOST_TOTAL + 1)
            packages.from_zip(content)
            uploads[0].stream.seek(0)
            return request.redirect(f"{BASE}/file/{store_file(env, uploads[0])}")
        except SarnakhError as error:
            errors = [env.t(error.message)]
        except ValueError as error:
            errors = [env.t(error.args[0])]
    page = AdminPage("", form=FormPage(
        "", f"{BASE}/new", [Section("file", columns=1, fields=[FieldView(
            "file", env.t(_("Package")), "file", required=True, attrs={"accept": ".zip,application/zip"})])],
        errors=errors, multipart=True, cancel_url=BASE,
        actions=[Action(env.t(_("Show the difference")), kind="submit", style="primary")]),
        intro=env.t(_("A zip file that was exported here or elsewhere. You see everything that would change before anything does.")))
    return admin_page(env, request, _("Apply a package"), page, active=BASE, status=422 if errors else 200)


@pages.route("/packages/file/<int:key>", methods=("GET", "POST"), area=AREA)
def package_file(env: Env, request: Request, key: int) -> Response:
    """The difference of a brought package; checking and applying it."""
    package = _brought(env, key)
    decisions = {item: side for item, i in _order(env, package).items() if (side := request.value(f"take.{i}"))}
    if request.posted and request.value("do") == "apply":
        env.commit()  # packages are applied in transactions of their own
        try:
            done = packages.apply(env.installation, env.actor, package, decisions)
        except ValidationFailed as failed:
            return _page(env, request, key, packages.look(env, package, decisions), _reasons(env, failed.errors, package.items))
        except SarnakhError as error:
            return _page(env, request, key, packages.look(env, package, decisions), [env.t(error.message)])
        request.flash(env.t(_("The package is applied.")) if done.batch else env.t(_("Nothing had to be changed.")))
        return request.redirect(BASE)
    if not request.posted:
        return _page(env, request, key, packages.look(env, package))
    found = packages.check(env, package, decisions)
    return _page(env, request, key, found, _reasons(env, found.problems, package.items), checked=not found.problems)


def _brought(env: Env, key: int) -> packages.Package:
    """The package in a file that this person brought; files of others are nobody's business here."""
    with env.elevated("the package that this person brought") as sudo:
        file = sudo.get("base.file", key, "created_by", "size")
        if file.created_by is None or file.created_by.id != env.actor.id or (file.size or 0) > packages.MOST_TOTAL:
            raise NotFound()
        return packages.from_zip(read_files(sudo, [key])[key].content)


def _order(env: Env, package: packages.Package) -> dict[str, int]:
    """A number for everything that the package speaks of or spoke of when it was applied last, for the names of inputs."""
    last = env.registry.customising.of("package").get(package.name) or {}
    return {item: i for i, item in enumerate(sorted({*package.items, *(last.get("items") or {})}))}


def _reasons(env: Env, problems: list[Any], items: Mapping[str, Any]) -> list[str]:
    """What stands against it, each with what it is about."""
    found = []
    for problem in problems:
        item = problem.record if isinstance(problem.record, str) else ""
        where = package_words.label(env, item, items) if item else str(problem.field or "")
        found.append(f"{where}: {env.t(problem.message)}" if where else env.t(problem.message))
    return list(dict.fromkeys(found))


def _page(env: Env, request: Request, key: int, found: packages.Comparison, problems: list[str] | None = None,
          checked: bool = False) -> Response:
    package, counts = found.package, found.summary
    page = AdminPage("")
    page.facts = [(env.t(_("Name")), Cell(text=package.name, dir="ltr")), (env.t(_("Version")), Cell(text=package.version, dir="ltr")),
                  (env.t(_("Applied here before")), Cell(text=found.last or env.t(_("never")), dir="auto")),
                  (env.t(_("Needs")), Cell(text=", ".join(f"{n} {v}" for n, v in package.needs.items()) or "–", dir="ltr"))]
    page.tiles = [Tile(env.t(STATES[s][0]), env.format.number(counts[s])) for s in ("added", "changed", "removed", "kept") if counts[s]]
    if checked:
        page.notices.append(Flash(env.t(_("The check found nothing against it.")), "success"))
    page.form = _form(env, key, found, problems or [], checked)
    rows = _rows(env, found)
    page.table = SimpleTable(
        [Column("what", env.t(_("What"))), Column("state", env.t(_("What happens"))), Column("value", env.t(_("Value"))),
         Column("here", env.t(_("Here"))), Column("package", env.t(_("In the package")))], rows[:MOST_ROWS],
        caption=env.t(_("Difference")), empty=EmptyState(
            env.t(_("No difference")), env.t(_("Everything in this package is here already.")), "check2-circle"))
    if len(rows) > MOST_ROWS:
        page.table.count_text = env.t(n_("{count} more row", "{count} more rows", len(rows) - MOST_ROWS))
    title = package.title or package.name
    return admin_page(env, request, _("Package “{title}”", title=title), page, active=BASE, status=422 if problems else 200)


def _form(env: Env, key: int, found: packages.Comparison, problems: list[str], checked: bool) -> FormPage:
    """Deciding clashes, what the database will do, and the buttons."""
    order = _order(env, found.package)
    items = found.package.items
    choices = [FieldView(f"take.{order[c.item]}", package_words.label(env, c.item, items), "radio", c.decided, width=1, options=[
        Option("here", env.t(_("Keep what is here")), selected=c.decided == "here"),
        Option("package", env.t(_("Take the package's")), selected=c.decided == "package")])
        for c in found.changes if c.clash]
    sections = [Section("clashes", env.t(_("Changed here and in the package")), columns=2, fields=choices, help=env.t(_(
        "Somebody changed these here as well. Say which side holds; nothing is overwritten silently.")))] if choices else []
    steps = [env.t(step) for step in found.steps]
    if steps:
        sections.append(Section("steps", env.t(_("In the database")), columns=1, fields=[
            FieldView(f"step-{i}", "", "display", display=Cell(text=step)) for i, step in enumerate(steps[:60])]))
    check = Action(env.t(_("Check")), kind="submit", name="do", value="check", icon="clipboard-check",
                   style="" if checked else "primary")
    apply = Action(env.t(_("Apply")), kind="submit", name="do", value="apply", icon="box-arrow-in-down",
                   style="primary" if checked else "", disabled="" if found.writes or choices or not found.last else
                   env.t(_("Nothing would change.")))
    return FormPage("", f"{BASE}/file/{key}", sections, errors=problems, cancel_url=BASE,
                    actions=[apply, check] if checked else [check, apply])


def _rows(env: Env, found: packages.Comparison) -> list[Row]:
    rows: list[Row] = []
    for change in found.changes:
        if change.state == "same":
            continue
        label, state = package_words.label(env, change.item, found.package.items), _badge(env, "clash" if change.clash else change.state)
        group = packages.group_label(env, packages.group_of(change.item))
        first = Cell(text=f"{group}: {label}", dir="auto")
        values: list[packages.Value | None] = [*(change.values if change.state in ("changed", "kept") else ())]
        for value in values or [None]:
            if value is not None and change.clash:
                state = _badge(env, {"take": "changed", "keep": "kept"}.get(value.state, "clash"))
            shown = [Cell(text=value.name, dir="auto"), _value(value.here), _value(value.package)] if value else [Cell(), Cell(), Cell()]
            rows.append(Row(len(rows), "", [first, state, *shown]))
            first = state = Cell()
    return rows


def _badge(env: Env, state: str) -> Cell:
    label, colour = STATES[state]
    return Cell(badges=[Badge(env.t(label), colour)])


def _value(value: Any) -> Cell:
    """A value as people can read it, shortened; all of it shows on hover."""
    if value is packages.ABSENT:
        return Cell(text="–")
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return Cell(text=text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…", title=text[:4000], dir="auto")
