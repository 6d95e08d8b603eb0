"""What other addons call: prices of many lines at once, and the amounts of a document.

    priced = price(env, [Ask(product, Decimal(3))], Terms(currency, account=account))
    priced[0].unit_price, priced[0].reasons, priced[0].refusal
    totals = document([Line(p.quantity, p.unit_price, p.discount_percent, p.each_off * p.quantity, p.rates) for p in priced], currency)

`price` runs a fixed number of statements, however many lines there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from core.api import Env, Message, _

from . import configuring, discounting, taxing
from .amounts import EXACT, HUNDRED, ZERO, Currency, Line, LineAmounts, Rate, TaxAmount, Totals, document
from .asks import Ask, Chosen, Priced, Region, Terms
from .book import Book, currency, read
from .engine import Engine, Found, Refused
from .names import key

__all__ = ["Ask", "Chosen", "Currency", "Line", "LineAmounts", "Priced", "PricedDocument", "Rate", "Region", "TaxAmount", "Terms", "Totals",
           "currency", "document", "price", "price_apart", "price_document"]


@dataclass(slots=True)
class PricedDocument:
    """The lines of an order with what is taken off the whole, and why."""

    lines: list[Priced]
    discount_amount: Decimal = ZERO
    reasons: list[Message] = field(default_factory=list)
    totals: Totals | None = None


def price(env: Env, asks: Sequence[Ask], terms: Terms) -> list[Priced]:
    """The price of every line of an order, in the order of the asks. What cannot be priced says why in its `refusal`."""
    return price_document(env, asks, terms).lines


def price_apart(env: Env, asks: Sequence[Ask], terms: Terms) -> list[PricedDocument]:
    """Each ask as an order of its own, for comparing: none of them counts in the conditions of another's discounts."""
    book = read(env, asks, terms)
    run = _Run(env, book)
    return [_document(env, book, run, [ask]) for ask in asks]


def price_document(env: Env, asks: Sequence[Ask], terms: Terms) -> PricedDocument:
    """The lines as an order: discounts of the whole document included, and all its sums."""
    book = read(env, asks, terms)
    return _document(env, book, _Run(env, book), asks)


def _document(env: Env, book: Book, run: _Run, asks: Sequence[Ask]) -> PricedDocument:
    lines = [run.line(ask) for ask in asks]
    good = [p for p in lines if p.refusal is None]
    order = discounting.Order(sum((EXACT.multiply(p.unit_price, p.quantity) for p in good), ZERO), sum((p.quantity for p in good), ZERO),
                              len(good))
    for priced in good:
        run.discount(priced, order)
    off, reasons = discounting.of_document(env, book, [book.products[p.product] for p in good], order)
    totals = document([Line(p.quantity, p.unit_price, p.discount_percent, EXACT.multiply(p.each_off, abs(p.quantity)), p.rates)
                       for p in lines], book.currency, discount_amount=off)
    for priced, amounts in zip(lines, totals.lines, strict=True):
        priced.discount_amount, priced.net, priced.taxes, priced.total = amounts.discount, amounts.net, amounts.taxes, amounts.total
    return PricedDocument(lines, off, reasons, totals)


class _Run:
    """Pricing the lines of one book."""

    def __init__(self, env: Env, book: Book) -> None:
        self.env, self.book, self.engine = env, book, Engine(env, book)
        self.found: dict[int, Found] = {}
        self.rates: dict[tuple[int | None, int | None], tuple[Rate, ...]] = {}

    def line(self, ask: Ask) -> Priced:
        """The price of one line before discounts by rule; refusals are answers."""
        made = Priced(ask.product, ask.quantity, ask.unit, currency=self.book.currency)
        try:
            self._line(ask, made)
        except Refused as refused:
            made.refusal = refused.reason
        return made

    def _line(self, ask: Ask, made: Priced) -> None:
        product = self._product(ask.product)
        made.unit = ask.unit or key(product["unit"])
        made.tax_class = key(product["tax_class"])
        self._sold(product, made)
        self._countable(product, made)
        named = ask.price_list or self.book.terms.price_list
        found, normal = self.engine.best(Ask(ask.product, ask.quantity, made.unit), product, named)
        made.options_price = self._options(ask, found.price, named, made)
        made.unit_price = found.price + made.options_price
        made.list_price = normal.price + made.options_price
        made.price_list, made.reasons = found.price_list["id"], found.reasons + made.reasons
        self.found[id(made)] = found
        place = (made.tax_class, made.price_list)
        if place not in self.rates:
            self.rates[place] = taxing.rates(self.book, made.tax_class, found.price_list)
        made.rates = self.rates[place]

    def _product(self, which: int) -> Mapping[str, Any]:
        product = self.book.products.get(which)
        if product is None:
            raise Refused(_("There is no such product."))
        return product

    def _sold(self, product: Mapping[str, Any], made: Priced) -> None:
        on = self.book.on
        if product["archived"]:
            raise Refused(_("“{product}” is no longer sold.", product=product["name"]))
        if product["active_from"] and on < product["active_from"]:
            raise Refused(_("“{product}” is sold from {day} on.", product=product["name"],
                            day=self.env.format.date(product["active_from"])))
        if product["active_to"] and on > product["active_to"]:
            raise Refused(_("“{product}” was sold until {day}.", product=product["name"], day=self.env.format.date(product["active_to"])))

    def _countable(self, product: Mapping[str, Any], made: Priced) -> None:
        unit = self.book.units.get(made.unit or 0)
        if unit is None or unit["unit_group"].id != key(product["unit_group"]):
            raise Refused(_("“{product}” is not counted in this unit.", product=product["name"]))
        if unit["unit_group.whole"] and made.quantity != made.quantity.to_integral_value():
            raise Refused(_("“{product}” is sold in whole {unit} only.", product=product["name"], unit=unit["name"]))

    def _options(self, ask: Ask, base: Decimal, named: int | None, made: Priced) -> Decimal:
        """What the chosen options add to one unit."""
        questions = self.book.questions.get(ask.product, [])
        for problem in configuring.problems(questions, ask.options):
            raise Refused(_("“{product}”: {problem}", product=self._product(ask.product)["name"], problem=problem))
        offered = {option.id: option for question in questions for option in question.options}
        added = ZERO
        for chosen in ask.options:
            option = offered[chosen.option]
            each = self._option(ask, option, chosen, base, named)
            added += each
            if each:
                made.reasons.append(_("{option}: {amount} more", option=option.name,
                                      amount=self.env.format.money(each, self.book.currency.code)))
        return added

    def _option(self, ask: Ask, option: configuring.Answer, chosen: Chosen, base: Decimal, named: int | None) -> Decimal:
        if option.method == "amount":
            if option.currency != self.book.currency.id:
                raise Refused(_("The option “{option}” has no price in {currency}.", option=option.name, currency=self.book.currency.code))
            return Decimal(EXACT.multiply(option.amount or ZERO, chosen.quantity))
        if option.method == "percent":
            return EXACT.multiply(base, (option.percent or ZERO) / HUNDRED).quantize(Decimal("0.0001")) * chosen.quantity
        if option.method == "list" and option.product is not None:
            product = self._product(option.product)
            asked = Ask(product["id"], ask.quantity * chosen.quantity, key(product["unit"]))
            return self.engine.best(asked, product, named)[0].price * chosen.quantity
        return ZERO

    def discount(self, priced: Priced, order: discounting.Order) -> None:
        """Take off what tiers and rules say."""
        found = self.found[id(priced)]
        offers = discounting.by_rules(self.env, self.book, priced, self.book.products[priced.product], order)
        if (tier := discounting.tier(self.env, self.book, found)) is not None:
            offers.insert(0, tier)
        for off in discounting.chosen(offers, priced.unit_price):
            priced.discount_percent += off.percent
            priced.each_off += off.each
            priced.reasons.append(off.reason)
        priced.discount_percent = min(priced.discount_percent, HUNDRED)
        taken = EXACT.multiply(priced.unit_price, priced.discount_percent) / HUNDRED + priced.each_off
        priced.fair_price = max(priced.unit_price - taken, ZERO)
