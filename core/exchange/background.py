"""The core's own jobs of imports and exports: running, taking back, and clearing away what is old."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from core.errors import NotFound
from core.exchange import exporting
from core.exchange import plan as plans
from core.exchange.importing import TOPIC, UNDO_TOPIC
from core.exchange.plan import Import
from core.exchange.running import run
from core.exchange.tables import TABLES
from core.exchange.undoing import run_undo
from core.jobs.definitions import GiveUp, Schedule, job

if TYPE_CHECKING:
    from core.env import Env
    from core.jobs.run import Job

KEPT_DAYS = 30
PURGE_TOPIC = "core.exchange.purge"
PURGING = Schedule("core.exchange.purge", "23 3 * * *", PURGE_TOPIC)


@job(TOPIC, retries=4)
def run_import(env: Env, job: Job) -> dict[str, Any]:
    """Run an import or its check as the person who started it."""
    plan = run(env, _own(env, job), lambda plan: _checkpoint(job, plan))
    return {"state": plan.state, "counts": plan.counts}


@job(UNDO_TOPIC, retries=4)
def undo_import(env: Env, job: Job) -> dict[str, Any]:
    """Take an import back as the person who asked for it."""
    plan = run_undo(env, _own(env, job), lambda plan: _checkpoint(job, plan))
    return {"state": plan.state, "counts": plan.counts}


@job(exporting.TOPIC, retries=2)
def run_export(env: Env, job: Job) -> dict[str, Any]:
    """Make a large workbook as the person who asked for it; the download is kept under the job's number."""
    wanted = exporting.Wanted(**job.payload["wanted"])
    place = export_file(env, job.id, wanted.form)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = place.with_name(place.name + ".part")
    try:
        count = exporting.to_file(env, wanted, part, lambda done: _told(job, done))
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    part.replace(place)
    return {"rows": count, "name": exporting.file_name(env, wanted), "form": wanted.form}


def _told(job: Job, done: int) -> None:
    job.verify()
    job.progress(done, job.payload.get("rows"))


def export_file(env: Env, key: int, form: str) -> Path:
    """Where the download of a job is kept."""
    return Path(env.installation.settings.data) / "exports" / f"export-{int(key)}.{form}"


def _own(env: Env, job: Job) -> int:
    key = int(job.payload["import"])
    try:
        plans.load(env, key)
    except NotFound as error:
        raise GiveUp(error.message) from error
    return key


def _checkpoint(job: Job, plan: Import) -> None:
    job.progress(plan.done, plan.total)
    job.checkpoint({"position": plan.position})


@job(PURGE_TOPIC, as_actor="system")
def purge(env: Env, job: Job) -> int:
    """Delete files and set-aside rows of imports, and finished exports, that are older than 30 days."""
    table = TABLES.imports
    before = env.now - dt.timedelta(days=KEPT_DAYS)
    old = list(env.execute(select(table.c.id).where(table.c.updated_at < before)).scalars())
    for key in old:
        shutil.rmtree(plans.folder(env, key), ignore_errors=True)
    for at in range(0, len(old), 500):
        env.execute(delete(TABLES.rows).where(TABLES.rows.c.import_id.in_(old[at:at + 500])))
    env.execute(delete(table).where(table.c.updated_at < before, table.c.state.in_(("draft", "ready"))))
    for name in ("imports", "exports"):
        _sweep(Path(env.installation.settings.data) / name, before)
    return len(old)


def _sweep(place: Path, before: dt.datetime) -> None:
    """Remove what nothing refers to any more: interrupted uploads, downloads nobody fetches."""
    for path in place.iterdir() if place.is_dir() else ():
        if path.stat().st_mtime < before.timestamp() and not path.name.isdigit():
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
