"""Finding: everything by words, records for pickers, and what the command palette offers."""

from __future__ import annotations

from typing import Any

from core.env import Env
from core.errors import NotFound
from core.expressions import F
from core.i18n.messages import _
from core.query.query import Query
from core.query.search import holding
from core.records.fields import USER, Field, LinkField, ManyField
from core.registry.compose import RecordType
from core.web import shell
from core.web.cells import value_cell
from core.web.lists import record_type
from core.web.money import with_currencies
from core.web.pages import Pages
from core.web.request import Request, Response
from core.web.showing import layout_for, resolve
from core.web.urls import list_url, record_url, with_query
from core.web.viewmodels import Cell, EmptyState, SearchGroup, SearchHit, SearchPage
from core.web.widgets import narrowed

pages = Pages("search")

HITS = 5
PALETTE_HITS = 3
PALETTE_GROUPS = 6
PICKS = 12
SECONDARY = ("longtext", "richtext", "file", "image", "many", "tags", "flag")
QUIET = frozenset({"base.note", "base.view", "base.follow", "base.access_default", "base.sharing_rule"})


def searchable(env: Env) -> list[RecordType]:
    """Record types with text to search that the reader may read, those of the navigation first."""
    order = {item.record: i for i, item in enumerate(env.registry.collected("menus", env=env)) if item.record}
    found = [t for n, t in env.registry.records.items() if t.search_fields and n not in QUIET and env.can("read", n)
             and env.access.readable(n, t.title)]
    return sorted(found, key=lambda t: order.get(t.name, len(order) + 1))


def details(env: Env, rtype: RecordType, count: int = 2) -> list[str]:
    """The fields that tell records of the same name apart: the first of the business card."""
    names = [n for n in layout_for(env, rtype, "card").field_names() if n != rtype.title]
    known = [(n, resolve(env, rtype, n)) for n in names]
    return [n for n, f in known if f and f[1].type_name not in SECONDARY][:count]


def find(env: Env, rtype: RecordType, text: str, limit: int) -> list[dict[str, Any]]:
    """The newest records that hold every word."""
    query = env.query(rtype.name).archived(None).search(text).order("-id")
    return query.select(rtype.title, *with_currencies(env, rtype, details(env, rtype))).spoken().page(limit).rows


def _detail(env: Env, rtype: RecordType, row: dict[str, Any]) -> str:
    known = ((name, resolve(env, rtype, name)) for name in details(env, rtype))
    texts = (value_cell(env, found[1], row.get(name), row, name).text for name, found in known if found)
    return " · ".join(t for t in texts if t)


# ---------------------------------------------------------------- the results page
@pages.route("/search")
def results(env: Env, request: Request) -> Response:
    """Everything that holds the words, by record type."""
    text = request.arg("q").strip()[:200]
    model = SearchPage(text, "/search")
    for rtype in holding(env, searchable(env), text):
        rows = find(env, rtype, text, HITS + 1)
        if rows:
            model.groups.append(_group(env, rtype, rows, text))
    if not model.groups:
        model.empty = EmptyState(env.t(_("Nothing found")), env.t(
            _("Words may be beginnings; letters and digits of any script will do.")), "search", "filtered") if text else \
            EmptyState(env.t(_("Search everything")), env.t(_("Names, companies, e-mails, phone numbers …")), "search")
    return request.render("search.html", model, title=env.t(_("Search")))


def _group(env: Env, rtype: RecordType, rows: list[dict[str, Any]], text: str) -> SearchGroup:
    more = len(rows) > HITS
    group = SearchGroup(env.t(rtype.plural), rtype.icon, env.format.number(min(len(rows), HITS)) + ("+" if more else ""),
                        with_query(list_url(rtype.name), {"s": "1", "q": text, "show": "all"}))
    for row in rows[:HITS]:
        cell = Cell("title", str(row[rtype.title] or f"#{row['id']}"), record_url(rtype.name, row["id"]),
                    card=f"{rtype.name}/{row['id']}")
        group.hits.append(SearchHit(cell, _detail(env, rtype, row)))
    return group


# ---------------------------------------------------------------- palette
@pages.route("/palette")
def palette(env: Env, request: Request) -> Response:
    """What the command palette offers for some words: recent, found, go to, create."""
    text = request.arg("q").strip()[:200]
    groups: list[dict[str, Any]] = []
    if text:
        for rtype in holding(env, searchable(env), text):
            if len(groups) >= PALETTE_GROUPS:
                break
            items = [{"label": str(row[rtype.title] or f"#{row['id']}"), "detail": _detail(env, rtype, row),
                      "icon": rtype.icon, "url": record_url(rtype.name, row["id"])}
                     for row in find(env, rtype, text, PALETTE_HITS)]
            if items:
                groups.append({"label": env.t(rtype.plural), "items": items})
        groups.append({"label": env.t(_("Search")), "items": [{
            "label": env.t(_("Search everything for “{text}”", text=text)), "detail": "", "icon": "search",
            "url": with_query("/search", {"q": text})}]})
    else:
        items = [{"label": n.label, "detail": "", "icon": n.icon, "url": n.url} for n in shell.recent(request, 8)]
        groups.append({"label": env.t(_("Recent")), "items": items})
    folded = text.casefold()
    create = [{"label": env.t(_("Create {record}", record=a.label)), "detail": "", "icon": a.icon, "url": a.url}
              for a in shell.creatable(env) if folded in a.label.casefold() or not folded]
    groups.append({"label": env.t(_("Create")), "items": create[:8]})
    return request.json({"groups": [g for g in groups if g["items"]]})


# ---------------------------------------------------------------- pickers
@pages.route("/lookup/any")
def lookup_any(env: Env, request: Request) -> Response:
    """Records of several types for a picker."""
    wanted = [t for t in request.arg("types").split(",") if t]
    items: list[dict[str, Any]] = []
    text = request.arg("q").strip()[:200]
    types = [t for t in searchable(env) if not wanted or t.name in wanted]
    for rtype in holding(env, types, text) if text else types:
        if len(items) >= PICKS:
            break
        for row in _picks(env, rtype, text, 4):
            items.append({"id": f"{rtype.name}:{row['id']}", "label": str(row[rtype.title] or f"#{row['id']}"),
                          "detail": env.t(rtype.label), "icon": rtype.icon})
    return request.json({"items": items, "create_url": None})


@pages.route("/lookup/<record>")
def lookup(env: Env, request: Request, record: str) -> Response:
    """Records of a type for a picker. `for=<record>.<field>` narrows to what the field's condition allows, and
    `within.<field>=` to what belongs to the value of a field beside it."""
    rtype = record_type(env, record)
    if not env.access.readable(record, rtype.title):
        raise NotFound
    query, hint = env.query(record), ""
    field = _field(env, request.arg("for"), record)
    if field is not None:
        beside = {name.removeprefix("within."): value for name, value in request.args() if name.startswith("within.")}
        empty = [n for n in getattr(field, "within", ()) if beside.get(n) == "" and env.access.readable(field.record, n)]
        if empty:
            hint = env.t(_("First fill in “{field}”.", field=env.registry.record(field.record).fields[empty[0]].label))
        query = narrowed(env, field, query.where(getattr(field, "where", None)), beside)
    rows = _picks(env, rtype, request.arg("q"), PICKS, query)
    items = [{"id": row["id"], "label": str(row[rtype.title] or f"#{row['id']}"), "detail": _detail(env, rtype, row),
              "icon": "" if record == USER else rtype.icon} for row in rows]
    create = f"{list_url(record)}/quick" if env.can("create", record) and record != USER else None
    return request.json({"items": items, "create_url": create, "hint": hint})


def _field(env: Env, purpose: str, record: str) -> Field | None:
    """The link field that a picker is for."""
    owner, _dot, name = purpose.rpartition(".")
    rtype = env.registry.records.get(owner)
    field = rtype.fields.get(name) if rtype is not None else None
    if rtype is None or field is None or not env.access.readable(owner, name):
        return None
    if isinstance(field, (LinkField, ManyField)) and field.target == record:
        return field
    return None


def _picks(env: Env, rtype: RecordType, text: str, limit: int, query: Query | None = None) -> list[dict[str, Any]]:
    query = query or env.query(rtype.name)
    if rtype.name == USER:
        query = query.where(F.active)
    text = text.strip()[:200]
    if text:
        query = query.search(text) if rtype.search_fields else query.where(F[rtype.title].contains(text))
    return _ordered(query, rtype).select(rtype.title, *details(env, rtype)).spoken().rows(limit=limit)


def _ordered(query: Query, rtype: RecordType) -> Query:
    field = rtype.fields[rtype.title]
    return query.order(rtype.title) if field.sortable and field.index or rtype.name.startswith("base.") else query.order("-id")
