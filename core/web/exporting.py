"""Addresses of exports: the dialog, the download, and large workbooks that are made in the background."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Iterator
from pathlib import Path

from core.env import Env
from core.errors import NotFound
from core.exchange import exporting
from core.exchange.background import KEPT_DAYS, export_file
from core.exchange.exporting import IN_BACKGROUND, TOPIC, Wanted
from core.exchange.importing import file_chunks
from core.i18n.messages import _, n_
from core.jobs import admin
from core.jobs.admin import JobInfo
from core.jobs.tables import State
from core.web import lists
from core.web.importing import CSV, XLSX
from core.web.list_pages import dialog
from core.web.lists import Listing
from core.web.pages import Pages
from core.web.request import Request, Response
from core.web.showing import resolve
from core.web.urls import list_url
from core.web.viewmodels import Action, Dialog, FieldView, Flash, FormPage, Option, Progress, Section, WizardPage

pages = Pages("exports")
TYPES = {"csv": CSV, "xlsx": XLSX}


@pages.route("/r/<record>/export", methods=("GET", "POST"))
def export(env: Env, request: Request, record: str) -> Response:
    """The dialog; what it sends is answered by the file itself."""
    rtype = lists.record_type(env, record)
    env.require("export", record)
    made = lists.prepare(env, request, rtype, request.posted_pairs() if request.posted else request.args())
    if not request.posted or made.problems:
        return dialog(request, _dialog(env, request, made), status=422 if request.posted else 200)
    form = request.value("format") if request.value("format") in TYPES else "csv"
    dates = "iso" if request.value("dates") == "iso" else "own"
    wanted = Wanted.of(made.query, _paths(env, request, made), form, dates)
    if request.ids():
        wanted = dataclasses.replace(wanted, ids=request.ids())
    exporting.columns(env, wanted)
    count = wanted.query(env).count(None)
    exporting.note(env, wanted, count)
    if form == "xlsx" and count > IN_BACKGROUND:
        key = env.enqueue(TOPIC, {"wanted": wanted.data(), "rows": count})
        return request.redirect(f"/exports/{key}")
    name = exporting.file_name(env, wanted)
    make = exporting.pieces if form == "csv" else _workbook
    return request.stream(lambda reader: make(reader, wanted), name, TYPES[form])


def _paths(env: Env, request: Request, made: Listing) -> list[str]:
    """The columns: those of the list, or all fields."""
    if request.value("which") != "all":
        return [path for path, _field in made.columns]
    return [f.name for f in exporting.exportable(env, made.rtype) if resolve(env, made.rtype, f.name)]


def _workbook(env: Env, wanted: Wanted) -> Iterator[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.xlsx"
        exporting.to_file(env, wanted, path)
        with path.open("rb") as file:
            yield from file_chunks(file)


def _dialog(env: Env, request: Request, made: Listing) -> Dialog:
    record = made.rtype.name
    given = request.value("format") or request.arg("format")
    keep = {**made.state.query(), "columns": ",".join(path for path, _field in made.columns)}
    count = made.query.for_operation("export").count()
    shown = env.format.number(min(count, 1000)) + ("+" if count > 1000 else "")
    fields = [
        FieldView("format", env.t(_("Format")), "radio", given if given in TYPES else "xlsx",
                  options=[Option("xlsx", env.t(_("Excel (XLSX)"))), Option("csv", "CSV")]),
        FieldView("which", env.t(_("Columns")), "radio", "list",
                  options=[Option("list", env.t(_("The columns of the list"))), Option("all", env.t(_("All fields")))]),
        FieldView("dates", env.t(_("Dates")), "radio", "own",
                  options=[Option("own", env.t(_("In my calendar"))), Option("iso", env.t(_("For other programs (ISO)")))])]
    form = FormPage(env.t(_("Export")), f"{list_url(record)}/export", [Section("export", columns=1, fields=fields)], hidden=keep,
                    actions=[Action(env.t(_("Export")), kind="submit", style="primary", icon="download")],
                    cancel_url=made.state.url(), errors=list(made.problems))
    for key in request.ids():
        form.hidden["ids"] = str(key)
    text = env.t(n_("{shown} record with the list's present conditions.", "{shown} records with the list's present conditions.",
                    count, shown=shown))
    return Dialog(env.t(_("Export {records}", records=made.rtype.plural)), text, form)


# -------------------------------------------------------------------------------------------------- in the background
@pages.route("/exports/<int:key>")
def background(env: Env, request: Request, key: int) -> Response:
    """How far a large export is, and its download."""
    job = _own(env, key)
    record = str(job.payload["wanted"]["record"])
    rtype = lists.record_type(env, record)
    title = env.t(_("Export {records}", records=rtype.plural))
    page = WizardPage(title, [], progress=_progress(env, job), cancel_url="")
    page.notices = [Flash(env.t(_("The download is kept for {days} days.", days=env.format.number(KEPT_DAYS))))]
    return request.render("wizard.html", page, title=title, active=record)


@pages.route("/exports/<int:key>/progress")
def progress(env: Env, request: Request, key: int) -> Response:
    """How far it is, asked for by the page's script."""
    return request.render_fragment("fragments/progress.html", _progress(env, _own(env, key)))


@pages.route("/exports/<int:key>/file")
def download(env: Env, request: Request, key: int) -> Response:
    """The finished file."""
    job = _own(env, key)
    form = str(job.payload["wanted"]["form"])
    path = export_file(env, key, form)
    # The right may have been taken away since the file was made.
    env.require("export", str(job.payload["wanted"]["record"]))
    if job.state != State.DONE or not path.exists():
        raise NotFound(_("There is no such file."))
    return request.stream(lambda _reader: _content(path), str(job.result["name"]), TYPES[form])


def _content(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from file_chunks(file)


def _own(env: Env, key: int) -> JobInfo:
    job = admin.job_status(env.connection, key) if key < 2**62 else None
    if job is None or job.topic != TOPIC or job.actor_id is None or job.actor_id != env.actor.id:
        raise NotFound()
    return job


def _progress(env: Env, job: JobInfo) -> Progress:
    done, whole = job.progress_done or 0, job.progress_total or int(job.payload.get("rows") or 0)
    states = {State.DONE: ("done", _("Ready")), State.DEAD: ("failed", _("Failed")), State.CANCELLED: ("cancelled", _("Stopped"))}
    state, label = states.get(job.state, ("running", _("Being made")))
    if state == "done":
        done = whole
    model = Progress(env.t(label), min(100, done * 100 // max(whole, 1)),
                     env.t(_("{done} of {whole}", done=env.format.number(done), whole=env.format.number(whole))), state,
                     f"/exports/{job.id}/progress" if state == "running" else "")
    if state == "done":
        model.actions.append(Action(env.t(_("Download")), f"/exports/{job.id}/file", "download", style="primary"))
    elif state == "running":
        model.actions.append(Action(env.t(_("Refresh")), f"/exports/{job.id}", "arrow-clockwise"))
    return model
