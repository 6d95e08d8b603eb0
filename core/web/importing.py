"""Addresses of imports: the wizard from the file to the result, and the list of one's imports."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.env import Env
from core.errors import NotFound, SarnakhError, ValidationFailed
from core.exchange import importing, rejected
from core.exchange import plan as plans
from core.exchange.offered import import_fields
from core.exchange.plan import Import, Options
from core.i18n.messages import _
from core.web import import_views as views
from core.web.pages import Pages
from core.web.request import Request, Response
from core.web.urls import list_url
from core.web.viewmodels import AdminPage, Cell, Column, Crumb, EmptyState, Row, SimpleTable, WizardPage

pages = Pages("imports")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
SIGNS = {"tab": "\t", ",": ",", ";": ";", "|": "|"}


def _shown(env: Env, request: Request, record: str, page: WizardPage, status: int = 200) -> Response:
    plural = env.t(env.registry.record(record).plural)
    return request.render("wizard.html", page, title=page.title, status=status, active=record,
                          crumbs=[Crumb(plural, list_url(record)), Crumb(env.t(_("Import")))])


def _reasons(env: Env, plan_record: str, error: SarnakhError) -> list[str]:
    """The sentences of a refusal, each with the field it is about."""
    if not isinstance(error, ValidationFailed):
        return [env.t(error.message)]
    labels = {f.name: f.label for f in import_fields(env, plan_record)}
    texts = []
    for one in error.errors:
        text = env.t(one.message)
        texts.append(f"{labels[one.field]}: {text}" if one.field in labels else text)
    return texts


@pages.route("/r/<record>/import", methods=("GET", "POST"))
def upload(env: Env, request: Request, record: str) -> Response:
    """Choose a file."""
    if record not in env.registry.records or not env.can("read", record):
        raise NotFound(_("There is no such list, or you may not see it."))
    env.require("import", record)
    like = plans.load(env, request.arg_int("like")) if request.arg("like") else None
    if not request.posted:
        return _shown(env, request, record, views.upload_page(env, record, like=like))
    files = request.uploads("file")
    try:
        if not files:
            raise SarnakhError(_("Choose a file."))
        name = Path(str(files[0].filename).replace("\\", "/")).name
        key = importing.receive(env, record, name, importing.file_chunks(files[0].stream),
                                like=like.id if like is not None else None)
    except SarnakhError as error:
        return _shown(env, request, record, views.upload_page(env, record, _reasons(env, record, error), like), 422)
    return request.redirect(f"/imports/{key}/columns")


@pages.route("/imports/<int:key>")
def show(env: Env, request: Request, key: int) -> Response:
    """An import where it stands."""
    plan = plans.load(env, key)
    if plan.state in ("draft", "ready"):
        return request.redirect(f"/imports/{key}/{'columns' if plan.state == 'draft' else 'options'}")
    page = views.running_page(env, plan) if plan.state in plans.ACTIVE else views.result_page(env, plan)
    return _shown(env, request, plan.record, page)


@pages.route("/imports/<int:key>/progress")
def progress(env: Env, request: Request, key: int) -> Response:
    """How far it is, asked for by the page's script."""
    return request.render_fragment("fragments/progress.html", views.progress(env, plans.load(env, key)))


@pages.route("/imports/<int:key>/columns", methods=("GET", "POST"))
def columns(env: Env, request: Request, key: int) -> Response:
    """Which column goes to which field, and how the file is read."""
    plan = _draft(env, key)
    if plan is None:
        return request.redirect(f"/imports/{key}")
    if not request.posted:
        return _shown(env, request, plan.record, views.columns_page(env, plan))
    chosen = _chosen(request, len(plan.headers))
    try:
        if request.value("do") == "read":
            with request.attempt():
                importing.reread(env, key, **_reading(request, plan))
            return request.redirect(f"/imports/{key}/columns")
        with request.attempt():
            importing.set_mapping(env, key, chosen)
    except SarnakhError as error:
        page = views.columns_page(env, plan, _reasons(env, plan.record, error), chosen)
        return _shown(env, request, plan.record, page, 422)
    return request.redirect(f"/imports/{key}/options")


def _draft(env: Env, key: int) -> Import | None:
    plan = plans.load(env, key)
    env.require("import", plan.record)
    return plan if plan.state in ("draft", "ready") else None


def _chosen(request: Request, width: int) -> dict[int, str]:
    return {column: name for column in range(width) if (name := request.value(f"column.{column}"))}


def _reading(request: Request, plan: Import) -> dict[str, Any]:
    """The other way in which the file is to be read."""
    found: dict[str, Any] = {"header_row": request.value_int("header_row", 0) - 1}
    if plan.reading.kind == "csv":
        found["encoding"] = request.value("encoding") or plan.reading.encoding
        found["delimiter"] = request.value("other_delimiter").strip() or SIGNS.get(request.value("delimiter"),
                                                                                   plan.reading.delimiter)
    elif request.value("sheet"):
        found["sheet"] = request.value_int("sheet", plan.reading.sheet or 0)
    return found


@pages.route("/imports/<int:key>/options", methods=("GET", "POST"), writes=True)
def options(env: Env, request: Request, key: int) -> Response:
    """What to do with duplicates; the first rows as they would go in."""
    plan = _draft(env, key)
    if plan is None or plan.state == "draft":
        return request.redirect(f"/imports/{key}")
    if not request.posted:
        return _options(env, request, plan)
    try:
        with request.attempt():
            importing.set_options(env, key, _posted_options(request, plan))
            do = request.value("do")
            if do in ("start", "check"):
                importing.start(env, key, check=do == "check")
    except SarnakhError as error:
        return _options(env, request, plan, _reasons(env, plan.record, error), 422)
    return request.redirect(f"/imports/{key}" if do in ("start", "check") else f"/imports/{key}/options")


def _options(env: Env, request: Request, plan: Import, errors: list[str] | None = None, status: int = 200) -> Response:
    found, problems = [], list(errors or [])
    try:
        found = importing.preview(env, plan.id)
    except SarnakhError as error:
        problems += [text for text in _reasons(env, plan.record, error) if text not in problems]
    return _shown(env, request, plan.record, views.options_page(env, plan, found, problems), status)


def _posted_options(request: Request, plan: Import) -> Options:
    defaults = {name.removeprefix("default."): value for name, value in request.posted_pairs()
                if name.startswith("default.") and value.strip()}
    return Options(
        request.value("duplicates") or plan.options.duplicates, [value.split("+") for value in request.values("keys") if value],
        request.value("clear") == "1", defaults, request.values("create_links"), request.values("empty_links"),
        _posted_choices(request), request.value("date_order")[:3], plan.options.decimal, plan.options.calendar,
        request.value("deleted") or plan.options.deleted)


def _posted_choices(request: Request) -> dict[str, dict[str, str]]:
    """By field, which option each text stands for; those left to be refused are not in it."""
    found: dict[str, dict[str, str]] = {}
    for name, value in request.posted_pairs():
        if name.startswith("option.") and value:
            field, _dot, index = name.removeprefix("option.").rpartition(".")
            text = request.value(f"text.{field}.{index}")
            found.setdefault(field, {})[text] = "" if value == views.NO_OPTION else value
    return found


@pages.route("/imports/<int:key>/<do>", methods=("POST",))
def act(env: Env, request: Request, key: int, do: str) -> Response:
    """Stop, go on, undo, or forget an import; begin another with the rows it left out."""
    plan = plans.load(env, key)
    if do == "again":
        return request.redirect(f"/imports/{importing.again(env, key)}/columns")
    steps = {"cancel": importing.cancel, "undo": importing.undo, "discard": importing.discard, "resume": importing.resume}
    if do not in steps:
        raise NotFound()
    steps[do](env, plan.id)
    if do == "discard":
        request.flash(env.t(_("The import was forgotten.")))
        return request.redirect("/imports")
    return request.redirect(f"/imports/{key}")


@pages.route("/imports/<int:key>/rows/<kind>.<form>")
def rows(env: Env, request: Request, key: int, kind: str, form: str) -> Response:
    """The rows that were set aside, as a file."""
    plan = plans.load(env, key)
    if kind not in ("error", "duplicate") or form not in ("csv", "xlsx"):
        raise NotFound()
    name = f"{Path(plan.file_name).stem} {env.t(_('not imported'))}.{form}"
    if form == "csv":
        return request.stream(lambda reader: rejected.pieces(reader, plan, kind), name, CSV)
    return request.stream(lambda reader: _workbook(reader, plan, kind), name, XLSX)


def _workbook(env: Env, plan: Import, kind: str) -> Iterator[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.xlsx"
        rejected.to_file(env, plan, path, kind)
        with path.open("rb") as file:
            yield from importing.file_chunks(file)


@pages.route("/imports")
def mine(env: Env, request: Request) -> Response:
    """One's imports, newest first."""
    limit = 50
    found = plans.recent(env, request.arg_int("before") or None, limit + 1)
    names = ("file", "record", "state", "created", "updated", "rejected", "when")
    labels = (_("File"), _("Records"), _("State"), _("Created"), _("Updated"), _("Not imported"), _("When"))
    heads = [Column(name, env.t(label), "integer" if name in ("created", "updated", "rejected") else "text",
                    align="end" if name in ("created", "updated", "rejected") else "start")
             for name, label in zip(names, labels, strict=True)]
    table = SimpleTable(heads, [_row(env, plan) for plan in found[:limit]], caption=env.t(_("Imports")))
    table.empty = EmptyState(env.t(_("You have not imported anything yet")), env.t(_("Open a list and choose Import there.")),
                             "upload")
    if len(found) > limit:
        table.next_url = f"/imports?before={found[limit - 1].id}"
    title = env.t(_("Imports"))
    return request.render("admin/page.html", AdminPage(title, table=table), title=title, active="/imports")


def _row(env: Env, plan: Import) -> Row:
    rtype = env.registry.records.get(plan.record)
    url = f"/imports/{plan.id}"
    texts = [env.format.number(plan.counts.get(name, 0)) for name in ("created", "updated", "rejected")]
    cells = [Cell("title", plan.file_name, url, dir="auto"), Cell(text=env.t(rtype.plural) if rtype else plan.record),
             Cell(text=env.t(views.STATES[plan.state])), *(Cell("integer", text) for text in texts),
             Cell("datetime", env.format.datetime(plan.created_at))]
    return Row(plan.id, url, cells, label=plan.file_name)

