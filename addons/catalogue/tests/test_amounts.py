"""Lines always add up to the document: under discounts, taxes of every kind, currencies and ways of rounding."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from addons.catalogue.amounts import ZERO, Currency, Line, Rate, document, spread

decimals = st.decimals(min_value=0, max_value=10**12, places=4, allow_nan=False, allow_infinity=False)
quantities = st.decimals(min_value=-100_000, max_value=100_000, places=3, allow_nan=False, allow_infinity=False)
percents = st.decimals(min_value=0, max_value=100, places=3, allow_nan=False, allow_infinity=False)
rates = st.lists(st.tuples(st.integers(1, 5), percents, st.booleans()), max_size=3, unique_by=lambda r: r[0]).map(
    lambda found: tuple(Rate(i, f"tax {i}", p, inside) for i, p, inside in found))
lines = st.lists(st.builds(Line, quantities, decimals, percents, decimals, rates), max_size=12)
currencies = st.sampled_from([Currency(1, "IRR", 0), Currency(2, "EUR", 2), Currency(3, "KWD", 3)])


def is_multiple(value: Decimal, coin: Decimal) -> bool:
    """Whether an amount can be paid."""
    return value % coin == 0


@settings(max_examples=400, deadline=None)
@given(lines, currencies, percents, decimals, st.booleans())
def test_lines_add_up_to_the_document(given_lines, currency, percent, amount, by_document):
    made = document(given_lines, currency, discount_percent=percent, discount_amount=amount, by_document=by_document)
    assert made.net == sum((o.net for o in made.lines), ZERO)
    assert made.tax == sum((o.tax for o in made.lines), ZERO) == sum((t.amount for t in made.taxes), ZERO)
    assert made.total == sum((o.total for o in made.lines), ZERO) == made.net + made.tax
    assert made.discount == sum((o.discount + o.share for o in made.lines), ZERO)
    for line, one in zip(given_lines, made.lines, strict=True):
        inside = sum((t.amount for t in one.taxes if t.rate.included), ZERO)
        assert one.gross - one.discount - one.share == one.net + inside, "nothing is lost between the gross and the net"
        assert abs(one.discount) <= abs(one.gross) and one.share <= max(one.gross - one.discount, ZERO)
        assert one.total == one.net + one.tax
        assert [t.rate for t in one.taxes] == list(line.rates)
        for value in (one.gross, one.discount, one.share, one.net, one.tax, one.total, *(t.amount for t in one.taxes)):
            assert is_multiple(value, currency.coin)


@settings(max_examples=300, deadline=None)
@given(lines, currencies)
def test_taxes_are_never_off_by_more_than_rounding(given_lines, currency):
    by_line = document(given_lines, currency)
    by_document = document(given_lines, currency, by_document=True)
    exact: dict[int, Decimal] = {}
    counts: dict[int, int] = {}
    for line, one in zip(given_lines, by_line.lines, strict=True):
        inside = sum((r.percent for r in line.rates if r.included), ZERO)
        for rate in line.rates:
            exact[rate.id] = exact.get(rate.id, ZERO) + one.after * rate.percent / (100 + inside)
            counts[rate.id] = counts.get(rate.id, 0) + 1
    for totals, slack in ((by_line, 1), (by_document, 1)):
        found: dict[int, Decimal] = {}
        for tax in totals.taxes:
            found[tax.rate.id] = found.get(tax.rate.id, ZERO) + tax.amount
        for key, value in found.items():
            assert abs(value - exact[key]) <= currency.coin * counts[key] * slack


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 10**15), st.lists(st.decimals(min_value=0, max_value=10**12, places=2), min_size=1, max_size=20), currencies)
def test_parts_add_up_and_are_fair(coins, weights, currency):
    amount = coins * currency.coin
    parts = spread(amount, weights, currency.coin)
    assert sum(parts, ZERO) == amount and all(p >= 0 and is_multiple(p, currency.coin) for p in parts)
    whole = sum(weights, ZERO)
    if whole:
        assert all(abs(p - amount * w / whole) <= currency.coin * Decimal("1.0001") for p, w in zip(parts, weights, strict=True))


def test_a_worked_example():
    vat, inside = Rate(1, "VAT", Decimal(10)), Rate(2, "KDV", Decimal(20), True)
    made = document([Line(Decimal(3), Decimal("33.335"), Decimal(10), rates=(vat,)), Line(Decimal(1), Decimal(120), rates=(inside,))],
                    Currency(1, "EUR", 2), discount_amount=Decimal(10))
    first, second = made.lines
    assert (first.gross, first.discount, first.share) == (Decimal("100.01"), Decimal("10.00"), Decimal("4.29"))
    assert (first.net, first.tax, first.total) == (Decimal("85.72"), Decimal("8.57"), Decimal("94.29"))
    assert (second.share, second.net, second.tax, second.total) == (Decimal("5.71"), Decimal("95.24"), Decimal("19.05"), Decimal("114.29"))
    assert made.total == Decimal("208.58")


def test_taxes_rounded_once_for_the_document():
    vat = Rate(1, "VAT", Decimal(9))
    three = [Line(Decimal(1), Decimal("0.05"), rates=(vat,))] * 3
    euro = Currency(1, "EUR", 2)
    assert document(three, euro).tax == 0, "0.0045 rounds to nothing on each line"
    made = document(three, euro, by_document=True)
    assert made.tax == Decimal("0.01") and [o.tax for o in made.lines] == [Decimal("0.01"), ZERO, ZERO]
