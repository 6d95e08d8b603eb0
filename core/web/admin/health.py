"""Is everything well? Database, schema, layouts, jobs, disk, settings, and what addons report."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy
from sqlalchemy import text

from core.checks import settings_findings
from core.env import Env
from core.i18n.messages import Message, _, n_
from core.jobs import admin as queue
from core.jobs.tables import State
from core.registry.registry import layout_problems
from core.schema.upgrade import plan_upgrade
from core.sealing import unreadable
from core.version import VERSION
from core.web.admin.frame import admin_page
from core.web.pages import Pages
from core.web.request import Request, Response
from core.web.viewmodels import AdminPage, Badge, Cell, Column, Row, SimpleTable

pages = Pages("health")

LEVELS: dict[str, tuple[Message, str, str]] = {
    "ok": (_("Well"), "green", "check2"), "note": (_("Note"), "blue", "info-circle"),
    "warning": (_("Warning"), "yellow", "exclamation-triangle"), "error": (_("Wrong"), "red", "exclamation-octagon")}
LEAST_FREE = 1 << 30


@dataclass(frozen=True)
class Line:
    """One finding: how it is, with what, in words."""

    level: str
    topic: str
    text: str


@pages.route("/admin/health", area="health")
def health(env: Env, request: Request) -> Response:
    """Everything that was looked at, the worst first."""
    found = sorted(lines(env), key=lambda line: -list(LEVELS).index(line.level))
    worst = sum(line.level in ("warning", "error") for line in found)
    page = AdminPage("", intro=env.t(n_("{count} thing needs attention.", "{count} things need attention.", worst)) if worst
                     else env.t(_("Everything is well.")))
    page.table = SimpleTable(
        [Column("level", env.t(_("State"))), Column("topic", env.t(_("What"))), Column("text", env.t(_("Finding")))],
        [Row(i, "", [Cell(badges=[Badge(env.t(LEVELS[x.level][0]), LEVELS[x.level][1], LEVELS[x.level][2])]),
                     Cell(text=env.t(x.topic)), Cell(text=x.text)]) for i, x in enumerate(found)], caption=env.t(_("Health")))
    return admin_page(env, request, _("Health"), page)


def lines(env: Env) -> Iterator[Line]:
    """All findings."""
    yield from _database(env)
    yield from _schema(env)
    yield from _own(env)
    yield from _addons(env)
    yield from _jobs(env)
    yield from _sealed(env)
    yield from _disk(env)
    for finding in settings_findings(env.installation.settings):
        yield Line(finding.level, finding.topic, env.t(finding.text))
    with env.elevated("health checks") as trusted:
        for check in env.registry.collected("health_checks", env=trusted):
            yield Line("ok" if check.ok else "error", env.t(check.name), env.t(check.message))
    yield Line("note", _("Versions"),
               f"Sarnakh {VERSION}, Python {platform.python_version()}, SQLAlchemy {sqlalchemy.__version__}")


def _database(env: Env) -> Iterator[Line]:
    if env.dialect == "postgresql":
        version = env.connection.execute(text("SHOW server_version")).scalar_one()
        size = env.connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
        yield Line("ok", _("Database"), f"PostgreSQL {version}, {env.format.filesize(size)}")
        return
    version = env.connection.execute(text("SELECT sqlite_version()")).scalar_one()
    pages_, size = (env.connection.execute(text(f"PRAGMA {name}")).scalar_one() for name in ("page_count", "page_size"))
    yield Line("ok", _("Database"), f"SQLite {version}, {env.format.filesize(pages_ * size)}")


def _schema(env: Env) -> Iterator[Line]:
    drift = [env.t(m) for m in plan_upgrade(env.connection, env.registry, env.registry.manifests).describe()]
    for line in drift[:20]:
        yield Line("warning", _("Schema"), line)
    if not drift:
        yield Line("ok", _("Schema"), env.t(_("The database is as the addons declare it.")))
    for (record, kind), problems in layout_problems(env.registry).items():
        for problem in problems[:5]:
            yield Line("warning", _("Page layouts"), f"{record} {kind}: {env.t(str(getattr(problem, 'text', problem)))}")


def _own(env: Env) -> Iterator[Line]:
    """Own definitions that are left out, since what they stand on has changed."""
    for (_kind, target), error in list(env.registry.own.faults.items())[:20]:
        yield Line("warning", _("Customising"), env.t(_("{target} is left out: {reason}", target=target, reason=error.message)))


def _addons(env: Env) -> Iterator[Line]:
    for name, error in env.installation.broken.items():
        yield Line("error", _("Addons"), f"{name}: {env.t(error)}")
    if not env.installation.broken:
        count = len(env.registry.manifests)
        yield Line("ok", _("Addons"), env.t(n_("{count} addon is enabled.", "{count} addons are enabled.", count)))


def _jobs(env: Env) -> Iterator[Line]:
    counts = queue.counts(env.connection)
    if counts[State.DEAD]:
        yield Line("warning", _("Background work"), env.t(n_("{count} job failed for good.", "{count} jobs failed for good.",
                                                             counts[State.DEAD])))
    waiting = queue.list_jobs(env.connection, State.QUEUED, limit=200)
    late = [j for j in waiting if (env.now - j.run_at).total_seconds() > 600]
    if late:
        yield Line("error", _("Background work"), env.t(n_(
            "{count} job has been due for more than ten minutes: does a worker run?",
            "{count} jobs have been due for more than ten minutes: does a worker run?", len(late))))
    if not late and not counts[State.DEAD]:
        yield Line("ok", _("Background work"), env.t(_("Nothing is late, nothing has failed.")))


def _sealed(env: Env) -> Iterator[Line]:
    lost = unreadable(env.connection, env.registry, env.installation.vault)
    if lost:
        yield Line("error", _("Stored secrets"), env.t(n_(
            "{count} stored secret cannot be read with the file of keys. Put the right file back, or enter it anew.",
            "{count} stored secrets cannot be read with the file of keys. Put the right file back, or enter them anew.", lost)))
    else:
        yield Line("ok", _("Stored secrets"), env.t(_("All can be read with the file of keys.")))


def _disk(env: Env) -> Iterator[Line]:
    free = shutil.disk_usage(env.installation.settings.data).free
    yield Line("ok" if free > LEAST_FREE else "error", _("Disk"),
               env.t(_("{size} free for the data.", size=env.format.filesize(free))))
