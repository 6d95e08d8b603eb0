"""The dialog in which deals are closed: actual amount, day, reason, and the competitor that won."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.api import Env, F, NotFound, SarnakhError, _, n_
from core.web_api import Action, Crumb, FieldView, FormPage, Option, RecordForm, Request, Response, Section, list_url, record_url

from . import closing
from .choices import LOST, OPEN, WON

DEAL, REASON, COMPETITOR = closing.DEAL, closing.REASON, "deals.competitor"
FIELDS = {WON: ("actual_amount", "closed_on", "close_note"), LOST: ("closed_on", "close_note")}
MOST = 200


def show(env: Env, request: Request, ids: Sequence[int], status: str, url: str) -> Response:
    """Ask, and close the deals."""
    env.require("update", DEAL)
    rows = env.query(DEAL).archived(None).with_ids(ids).select("name", "status", "amount", "currency").rows()
    if not rows:
        raise NotFound(_("Choose deals in the list first."))
    if any(row["status"] != OPEN for row in rows):
        raise SarnakhError(_("Some of these deals are closed already."))
    one = rows[0] if len(rows) == 1 else None
    names = [n for n in FIELDS[status] if one is not None or n != "actual_amount"]
    form = RecordForm(env, request, DEAL, names, {
        "actual_amount": one["amount"] if one else None, "currency": one["currency"] if one else None, "closed_on": env.today})
    errors: list[str] = []
    wrong: dict[str, list[str]] = {}
    if request.has("reason") and request.posted:
        values = form.values()
        if not form.errors:
            try:
                with request.attempt():
                    count = closing.close(env, [r["id"] for r in rows], status, {**values, **_picked(request, status)})
                text = n_("{count} deal won.", "{count} deals won.", count) if status == WON else n_(
                    "{count} deal lost.", "{count} deals lost.", count)
                request.flash(env.t(text))  # taken back by reopening: an undo does not reach behind the lock
                return request.redirect(record_url(DEAL, one["id"]) if one else list_url(DEAL))
            except SarnakhError as error:
                errors = form.take(error)
                wrong = {name: form.errors.pop(name) for name in ("reason", "lost_to") if name in form.errors}
    page = _page(env, request, form, status, url, one, wrong, errors)
    crumbs = [Crumb(env.t(env.registry.record(DEAL).plural), list_url(DEAL))]
    if one:
        crumbs.append(Crumb(one["name"], record_url(DEAL, one["id"])))
    return request.render("ask.html", page, title=page.title, crumbs=crumbs, active=DEAL, ids=[r["id"] for r in rows],
                          status=422 if errors or wrong or form.errors else 200)


def _picked(request: Request, status: str) -> dict[str, Any]:
    found: dict[str, Any] = {"reason": request.value_int("reason") or None}
    if status == LOST:
        found["lost_to"] = request.value_int("lost_to") or None
    return found


def _page(env: Env, request: Request, form: RecordForm, status: str, url: str, one: dict[str, Any] | None,
          wrong: dict[str, list[str]], errors: list[str]) -> FormPage:
    inputs = [_select(env, request, "reason", env.query(REASON).where(F.active & F.kind.isin((status, "both"))).order("position", "name"),
                      wrong, required=status == LOST)]
    if status == LOST:
        rivals = env.query("deals.deal").with_ids([one["id"]]).select("competitors").rows()[0]["competitors"] if one else []
        inputs.append(_select(env, request, "lost_to", env.query(COMPETITOR).where(F.active).order("name"), wrong,
                              first=[c.id for c in rivals]))
    title = _("Close as won") if status == WON else _("Close as lost")
    shown = env.t(title) if one is None else f"{env.t(title)}: {one['name']}"
    fields = form.fields()
    asked = [f for f in fields if not f.name.endswith("close_note")]
    return FormPage(shown, url, [Section("main", columns=1, fields=[*asked, *inputs, *(f for f in fields if f not in asked)])],
                    cancel_url=record_url(DEAL, one["id"]) if one else list_url(DEAL), errors=errors, intro=env.t(_(
                        "A closed deal can no longer be changed; who has the right may reopen it.")),
                    actions=[Action(env.t(title), kind="submit", style="primary" if status == WON else "danger")])


def _select(env: Env, request: Request, name: str, query: Any, wrong: dict[str, list[str]], *, required: bool = False,
            first: Sequence[int] = ()) -> FieldView:
    field = env.registry.record(DEAL).field(name)
    rows = query.select("name").rows(500)
    rows.sort(key=lambda r: r["id"] not in first)
    now = request.value(name)
    return FieldView(name, env.t(field.label), "select", now, required=required, errors=[env.t(m) for m in wrong.get(name, [])],
                     options=[Option("", "", selected=not now),
                              *(Option(str(r["id"]), r["name"], selected=str(r["id"]) == now) for r in rows)])
