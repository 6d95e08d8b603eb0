"""The arithmetic of documents: exact decimals, rounded by the currency, and lines that always add up to the whole.

    q × unit price ──round──> gross ── line discount ── share of the document's discount ──> after
    after = net + taxes that the price includes;   total = after + taxes that come on top;   net + tax = total

Every amount of a line is a multiple of the currency's smallest coin, so sums over lines are sums and nothing else: what
a document says in total is what its lines say, whatever the discounts, taxes and way of rounding. Where something is
only rounded once for the whole (a discount of the document, taxes with `by_document`), it is dealt out to the lines coin by
coin, the largest remainders first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal, localcontext
from typing import NamedTuple

ZERO = Decimal(0)
HUNDRED = Decimal(100)
EXACT = Context(prec=80, rounding=ROUND_HALF_UP)
"""Products of the largest quantities and prices keep all their digits."""


class Currency(NamedTuple):
    """What amounts are counted in."""

    id: int
    code: str
    places: int

    @property
    def coin(self) -> Decimal:
        """The smallest amount there is."""
        return Decimal(1).scaleb(-self.places)


class Rate(NamedTuple):
    """A tax as it applies to a line: `included` ones are inside the price already; `names` are (language, name) in further languages."""

    id: int
    name: str
    percent: Decimal
    included: bool = False
    names: tuple[tuple[str, str], ...] = ()


class TaxAmount(NamedTuple):
    """What a tax makes of a base."""

    rate: Rate
    base: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Line:
    """What a line of a document is computed from. Discounts: a percentage of the gross, and an amount off the line."""

    quantity: Decimal
    unit_price: Decimal
    discount_percent: Decimal = ZERO
    discount_amount: Decimal = ZERO
    rates: tuple[Rate, ...] = ()


@dataclass(slots=True)
class LineAmounts:
    """What a line comes to. `share` is its part of the document's discount; net + tax = total."""

    gross: Decimal
    discount: Decimal
    share: Decimal = ZERO
    net: Decimal = ZERO
    taxes: list[TaxAmount] = field(default_factory=list)
    tax: Decimal = ZERO
    total: Decimal = ZERO

    @property
    def after(self) -> Decimal:
        """What is left of the gross after all discounts, taxes in the price still in it."""
        return self.gross - self.discount - self.share


@dataclass(slots=True)
class Totals:
    """A document: its lines' amounts, and their sums. `discount` holds the lines' discounts and the document's."""

    currency: Currency
    lines: list[LineAmounts]
    gross: Decimal = ZERO
    discount: Decimal = ZERO
    net: Decimal = ZERO
    taxes: list[TaxAmount] = field(default_factory=list)
    tax: Decimal = ZERO
    total: Decimal = ZERO


def document(lines: Sequence[Line], currency: Currency, *, discount_percent: Decimal = ZERO, discount_amount: Decimal = ZERO,
             by_document: bool = False) -> Totals:
    """All amounts of a document. `by_document` rounds each tax once for the whole instead of for every line."""
    coin = currency.coin
    with localcontext(EXACT):
        made = [_begin(line, coin) for line in lines]
        _share(made, discount_percent, discount_amount, coin)
        amounts = _taxes(lines, made, coin, by_document)
        for line, one, taxes in zip(lines, made, amounts, strict=True):
            _finish(line, one, taxes)
        return _totals(made, currency)


def rounded(value: Decimal, coin: Decimal) -> Decimal:
    """To the nearest multiple of a coin; halves go away from zero."""
    return EXACT.multiply(EXACT.divide(value, coin).quantize(Decimal(1), ROUND_HALF_UP, EXACT), coin)


def spread(amount: Decimal, weights: Sequence[Decimal], coin: Decimal) -> list[Decimal]:
    """An amount (a multiple of the coin, not negative) in parts by weights that are not negative; the parts add up to it.

    No part is larger than its weight's fair share by a coin or more. Without any weight the first takes all.
    """
    if not weights:
        return []
    whole = sum(weights, ZERO)
    if not whole:
        return [amount, *([ZERO] * (len(weights) - 1))]
    with localcontext(EXACT):
        exact = [amount * weight / whole for weight in weights]
        return settle(exact, amount, coin)


def settle(exact: Sequence[Decimal], target: Decimal, coin: Decimal) -> list[Decimal]:
    """Exact values as multiples of the coin that add up to `target`, which is their rounded sum."""
    floors = [(value / coin).to_integral_value(ROUND_FLOOR) * coin for value in exact]
    missing = int(((target - sum(floors, ZERO)) / coin).to_integral_value())
    order = sorted(range(len(exact)), key=lambda i: (floors[i] - exact[i], i))
    for i in order[:missing]:
        floors[i] += coin
    return floors


def _begin(line: Line, coin: Decimal) -> LineAmounts:
    gross = rounded(line.quantity * line.unit_price, coin)
    off = rounded(abs(gross) * line.discount_percent / HUNDRED, coin) + rounded(line.discount_amount, coin)
    off = min(max(off, ZERO), abs(gross))
    return LineAmounts(gross, off if gross >= 0 else -off)


def _share(made: list[LineAmounts], percent: Decimal, amount: Decimal, coin: Decimal) -> None:
    """Deal the document's discount out over the lines that still have something."""
    weights = [max(one.after, ZERO) for one in made]
    whole = sum(weights, ZERO)
    off = rounded(whole * percent / HUNDRED, coin) + rounded(amount, coin)
    off = min(max(off, ZERO), whole)
    if off:
        for one, part in zip(made, spread(off, weights, coin), strict=True):
            one.share = part


def _taxes(lines: Sequence[Line], made: list[LineAmounts], coin: Decimal, by_document: bool) -> list[list[Decimal]]:
    """Amount of each line's taxes, in the order of its rates: included ones first, as those on top stand on the net."""
    exact: list[list[Decimal]] = []
    for line, one in zip(lines, made, strict=True):
        inside = sum((r.percent for r in line.rates if r.included), ZERO)
        net = one.after * HUNDRED / (HUNDRED + inside)
        exact.append([net * r.percent / HUNDRED for r in line.rates])
    if not by_document:
        return [[rounded(value, coin) for value in values] for values in exact]
    places: dict[Rate, list[tuple[int, int]]] = {}
    for i, line in enumerate(lines):
        for j, rate in enumerate(line.rates):
            places.setdefault(rate, []).append((i, j))
    for where in places.values():
        values = [exact[i][j] for i, j in where]
        for (i, j), value in zip(where, settle(values, rounded(sum(values, ZERO), coin), coin), strict=True):
            exact[i][j] = value
    return exact


def _finish(line: Line, one: LineAmounts, taxes: list[Decimal]) -> None:
    inside = sum((a for r, a in zip(line.rates, taxes, strict=True) if r.included), ZERO)
    one.net = one.after - inside
    one.taxes = [TaxAmount(rate, one.net, amount) for rate, amount in zip(line.rates, taxes, strict=True)]
    one.tax = sum(taxes, ZERO)
    one.total = one.net + one.tax


def _totals(made: list[LineAmounts], currency: Currency) -> Totals:
    found: dict[Rate, list[Decimal]] = {}
    for one in made:
        for tax in one.taxes:
            held = found.setdefault(tax.rate, [ZERO, ZERO])
            held[0] += tax.base
            held[1] += tax.amount
    return Totals(
        currency, made, gross=sum((o.gross for o in made), ZERO), discount=sum((o.discount + o.share for o in made), ZERO),
        net=sum((o.net for o in made), ZERO), taxes=[TaxAmount(rate, base, amount) for rate, (base, amount) in found.items()],
        tax=sum((o.tax for o in made), ZERO), total=sum((o.total for o in made), ZERO))
