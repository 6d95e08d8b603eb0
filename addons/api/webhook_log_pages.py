"""The log of a webhook: what was sent, what was answered, and sending it again."""

from __future__ import annotations

import datetime as dt
from typing import Any

from markupsafe import Markup

from core.api import Env, F, NotFound, _, n_
from core.web_api import (
    Action,
    AdminPage,
    Cell,
    Column,
    EmptyState,
    FieldView,
    FormPage,
    Option,
    Panel,
    Request,
    Response,
    Row,
    Section,
    SimpleTable,
    Tab,
    admin_page,
    record_url,
    with_query,
)

from . import webhook_replay, webhook_rules
from .site import pages
from .webhook_choices import DELIVERY, PARKED, SENDING, SKIPPED, STATES, TEST, WAITING, WEBHOOK
from .webhook_pages import URL, badge

PAGE = 50
LOOK_AGAIN = 2
MOMENTS = {"1": _("The last hour"), "24": _("The last day"), "168": _("The last week"), "720": _("The last month")}
PRE = Markup('<pre class="code" dir="ltr" tabindex="0">{}</pre>')
PATHS = ("webhook", "key", "event", "record_type", "record_id", "at", "state", "due_at", "attempts", "sent_at", "status", "took", "problem")


@pages.route("/webhooks/<int:key>/log", methods=("GET", "POST"))
def log(env: Env, request: Request, key: int) -> Response:
    """All deliveries, the newest first."""
    env.require("update", WEBHOOK)
    hook = env.get(WEBHOOK, key, "name")
    if request.posted:
        return _again(env, request, key)
    state = request.arg("state")
    state = state if state in {value for value, *_rest in STATES} else ""
    query = env.query(DELIVERY).where(F.webhook == key).order("-id").select(*PATHS)
    found = (query.where(F.state == state) if state else query).page(PAGE, request.arg("page") or None)
    here = f"{URL}/{key}/log"
    page = AdminPage("", intro=hook.name, tabs=[Tab(v, env.t(t), url=with_query(here, {"state": v} if v else {}), active=v == state)
                                                for v, t, *_c in [("", _("All")), *STATES]])
    page.table = SimpleTable(
        [Column("at", env.t(_("Happened"))), Column("event", env.t(_("Event", context="webhook"))), Column("record", env.t(_("Record"))),
         Column("state", env.t(_("State"))), Column("status", env.t(_("Answer")), align="end"),
         Column("attempts", env.t(_("Attempts")), align="end"), Column("problem", env.t(_("Problem")))],
        [_row(env, r, here) for r in found.rows], caption=env.t(_("Log", context="webhook")),
        empty=EmptyState(env.t(_("Nothing was sent yet")), env.t(_("Each event stands here, with what was answered.")), "list-ul"))
    for attribute, token in (("next_url", found.next), ("previous_url", found.previous)):
        if token:
            setattr(page.table, attribute, with_query(here, {"state": state, "page": token}))
    page.actions = [Action(env.t(_("Settings")), f"{URL}/{key}", "sliders"),
                    Action(env.t(_("Send all parked again")), here, "arrow-clockwise", kind="post", fields={"what": PARKED})]
    page.form = _since(env, here)
    return admin_page(env, request, _("Log of a webhook"), page, active=URL)


def _since(env: Env, url: str) -> FormPage:
    """The form that sends everything of some time again."""
    field = FieldView("hours", env.t(_("Send again everything of")), "select", "24", options=[
        Option(v, env.t(t), selected=v == "24") for v, t in MOMENTS.items()],
        help=env.t(_("Also what was delivered, each under the ID that it had: for a receiver that lost something.")))
    return FormPage("", url, [Section("since", columns=1, fields=[field])], hidden={"what": "since"}, actions=[
        Action(env.t(_("Send again")), kind="submit", confirm=env.t(_("Send everything of this time again?")))])


def _again(env: Env, request: Request, key: int) -> Response:
    if request.value("what") == PARKED:
        count = webhook_replay.parked(env, key)
    else:
        hours = request.value("hours")
        if hours not in MOMENTS:
            raise NotFound
        count = webhook_replay.since(env, key, env.now - dt.timedelta(hours=int(hours)))
    request.flash(env.t(n_("{count} delivery is sent again.", "{count} deliveries are sent again.", count)))
    return request.redirect(f"{URL}/{key}/log")


def _row(env: Env, row: dict[str, Any], here: str) -> Row:
    return Row(row["id"], "", [
        Cell("title", env.format.datetime(row["at"]), f"{here}/{row['id']}"), Cell(text=row["event"], dir="ltr"), _record(env, row),
        Cell("choice", badges=[badge(env, STATES, row["state"])]), Cell(text=env.format.number(row["status"]) if row["status"] else ""),
        Cell(text=env.format.number(row["attempts"] or 0)), Cell(text=row["problem"] or "")])


def _record(env: Env, row: dict[str, Any]) -> Cell:
    if row["event"] == TEST or row["record_type"] not in env.registry.records:
        return Cell(text="")
    return Cell(text=f"#{row['record_id']}", url=record_url(row["record_type"], row["record_id"]), dir="ltr")


@pages.route("/webhooks/<int:key>/log/<int:delivery>", methods=("GET", "POST"))
def delivery(env: Env, request: Request, key: int, delivery: int) -> Response:
    """One delivery. Its content is for those eyes only with whose rights it was read."""
    env.require("update", WEBHOOK)
    row = vars(env.get(DELIVERY, delivery, *PATHS))
    if row["webhook"] is None or row["webhook"].id != key:
        raise NotFound
    here = f"{URL}/{key}/log/{delivery}"
    if request.posted:
        webhook_replay.one(env, delivery)
        return request.redirect(here)
    page = AdminPage("", facts=_facts(env, row))
    waits = row["state"] in (WAITING, SENDING)
    page.refresh_seconds = LOOK_AGAIN if waits and (row["due_at"] is None or (row["due_at"] - env.now).total_seconds() < 60) else 0
    page.panels = _contents(env, key, delivery)
    page.actions = [Action(env.t(_("Log", context="webhook")), f"{URL}/{key}/log", "list-ul")]
    if not waits:
        page.actions.append(Action(env.t(_("Send again")), here, "arrow-clockwise", kind="post"))
    return admin_page(env, request, _("Delivery", context="webhook"), page, active=URL)


def _facts(env: Env, row: dict[str, Any]) -> list[tuple[str, Cell]]:
    found = [(_("State"), Cell("choice", badges=[badge(env, STATES, row["state"])])),
             (_("Event", context="webhook"), Cell(text=row["event"], dir="ltr")),
             (_("ID", context="webhook"), Cell(text=row["key"], dir="ltr", raw=row["key"])),
             (_("Record"), _record(env, row)), (_("Happened"), Cell(text=env.format.datetime(row["at"])))]
    if row["state"] == WAITING and row["attempts"] and row["due_at"]:
        found.append((_("Next attempt"), Cell(text=env.format.relative(row["due_at"], env.now))))
    if row["attempts"]:
        found.append((_("Attempts"), Cell(text=env.format.number(row["attempts"]))))
    if row["status"]:
        found.append((_("Answer"), Cell(text=env.t(_("{status}, after {count} ms", status=row["status"], count=row["took"] or 0)))))
    if row["problem"]:
        found.append((_("Problem"), Cell(text=row["problem"])))
    return [(env.t(label), cell) for label, cell in found if cell.text or cell.badges]


def _contents(env: Env, webhook: int, delivery: int) -> list[Panel]:
    with env.elevated("what a webhook sent") as sudo:
        user = sudo.get(WEBHOOK, webhook, "user").user
        row = sudo.get(DELIVERY, delivery, "request", "answer", "state")
    if row.state == SKIPPED or not (row.request or row.answer):
        return []
    if not webhook_rules.may_act_for(env, user.id if user else None):
        return [Panel(env.t(_("What was sent")), icon="lock", html=Markup('<p class="muted">{}</p>').format(env.t(_(
            "It was read with the rights of {name}; only they see it.", name=user.label if user else ""))))]
    return [Panel(env.t(title), html=PRE.format(text), icon=icon) for title, text, icon in (
        (_("What was sent"), row.request, "box-arrow-up-right"), (_("What was answered"), row.answer, "box-arrow-in-down-left")) if text]
