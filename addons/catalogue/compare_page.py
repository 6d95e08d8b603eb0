"""What suppliers ask for a product, side by side: each in its own currency and unit, compared in the base currency."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from addons.base import money
from core.api import Env, F, _
from core.web_api import (
    AdminPage,
    Badge,
    Cell,
    Column,
    EmptyState,
    FormPage,
    Pages,
    Request,
    Response,
    Row,
    Section,
    SimpleTable,
    record_url,
)

from . import asking
from .pricing import Ask, Priced, Terms, price_apart

pages = Pages("catalogue")
URL = "/x/catalogue/compare"
MOST = 100
COLUMNS = (("supplier", _("Supplier"), "start"), ("list", _("Price list"), "start"), ("price", _("For one unit"), "end"),
           ("fair", _("After discounts"), "end"), ("base", _("In the base currency"), "end"), ("ends", _("Valid until"), "start"),
           ("note", "", "start"))


@dataclass
class Offer:
    """One supplier's answer."""

    row: dict[str, Any]
    priced: Priced
    base: Decimal | None = None


@pages.route("/compare")
def compare(env: Env, request: Request) -> Response:
    """Prices of one product in the lists of all suppliers."""
    env.require("create", asking.LIST)
    asked = asking.read(env, request)
    fields = asking.inputs(env, asked, "product", "quantity", "unit", "on")
    page = AdminPage(env.t(_("Suppliers' prices")), intro=env.t(_(
        "The lists of all suppliers that hold the product on that day, the cheapest first.")),
        filters=FormPage("", URL, [Section("main", fields=fields)]))
    if asked.product is None:
        page.empty = EmptyState(env.t(_("Choose a product")), env.t(_("Then the prices of all its suppliers stand here.")), icon="box-seam")
    else:
        assert asked.on is not None
        found = offers(env, asked.product.id, asked.quantity, asked.unit, asked.on)
        page.title = env.t(_("Suppliers' prices: {product}", product=asked.product.name))
        page.table = _table(env, found)
        page.table.empty = EmptyState(env.t(_("No supplier's list holds this product")), env.t(_(
            "Suppliers' lists are price lists of that kind, with the supplier's account.")), icon="tags")
    return request.render("admin/page.html", page, title=page.title, active=URL)


def offers(env: Env, product: int, quantity: Decimal, unit: int | None, on: dt.date) -> list[Offer]:
    """All suppliers' prices, cheapest first; lists that lack the product come last with their reason, as far as they have it at all."""
    holding = env.query("catalogue.price").holding("product",
                                                   [product]).where(F.price_list.kind == "purchase").select("price_list").rows(limit=MOST)
    rows = env.query(asking.LIST).with_ids({r["price_list"].id for r in holding}).where(F.active).select(
        "name", "currency", "supplier", "ends").rows()
    found: list[Offer] = []
    for which in {r["currency"].id for r in rows}:
        same = [r for r in rows if r["currency"].id == which]
        answers = price_apart(env, [Ask(product, quantity, unit, r["id"]) for r in same], Terms(which, None, on, kind="purchase"))
        found.extend(Offer(row, answer.lines[0]) for row, answer in zip(same, answers, strict=True))
    rates = money.rates(env, [(o.row["currency"].id, on) for o in found])
    for offer in found:
        rate = rates[offer.row["currency"].id, on]
        if rate is not None and offer.priced.refusal is None:
            offer.base = offer.priced.fair_price * rate
    return sorted(found, key=lambda o: (o.priced.refusal is not None, o.base is None, o.base or 0, o.row["name"]))


def _table(env: Env, found: list[Offer]) -> SimpleTable:
    columns = [Column(name, env.t(label) if label else "", align=align) for name, label, align in COLUMNS]
    return SimpleTable(columns, [_row(env, offer, i == 0 and offer.base is not None) for i, offer in enumerate(found)])


def _row(env: Env, offer: Offer, cheapest: bool) -> Row:
    row, priced, own = offer.row, offer.priced, money.base(env)
    url, supplier = record_url(asking.LIST, row["id"]), row["supplier"]
    code = priced.currency.code if priced.currency else ""
    known = priced.refusal is None
    base = "" if not known else env.t(_("no rate")) if offer.base is None else env.format.money(round(offer.base, own.places), own.code)
    note = [Badge(env.t(_("Cheapest")), "green", "check2")] if cheapest else []
    return Row(row["id"], url, [
        Cell(text=(supplier.label or "") if supplier else "", url=record_url(asking.ACCOUNT, supplier.id) if supplier else "", dir="auto"),
        Cell(text=row["name"], url=url, dir="auto"), Cell(text=env.format.money(priced.unit_price, code) if known else ""),
        Cell(text=env.format.money(priced.fair_price, code) if known else ""), Cell(text=base),
        Cell(text=env.format.date(row["ends"]) if row["ends"] else ""),
        Cell("choice", badges=note) if note else Cell(text="" if priced.refusal is None else env.t(priced.refusal))])
