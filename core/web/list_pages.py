"""Addresses of lists: the list itself, its exact count, columns, saved views."""

from __future__ import annotations

from typing import Any

from core.env import Env
from core.i18n.messages import _
from core.query.query import COUNT_CAP
from core.records import locks
from core.web import lists, listviews
from core.web.liststate import FACE, ListState, from_pairs, is_extra
from core.web.listviews import VIEW
from core.web.pages import Pages
from core.web.request import Request, Response
from core.web.urls import list_url, with_query
from core.web.viewmodels import Action, Dialog, FieldView, FormPage, ListPage, Section

pages = Pages("lists")

MOST_ROWS = 1000


@pages.route("/r/<record>")
def show(env: Env, request: Request, record: str) -> Response:
    """A list."""
    rtype = lists.record_type(env, record)
    if request.arg("count") and request.fragment:
        made = lists.prepare(env, request, rtype)
        exact = request.arg("count") == "1"
        text, url = lists.count_text(made, made.query.count(None if exact else COUNT_CAP), exact)
        return request.render_fragment("fragments/count.html", ListPage(record, "", "", count_text=text, count_url=url))
    if request.arg("figures") and request.fragment:
        return request.render_fragment("fragments/figures.html", lists.figures(lists.prepare(env, request, rtype)))
    model = lists.page(env, request, rtype)
    primary = Action(env.t(rtype.label), model.create_url, "plus-lg", style="primary", shortcut="c",
                     title=env.t(_("Create {record}", record=rtype.label))) if model.can_create else None
    return request.render("list.html", model, title=model.title, active=record, primary=primary)


@pages.route("/r/<record>/changeable")
def changeable(env: Env, request: Request, record: str) -> Response:
    """Which rows of a page its reader may change, and of locked ones which fields: asked when a hand comes near, so that
    the page does not wait for it."""
    rtype = lists.record_type(env, record)
    ids = env.allowed_ids("update", record, request.ids()[:MOST_ROWS])
    shut = env.locked(record, ids)
    pens = sorted(locks.open_fields(rtype)) if shut else []
    return request.json({"ids": sorted(ids - shut.keys()), "open": {key: pens for key in sorted(shut)} if pens else {}})


@pages.route("/r/<record>/columns", methods=("POST",))
def columns(env: Env, request: Request, record: str) -> Response:
    """Keep the chosen columns, or their widths."""
    rtype = lists.record_type(env, record)
    made = lists.prepare(env, request, rtype, [*request.args(), *request.posted_pairs()])
    changes: dict[str, Any] = {}
    if request.has("widths"):
        changes["widths"] = _widths(request.value("widths"), {p for p, _f in made.columns})
    chosen = [c for value in request.values("columns") for c in value.split(",") if c]
    if chosen:
        known = lists.listing(env, rtype, [("columns", ",".join(chosen))], [])
        changes["columns"] = [p for p, _f in known.columns]
    if changes:
        listviews.keep_columns(env, record, made.state.view, changes)
    if request.fragment:
        return request.empty()
    kept = [(k, v) for k, v in made.state.pairs() if k != "columns"]
    return request.redirect(with_query(list_url(record), kept))


def _widths(text: str, known: set[str]) -> dict[str, int]:
    found = {}
    for part in text[:4000].split(","):
        name, _colon, width = part.rpartition(":")
        if name in known and width.isdecimal() and len(width) < 5:
            found[name] = max(40, min(int(width), 2000))
    return found


# ---------------------------------------------------------------- saved views
@pages.route("/r/<record>/views/new", methods=("GET", "POST"))
def new_view(env: Env, request: Request, record: str) -> Response:
    """Save the present state under a name."""
    rtype = lists.record_type(env, record)
    env.require("create", VIEW)
    made = lists.prepare(env, request, rtype, _pairs(request))
    name = request.value("name").strip()
    if not request.posted or not _good(name):
        hidden = {**made.state.query(), "columns": ",".join(made.state.columns), "face": made.state.face}
        return _name_dialog(env, request, f"{list_url(record)}/views/new", env.t(_("Save view")), name, hidden)
    key = env.create(VIEW, {"name": name[:80], "record_type": record, "settings": made.state.kept(),
                            "owner": env.actor.id})
    request.flash(env.t(_("The view was saved.")))
    return _back(request, made.state, key)


@pages.route("/r/<record>/views/<int:key>/name", methods=("GET", "POST"))
def rename_view(env: Env, request: Request, record: str, key: int) -> Response:
    """Give a view another name."""
    view = listviews.mine(env, record, key)
    name = request.value("name").strip() if request.posted else view.name
    if not request.posted or not _good(name):
        face = {k: v for k, v in _pairs(request) if k == FACE or is_extra(k)}
        return _name_dialog(env, request, f"{list_url(record)}/views/{key}/name", env.t(_("Rename view")), name, face)
    env.update(VIEW, key, {"name": name[:80]})
    return _back(request, from_pairs(ListState(record), _pairs(request)), key)


def _pairs(request: Request) -> list[tuple[str, str]]:
    return request.posted_pairs() if request.posted else request.args()


def _back(request: Request, state: ListState, view: int) -> Response:
    """To the list or board that one came from, with a view."""
    return request.redirect(with_query(state.path, [("view", str(view) if view else ""), *state.extra]))


def _good(name: str) -> bool:
    return bool(name) and name != listviews.OWN


def _name_dialog(env: Env, request: Request, url: str, title: str, name: str, hidden: dict[str, str]) -> Response:
    errors = [env.t(_("Write a name."))] if request.posted else []
    fields = [FieldView("name", env.t(_("Name")), value=name, required=True, errors=errors, attrs={"maxlength": "80"})]
    form = FormPage(title, url, [Section("main", columns=1, fields=fields)], hidden=hidden,
                    actions=[Action(env.t(_("Save")), kind="submit", style="primary")])
    return dialog(request, Dialog(title, form=form), 422 if errors else 200)


def dialog(request: Request, model: Dialog, status: int = 200) -> Response:
    """A dialog: as a fragment for scripts, as a page without them."""
    if request.fragment in ("dialog", "sheet"):
        return request.render_fragment("fragments/dialog.html", model, status=status)
    return request.render("dialog.html", model, title=model.title, status=status)


@pages.route("/r/<record>/views/<int:key>", methods=("POST",))
def change_view(env: Env, request: Request, record: str, key: int) -> Response:
    """Save, share, pin or delete one of one's own views."""
    rtype = lists.record_type(env, record)
    view = listviews.mine(env, record, key)
    state = from_pairs(ListState(record), _pairs(request))
    do = request.value("do")
    if do == "delete":
        env.delete(VIEW, key)
        request.flash(env.t(_("The view was deleted.")), undo=env.batch)
        return _back(request, state, 0)
    if do == "save":
        made = lists.prepare(env, request, rtype, [*request.posted_pairs(), ("view", str(key))])
        env.update(VIEW, key, {"settings": made.state.kept()})
        request.flash(env.t(_("The view was saved.")))
    elif do == "share":
        env.update(VIEW, key, {"shared": not view.shared})
    elif do == "pin":
        env.update(VIEW, key, {"pinned": not view.pinned})
    return _back(request, state, key)
