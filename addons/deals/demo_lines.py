"""Product lines of a part of the demo's deals, when the catalogue is enabled and was stocked before."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

from core.api import Env, F

LINE = "deals.line"
SHARE = 0.45
"""So many of the deals whose currency has prices get lines."""


class Shelf:
    """Products by the currency of the list in which they have a plain price, and dice of their own: what deals without
    lines go through does not depend on the catalogue."""

    def __init__(self, env: Env) -> None:
        self.dice = random.Random(1407)  # noqa: S311 - believable, not secret
        self.prices: dict[str, list[tuple[int, Decimal]]] = {}
        if LINE not in env.registry.records:
            return
        rows = env.query("catalogue.price").where((F.method == "amount") & (F.price_list.kind == "sale") & F.price_list.active
                                                  & F.amount.not_null()).order("id").select("product", "amount", "currency.code").rows()
        for row in rows:
            self.prices.setdefault(row["currency.code"], []).append((row["product"].id, row["amount"]))

    def lines(self, code: str, worth: Decimal) -> list[dict[str, Any]]:
        """Lines that come to about so much; none for most deals."""
        priced = self.prices.get(code)
        if not priced or self.dice.random() > SHARE:
            return []
        chosen = self.dice.sample(priced, self.dice.randint(1, 3))
        part = worth / len(chosen)
        return [{"product": product, "quantity": max(1, min(40, round(part / price))), "position": 10 * (i + 1),
                 "discount_percent": self.dice.choice((None, None, 3, 5, 8, 12))} for i, (product, price) in enumerate(chosen)]
