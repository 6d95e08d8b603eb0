"""Which list prices a line, how, and why.

    asked list, or: special offers ──┐            account ─┐
                                     ├─ the cheaper   type ├─ most specific, then priority, then latest begin
    lists that fit the customer ─────┘           territory ┘  everybody

A list that lacks the product in that unit and quantity passes the question on to the list it falls back on. When nobody
named a list, the next one that fits is asked; a named list that lacks the product, with all it falls back on, refuses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

from core.api import Env, Message, _

from .amounts import EXACT, HUNDRED, ZERO
from .asks import Ask
from .book import Book, current
from .names import key

FINE = Decimal("0.0001")
"""Unit prices may be finer than the currency's coin; this is what they are stored with."""
DEEPEST = 20
ROUNDINGS = {"nearest": ROUND_HALF_UP, "up": ROUND_CEILING, "down": ROUND_FLOOR}
FIT_ACCOUNT, FIT_TYPE, FIT_TERRITORY, FIT_ALL = 3, 2, 1, 0
WHY = {FIT_ACCOUNT: _("it is for this customer"), FIT_TYPE: _("it is for customers of this type"),
       FIT_TERRITORY: _("it is for this territory"), FIT_ALL: _("it is for everybody")}


class Refused(Exception):  # noqa: N818 - an answer, not an accident
    """There is no price, and why."""

    def __init__(self, reason: Message) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class Found:
    """A price in a list for one unit asked for: the item it comes from, and how it was reached."""

    price: Decimal
    item: Mapping[str, Any]
    price_list: Mapping[str, Any]
    quantity: Decimal            # in the item's unit
    units: Decimal               # item units in one unit asked for
    reasons: list[Message] = field(default_factory=list)


class Engine:
    """Prices of single products from the lists of a book."""

    def __init__(self, env: Env, book: Book) -> None:
        self.env, self.book = env, book
        self.ranked = sorted(self._fitting(), key=lambda fit: (-fit[0], -fit[1]["priority"], fit[1]["starts"] is None,
                                                               -(fit[1]["starts"].toordinal() if fit[1]["starts"] else 0), fit[1]["id"]))
        self.special = [(fit, row) for fit, row in self.ranked if row["kind"] == "special"]
        self.standard = [(fit, row) for fit, row in self.ranked if row["kind"] != "special"]

    # ------------------------------------------------------------------ which lists
    def _fitting(self) -> Iterator[tuple[int, dict[str, Any]]]:
        account, book = self.book.account, self.book
        for row in book.lists.values():
            if not self._valid(row):
                continue
            if row["kind"] == "purchase":
                if book.terms.account is None or key(row["supplier"]) == book.terms.account:
                    yield FIT_ACCOUNT, row
                continue
            bound = row["id"] in book.bound_lists
            types, territories = row["account_types"] or (), [t.strip() for t in (row["territories"] or "").split("\n") if t.strip()]
            if row["id"] in book.own_lists:
                yield FIT_ACCOUNT, row
            elif account is not None and account["type"] in types:
                yield FIT_TYPE, row
            elif account is not None and account["territory"] and account["territory"].strip() in territories:
                yield FIT_TERRITORY, row
            elif not bound and not types and not territories:
                yield FIT_ALL, row

    def _valid(self, row: Mapping[str, Any]) -> bool:
        return bool(row["active"]) and current(row, self.book.on)

    def chain(self, row: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        """A list and those it falls back on; ones that are out of date are passed over."""
        at: Mapping[str, Any] | None = row
        for _level in range(DEEPEST):
            if at is None:
                return
            yield at
            at = self.book.lists.get(key(at["parent"]) or 0)

    # ------------------------------------------------------------------ the price of one ask
    def best(self, ask: Ask, product: Mapping[str, Any], named: int | None) -> tuple[Found, Found]:
        """The price that counts, and the one without special offers."""
        if named is not None:
            row = self.book.lists.get(named)
            if row is None:
                raise Refused(_("The price list is in another currency, or gone."))
            if not self._valid(row):
                raise Refused(_("The price list “{list}” is not valid on {day}.", list=row["name"],
                                day=self.env.format.date(self.book.on)))
            found = self._in_chain(ask, product, row)
            if found is None:
                raise Refused(self._lacking(ask, product, row))
            found.reasons.insert(0, _("Price list “{list}”, as chosen", list=row["name"]))
            return found, found
        normal = self._first(ask, product)
        offers = [f for fit, row in self.special if (f := self._in_chain(ask, product, row, alone=True)) is not None]
        offer = min(offers, key=lambda f: f.price, default=None)
        if offer is None and normal is None:
            raise Refused(self._nowhere(ask, product))
        if offer is not None and (normal is None or offer.price < normal.price):
            offer.reasons.insert(0, self._offer_words(offer.price_list))
            return offer, normal or offer
        assert normal is not None
        return normal, normal

    def _first(self, ask: Ask, product: Mapping[str, Any]) -> Found | None:
        for fit, row in self.standard:
            found = self._in_chain(ask, product, row)
            if found is not None:
                found.reasons.insert(0, _("Price list “{list}”: {why}", list=row["name"], why=WHY[fit]))
                return found
        return None

    def _offer_words(self, row: Mapping[str, Any]) -> Message:
        if row["ends"] is None:
            return _("Special offer “{list}”", list=row["name"])
        return _("Special offer “{list}”, until {day}", list=row["name"], day=self.env.format.date(row["ends"]))

    def _in_chain(self, ask: Ask, product: Mapping[str, Any], row: Mapping[str, Any], alone: bool = False) -> Found | None:
        for level, at in enumerate(self.chain(row)):
            if level and alone:
                return None
            if not self._valid(at):
                continue
            found = self._in_list(ask, product, at, level)
            if found is not None:
                if level:
                    found.reasons.append(_("Not in it, so from the list it falls back on: “{list}”", list=at["name"]))
                return found
        return None

    def _in_list(self, ask: Ask, product: Mapping[str, Any], row: Mapping[str, Any], depth: int) -> Found | None:
        items = self.book.items.get((row["id"], product["id"]))
        if not items or depth >= DEEPEST:
            return None
        unit = self.book.units[ask.unit]  # type: ignore[index]  # the façade has filled it in
        own = [i for i in items if key(i["unit"]) == ask.unit]
        for candidates, exact in ((own, True), ([i for i in items if key(i["unit"]) != ask.unit], False)):
            if (chosen := self._of_quantity(ask, candidates, unit)) is not None:
                item, quantity, units = chosen
                price = self._price(ask, product, row, item, quantity, depth)
                if price is None:
                    return None
                found = Found(price if exact else EXACT.multiply(price, units), item, row, quantity, units)
                self._explain(found, item, exact)
                if item["method"] != "amount" or not exact:
                    found.price = self._rounded(found.price, row)
                return found
        return None

    def _of_quantity(self, ask: Ask, items: list[dict[str, Any]],
                     unit: Mapping[str, Any]) -> tuple[dict[str, Any], Decimal, Decimal] | None:
        """The item with the highest minimum quantity that is reached; of equal ones that in the smallest unit."""
        best = None
        for item in items:
            held = self.book.units.get(key(item["unit"]) or 0)
            if held is None or held["unit_group"].id != unit["unit_group"].id:
                continue
            units = EXACT.divide(unit["factor"], held["factor"])
            quantity = EXACT.multiply(abs(ask.quantity), units)
            if quantity >= item["minimum_quantity"]:
                rank = (EXACT.multiply(item["minimum_quantity"], held["factor"]), -held["factor"])
                if best is None or rank > best[0]:
                    best = (rank, (item, quantity, units))
        return best[1] if best else None

    def _price(self, ask: Ask, product: Mapping[str, Any], row: Mapping[str, Any], item: Mapping[str, Any],
               quantity: Decimal, depth: int) -> Decimal | None:
        """The price of one of the item's units, of which there are so many, before rounding."""
        if item["method"] == "amount":
            return Decimal(item["amount"])
        if item["method"] == "percent":
            parent = self.book.lists.get(key(row["parent"]) or 0)
            asked = replace(ask, unit=item["unit"].id, quantity=quantity)
            below = None if parent is None else self._in_chain_from(asked, product, parent, depth + 1)
            return None if below is None else EXACT.multiply(below.price, item["percent"] / HUNDRED)
        cost = product["current_cost"] if item["cost"] == "current" else product["standard_cost"]
        if cost is None:
            raise Refused(_("“{product}” is priced from its cost, which is not known.", product=product["name"]))
        cost = EXACT.multiply(self._in_currency(product, cost), self.book.units[item["unit"].id]["factor"])
        if item["method"] == "markup":
            return EXACT.multiply(cost, 1 + item["percent"] / HUNDRED)
        return EXACT.divide(cost, 1 - item["percent"] / HUNDRED)

    def _in_currency(self, product: Mapping[str, Any], cost: Decimal) -> Decimal:
        """A cost in the currency of the lists, by the rates of the day; a missing rate is not taken as 1."""
        held, wanted, rates = key(product["cost_currency"]), self.book.currency, self.book.rates
        if held in (None, wanted.id):
            return cost
        if held not in rates or wanted.id not in rates:
            raise Refused(_("“{product}” is priced from its cost in {held}; there is no rate to {currency} on {day}.",
                            product=product["name"],
                            held=product["cost_currency"].label, currency=wanted.code, day=self.env.format.date(self.book.on)))
        return Decimal(EXACT.divide(EXACT.multiply(cost, rates[held]), rates[wanted.id]))

    def _in_chain_from(self, ask: Ask, product: Mapping[str, Any], row: Mapping[str, Any], depth: int) -> Found | None:
        for level, at in enumerate(self.chain(row)):
            if self._valid(at) and (found := self._in_list(ask, product, at, depth + level)) is not None:
                return found
        return None

    def _explain(self, found: Found, item: Mapping[str, Any], exact: bool) -> None:
        if item["minimum_quantity"]:
            found.reasons.append(_("From {quantity} {unit} upwards", quantity=self.env.format.number(item["minimum_quantity"]),
                                   unit=self.book.units[item["unit"].id]["name"]))
        if not exact:
            found.reasons.append(_("Reckoned from the price for one {unit}", unit=self.book.units[item["unit"].id]["name"]))
        if item["method"] == "percent":
            found.reasons.append(_("{percent} % of the list it falls back on", percent=self.env.format.number(item["percent"])))

    def _rounded(self, price: Decimal, row: Mapping[str, Any]) -> Decimal:
        if row["rounding"] == "none" or not row["step"]:
            return EXACT.divide(price, FINE).quantize(Decimal(1), ROUND_HALF_UP, EXACT) * FINE
        step, ending = row["step"], row["ending"] or ZERO
        steps = EXACT.divide(price - ending, step).quantize(Decimal(1), ROUNDINGS[row["rounding"]], EXACT)
        return Decimal(max(steps * step + ending, ending or ZERO))

    # ------------------------------------------------------------------ why not
    def _lacking(self, ask: Ask, product: Mapping[str, Any], row: Mapping[str, Any]) -> Message:
        rows = [at for at in self.chain(row)]
        if (least := self._least(product, rows)) is not None:
            return self._too_few(product, *least)
        if len(rows) > 1:
            return _("“{product}” is not in the price list “{list}”, nor in those it falls back on.", product=product["name"],
                     list=row["name"])
        return _("“{product}” is not in the price list “{list}”.", product=product["name"], list=row["name"])

    def _nowhere(self, ask: Ask, product: Mapping[str, Any]) -> Message:
        if not self.ranked:
            return _("There is no price list in {currency} that is valid for this customer on {day}.",
                     currency=self.book.currency.code, day=self.env.format.date(self.book.on))
        if (least := self._least(product, [row for _fit, row in self.ranked])) is not None:
            return self._too_few(product, *least)
        return _("“{product}” is in none of the price lists in {currency} that are valid for this customer.", product=product["name"],
                 currency=self.book.currency.code)

    def _least(self, product: Mapping[str, Any], rows: list[Mapping[str, Any]]) -> tuple[Decimal, str] | None:
        """The smallest quantity for which there is a price, when the product is in the lists at all."""
        items = [i for row in rows for i in self.book.items.get((row["id"], product["id"]), ())]
        found = [(EXACT.multiply(i["minimum_quantity"], u["factor"]), i["minimum_quantity"], u["name"]) for i in items
                 if (u := self.book.units.get(key(i["unit"]) or 0)) is not None and i["minimum_quantity"]]
        return min(found)[1:] if found and len(found) == len(items) else None

    def _too_few(self, product: Mapping[str, Any], least: Decimal, unit: str) -> Message:
        return _("“{product}” is sold from {quantity} {unit} upwards.", product=product["name"],
                 quantity=self.env.format.number(least), unit=unit)
