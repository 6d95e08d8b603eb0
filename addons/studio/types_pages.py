"""All record types, and the page of one: its fields, its rules, what it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.api import ActionLink, Env, F, _, fold, n_, tally
from core.web_api import (
    Action,
    AdminPage,
    Badge,
    Cell,
    Column,
    EmptyState,
    Flash,
    FormPage,
    Request,
    Response,
    Row,
    Section,
    SimpleTable,
    Tab,
    admin_page,
    list_url,
    text,
    with_query,
)

from .fields_kinds import KINDS, label_of
from .fields_typed import Typed, choice, text_in
from .site import LINKS, pages
from .types_info import BASE, OWN, fields_of, is_own, known_type, layer, layers, many, rules_of, stored

LINKS.append(("layouts", ActionLink(_("Fields and record types"), BASE, "ui-checks-grid", help=_(
    "New fields, record types, rules and picklists, without code."))))
PAGE = 40


@pages.route("/types", area="layouts")
def types(env: Env, request: Request) -> Response:
    """Record types with whose they are, how many fields and records they have."""
    q, whose = fold(request.arg("q")[:80]), request.arg("layer")[:60]
    found = [rtype for rtype in env.registry.records.values()
             if (not whose or rtype.addon == whose) and (not q or q in fold(f"{env.t(rtype.plural)} {env.t(rtype.label)} {rtype.name}"))]
    found.sort(key=lambda rtype: (rtype.addon != OWN, env.sort_key(env.t(rtype.plural))))
    start = min(max(request.arg_int("from"), 0), len(found))
    shown = found[start:start + PAGE]
    page = AdminPage("", intro=env.t(_("Everything that is kept, and what this installation added to it. What is made here is there at "
                                       "once, for everybody, and stays through upgrades.")))
    page.actions = [Action(env.t(_("New record type")), f"{BASE}/new", icon="plus", style="primary")]
    page.filters = FormPage("", BASE, [Section("filter", fields=[
        text(env, request, "q", _("Search"), request.arg("q")[:80], "search"),
        choice(env, Typed(request), "layer", _("Origin"), layers(env), whose, none=_("Everything"))])], method="get")
    counts = tally(env, [rtype.name for rtype in shown])
    page.table = SimpleTable(
        [Column("name", env.t(_("Record type"))), Column("key", env.t(_("Name for programs"))), Column("layer", env.t(_("Origin"))),
         Column("fields", env.t(_("Fields")), align="end"), Column("own", env.t(_("Own fields")), align="end"),
         Column("records", env.t(_("Records")), align="end")],
        [_type_row(env, i, rtype, counts) for i, rtype in enumerate(shown)], caption=env.t(_("Record types")),
        empty=EmptyState(env.t(_("Nothing was found")), env.t(_("Change the filter to see more.")), "search", "filtered"))
    state = {"q": request.arg("q")[:80], "layer": whose}
    if start + PAGE < len(found):
        page.table.next_url = with_query(BASE, {**state, "from": str(start + PAGE)})
    if start:
        page.table.previous_url = with_query(BASE, {**state, "from": str(max(start - PAGE, 0))})
    page.panels = []
    _add_retired(env, page)
    return admin_page(env, request, _("Fields and record types"), page, active=BASE)


def _type_row(env: Env, index: int, rtype: Any, counts: Mapping[str, int]) -> Row:
    url = f"{BASE}/{rtype.name}"
    own = sum(1 for f in rtype.fields.values() if f.addon == OWN)
    count = many(env, counts[rtype.name]) if rtype.name in counts else ""
    return Row(index, url, [
        Cell("title", env.t(rtype.plural), url), Cell(text=rtype.name, dir="ltr"), Cell(badges=[layer(env, rtype.addon)]),
        Cell(text=env.format.number(sum(1 for f in rtype.fields.values() if not f.system))),
        Cell(text=env.format.number(own) if own and rtype.addon != OWN else ""), Cell(text=count)])


def _add_retired(env: Env, page: AdminPage) -> None:
    """Own types that are switched off, which no list shows any more."""
    off = {name: data for name, data in stored(env, "record").items() if not data.get("active", True)}
    page.notices += [Flash(env.t(_("“{record}” is switched off; its records are kept.", record=text_in(env, data.get("labels"), name))),
                           action=Action(env.t(_("Open")), f"{BASE}/{name}/settings")) for name, data in off.items()]


def tabs(env: Env, record: str, here: str) -> list[Tab]:
    """The pages of one record type."""
    made = [Tab("fields", env.t(_("Fields")), url=f"{BASE}/{record}", icon="input-cursor-text"),
            Tab("rules", env.t(_("Validation rules")), env.format.number(n) if (n := len(rules_of(env, record))) else "",
                f"{BASE}/{record}/rules", icon="shield-check")]
    if is_own(record):
        made.append(Tab("settings", env.t(_("Properties")), url=f"{BASE}/{record}/settings", icon="sliders2"))
    made.append(Tab("history", env.t(_("Changes")), url=f"/x/studio/history?record={record}", icon="clock-history"))
    for tab in made:
        tab.active = tab.id == here
    return made


@pages.route("/types/<record>", area="layouts")
def one_type(env: Env, request: Request, record: str) -> Response:
    """The fields of a record type: its own ones first, then those that are shipped."""
    rtype = known_type(env, record)
    q = fold(request.arg("q")[:80])
    own = fields_of(env, record)
    rows = [_own_row(env, record, name, data) for name, data in own.items()]
    rows += [_shipped_row(env, rtype, f) for f in rtype.fields.values() if f.name not in own and not f.system]
    rows = [row for row in rows if not q or q in fold(f"{row.cells[0].text} {row.cells[2].text}")]
    for index, row in enumerate(rows):
        row.id = index
    page = AdminPage("", tabs=tabs(env, record, "fields"), intro=env.t(_("Origin: {layer}", layer=layer(env, rtype.addon).label)))
    page.actions = [Action(env.t(_("Add field")), f"{BASE}/{record}/fields/new", icon="plus", style="primary")]
    if env.can("read", record):
        page.actions.append(Action(env.t(_("Open the list")), list_url(record), icon="list-ul"))
    page.notices = _news(env, request, record)
    page.filters = FormPage("", f"{BASE}/{record}", [Section("filter", fields=[
        text(env, request, "q", _("Search"), request.arg("q")[:80], "search")])], method="get") if len(rows) > 12 or q else None
    page.table = SimpleTable(
        [Column("label", env.t(_("Field"))), Column("type", env.t(_("Type"))), Column("name", env.t(_("Name for programs"))),
         Column("what", env.t(_("What holds"))), Column("layer", env.t(_("Origin")))], rows, caption=env.t(_("Fields")),
        empty=EmptyState(env.t(_("Nothing was found")), env.t(_("Change the filter to see more.")), "search", "filtered"))
    return admin_page(env, request, rtype.plural, page, active=BASE)


def _news(env: Env, request: Request, record: str) -> list[Flash]:
    """After something was made: the way to where it can be seen."""
    name = request.arg("new")[:60]
    field = env.registry.record(record).fields.get(name)
    if field is None and name != "type":
        return []
    said = _("The record type is there: people can work with it now.") if field is None else _(
        "“{field}” is there: on the form, in lists, filters, imports and everywhere else.", field=env.t(field.label))
    return [Flash(env.t(said), "success", Action(env.t(_("Open the form")), f"/r/{record}/new") if env.can("create", record) else None)]


def _own_row(env: Env, record: str, name: str, data: Mapping[str, Any]) -> Row:
    kind = str(data.get("type", ""))
    url = f"{BASE}/{record}/fields/{name}"
    badges = [] if data.get("active", True) else [Badge(env.t(_("Switched off")), "orange")]
    return Row(0, url, [
        Cell("title", text_in(env, data.get("labels"), name), url), Cell(badges=[Badge(env.t(label_of(kind)), icon=_icon(kind))]),
        Cell(text=name, dir="ltr"), Cell(badges=[*badges, *_marks(env, data)]), Cell(badges=[layer(env, OWN)])],
        muted=not data.get("active", True))


def _shipped_row(env: Env, rtype: Any, field: Any) -> Row:
    url = f"{BASE}/{rtype.name}/fields/{field.name}"
    marks = {name: getattr(field, name, False) for name in ("required", "unique", "search", "index")}
    return Row(0, url, [
        Cell("title", env.t(field.label), url), Cell(badges=[Badge(env.t(label_of(field.type_name)), icon=_icon(field.type_name))]),
        Cell(text=field.name, dir="ltr"), Cell(badges=_marks(env, marks)), Cell(badges=[layer(env, field.addon or rtype.addon)])])


def _icon(kind: str) -> str:
    return KINDS[kind].icon if kind in KINDS else "dot"


MARKS = {"required": (_("Required"), "red"), "unique": (_("Unique"), "violet"), "search": (_("Search"), "blue"),
         "depends": (_("Dependent"), "teal")}


def _marks(env: Env, data: Mapping[str, Any]) -> list[Badge]:
    return [Badge(env.t(label), colour) for name, (label, colour) in MARKS.items() if data.get(name)]


def filled(env: Env, record: str, name: str) -> str:
    """In how many records that the person may see a field holds something."""
    field = env.registry.record(record).fields[name]
    if not field.stored or not field.filterable or not env.can("read", record) or not env.access.readable(record, name):
        return ""
    count = env.query(record).archived(None).deleted(None).where(F[name].not_null()).count()
    return env.t(n_("{shown} record holds a value.", "{shown} records hold a value.", count, shown=many(env, count)))
