"""Pricing at scale: 10,000 lines of 2,000 products against four lists with tiers, rules and taxes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal

from addons.catalogue.pricing import Ask, Terms, price_document
from core.addons import lifecycle
from core.installation import Installation
from core.security.actor import SYSTEM
from tests.bench.measure import Figure, figure, statements, timed

LINES, PRODUCTS = 10_000, 2_000


def stock(inst: Installation) -> tuple[list[int], int, int]:
    """Products, prices in four lists, a partner."""
    with inst.env(SYSTEM) as env:
        rial = env.query("base.currency").where('code == "IRR"').ids(1)[0]
        owner = env.query("base.user").order("id").ids(1)[0]
        account = env.create("contacts.account", {"name": "Bench partner", "type": "partner", "owner": owner})
        products = env.create("catalogue.product", [{"code": f"P{i:05d}", "name": f"Product {i}", "current_cost": 700 + i,
                                                     "cost_currency": rial} for i in range(PRODUCTS)])
        tiers = env.create("catalogue.discount_list", {"name": "Bench tiers"})
        env.create("catalogue.discount_tier", [{"list": tiers, "quantity": q, "value": v} for q, v in ((10, 2), (50, 4), (200, 7))])
        retail = env.create("catalogue.price_list", {"name": "Bench retail", "currency": rial, "discount_list": tiers})
        partners, cost, offer = env.create("catalogue.price_list", [
            {"name": "Bench partners", "currency": rial, "parent": retail, "account_types": ["partner"], "rounding": "up", "step": 100,
             "ending": 90},
            {"name": "Bench cost", "currency": rial, "parent": retail},
            {"name": "Bench offer", "currency": rial, "kind": "special", "ends": env.today}])
        env.create("catalogue.price", [{"price_list": retail, "product": p, "amount": 1000 + i} for i, p in enumerate(products)])
        env.create("catalogue.price", [{"price_list": partners, "product": p, "method": "percent", "percent": 92} for p in products[::2]])
        env.create("catalogue.price", [{"price_list": cost, "product": p, "method": "markup", "percent": 31} for p in products[::3]])
        env.create("catalogue.price", [{"price_list": offer, "product": p, "amount": 950} for p in products[::10]])
        env.create("catalogue.discount", [
            {"name": "Bench loyal", "percent": 1, "combines": True, "condition": 'account.type == "partner" and order_amount > 1000'},
            {"name": "Bench many", "percent": 3, "condition": "quantity >= 100"}])
        env.connection.commit()
        return products, rial, account


def pricing(inst: Installation, database: str) -> Iterator[Figure]:
    """One order of 10,000 lines, priced and added up."""
    lifecycle.enable(inst, ["catalogue"])
    products, rial, account = stock(inst)
    dice = random.Random(7)  # noqa: S311 - the same lines every time
    asks = [Ask(dice.choice(products), Decimal(dice.randint(1, 300))) for _i in range(LINES)]
    with inst.env(SYSTEM, write=False) as env:
        def run() -> None:
            whole = price_document(env, asks, Terms(rial, account))
            assert whole.totals is not None and whole.totals.total == sum(p.total for p in whole.lines)
        median, p95 = timed(run, times=5, warm=1)
        yield figure("price_10000_lines", database, median, "ms", p95=round(p95, 2), queries=statements(inst, run), rows=LINES)
