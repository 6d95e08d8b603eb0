"""Background work: by state, one by one, tried again or cancelled; the dead letters are those that failed for good."""

from __future__ import annotations

import json

from core.env import Env
from core.errors import NotFound
from core.i18n.messages import Message, _, n_
from core.jobs import admin as queue
from core.jobs.admin import JobInfo
from core.jobs.tables import State
from core.records.fields import USER
from core.web.admin.frame import admin_page
from core.web.pages import Pages
from core.web.request import Request, Response
from core.web.urls import with_query
from core.web.viewmodels import Action, AdminPage, Badge, Cell, Column, EmptyState, Row, SimpleTable, Tab

pages = Pages("jobs")

PAGE = 50
STATES: dict[str, tuple[Message, str]] = {
    State.QUEUED: (_("Waiting"), "grey"), State.RUNNING: (_("Running"), "blue"), State.DONE: (_("Done"), "green"),
    State.FAILED: (_("To be tried again"), "yellow"), State.DEAD: (_("Failed for good"), "red"),
    State.CANCELLED: (_("Cancelled"), "grey")}
AGAIN = (State.DEAD, State.FAILED, State.CANCELLED)
OPEN = (State.QUEUED, State.FAILED, State.RUNNING)


@pages.route("/admin/jobs", methods=("GET", "POST"), area="jobs")
def jobs(env: Env, request: Request) -> Response:
    """The newest first, of all states or one; posting tries all dead ones again."""
    state = request.arg("state") if request.arg("state") in {s.value for s in State} else ""
    if request.posted:
        return _retry_all(env, request)
    counts = queue.counts(env.connection)
    after = request.arg_int("after") or None
    found = queue.list_jobs(env.connection, state or None, after=after, limit=PAGE + 1)
    people = _people(env, found)
    page = AdminPage("", intro=env.t(_("Work that is done after somebody's click, and on a schedule.")))
    page.tabs = [Tab("all", env.t(_("All")), "", "/admin/jobs", not state)] + [
        Tab(s, env.t(STATES[s][0]), env.format.number(counts[s]) if counts[s] else "", f"/admin/jobs?state={s}", s == state)
        for s in (s.value for s in State)]
    if state == State.DEAD and counts[State.DEAD]:
        page.actions = [Action(env.t(_("Try all again")), "/admin/jobs", "arrow-clockwise", kind="post")]
    columns = [Column("topic", env.t(_("Work"))), Column("state", env.t(_("State"))), Column("who", env.t(_("For"))),
               Column("when", env.t(_("Queued"))), Column("tries", env.t(_("Attempts")), align="end"),
               Column("note", env.t(_("Progress")))]
    page.table = SimpleTable(columns, [_row(env, j, people) for j in found[:PAGE]], caption=env.t(_("Background work")),
                             empty=EmptyState(env.t(_("Nothing here")), icon="gear"))
    if len(found) > PAGE:
        page.table.next_url = with_query("/admin/jobs", {"state": state, "after": str(found[PAGE - 1].id)})
    return admin_page(env, request, _("Background work"), page)


def _people(env: Env, found: list[JobInfo]) -> dict[int, str]:
    with env.elevated("names of people in lists") as trusted:
        return trusted.labels(USER, [j.actor_id for j in found if j.actor_id])


def _row(env: Env, job: JobInfo, people: dict[int, str]) -> Row:
    label, colour = STATES[job.state]
    return Row(job.id, f"/admin/jobs/{job.id}", [
        Cell("title", job.topic, f"/admin/jobs/{job.id}"), Cell(badges=[Badge(env.t(label), colour)]),
        Cell(text=people.get(job.actor_id or 0, "") or env.t(_("the program"))),
        Cell(text=env.format.relative(job.created_at, env.now), title=env.format.datetime(job.created_at)),
        Cell(text=env.format.number(job.attempts)), Cell(text=_progress(env, job))])


def _progress(env: Env, job: JobInfo) -> str:
    if job.state in (State.DEAD, State.FAILED):
        return (job.error or "").strip().splitlines()[-1][:120] if job.error else ""
    done = f"{env.format.number(job.progress_done)} / {env.format.number(job.progress_total)}" if job.progress_total else ""
    return " ".join(p for p in (done, job.progress_note or "") if p)


def _retry_all(env: Env, request: Request) -> Response:
    ids = [j.id for j in queue.list_jobs(env.connection, State.DEAD, limit=1000)]
    count = _retry(env, ids)
    request.flash(env.t(n_("{count} job will be tried again.", "{count} jobs will be tried again.", count)))
    return request.redirect("/admin/jobs")


def _retry(env: Env, ids: list[int]) -> int:
    count = queue.retry(env.connection, ids)
    env.queued.extend(ids)
    env.log("jobs_retried", changes={"jobs": [None, ids[:100]]})
    return count


@pages.route("/admin/jobs/<int:key>", methods=("GET", "POST"), area="jobs")
def job(env: Env, request: Request, key: int) -> Response:
    """One job with all that is known of it."""
    found = queue.job_status(env.connection, key)
    if found is None:
        raise NotFound(_("There is no such job any more."))
    if request.posted:
        if request.value("do") == "retry" and found.state in AGAIN:
            _retry(env, [key])
            request.flash(env.t(_("It will be tried again.")))
        elif request.value("do") == "cancel" and found.state in OPEN:
            queue.cancel(env.connection, [key])
            env.log("job_cancelled", found.topic, changes={"jobs": [None, [key]]})
            request.flash(env.t(_("It is cancelled.")))
        return request.redirect(f"/admin/jobs/{key}")
    page = AdminPage("", facts=_facts(env, found), code=found.error or "",
                     code_label=env.t(_("What went wrong")) if found.error else "")
    if found.state in AGAIN:
        page.actions.append(Action(env.t(_("Try again")), f"/admin/jobs/{key}", "arrow-clockwise", kind="post",
                                   fields={"do": "retry"}))
    if found.state in OPEN:
        page.actions.append(Action(env.t(_("Cancel this work")), f"/admin/jobs/{key}", "x-circle", kind="post",
                                   style="danger",
                                   fields={"do": "cancel"}, confirm=env.t(_("Cancel this work?"))))
    page.refresh_seconds = 3 if found.state in (State.RUNNING, State.QUEUED) else 0
    return admin_page(env, request, _("Job {number}", number=key), page, active="/admin/jobs")


def _facts(env: Env, found: JobInfo) -> list[tuple[str, Cell]]:
    label, colour = STATES[found.state]
    moments = [(_("Queued"), found.created_at), (_("Due"), found.run_at), (_("Started"), found.started_at),
               (_("Finished"), found.finished_at)]
    facts = [(env.t(_("Work")), Cell(text=found.topic, dir="ltr")),
             (env.t(_("State")), Cell(badges=[Badge(env.t(label), colour)])),
             (env.t(_("For")), Cell(text=_people(env, [found]).get(found.actor_id or 0, "") or env.t(_("the program"))))]
    facts += [(env.t(name), Cell(text=env.format.datetime(moment))) for name, moment in moments if moment]
    facts += [(env.t(_("Attempts")), Cell(text=f"{found.attempts} / {found.max_attempts or '∞'}", dir="ltr")),
              (env.t(_("Progress")), Cell(text=_progress(env, found) if found.state != State.DEAD else "")),
              (env.t(_("Given")), Cell(text=_short(found.payload), dir="ltr")),
              (env.t(_("Result")), Cell(text=_short(found.result), dir="ltr"))]
    return [(name, cell) for name, cell in facts if cell.text or cell.badges]


def _short(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, default=str)[:500] if data else ""
