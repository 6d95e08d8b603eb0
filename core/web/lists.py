"""The list of a record type: from the address to a page of cells.

At most eight statements, whatever the number of rows and plain columns: change counters, session, recent records, saved
views, rows, a capped count, totals of short lists, figures that addons add; one more for each column of tags.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from core.env import Env
from core.errors import ExpressionError, NotFound
from core.expressions import ast
from core.i18n.messages import _, n_
from core.layouts import text_in
from core.query.plan import Page
from core.query.query import COUNT_CAP, Query
from core.records.fields import Field
from core.registry.compose import RecordType
from core.web import criteria, list_parts, listviews
from core.web.cells import column_cells
from core.web.liststate import ListState, from_layout, from_pairs, from_settings
from core.web.money import with_currencies
from core.web.quick_cells import cell_writer, title_writer
from core.web.quick_rows import Draw, Line, Opening
from core.web.request import Request
from core.web.showing import create_url, label_of, layout_for, listable, resolve, shown_fields
from core.web.urls import list_url
from core.web.viewmodels import Action, Column, EmptyState, ListPage, Row, Rows

ALIGN_END = frozenset({"integer", "decimal", "money", "percent", "duration"})
GROUPABLE = frozenset({"choice", "flag", "link"})


@dataclass
class Listing:
    """A list being made: its state, columns and query. `base` is what the open view keeps, `problems` what was passed
    over because it is not understood (any more)."""

    env: Env
    rtype: RecordType
    state: ListState
    columns: list[tuple[str, Field]]
    base: dict[str, Any]
    views: list[listviews.SavedView]
    view: listviews.SavedView | None = None
    problems: list[str] = field(default_factory=list)
    criteria: ast.Node | None = None
    query: Query = None  # type: ignore[assignment]
    drawn: dict[str, dict[Any, str]] = field(default_factory=dict)
    """Cells that repeat, by column: the words of choices, people."""


def record_type(env: Env, name: str) -> RecordType:
    """A record type that the reader may read; NotFound for any other name."""
    rtype = env.registry.records.get(name)
    if rtype is None or not env.can("read", name):
        raise NotFound(_("There is no such list, or you may not see it."))
    return rtype


def prepare(env: Env, request: Request, rtype: RecordType, pairs: list[tuple[str, str]] | None = None, *, opening: bool = False) -> Listing:
    """The list that an address (or the pairs of a form) means; when it is `opening`, a bare address means the view published to
    open first."""
    views = listviews.views_of(env, rtype.name)
    given = request.args() if pairs is None else pairs
    first = listviews.first_of(views) if opening and not given else None
    return listing(env, rtype, [("view", str(first.id))] if first is not None else given, views)


def listed(env: Env, record: str, pairs: list[tuple[str, str]]) -> tuple[Query, list[str]]:
    """The records that the address of a list means, saved views and filters included, and what in it was not understood."""
    made = listing(env, record_type(env, record), pairs, listviews.views_of(env, record))
    return made.query, made.problems


def listing(env: Env, rtype: RecordType, pairs: list[tuple[str, str]], views: list[listviews.SavedView]) -> Listing:
    """The list that (name, value) pairs and saved views mean."""
    state = from_layout(rtype.name, layout_for(env, rtype, "list"))
    chosen = next((v for k, v in pairs if k == "view"), "")
    view = next((v for v in views if str(v.id) == chosen), None)
    own = listviews.own_columns(views)
    if view is not None:
        state = from_settings(state, view.settings)
    elif own is not None:
        state = from_settings(state, {k: v for k, v in (own.settings or {}).items() if k in ("columns", "widths")})
    base = state.settings()
    state = from_pairs(state, pairs)
    state = replace(state, view=view.id if view else 0)
    made = Listing(env, rtype, state, [], base, views, view)
    made.columns = _columns(made)
    made.state = replace(state, columns=tuple(p for p, _f in made.columns))
    made.base = {**base, "columns": [c for c in base["columns"] if resolve(env, rtype, c)]}
    made.query = _query(made)
    return made


def _columns(made: Listing) -> list[tuple[str, Field]]:
    found = []
    for path in made.state.columns:
        known = resolve(made.env, made.rtype, path)
        if known is not None and listable(known[1]):
            found.append((path, known[1]))
    if not found:
        title = made.rtype.title if resolve(made.env, made.rtype, made.rtype.title) else "id"
        found = [(title, made.rtype.field(title))]
    return found


def _query(made: Listing) -> Query:
    env, rtype, state = made.env, made.rtype, made.state
    query = env.query(rtype.name).search(state.q[:200])
    query = query.archived({"archived": True, "all": None}.get(state.show, False))
    try:
        made.criteria = criteria.read_criteria(env, rtype, state.criteria)
        query = _checked(query.where(made.criteria)) if made.criteria is not None else query
    except ExpressionError as error:
        made.problems.append(env.t(error.message))
        made.criteria = None
    for path, text in state.filters.items():
        try:
            query = _checked(query.where(criteria.quick_filter(env, rtype, path, text)))
        except ExpressionError as error:
            made.problems.append(env.t(error.message))
    order = [p for p in state.order if _sortable(env, rtype, p.lstrip("-"))]
    return query.order(*order) if order else query


def _checked(query: Query) -> Query:
    """The query, when it speaks only of fields that the reader may see; ExpressionError otherwise."""
    query.id_select()
    return query


def _sortable(env: Env, rtype: RecordType, path: str) -> bool:
    found = resolve(env, rtype, path)
    return found is not None and found[1].sortable


# ---------------------------------------------------------------- the page
def page(env: Env, request: Request, rtype: RecordType) -> ListPage:
    """The view model of a list."""
    made = prepare(env, request, rtype, opening=True)
    model = ListPage(rtype.name, env.t(rtype.plural), list_url(rtype.name), icon=rtype.icon)
    model.can_edit = env.can("update", rtype.name)
    model.create_url = create_url(env, rtype)
    model.can_create = bool(model.create_url)
    slot = slot_of(made, request)
    if "tools" not in slot:
        slot["tools"] = list_parts.tools(made)
        slot["heads"] = _heads(made)
        slot["html"], slot["drawn"] = {}, {}
    made.drawn = slot["drawn"]
    for name, value in slot["tools"].items():
        setattr(model, name, value)
    model.kept = slot["html"]
    group = _group_field(made)
    total: int | None
    if group is not None:
        total = list_parts.groups(made, model, group, request)
    else:
        total = _plain_rows(made, model, request)
    _texts(made, model, total, request)
    asked = figures(made) if request.arg("figures") else []
    model.notice = " · ".join([*made.problems, *(f"{env.t(f.label)}: {f.value}" for f in asked)])
    if not asked and env.registry.plugins.hook.list_summary.get_hookimpls():
        model.figures_url = made.state.url(figures="1")
    sums = list_parts.totals(made) if group is None and total is not None and total <= COUNT_CAP else {}
    model.columns = [replace(h, total=sums[h.name]) if h.name in sums else h for h in slot["heads"]]
    return model


def slot_of(made: Listing, request: Request) -> dict[str, Any]:
    """Where this list's toolbar and heads are kept for this person (core/memo.py)."""
    key = (made.env.actor.id, request.csrf_token, made.env.lang, made.state.url(), tuple(made.problems))
    return made.env.registry.memo.slot(key, made.env.actor, made.views)


def figures(made: Listing) -> list[Any]:
    """What addons say of the whole list; they may read all of it, so the page does not wait for them."""
    return made.env.registry.collected("list_summary", env=made.env, record_name=made.rtype.name, query=made.query)


def _group_field(made: Listing) -> Field | None:
    found = resolve(made.env, made.rtype, made.state.group) if made.state.group else None
    return found[1] if found is not None and "." not in made.state.group and found[1].type_name in GROUPABLE else None


def _plain_rows(made: Listing, model: ListPage, request: Request) -> int | None:
    """Fill in the rows; returns how many records there are, None when that is better counted after the page."""
    token = request.arg("after") or request.arg("before") or None
    page_ = rows_page(made, made.query, token)
    model.rows = rows(made, page_.rows)
    model.next_url = made.state.url(after=page_.next) if page_.next else ""
    model.previous_url = made.state.url(before=page_.previous) if page_.previous else ""
    if token is None and page_.next is None:
        return len(page_.rows)
    if request.arg("count"):
        return made.query.count(None)
    return made.query.count(COUNT_CAP) if list_parts.summed(made) else None


def rows_page(made: Listing, query: Query, token: str | None = None, size: int = 0) -> Page:
    """One page of dict rows with everything the cells need."""
    return query.select(*needed_paths(made)).spoken().page(size or made.state.size, token)


def needed_paths(made: Listing) -> list[str]:
    """Paths to read: the columns, the record's name, its version, and the currencies of amounts."""
    paths = with_currencies(made.env, made.rtype, (p for p, _f in made.columns))
    extra = [made.rtype.title] if resolve(made.env, made.rtype, made.rtype.title) else []
    return list(dict.fromkeys([*paths, *extra, "version", "archived"]))


def rows(made: Listing, found: list[dict[str, Any]]) -> Rows:
    """Rows of cells."""
    suffix = list_parts.context_suffix(made)
    return Rows(len(found), partial(_rows, made, found, suffix), partial(_lines, made, found, suffix))


def _titled(made: Listing) -> str:
    """The path of the column that links to the record: its name's, or the first one."""
    paths = [p for p, _f in made.columns]
    return made.rtype.title if made.rtype.title in paths else paths[0]


def _rows(made: Listing, found: list[dict[str, Any]], suffix: str) -> list[Row]:
    env, rtype, titled = made.env, made.rtype, _titled(made)
    makers = [column_cells(env, rtype, path, f, title=path == titled, suffix=suffix) for path, f in made.columns]
    base, name = f"/r/{rtype.name}/", rtype.title
    return [Row(row["id"], f"{base}{row['id']}{suffix}", [make(row) for make in makers], False, row["version"],
                str(row.get(name) or row["id"]), row["archived"]) for row in found]


def _lines(made: Listing, found: list[dict[str, Any]], suffix: str, openings: list[Opening], draw: Draw) -> Iterator[Line]:
    """What `_rows` gives, written out (core/web/quick_rows.py)."""
    env, rtype, titled = made.env, made.rtype, _titled(made)
    base, name = f"/r/{rtype.name}/", rtype.title
    writers = [(path, title_writer(env, f, draw, base, suffix) if path == titled else
                cell_writer(env, path, f, draw, made.drawn.setdefault(path, {})), *opening)
               for (path, f), opening in zip(made.columns, openings, strict=True)]
    for row in found:
        cells = []
        for path, write, filled, blank in writers:
            text = write(row[path], row)
            cells.append(f"{filled}{text}</td>" if text else f"{blank}</td>")
        key = row["id"]
        yield key, f"{base}{key}{suffix}", row["version"], str(row.get(name) or key), False, row["archived"], "".join(cells)


def count_text(made: Listing, total: int, exact: bool = False) -> tuple[str, str]:
    """A count in words, and when it was capped where the exact one is."""
    env = made.env
    if total > COUNT_CAP and not exact:
        return env.t(_("{count}+", count=env.format.number(COUNT_CAP))), made.state.url(count="1")
    return env.t(n_("{shown} record", "{shown} records", total, shown=env.format.number(total))), ""


def _texts(made: Listing, model: ListPage, total: int | None, request: Request) -> None:
    """Count, empty state, chips."""
    env, state = made.env, made.state
    if total is None:
        model.count_text = env.t(_("{count}+", count=env.format.number(len(model.rows))))
        model.count_later = state.url(count="some")
    else:
        model.count_text, model.count_url = count_text(made, total, bool(request.arg("count")))
    model.chips = list_parts.chips(made)
    model.clear_url = state.url(q="", criteria="", filters={}, show="") if model.chips or state.q else ""
    if not (model.rows or model.groups):
        model.empty = empty_state(made, model)


def empty_state(made: Listing, model: ListPage) -> EmptyState:
    env, rtype = made.env, made.rtype
    label = env.t(rtype.plural)
    if model.chips or made.state.q:
        return EmptyState(env.t(_("Nothing fits")), env.t(_("No {records} meet these conditions.", records=label)),
                          rtype.icon, "filtered", [Action(env.t(_("Clear all")), model.clear_url, "x-lg")])
    text = env.t(rtype.cls.record_help) if rtype.cls.record_help else env.t(
        _("What you create or import appears here, and what others share with you."))
    found = EmptyState(env.t(_("No {records} yet", records=label)), text, rtype.icon)
    if model.can_create:
        found.actions = [Action(env.t(_("Create {record}", record=rtype.label)), model.create_url, "plus-lg", style="primary")]
    return found


# ---------------------------------------------------------------- columns
def _heads(made: Listing) -> list[Column]:
    env, rtype, state = made.env, made.rtype, made.state
    layout = layout_for(env, rtype, "list")
    editing = env.can("update", rtype.name) and state.show != "archived"
    found = []
    for i, (path, f) in enumerate(made.columns):
        node = layout.find(path)
        label = text_in(node.get("label"), env.lang, env.t) if node is not None and node.get("label") else ""
        head = Column(path, label or label_of(env, rtype, path), f.type_name,
                      align="end" if f.type_name in ALIGN_END else "start", pinned=i == 0,
                      width=int(state.widths.get(path) or 0))
        if editing and "." not in path and path != rtype.title and list_parts.editable_inline(env, rtype, f):
            head.edit = path
        list_parts.equip(made, head, path, f)
        found.append(head)
    return found


def offered_columns(env: Env, rtype: RecordType) -> list[tuple[str, str]]:
    """All own fields that can be columns, as (path, label), by label."""
    return sorted(((f.name, env.t(f.label)) for f in shown_fields(env, rtype) if listable(f)), key=lambda pair: env.sort_key(pair[1]))
