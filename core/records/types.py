"""Column types that behave the same on SQLite and PostgreSQL.

SQLite has no decimals and no time zones, so exact numbers are stored as scaled integers and moments as naive UTC on
both databases: a sum is exact on either, and the same data gives the same answer.
"""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import JSON, BigInteger, ColumnElement, DateTime, Integer, case, cast, type_coerce
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

MONEY_SCALE = 4
DECIMAL_SCALE = 6
PERCENT_SCALE = 4
_ONE = Decimal(1)


class Fixed(TypeDecorator[Decimal]):
    """An exact decimal with `scale` places, stored as an integer of its smallest unit."""

    impl = BigInteger
    cache_ok = True

    def __init__(self, scale: int = MONEY_SCALE) -> None:
        super().__init__()
        self.scale = scale
        self._unit = Decimal(1).scaleb(-scale)

    def process_bind_param(self, value: Any, dialect: Any) -> int | None:
        return None if value is None else to_scaled(value, self.scale)

    def process_result_value(self, value: Any, dialect: Any) -> Decimal | None:
        return None if value is None else Decimal(int(value)) * self._unit


def to_scaled(value: Any, scale: int) -> int:
    """The integer number of smallest units, rounded half away from zero."""
    number = value if type(value) is Decimal else Decimal(str(value))
    return int(number.scaleb(scale).quantize(_ONE, rounding=ROUND_HALF_UP))


def at_scale(value: ColumnElement[Any], scale: int) -> ColumnElement[Any]:
    """A `Fixed` expression as one of another scale, rounded half away from zero, in integers on both databases."""
    found = getattr(value.type, "scale", None)
    if not isinstance(value.type, Fixed) or found == scale or found is None:
        return value
    whole = cast(type_coerce(value, BigInteger), BigInteger)
    if found < scale:
        return type_coerce(whole * 10 ** (scale - found), Fixed(scale))
    unit, half = 10 ** (found - scale), 10 ** (found - scale) // 2
    return type_coerce(case((whole < 0, -((-whole + half) // unit)), else_=(whole + half) // unit), Fixed(scale))


class Moment(TypeDecorator[dt.datetime]):
    """A point in time: aware in Python, naive UTC in the database."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Any) -> dt.datetime | None:
        if value is None or value.tzinfo is None:
            return value
        return value.astimezone(dt.UTC).replace(tzinfo=None)

    def process_result_value(self, value: dt.datetime | None, dialect: Any) -> dt.datetime | None:
        return None if value is None else value.replace(tzinfo=dt.UTC)


class Span(TypeDecorator[dt.timedelta]):
    """A length of time, stored in whole seconds."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: dt.timedelta | None, dialect: Any) -> int | None:
        return None if value is None else int(value.total_seconds())

    def process_result_value(self, value: int | None, dialect: Any) -> dt.timedelta | None:
        return None if value is None else dt.timedelta(seconds=int(value))  # a sum is a Decimal on PostgreSQL


JsonType = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
BigId = BigInteger().with_variant(Integer(), "sqlite")
