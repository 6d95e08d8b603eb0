"""Prices that changed since a draft was written: shown beside the old ones, taken over only when somebody says so."""

from __future__ import annotations

from decimal import Decimal

from core.api import Env, F, SarnakhError, _
from core.web_api import Action, AdminPage, Cell, Column, Crumb, Flash, Pages, Request, Response, Row, SimpleTable, list_url, record_url

from .lines import LINES

pages = Pages("sales")
KINDS = {"quote": "sales.quote", "order": "sales.order", "invoice": "sales.invoice", "purchase": "sales.purchase"}
ZERO = Decimal(0)


@pages.route("/<any(quote, order, invoice, purchase):kind>/<int:key>/offers", methods=("GET", "POST"))
def offers(env: Env, request: Request, kind: str, key: int) -> Response:
    """Old and new prices of a paper's lines; the new ones are taken, or put aside."""
    record = KINDS[kind]
    head = env.get(record, key, "name", "currency")
    env.require("update", record)
    rows = env.query(LINES[record]).where((F.paper == key) & F.offered_price.not_null()).order("position", "id").select(
        "description", "quantity", "unit_price", "discount_percent", "offered_price").rows()
    if request.posted:
        if rows:
            with request.attempt():
                said = env.run_action(LINES[record], "take_offers" if request.has("take") else "keep_prices", [r["id"] for r in rows])
            request.flash(env.t(said), undo=env.batch)
        return request.redirect(record_url(record, key))
    if not rows:
        raise SarnakhError(_("All lines have the price of the lists."))
    code = head.currency.label or ""
    table = SimpleTable([Column("what", env.t(_("Line"))), Column("count", env.t(_("Quantity"))), Column("old", env.t(_("Unit price"))),
                         Column("new", env.t(_("New price")))],
                        [Row(r["id"], "", [Cell("text", r["description"] or ""), Cell("number", env.format.number(r["quantity"])),
                                             Cell("money", env.format.money(r["unit_price"] or ZERO, code)),
                                             Cell("money", env.format.money(r["offered_price"], code))]) for r in rows])
    url = f"/x/sales/{kind}/{key}/offers"
    page = AdminPage(
        env.t(_("New prices")), notices=[Flash(env.t(_("Quantity, price list, customer or date changed since these lines were priced. "
                                                      "Nothing is changed until you say so.")), "info")], table=table,
        actions=[Action(env.t(_("Take the new prices")), url, "check2", kind="post", style="primary", name="take", value="1"),
                 Action(env.t(_("Keep the old prices")), url, "x-lg", kind="post", name="keep", value="1"),
                 Action(env.t(_("Back")), record_url(record, key))])
    return request.render("admin/page.html", page, title=page.title, active=record, crumbs=[
        Crumb(env.t(env.registry.record(record).plural), list_url(record)), Crumb(head.name or "", record_url(record, key))])
