"""The audit log, searched by administrators: who did what, when, to which record. Nothing here changes it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Select, select

from core.env import Env
from core.i18n.messages import _
from core.query.titles import titles
from core.records.fields import USER
from core.web.pages import Pages
from core.web.request import Request, Response
from core.web.timeline import TITLES, changes_text, shown_changes
from core.web.urls import record_url, with_query
from core.web.viewmodels import (
    Action,
    AdminPage,
    Cell,
    Column,
    Crumb,
    EmptyState,
    FieldView,
    FormPage,
    Option,
    Row,
    Section,
    SimpleTable,
)

pages = Pages("history")

SIZE = 60


@pages.route("/admin/audit", area="audit")
def audit(env: Env, request: Request) -> Response:
    """Search the history of everything."""
    rows = env.execute(_statement(env, request)).mappings().all()
    shown, more = rows[:SIZE], len(rows) > SIZE
    people = env.labels(USER, {r["actor_id"] for r in shown if r["actor_id"]})
    names = titles(env, {(r["record"], r["record_id"]) for r in shown if r["record"] and r["record_id"]})
    table = SimpleTable(_heads(env), [_row(env, r, people, names) for r in shown], caption=env.t(_("Audit log")),
                        empty=EmptyState(env.t(_("Nothing found")), icon="clock-history", reason="filtered"))
    if more:
        pairs = [(k, v) for k, v in request.args() if k != "before"]
        table.next_url = with_query("/admin/audit", [*pairs, ("before", str(shown[-1]["id"]))])
    title = env.t(_("Audit log"))
    model = AdminPage(title, filters=_filters(env, request), table=table)
    return request.render("admin/page.html", model, title=title, crumbs=[Crumb(env.t(_("Administration")), "/admin")])


def _statement(env: Env, request: Request) -> Select[Any]:
    table = env.registry.system.audit
    statement = select(table).order_by(table.c.id.desc()).limit(SIZE + 1)
    conditions = []
    if request.arg_int("before") > 0:
        conditions.append(table.c.id < request.arg_int("before"))
    if request.arg_int("who") > 0:
        conditions.append(table.c.actor_id == request.arg_int("who"))
    if request.arg("action"):
        conditions.append(table.c.action == request.arg("action")[:40])
    if request.arg("record"):
        conditions.append(table.c.record == request.arg("record")[:120])
    if request.arg_int("id") > 0:
        conditions.append(table.c.record_id == request.arg_int("id"))
    for name, days in (("from", 0), ("to", 1)):
        moment = _day(env, request.arg(name), days)
        if moment is not None:
            conditions.append(table.c.at >= moment if name == "from" else table.c.at < moment)
    return statement.where(*conditions)


def _day(env: Env, text: str, days: int) -> dt.datetime | None:
    try:
        day = env.format.parse_date(text) + dt.timedelta(days=days) if text.strip() else None
    except (ValueError, OverflowError):
        return None
    return dt.datetime.combine(day, dt.time(), env.tz).astimezone(dt.UTC) if day is not None else None


def _filters(env: Env, request: Request) -> FormPage:
    types = sorted(((n, env.t(t.label)) for n, t in env.registry.records.items()), key=lambda pair: pair[1])
    who = env.labels(USER, [request.arg_int("who")]) if request.arg_int("who") > 0 else {}
    fields = [
        FieldView("who", env.t(_("Who")), "user", lookup_url=f"/lookup/{USER}",
                  selected=[Option(str(k), label) for k, label in who.items()]),
        FieldView("action", env.t(_("What")), "select", request.arg("action"),
                  options=[Option(k, env.t(v)) for k, v in TITLES.items()] + [
                      Option("sign_in", env.t(_("signed in"))), Option("sign_in_failed", env.t(_("failed to sign in")))]),
        FieldView("record", env.t(_("Kind")), "select", request.arg("record"), options=[Option(n, label) for n, label in types]),
        FieldView("from", env.t(_("From")), "date", request.arg("from")[:40]),
        FieldView("to", env.t(_("To")), "date", request.arg("to")[:40])]
    return FormPage("", "/admin/audit", [Section("main", fields=fields)], method="get",
                    actions=[Action(env.t(_("Search")), kind="submit")])


def _heads(env: Env) -> list[Column]:
    return [Column("at", env.t(_("When"))), Column("who", env.t(_("Who"))), Column("what", env.t(_("What"))),
            Column("record", env.t(_("Record"))), Column("changes", env.t(_("Changes")))]


def _row(env: Env, row: Any, people: dict[int, str], names: dict[tuple[str, int], str]) -> Row:
    rtype = env.registry.records.get(row["record"] or "")
    key = (row["record"], row["record_id"])
    what = env.t(TITLES[row["action"]]) if row["action"] in TITLES else row["action"].replace("_", " ")
    target = Cell("text", "")
    if rtype is not None:
        name = names.get(key)
        target = Cell("link", f"{env.t(rtype.label)}: {name or '#' + str(row['record_id'] or '')}",
                      record_url(*key) if name else "", dir="auto")
    changes = shown_changes(env, rtype, row["changes"] or {}) if rtype is not None else []
    text = changes_text(env, changes) or env.t(row["note"] or "")
    who = people.get(row["actor_id"]) if row["actor_id"] else env.t(_("The system"))
    return Row(row["id"], "", [Cell("datetime", env.format.datetime(row["at"], seconds=True)),
                               Cell("text", who or env.t(_("Somebody"))), Cell("text", what), target,
                               Cell("longtext", text[:500], dir="auto")])
