"""The page on which managers write their own figure over a line of the forecast, or take it away again."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from core.api import AccessDenied, Env, F, NotFound, SarnakhError, _
from core.web_api import Action, Crumb, FormPage, RecordForm, Request, Response, Section, with_query

from . import forecast_page
from .choices import OPEN_CATEGORIES
from .figures import Chosen, money
from .forecast import ADJUSTMENT, Node, forecast

URL = f"{forecast_page.URL}/adjust"
KEPT = ("kind", "at", "pipeline", "person", "team")


def show(env: Env, request: Request) -> Response:
    """Ask for the figure, and keep it."""
    kind, category, key = forecast_page.kind_of(request), request.arg("category"), request.arg("line")
    shown = forecast_page.period_of(env, kind, forecast_page.day_of(env, request))
    if category not in OPEN_CATEGORIES:
        raise NotFound()
    node = forecast(env, Chosen(shown, people=_people(env, key))).find(key)
    if node is None:
        raise NotFound()
    if not forecast_page.may_adjust(env, node):
        raise AccessDenied(_("You adjust the figures of your own people only."))
    back = with_query(forecast_page.URL, {n: request.arg(n) for n in KEPT if request.arg(n)})
    who = {node.kind: node.id}
    mine = env.query(ADJUSTMENT).where(F.owner == env.actor.id, F.starts == shown.first, F.ends == shown.last, F.category == category,
                                       F[node.kind] == node.id).select("amount", "note").rows(1)
    deals = node.sums[category].amount if category in node.sums else Decimal(0)
    form = RecordForm(env, request, ADJUSTMENT, ("amount", "note"), mine[0] if mine else {"amount": deals})
    errors: list[str] = []
    if request.posted:
        errors = _write(env, request, form, mine, {**who, "category": category, "starts": shown.first, "ends": shown.last}, deals)
        if not errors and not form.errors:
            return request.redirect(back)
    page = _page(env, form, node, category, shown.label, deals, back, bool(mine), errors,
                 with_query(URL, {n: request.arg(n) for n in (*KEPT, "line", "category") if request.arg(n)}))
    return request.render("ask.html", page, title=page.title, ids=[], active=forecast_page.URL,
                          crumbs=[Crumb(env.t(_("Forecast")), back)], status=422 if errors or form.errors else 200)


def _people(env: Env, key: str) -> tuple[int, ...] | None:
    """A person's line is computed alone; a role's needs the tree."""
    kind, _colon, number = key.partition(":")
    return (int(number),) if kind == "user" and number.isascii() and number.isdecimal() and len(number) < 19 else None


def _write(env: Env, request: Request, form: RecordForm, mine: list[dict[str, Any]], what: dict[str, Any], deals: Decimal) -> list[str]:
    """Keep, change or take away the figure; what was wrong."""
    try:
        with request.attempt():
            if request.value("remove") == "1":
                if mine:
                    env.delete(ADJUSTMENT, mine[0]["id"])
                request.flash(env.t(_("The forecast is what the deals say again.")), undo=env.batch)
                return []
            values = form.values()
            if form.errors:
                return []
            if mine:
                env.update(ADJUSTMENT, mine[0]["id"], values)
                key = mine[0]["id"]
            else:
                key = env.create(ADJUSTMENT, {**what, **values})
            with env.elevated("the sum of deals that was adjusted") as sudo:
                sudo.update(ADJUSTMENT, key, {"was": deals})
        request.flash(env.t(_("Adjusted.")), undo=env.batch)
    except SarnakhError as error:
        return form.take(error)
    return []


def _page(env: Env, form: RecordForm, node: Node, category: str, period: str, deals: Decimal, back: str, known: bool,
          errors: list[str], url: str) -> FormPage:
    actions = [Action(env.t(_("Save")), kind="submit", style="primary")]
    if known:
        actions.append(Action(env.t(_("Take away")), kind="submit", name="remove", value="1"))
    intro = env.t(_("The deals of {who} say {amount}. Your figure stands beside that and takes its place in the sums; the deals "
                    "stay as they are.", who=node.label, amount=money(env, deals)))
    return FormPage(env.t(_("Adjust: {who}, {category}, {period}", who=node.label, category=env.t(forecast_page.LABELS[category]),
                            period=period)), url, [Section("main", columns=1, fields=form.fields())], cancel_url=back, intro=intro,
                    errors=errors, actions=actions)
