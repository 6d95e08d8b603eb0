"""Exact arithmetic, the same in Python and in the databases.

A number has at most six decimal places: products and quotients are rounded to six, half away from zero; sums are exact.
Dividing by zero gives no value. In the databases a number is an integer of its smallest unit with a known number of
places; the `scaled_*` functions are what SQLite calls, for its own integers end at 64 bits. A result beyond them goes
on as a float there: right to 15 digits, where Python and PostgreSQL stay exact. Beyond 10^30 there is no value.
"""

from __future__ import annotations

import datetime as dt
import decimal
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any, Final

from core.expressions.ast import MAX_PLACES

_EXACT: Final = decimal.Context(prec=100, rounding=ROUND_HALF_UP)
_UNITS: Final = tuple(Decimal(1).scaleb(-places) for places in range(MAX_PLACES + 1))
_LARGEST: Final = Decimal(10) ** 30
_LARGEST_INTEGER: Final = 2**63 - 1


def number(value: Any) -> Decimal:
    """A field's value as a Decimal: integers, floats and lengths of time (in seconds) too."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, dt.timedelta):
        return Decimal(int(value.total_seconds()))
    return Decimal(repr(value) if isinstance(value, float) else value)


def _bounded(value: Decimal) -> Decimal | None:
    return value if abs(value) < _LARGEST else None


def rounded(value: Decimal, places: int = MAX_PLACES, rounding: str = ROUND_HALF_UP) -> Decimal:
    """The value with at most so many places."""
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and -exponent <= places:
        return value
    return value.quantize(_UNITS[places], rounding, _EXACT)


def add(left: Decimal, right: Decimal) -> Decimal | None:
    """The exact sum."""
    return _bounded(_EXACT.add(left, right))


def subtract(left: Decimal, right: Decimal) -> Decimal | None:
    """The exact difference."""
    return _bounded(_EXACT.subtract(left, right))


def multiply(left: Decimal, right: Decimal) -> Decimal | None:
    """The product to six places."""
    product = _bounded(_EXACT.multiply(left, right))
    return None if product is None else rounded(product)


def divide(left: Decimal, right: Decimal) -> Decimal | None:
    """The quotient to six places; None when dividing by zero."""
    if not right:
        return None
    quotient = _bounded(_EXACT.divide(left, right))
    return None if quotient is None else rounded(quotient)


def remainder(left: Decimal, right: Decimal) -> Decimal | None:
    """What is left after whole division, with the sign of the dividend; None when dividing by zero."""
    return _EXACT.remainder(left, right) if right else None


def floor(value: Decimal) -> Decimal:
    """The next whole number below."""
    return rounded(value, 0, ROUND_FLOOR)


def ceiling(value: Decimal) -> Decimal:
    """The next whole number above."""
    return rounded(value, 0, ROUND_CEILING)


def truncated(value: Decimal) -> int:
    """The whole part."""
    return int(rounded(value, 0, ROUND_DOWN))


# -- on integers of the smallest unit, for SQLite

Scaled = int | float | None


def _fit(value: float) -> Scaled:
    if isinstance(value, int) and -_LARGEST_INTEGER <= value <= _LARGEST_INTEGER:
        return value
    return float(value) if abs(value) < 10.0**36 else None


def _divide_rounded(dividend: float, divisor: float) -> Scaled:
    """Half away from zero."""
    if isinstance(dividend, float) or isinstance(divisor, float):
        return _fit(dividend / divisor)
    whole = (2 * abs(dividend) + abs(divisor)) // (2 * abs(divisor))
    return _fit(whole if (dividend < 0) == (divisor < 0) else -whole)


def scaled_multiply(left: Scaled, right: Scaled, unit: int) -> Scaled:
    """The product, divided by `unit` to bring its scale down."""
    if left is None or right is None:
        return None
    return _fit(left * right) if unit == 1 else _divide_rounded(left * right, unit)


def scaled_divide(left: Scaled, right: Scaled, unit: int) -> Scaled:
    """The quotient of `left` times `unit`; None when dividing by zero."""
    if left is None or right is None or not right:
        return None
    return _divide_rounded(left * unit, right)


def scaled_round(value: Scaled, unit: int) -> Scaled:
    """The value in units of `unit`, rounded."""
    return None if value is None else _divide_rounded(value, unit)


def scaled_floor(value: Scaled, unit: int) -> Scaled:
    """The value in units of `unit`, rounded down."""
    return None if value is None else _fit(value // unit)


def scaled_ceiling(value: Scaled, unit: int) -> Scaled:
    """The value in units of `unit`, rounded up."""
    return None if value is None else _fit(-(-value // unit))


def scaled_remainder(left: Scaled, right: Scaled) -> Scaled:
    """What is left after whole division, with the sign of the dividend; None when dividing by zero."""
    if left is None or right is None or not right:
        return None
    rest = abs(left) % abs(right)
    return rest if left >= 0 else -rest
