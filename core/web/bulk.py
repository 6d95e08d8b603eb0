"""Doing something with many records of a list: those ticked, or all that meet its conditions; with a way back."""

from __future__ import annotations

from typing import Any

from core.env import Env
from core.errors import NotFound, SarnakhError, ValidationFailed
from core.i18n.messages import Message, _, n_
from core.records.fields import USER, Field
from core.registry.compose import RecordType
from core.web import lists
from core.web.list_pages import dialog
from core.web.list_parts import INLINE
from core.web.liststate import ListState, from_pairs
from core.web.pages import Pages
from core.web.request import Request, Response
from core.web.showing import shown_fields
from core.web.urls import is_local, list_url
from core.web.viewmodels import Action, Dialog, FieldView, FormPage, Option, Section
from core.web.widgets import field_view, read

pages = Pages("bulk")

MOST = 50_000
CLEAR = "clear"


def chosen_ids(env: Env, request: Request, rtype: RecordType, operation: str) -> list[int]:
    """The records meant, as far as the person may do the operation with them. SarnakhError when there are none."""
    if request.value("all") == "1":
        made = lists.prepare(env, request, rtype, request.posted_pairs())
        if made.problems:
            raise SarnakhError(_("The conditions of the list were not understood, so nothing was done."))
        found = made.query.for_operation(operation).ids(limit=MOST + 1)
        if len(found) > MOST:
            raise SarnakhError(_("At most {count} records at once; narrow the list first.", count=MOST))
    else:
        found = sorted(env.allowed_ids(operation, rtype.name, request.ids()[:MOST]))
    if not found:
        raise SarnakhError(_("None of the chosen records lets you do this."))
    return found


def _back(request: Request, record: str) -> str:
    """The list one came from, with its conditions."""
    kept = [(k, v) for k, v in request.posted_pairs() if k not in ("ids", "all", "csrf_token", "do", "action")]
    state = from_pairs(ListState(record), kept)
    return state.url() if any(k != "s" for k, _v in kept) else list_url(record)


def _done(env: Env, request: Request, rtype: RecordType, count: int, message: Message) -> Response:
    request.flash(env.t(message), undo=env.batch if count else "")
    return request.redirect(_back(request, rtype.name))


@pages.route("/r/<record>/bulk", methods=("POST",))
def run(env: Env, request: Request, record: str) -> Response:
    """Archive, delete, or run an action."""
    rtype = lists.record_type(env, record)
    do = request.value("do") or request.value("action")
    if do == "delete":
        env.require("delete", record)
        count = env.delete(record, chosen_ids(env, request, rtype, "delete"))
        return _done(env, request, rtype, count, n_("{shown} record was deleted.", "{shown} records were deleted.", count,
                                                    shown=env.format.number(count)))
    if do == "archive":
        count = env.archive(record, chosen_ids(env, request, rtype, "update"))
        return _done(env, request, rtype, count, n_("{shown} record was archived.", "{shown} records were archived.", count,
                                                    shown=env.format.number(count)))
    name = do.removeprefix("action:")
    action = rtype.actions.get(name)
    if action is None or not action.bulk or not env.can_run(record, name):
        raise NotFound(_("There is no such action."))
    ids = chosen_ids(env, request, rtype, action.needs)
    result = env.run_action(record, name, ids)
    if isinstance(result, str) and not isinstance(result, Message) and is_local(result):
        return request.redirect(result)
    message = result if isinstance(result, Message) else _("Done.")
    return _done(env, request, rtype, len(ids), message)


# ---------------------------------------------------------------- mass edit
def editable_fields(env: Env, rtype: RecordType) -> list[Field]:
    """Fields that may be set on many records at once."""
    return sorted((f for f in shown_fields(env, rtype) if f.type_name in INLINE and not f.unique and f.name != "owner"
                   and env.access.writable(rtype.name, f.name)), key=lambda f: env.sort_key(env.t(f.label)))


@pages.route("/r/<record>/bulk/edit", methods=("GET", "POST"))
def edit(env: Env, request: Request, record: str) -> Response:
    """Set one field on many records: first which, then to what, then done."""
    rtype = lists.record_type(env, record)
    env.require("mass_edit", record)
    env.require("update", record)
    fields = {f.name: f for f in editable_fields(env, rtype)}
    field = fields.get(request.value("field"))
    errors: list[str] = []
    if field is not None and request.value("step") == "save":
        errors, count = _set(env, request, rtype, field)
        if not errors:
            return _done(env, request, rtype, count, n_("{shown} record was changed.", "{shown} records were changed.",
                                                        count, shown=env.format.number(count)))
    model = _edit_dialog(env, request, rtype, fields, field, errors)
    return dialog(request, model, 422 if errors else 200)


def _set(env: Env, request: Request, rtype: RecordType, field: Field) -> tuple[list[str], int]:
    posted = read(env, request, field)
    if posted.error:
        return [posted.error], 0
    value = None if request.value("empty") == "1" else posted.value
    if value in (None, "", []) and request.value("empty") != "1" and field.type_name != "flag":
        return [env.t(_("Give a value, or choose to empty the field."))], 0
    try:
        with request.attempt():
            return [], env.update(rtype.name, chosen_ids(env, request, rtype, "update"), {field.name: value})
    except ValidationFailed as error:
        return list(dict.fromkeys(env.t(e.message) for e in error.errors))[:5], 0


def _edit_dialog(env: Env, request: Request, rtype: RecordType, fields: dict[str, Field], field: Field | None,
                 errors: list[str]) -> Dialog:
    title = env.t(_("Edit many records"))
    shown: list[FieldView] = []
    hidden = _carried(request)
    if field is None:
        options = [Option(f.name, env.t(f.label)) for f in fields.values()]
        shown.append(FieldView("field", env.t(_("Field")), "select", options=options, required=True))
        button = Action(env.t(_("Continue")), kind="submit", style="primary")
    else:
        hidden += [("field", field.name), ("step", "save")]
        view = field_view(env, rtype, field, None, {})
        view.errors = errors
        shown.append(view)
        if not field.required and field.type_name != "flag":
            shown.append(FieldView("empty", env.t(_("Empty this field")), "flag"))
        button = Action(env.t(_("Change all chosen")), kind="submit", style="primary")
    form = FormPage(title, f"{list_url(rtype.name)}/bulk/edit", [Section("main", columns=1, fields=[
        *shown, *(FieldView(k, "", "hidden", v) for k, v in hidden)])], actions=[button])
    return Dialog(title, _how_many(env, request), form=form)


def _carried(request: Request) -> list[tuple[str, str]]:
    """The selection and the list's conditions, carried through a dialog."""
    skipped = ("csrf_token", "field", "step", "empty", "action", "do", "owner", "owner__label")
    own = request.value("field")
    return [(k, v) for k, v in request.posted_pairs()
            if k not in skipped and k.partition("__")[0] != own and (k != "ids" or request.value("all") != "1")]


def _how_many(env: Env, request: Request) -> str:
    if request.value("all") == "1":
        return env.t(_("All records that meet the list's conditions."))
    count = len(request.ids())
    return env.t(n_("{shown} record is chosen.", "{shown} records are chosen.", count, shown=env.format.number(count)))


# ---------------------------------------------------------------- mass transfer
@pages.route("/r/<record>/bulk/owner", methods=("GET", "POST"))
def owner(env: Env, request: Request, record: str) -> Response:
    """Give many records to somebody else."""
    rtype = lists.record_type(env, record)
    env.require("transfer", record)
    env.require("update", record)
    if not rtype.owned:
        raise NotFound
    value: Any = request.value("owner")
    if value:
        ids = chosen_ids(env, request, rtype, "update")
        count = env.update(record, ids, {"owner": value})
        return _done(env, request, rtype, count, n_("{shown} record has a new owner.", "{shown} records have a new owner.",
                                                    count, shown=env.format.number(count)))
    field = FieldView("owner", env.t(_("New owner")), "user", lookup_url=f"/lookup/{USER}", required=True)
    title = env.t(_("Change owner"))
    form = FormPage(title, f"{list_url(record)}/bulk/owner", [Section("main", columns=1, fields=[
        field, *(FieldView(k, "", "hidden", v) for k, v in _carried(request))])],
        actions=[Action(title, kind="submit", style="primary")])
    return dialog(request, Dialog(title, _how_many(env, request), form=form))


# ---------------------------------------------------------------- the way back
@pages.route("/undo", methods=("POST",))
def undo(env: Env, request: Request) -> Response:
    """Take back what the last step did."""
    batch = request.value("batch")[:40]
    result = env.undo(batch)
    if result.left:
        request.flash(env.t(_("Taken back. {count} records were changed meanwhile and stay as they are.",
                              count=env.format.number(result.left))), "warning")
    else:
        request.flash(env.t(_("Taken back.")))
    back = request.raw.headers.get("Referer", "")
    path = "/" + back.partition("://")[2].partition("/")[2] if "://" in back else "/"
    return request.redirect(path)
