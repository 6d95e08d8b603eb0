"""Addresses that change one record: new, quick create, edit, one field in place, clone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.env import Env
from core.errors import AccessDenied, Conflict, NotFound, ValidationFailed
from core.i18n.messages import _
from core.records import locks
from core.records.fields import Field, MoneyField
from core.registry.compose import RecordType
from core.web import conflicts, forms, lines, lists
from core.web.arranging import Arranged, arranged, is_asked
from core.web.cells import value_cell
from core.web.forms import Filled
from core.web.list_parts import editable_inline
from core.web.pages import Pages
from core.web.request import Request, Response
from core.web.showing import kind_row
from core.web.urls import list_url, record_url, with_query
from core.web.viewmodels import Action, Crumb, FieldView, Flash, FormPage
from core.web.widgets import field_view, is_posted, only_fitting, posted_text, read

pages = Pages("forms")

WITH = "with"


# ---------------------------------------------------------------- new
@pages.route("/r/<record>/new", methods=("GET", "POST"))
def new(env: Env, request: Request, record: str) -> Response:
    """Create a record."""
    rtype = lists.record_type(env, record)
    env.require("create", record)
    return _create(env, request, rtype, "form", f"{list_url(record)}/new", forms.empty_row(env, rtype, request))


@pages.route("/r/<record>/quick", methods=("GET", "POST"))
def quick(env: Env, request: Request, record: str) -> Response:
    """Create a record with the fewest fields, in a side sheet; scripts get its number and name. The address may hold values
    of fields, and as `with` the names of those that the form shall show in any case."""
    rtype = lists.record_type(env, record)
    env.require("create", record)
    return quick_form(env, request, rtype, request.args())


def quick_form(env: Env, request: Request, rtype: RecordType, args: list[tuple[str, str]]) -> Response:
    """Quick create with what an address's `args` ask for."""
    args = [(k, v) for k, v in args if k in rtype.fields or k == WITH]
    further = next((v.split(",") for k, v in args if k == WITH), [])
    row = forms.empty_row(env, rtype, request, args)
    if request.arg("name") and rtype.title in rtype.fields and not row.get(rtype.title):
        row[rtype.title] = request.arg("name")[:200]
    return _create(env, request, rtype, "quick", with_query(f"{list_url(rtype.name)}/quick", args), row, further)


@pages.route("/r/<record>/<int:key>/clone")
def clone(env: Env, request: Request, record: str, key: int) -> Response:
    """A new record that begins with another one's values."""
    rtype = lists.record_type(env, record)
    env.require("create", record)
    form = forms.form_for(env, rtype, row=kind_row(env, rtype, key, "form"))
    source = load(env, rtype, key, form.paths())
    row = forms.empty_row(env, rtype, request)
    row.update({n: v for n, v in source.items() if n in rtype.fields and rtype.fields[n].copyable and not rtype.fields[n].unique
                and not rtype.fields[n].system})
    page = forms.form_page(env, form, row, None, key=None, action=f"{list_url(record)}/new",
                           cancel=record_url(record, key))
    return _show(env, request, rtype, page)


def _create(env: Env, request: Request, rtype: RecordType, kind: str, action: str, row: dict[str, Any],
            further: Sequence[str] = ()) -> Response:
    made = arranged(env, request, rtype, kind, row, further)
    filled: Filled | None = None
    if request.posted:
        filled = forms.fill(env, request, made.reading, row)
        key = forms.save(env, request, made.reading, row, filled, key=None) if not is_asked(request) else None
        if key is not None:
            return _created(env, request, rtype, key)
    page = _drawn(env, request, made, row, filled, key=None, action=action, cancel=list_url(rtype.name))
    page.hidden = {"next": request.next_url("")} if request.next_url("") else {}
    if kind == "form":
        page.actions.append(Action(env.t(_("Save and new")), kind="submit", name="then", value="new"))
    return _show(env, request, rtype, page, 422 if filled is not None and not is_asked(request) else 200)


def _drawn(env: Env, request: Request, made: Arranged, row: dict[str, Any], filled: Filled | None, *, key: int | None, action: str,
           cancel: str) -> FormPage:
    """The form to fill in, with what another arrangement of it brought."""
    if filled is not None and is_asked(request):  # it only comes again: nothing is judged yet
        filled.errors, filled.general = {}, []
    elif filled is not None:
        made.told(filled)
    page = forms.form_page(env, made.form, row, filled, key=key, action=action, cancel=cancel)
    page.kept = made.carried(request)
    return page


def _created(env: Env, request: Request, rtype: RecordType, key: int) -> Response:
    if request.fragment == "sheet" and not request.next_url(""):
        label = env.labels(rtype.name, [key]).get(key, f"#{key}")
        return request.json({"id": key, "label": label, "url": record_url(rtype.name, key)})
    request.flash(env.t(_("Created.")))
    return request.redirect(forms.after_url(rtype, key, request))


def _show(env: Env, request: Request, rtype: RecordType, page: FormPage, status: int = 200) -> Response:
    if request.fragment in ("sheet", "dialog", "form"):
        return request.render_fragment("fragments/form.html", page, status=status)
    crumbs = [Crumb(env.t(rtype.plural), list_url(rtype.name))]
    return request.render("form.html", page, title=page.title, crumbs=crumbs, status=status, active=rtype.name)


# ---------------------------------------------------------------- edit
def load(env: Env, rtype: RecordType, key: int, paths: list[str]) -> dict[str, Any]:
    """A record's values by path; NotFound when there is none or the reader may not see it."""
    rows = env.query(rtype.name).with_ids([key]).archived(None).select(*paths).rows(limit=1)
    if not rows:
        raise NotFound
    return rows[0]


def require_update(env: Env, record: str, key: int) -> None:
    """AccessDenied when a visible record may not be changed by right; being locked is another matter."""
    env.require("update", record)
    if key not in env.allowed_ids("update", record, [key]):
        raise AccessDenied(_("You may see this record but not change it."))


def require_open(env: Env, record: str, key: int, field: str = "") -> frozenset[str] | None:
    """AccessDenied when a visible record (or this field of it) may not be changed; of a locked record, the open fields."""
    require_update(env, record, key)
    shut = env.locked(record, [key])
    pens = locks.open_fields(env.registry.record(record))
    if shut and (field not in pens if field else not pens):
        raise AccessDenied(shut[key])
    return frozenset(pens) if shut else None


@pages.route("/r/<record>/<int:key>/lines/<name>")
def further_lines(env: Env, request: Request, record: str, key: int, name: str) -> Response:
    """The next lines of a form that shows some."""
    rtype = lists.record_type(env, record)
    load(env, rtype, key, ["id"])
    require_open(env, record, key, name)
    page = lines.more(env, rtype, key, name, request.arg("after"), request.arg_int("first"))
    return request.render_fragment("fragments/lines.html", page, field=FieldView(name, ""))


@pages.route("/r/<record>/<int:key>/edit", methods=("GET", "POST"))
def edit(env: Env, request: Request, record: str, key: int) -> Response:
    """Edit a whole record."""
    rtype = lists.record_type(env, record)
    known = kind_row(env, rtype, key, "form")
    made = arranged(env, request, rtype, "form", known)
    row = load(env, rtype, key, made.reading.paths())
    pens = require_open(env, record, key)
    if pens is not None:  # what is locked says the kind, whatever was sent
        made = arranged(env, request, rtype, "form", known, pens=pens)
        row = load(env, rtype, key, made.reading.paths())
    made.form.pens = made.reading.pens = pens
    filled: Filled | None = None
    conflict = None
    if request.posted:
        version = request.value_int("version")
        base = conflicts.base_row(env, rtype, key, row, version)
        filled = forms.fill(env, request, made.reading, base)
        conflicts.keep_theirs(request, filled)
        if not is_asked(request):
            conflict = conflicts.compare(env, rtype, row, base, filled) if version != row["version"] else None
            try:
                if conflict is None and forms.save(env, request, made.reading, row, filled, key=key, version=int(row["version"])):
                    request.flash(env.t(_("Saved.")), undo=env.batch if filled.values else "")
                    return request.redirect(forms.after_url(rtype, key, request))
            except Conflict:
                row = load(env, rtype, key, made.reading.paths())
                conflict = conflicts.compare(env, rtype, row, base, filled)
    if conflict is not None and filled is not None:
        filled.typed = {n: t for n, t in filled.typed.items() if n in filled.values or n in filled.errors}
    page = _drawn(env, request, made, row, filled, key=key, action=f"{record_url(record, key)}/edit", cancel=record_url(record, key))
    page.conflict = conflict
    if is_asked(request):
        page.version = request.value_int("version")
    if pens is not None:
        page.warnings = [Flash(env.t(reason), "locked") for reason in env.locked(record, [key]).values()]
    status = 200 if filled is None or is_asked(request) else 409 if conflict is not None else 422
    return _show(env, request, rtype, page, status)


# ---------------------------------------------------------------- one field in place
@pages.route("/r/<record>/<int:key>/field/<name>", methods=("GET", "POST"))
def one_field(env: Env, request: Request, record: str, key: int, name: str) -> Response:
    """Edit one value in place: GET gives the input, POST the new cell."""
    rtype = lists.record_type(env, record)
    field = rtype.fields.get(name)
    if field is None or not env.access.readable(record, name):
        raise NotFound(_("There is no such field."))
    row = load(env, rtype, key, [name, *_beside(env, field), "version"])
    require_open(env, record, key, name)
    if not editable_inline(env, rtype, field):
        raise AccessDenied(_("“{field}” is read-only.", field=field.label))
    if request.posted and is_posted(request, field):
        return _save_field(env, request, rtype, field, key, row)
    view = field_view(env, rtype, field, row[name], row, required=field.required)
    only_fitting(field, row, view)
    return request.render_fragment("fragments/editor.html", field=view)


def _beside(env: Env, field: Field) -> list[str]:
    """The fields that an amount's currency and what a link hangs on stand in, of those the reader may see."""
    names = [field.currency] if isinstance(field, MoneyField) and field.currency else list(getattr(field, "beside", ()))
    return [name for name in names if env.access.readable(field.record, name)]


def _save_field(env: Env, request: Request, rtype: RecordType, field: Field, key: int, row: dict[str, Any]) -> Response:
    posted = read(env, request, field)
    errors = [posted.error] if posted.error else []
    version = request.value_int("version")
    if not errors:
        try:
            with request.attempt():
                env.update(rtype.name, key, {field.name: posted.value}, {key: version} if version else None)
        except ValidationFailed as error:
            errors = [forms.said(env, e) for e in error.errors]
        except Conflict:
            model = conflicts.compare(env, rtype, row, row, Filled(values={field.name: posted.value},
                                                                   typed={field.name: posted_text(request, field)}))
            return request.render_fragment("fragments/conflict.html", model, status=409)
    if errors:
        view = field_view(env, rtype, field, row[field.name], row, required=field.required)
        view.value, view.errors = posted_text(request, field), errors
        only_fitting(field, row, view)
        return request.render_fragment("fragments/editor.html", status=422, field=view)
    fresh = load(env, rtype, key, [field.name, *_beside(env, field), "version"])
    cell = value_cell(env, field, fresh[field.name], fresh)
    if field.name == rtype.title:
        cell.kind, cell.url = "title", record_url(rtype.name, key)
    response = request.render_fragment("fragments/cell.html", cell=cell)
    response.headers["X-Version"] = str(fresh["version"])
    return response
