"""History of everything: searched by person, action, record type, period and text; values by the reader's own rights."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import String, and_, cast, or_, select

from core.env import Env
from core.i18n.messages import Message, _
from core.i18n.text import clean
from core.records.fields import USER
from core.web.admin.frame import admin_page
from core.web.pages import Pages
from core.web.people import person
from core.web.request import Request, Response
from core.web.timeline import changes_text, shown_changes
from core.web.urls import record_url, with_query
from core.web.viewmodels import (
    Action,
    AdminPage,
    Cell,
    Column,
    EmptyState,
    FieldView,
    FormPage,
    Option,
    Row,
    Section,
    SimpleTable,
)

pages = Pages("audit")

PAGE = 50
NAMES = ("person", "action", "record", "since", "until", "q")
ACTIONS: dict[str, Message] = {
    "create": _("Created"), "update": _("Changed"), "delete": _("Deleted"), "restore": _("Restored"),
    "purge": _("Deleted for good"),
    "share": _("Shared"), "unshare": _("Share ended"), "convert": _("Converted"), "merge": _("Merged"),
    "import": _("Imported"),
    "export": _("Exported"), "sign_in": _("Signed in"), "sign_out": _("Signed out"), "sign_in_failed": _("Failed sign-in"),
    "second_factor_failed": _("Wrong code"), "second_factor_on": _("Two-step sign-in on"),
    "second_factor_off": _("Two-step sign-in off"), "password_changed": _("Password changed"),
    "password_link": _("Link for a password made"), "session_ended": _("Session ended"),
    "sessions_ended": _("Sessions ended"),
    "addon_enabled": _("Addon enabled"), "addon_disabled": _("Addon disabled"),
    "addon_enable": _("Addon enabled by a person"),
    "addon_disable": _("Addon disabled by a person"), "addon_upgrade": _("Addon upgraded"),
    "addon_purge": _("Addon's data deleted"),
    "addon_purged": _("Addon's data gone"), "customised": _("Customised"), "jobs_retried": _("Jobs tried again"),
    "job_cancelled": _("Job cancelled")}


@pages.route("/admin/audit", area="audit")
def audit(env: Env, request: Request) -> Response:
    """One page of history, newest first."""
    chosen = {name: clean(request.arg(name))[:200] for name in NAMES}
    errors: list[str] = []
    table = env.registry.system.audit
    statement = select(table).order_by(table.c.id.desc()).limit(PAGE + 1)
    for condition in _conditions(env, table, chosen, errors):
        statement = statement.where(condition)
    if request.arg_int("before"):
        statement = statement.where(table.c.id < request.arg_int("before"))
    rows = env.execute(statement).all() if not errors else []
    page = AdminPage("", filters=_filters(env, chosen, errors))
    page.table = SimpleTable(
        [Column("when", env.t(_("When")), "datetime"), Column("who", env.t(_("Who"))), Column("what", env.t(_("What"))),
         Column("record", env.t(_("Record"))), Column("changes", env.t(_("Details")))],
        _rows(env, rows[:PAGE]), caption=env.t(_("History")),
        empty=EmptyState(env.t(_("Nothing was found")), env.t(_("Change the filter to see more.")), "clock-history",
                         "filtered"))
    if len(rows) > PAGE:
        page.table.next_url = with_query("/admin/audit", {**chosen, "before": str(rows[PAGE - 1].id)})
    return admin_page(env, request, _("History"), page)


# ---------------------------------------------------------------- filter
def _conditions(env: Env, table: Any, chosen: dict[str, str], errors: list[str]) -> list[Any]:
    found: list[Any] = []
    if chosen["person"].isdigit():
        found.append(table.c.actor_id == int(chosen["person"][:15]))
    if chosen["action"]:
        found.append(table.c.action == chosen["action"])
    if chosen["record"]:
        found.append(table.c.record == chosen["record"])
    for name, days in (("since", 0), ("until", 1)):
        moment = _moment(env, chosen[name], days, errors)
        if moment is not None:
            found.append(table.c.at >= moment if name == "since" else table.c.at < moment)
    text = chosen["q"]
    if text:
        # What was written of records that are closed to everybody else is not found by its words either.
        open_ = or_(table.c.record.is_(None), table.c.record.not_in([n for n in env.registry.records if env.access.is_closed(n)]))
        noted = and_(table.c.note.icontains(text, autoescape=True), open_)
        # Reasons may name the record they are about, which the reader may not see: they search those of no record only.
        conditions: list[Any] = [noted if env.access.unlimited else and_(noted, table.c.record.is_(None))]
        if text.lstrip("#").isdigit():
            conditions.append(table.c.record_id == int(text.lstrip("#")[:15]))
        elif env.access.unlimited:
            conditions.append(and_(cast(table.c.changes, String).icontains(text, autoescape=True), open_))
        found.append(or_(*conditions))
    return found


def _moment(env: Env, text: str, days: int, errors: list[str]) -> dt.datetime | None:
    """The beginning of a day as typed in the reader's calendar, or of the day after it."""
    if not text:
        return None
    try:
        day = env.format.parse_date(text, env.now) + dt.timedelta(days=days)
        return dt.datetime.combine(day, dt.time(), env.tz).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        errors.append(env.t(_("“{text}” is not a date.", text=text)))
        return None


def _filters(env: Env, chosen: dict[str, str], errors: list[str]) -> FormPage:
    names = env.labels(USER, [int(chosen["person"][:15])]) if chosen["person"].isdigit() else {}
    who = FieldView("person", env.t(_("Person")), "user", lookup_url=f"/lookup/{USER}",
                    selected=[Option(str(k), v) for k, v in names.items()])
    types = sorted(((n, env.t(r.plural)) for n, r in env.registry.records.items()), key=lambda pair: pair[1])
    day_errors = {name: errors if chosen[name] else [] for name in ("since", "until")}
    return FormPage("", "/admin/audit", [Section("filter", fields=[
        who, _select(env, "action", _("Action"), [(n, env.t(t)) for n, t in ACTIONS.items()], chosen),
        _select(env, "record", _("Record type"), types, chosen),
        FieldView("since", env.t(_("From")), "date", chosen["since"], errors=day_errors["since"]),
        FieldView("until", env.t(_("To")), "date", chosen["until"], errors=day_errors["until"]),
        FieldView("q", env.t(_("Text or number")), "text", chosen["q"])])], method="get", actions=[
            Action(env.t(_("Search")), kind="submit", style="primary"),
            Action(env.t(_("Clear")), "/admin/audit", style="quiet")])


def _select(env: Env, name: str, label: Message, options: list[tuple[str, str]], chosen: dict[str, str]) -> FieldView:
    return FieldView(name, env.t(label), "select", chosen[name], placeholder=env.t(_("All")),
                     options=[Option(v, t, selected=v == chosen[name]) for v, t in options])


# ---------------------------------------------------------------- rows
def _rows(env: Env, rows: list[Any]) -> list[Row]:
    people = env.labels(USER, [r.actor_id for r in rows if r.actor_id])
    visible, titles = _visible(env, rows)
    return [Row(r.id, "", [
        Cell(text=env.format.relative(r.at, env.now), title=env.format.datetime(r.at, seconds=True)),
        Cell("user", people.get(r.actor_id, ""), person=person(r.actor_id, people[r.actor_id])) if r.actor_id in people
        else Cell(text=f"#{r.actor_id}" if r.actor_id else env.t(_("the program"))),
        Cell(text=env.t(ACTIONS.get(r.action, Message(r.action)))), _record_cell(env, r, visible, titles),
        Cell(text=_details(env, r, visible), dir="auto")]) for r in rows]


def _visible(env: Env, rows: list[Any]) -> tuple[set[tuple[str, int]], dict[tuple[str, int], str]]:
    """Which of the records the reader may see, and their names."""
    by_type: dict[str, set[int]] = {}
    for row in rows:
        if row.record in env.registry.records and row.record_id is not None and env.can("read", row.record):
            by_type.setdefault(row.record, set()).add(row.record_id)
    visible: set[tuple[str, int]] = set()
    titles: dict[tuple[str, int], str] = {}
    for name, ids in by_type.items():
        visible |= {(name, k) for k in env.query(name).with_ids(ids).archived(None).deleted(None).ids()}
        titles |= {(name, k): label for k, label in env.labels(name, ids).items()}
    return visible, titles


def _record_cell(env: Env, row: Any, visible: set[tuple[str, int]], titles: dict[tuple[str, int], str]) -> Cell:
    if row.record not in env.registry.records:
        return Cell(text=row.record or "")
    label = env.t(env.registry.record(row.record).label)
    if row.record_id is None:
        return Cell(text=label)
    key = (row.record, row.record_id)
    if key not in visible:
        return Cell(text=f"{label} #{row.record_id}")
    return Cell("title", titles.get(key, f"{label} #{row.record_id}")[:80], record_url(*key), title=label)


def _details(env: Env, row: Any, visible: set[tuple[str, int]]) -> str:
    hidden = row.record in env.registry.records and row.record_id is not None and (row.record, row.record_id) not in visible
    named = row.note and (not hidden or env.access.unlimited)  # a reason may name the record
    parts = [env.t(row.note)] if named else []  # reasons given to `env.elevated` are texts of the catalogues
    if row.record in env.registry.records and row.record_id is not None and row.action in ("update", "create"):
        if (row.record, row.record_id) in visible:
            found = shown_changes(env, env.registry.record(row.record), row.changes or {})
            parts += [changes_text(env, found)] if found else []
    else:
        parts += [str(pair[1]) for pair in (row.changes or {}).values() if _is_plain(pair)]
    return env.t(_("; ")).join(parts)[:600]


def _is_plain(pair: Any) -> bool:
    return isinstance(pair, list) and len(pair) == 2 and isinstance(pair[1], str | int) and not isinstance(pair[1], bool)
