"""Parts of a list page: column menus, chips, groups, totals, actions, the chooser of columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from core.env import Env
from core.expressions import F
from core.expressions.build import as_node
from core.i18n.messages import _
from core.records.fields import ChoiceField, Field, Link
from core.registry.compose import RecordType
from core.web import criteria, faces, lists, listviews
from core.web.cells import value_cell
from core.web.liststate import SIZES
from core.web.showing import kind_of, label_of, layout_for, resolve, shown_fields
from core.web.urls import list_url, with_query
from core.web.viewmodels import Action, Column, FilterChip, ListPage, Option, RowGroup

if TYPE_CHECKING:
    from core.web.lists import Listing
    from core.web.request import Request

NONE_KEY = "n"
INLINE = frozenset({"text", "longtext", "integer", "decimal", "money", "percent", "flag", "date", "datetime", "duration",
                    "choice", "multichoice", "email", "phone", "url", "link", "many", "tags", "autonumber"})
GROUP_ROWS = 80


def editable_inline(env: Env, rtype: RecordType, field: Field) -> bool:
    """Whether a field can be edited in its cell."""
    return field.type_name in INLINE and env.access.writable(rtype.name, field.name)


def context_suffix(made: Listing) -> str:
    """The query that record addresses carry so that the record's page knows its neighbours; "" for a plain list."""
    plain = made.state.settings() == made.base and not made.state.view and not made.state.face
    if plain:
        return ""
    state = replace(made.state, own_columns=False)
    return with_query("", {"l": with_query("", [*(p for p in state.pairs() if p[0] != "size"), ("face", state.face)])[1:]})


# ---------------------------------------------------------------- tools
def tools(made: Listing) -> dict[str, Any]:
    """Tabs, menus, builder, actions: the parts of a :class:`ListPage` that do not depend on its rows."""
    env, rtype, state = made.env, made.rtype, made.state
    chosen = [p for p, _f in made.columns]
    offered = dict(lists.offered_columns(env, rtype))
    bulk, switches = _bulk_actions(env, rtype), faces.switches(made)
    return {
        "query": state.query(), "search_text": state.q,
        "tabs": listviews.tabs(env, state, made.views, made.base, {face for face, *_rest in faces.offered(env, rtype)}),
        "view_actions": listviews.actions(env, state, made.view),
        "criteria_json": state.criteria if made.criteria is not None else "",
        "criteria_fields": criteria.criteria_fields(env, rtype), "group_by": state.group,
        "group_options": _group_options(made), "sort_options": _sort_options(made),
        "page_sizes": [Action(env.format.number(n), state.url(size=n), active=n == state.size) for n in SIZES],
        "columns_url": with_query(f"{list_url(rtype.name)}/columns", state.query()),
        "all_columns": [Option(p, label_of(env, rtype, p), selected=True) for p in chosen] + [
            Option(p, label) for p, label in offered.items() if p not in chosen],
        "bulk_url": f"{list_url(rtype.name)}/bulk", "bulk_actions": bulk, "can_select": bool(bulk),
        "more_actions": _more_actions(made), "switches": switches,
    }


def _group_options(made: Listing) -> list[Action]:
    env, state = made.env, made.state
    fields = [f for f in shown_fields(env, made.rtype) if f.type_name in lists.GROUPABLE and f.name != "archived"]
    none = Action(env.t(_("No grouping")), state.url(group=""), active=not state.group)
    return [none, *(Action(env.t(f.label), state.url(group=f.name), active=state.group == f.name)
                    for f in sorted(fields, key=lambda f: env.sort_key(env.t(f.label))))]


def _sort_options(made: Listing) -> list[Action]:
    env, state = made.env, made.state
    found = []
    for path, f in made.columns:
        if f.sortable:
            for mark, icon in (("", "arrow-up"), ("-", "arrow-down")):
                found.append(Action(label_of(env, made.rtype, path), state.url(order=(mark + path,)), icon,
                                    active=state.order[:1] == (mark + path,)))
    return found


def _bulk_actions(env: Env, rtype: RecordType) -> list[Action]:
    name, base = rtype.name, f"{list_url(rtype.name)}/bulk"
    made: list[Action] = []
    if env.can("mass_edit", name) and env.can("update", name):
        made.append(Action(env.t(_("Edit")), f"{base}/edit", "pencil", kind="dialog"))
    if rtype.owned and env.can("transfer", name) and env.can("update", name):
        made.append(Action(env.t(_("Change owner")), f"{base}/owner", "person-check", kind="dialog"))
    for action in rtype.actions.values():
        if action.bulk and env.can_run(name, action.name):
            made.append(Action(env.t(action.label), base, action.icon, name="do", value=f"action:{action.name}",
                               confirm=env.t(action.confirm) if action.confirm else ""))
    for link in env.registry.collected("list_actions", env=env, record_name=name):
        if link.bulk:
            made.append(Action(env.t(link.label), link.url, link.icon, kind=link.kind, name="do", value="addon"))
    if env.can("update", name):
        made.append(Action(env.t(_("Archive")), base, "archive", name="do", value="archive"))
    if env.can("delete", name):
        made.append(Action(env.t(_("Delete")), base, "trash", style="danger", name="do", value="delete"))
    return made


def _more_actions(made: Listing) -> list[Action]:
    env, name, state = made.env, made.rtype.name, made.state
    base = list_url(name)
    found = [Action(env.t(link.label), link.url, link.icon, kind=link.kind)
             for link in env.registry.collected("list_actions", env=env, record_name=name) if not link.bulk and not link.primary]
    if env.can("import", name) and env.can("create", name):
        found.append(Action(env.t(_("Import…")), f"{base}/import", "upload"))
    if env.can("export", name):
        keep = {**state.query(), "columns": ",".join(state.columns)}
        found += [Action(env.t(_("Export to Excel")), with_query(f"{base}/export", {**keep, "format": "xlsx"}), "download"),
                  Action(env.t(_("Export to CSV")), with_query(f"{base}/export", {**keep, "format": "csv"}), "filetype-csv")]
    shown = state.show == "archived"
    found.append(Action(env.t(_("Show archived")), state.url(show="" if shown else "archived"), "archive", active=shown))
    if env.can("delete", name):
        found.append(Action(env.t(_("Recycle bin")), f"/bin/{name}", "trash"))
    return found


# ---------------------------------------------------------------- columns
def equip(made: Listing, head: Column, path: str, field: Field) -> None:
    """Sorting, quick filter and menu of a column."""
    env, state = made.env, made.state
    if field.sortable:
        current = state.order[0] if state.order else ""
        head.sorted = {path: "asc", f"-{path}": "desc"}.get(current, "")
        head.sort_url = state.url(order=(f"-{path}" if head.sorted == "asc" else path,))
        head.menu += [Action(env.t(_("Ascending")), state.url(order=(path,)), "arrow-up", active=head.sorted == "asc"),
                      Action(env.t(_("Descending")), state.url(order=(f"-{path}",)), "arrow-down",
                             active=head.sorted == "desc")]
    head.filter_kind = criteria.filter_kind(field)
    head.filterable = head.filter_kind != ""
    head.filter_value = state.filters.get(path, "")
    if isinstance(field, ChoiceField):
        head.filter_options = [Option(o.value, env.t(o.label), o.colour) for o in field.offered(env)]
        head.filter_options.append(Option(criteria.EMPTY, env.t(_("Empty"))))
    elif head.filter_kind == "flag":
        head.filter_options = [Option("1", env.t(_("Yes"))), Option("0", env.t(_("No")))]
    if field.type_name in lists.GROUPABLE and "." not in path:
        head.menu.append(Action(env.t(_("Group by this")), state.url(group=path), "collection"))
    if len(made.columns) > 1:
        rest = ",".join(p for p, _f in made.columns if p != path)
        head.menu.append(Action(env.t(_("Hide")), f"{list_url(made.rtype.name)}/columns", "eye-slash", kind="post",
                                fields={**state.query(), "columns": rest}))


def summed(made: Listing) -> list[str]:
    """Columns that the layout wants summed."""
    wanted = layout_for(made.env, made.rtype, "list").get("totals") or ()
    return [p for p, f in made.columns if p in wanted and kind_of(f) in ("money", "integer", "decimal", "duration")]


def totals(made: Listing) -> dict[str, str]:
    """Sums under columns that the layout wants summed."""
    paths = summed(made)
    if not paths:
        return {}
    found = made.query.aggregate(sums=paths)
    return _sums(made, found[0] if found else {}, paths)


def _sums(made: Listing, row: dict[str, Any], paths: Sequence[str]) -> dict[str, str]:
    fields = dict(made.columns)
    return {p: value_cell(made.env, fields[p], row.get(f"sum:{p}")).text for p in paths if row.get(f"sum:{p}") is not None}


# ---------------------------------------------------------------- chips
def chips(made: Listing) -> list[FilterChip]:
    """The conditions in force, each with an address without it."""
    env, rtype, state = made.env, made.rtype, made.state
    found = []
    if state.q:
        found.append(FilterChip(env.t(_("Search")), state.q, state.url(q="")))
    for path, text in state.filters.items():
        known = resolve(env, rtype, path)
        if known is not None:
            found.append(FilterChip(label_of(env, rtype, path), criteria.quick_in_words(env, known[1], text),
                                    _without_filter(made, path), path))
    for part in criteria.parts(env, rtype, made.criteria):
        found.append(FilterChip(part.label, part.text, state.url(criteria=part.without), part.path))
    if state.show == "archived":
        found.append(FilterChip(env.t(_("Archived")), env.t(_("Yes")), state.url(show="")))
    return found


def _without_filter(made: Listing, path: str) -> str:
    return made.state.url(filters=made.state.with_filter(path, "").filters)


# ---------------------------------------------------------------- groups
def groups(made: Listing, model: ListPage, field: Field, request: Request) -> int:
    """Headings with counts and sums, opened ones with their rows; returns the number of records in all."""
    env, state = made.env, made.state
    wanted = layout_for(env, made.rtype, "list").get("totals") or ()
    sums = [p for p, f in made.columns if p in wanted and "." not in p and kind_of(f) in ("money", "integer", "decimal")]
    found = made.query.aggregate(group_by=[field.name], sums=sums)
    for row in found:
        value = row[field.name]
        key = group_key(value)
        opened = key in state.open
        others = [o for o in state.open if o != key]
        cell = value_cell(env, field, value)
        group = RowGroup(_group_label(env, field, value, cell.text), env.format.number(row["count"]),
                         state.url(open=others if opened else [*others, key]), opened, cell.colour)
        texts = _sums(made, row, sums)
        group.totals = [texts.get(p, "") for p, _f in made.columns] if sums else []
        if opened:
            query = made.query.where(_in_group(field, value))
            page = lists.rows_page(made, query, size=GROUP_ROWS)
            group.rows = lists.rows(made, page.rows)
            if page.next:
                group.more_url = _group_url(made, field, value)
        model.groups.append(group)
    return sum(row["count"] for row in found)


def group_key(value: Any) -> str:
    """How a group's value stands in the address."""
    if value is None:
        return NONE_KEY
    return "v" + str(value.id if isinstance(value, Link) else value)


def _in_group(field: Field, value: Any) -> Any:
    at = F[field.name]
    if value is None:
        return as_node(at.is_null())
    return as_node(at == (value.id if isinstance(value, Link) else value))


def _group_url(made: Listing, field: Field, value: Any) -> str:
    text = criteria.EMPTY if value is None else f"#{value.id}" if isinstance(value, Link) else (
        str(int(value)) if isinstance(value, bool) else str(value))
    return made.state.url(group="", filters=made.state.with_filter(field.name, text).filters)


def _group_label(env: Env, field: Field, value: Any, text: str) -> str:
    if value is None:
        return env.t(_("None"))
    if isinstance(value, Link) and value.label is None:
        return env.t(_("Restricted"))
    return text or str(value)
