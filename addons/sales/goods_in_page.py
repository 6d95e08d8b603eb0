"""The page on which a buyer notes what came of a purchase order."""

from __future__ import annotations

from core.api import Env, SarnakhError, _
from core.web_api import Action, FieldView, FormPage, Pages, Request, Response, Section, record_url

from . import goods_in, life
from .goods_in import PURCHASE
from .routes import crumbs

pages = Pages("sales")


@pages.route("/purchase/<int:key>/receive", methods=("GET", "POST"))
def receive(env: Env, request: Request, key: int) -> Response:
    """How much of each line came; all that is still to come is filled in."""
    head = env.get(PURCHASE, key, "status")
    life.require_on(env, "action:send", PURCHASE, key)
    if head.status not in goods_in.COMING:
        raise SarnakhError(_("Nothing more is to come of this order."))
    rows = goods_in.open_lines(env, key)
    errors: list[str] = []
    if request.posted:
        try:
            amounts = {r["id"]: env.format.parse_number(text) for r in rows if (text := request.value(f"came-{r['id']}").strip())}
            with request.attempt():
                said = goods_in.receive_part(env, key, amounts, request.has("last"))
            request.flash(env.t(said))
            return request.redirect(record_url(PURCHASE, key))
        except ValueError as error:
            errors = [env.t(error.args[0]) if error.args else env.t(_("This is not a number."))]
        except SarnakhError as error:
            errors = [env.t(error.message)]
    shown = [FieldView(f"came-{r['id']}", r["description"] or f"#{r['id']}", "decimal", request.value(f"came-{r['id']}") if request.posted
                       else env.format.number(r["left"]), help=env.t(_("still to come: {count} {unit}", count=env.format.number(r["left"]),
                                                                      unit=(r["unit"].label or "") if r["unit"] else "")).strip())
             for r in rows]
    last = FieldView("last", env.t(_("Nothing more will come")), "flag", "1" if request.has("last") else "",
                     help=env.t(_("The order counts as received, though something is missing.")))
    page = FormPage(env.t(_("What came?")), f"/x/sales/purchase/{key}/receive", [Section("main", columns=1, fields=[*shown, last])],
                    errors=errors, cancel_url=record_url(PURCHASE, key),
                    actions=[Action(env.t(_("Note what came")), kind="submit", style="primary")])
    return request.render("sales/form.html", page, title=page.title, crumbs=crumbs(env, PURCHASE, key), active=PURCHASE,
                          status=422 if errors else 200)
