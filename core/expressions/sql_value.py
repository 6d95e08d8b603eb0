"""A value in SQL with its type and, for numbers, the places of its scaled integer; and what binds Python values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import BigInteger, Boolean, Date, Float, Numeric, String, bindparam, cast, false, literal, null, true, type_coerce
from sqlalchemy.sql.elements import BindParameter, ColumnElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from core.expressions import elements
from core.expressions.ast import MAX_PLACES
from core.expressions.types import INTEGER, NUMBER, Type
from core.records.types import Fixed, Moment, to_scaled

_LARGEST: Final = 2**63 - 1


class Wide(TypeDecorator[Any]):
    """A whole number too large for 64 bits: exact on PostgreSQL, to 15 digits on SQLite."""

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Any) -> TypeEngine[Any]:
        found: TypeEngine[Any] = Numeric() if dialect.name == "postgresql" else Float()
        return dialect.type_descriptor(found)  # type: ignore[no-any-return]

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return value if dialect.name == "postgresql" or value is None else float(value)


@dataclass(frozen=True, slots=True)
class Sql:
    """An SQL expression and what it means. A number is `expr` / 10^`scale`."""

    expr: ColumnElement[Any]
    type: Type
    scale: int = 0


_SQL_TYPES: Final[Mapping[str, TypeEngine[Any]]] = MappingProxyType({
    "flag": Boolean(), "text": String(), "choice": String(), "date": Date(), "datetime": Moment(),
    "link": BigInteger(), "integer": BigInteger(), "number": BigInteger(),
})


def sql_type(type_: Type, scale: int = 0) -> TypeEngine[Any]:
    """The column type that reads a result of this type back into Python."""
    if type_.kind in ("integer", "number"):
        return Fixed(scale)
    return _SQL_TYPES.get(type_.kind, String())


def empty(kind: str) -> Sql:
    """No value, of a kind, as functions of the databases want it."""
    type_ = Type(kind if kind in _SQL_TYPES else "text")
    return Sql(cast(null(), _SQL_TYPES[type_.kind]), type_)


NOW, DAY, DAY_BEGINS, DAY_ENDS = "moment_now", "moment_day", "moment_day_begins", "moment_day_ends"
"""Names of moments in statements that are kept: given anew at each execution, others hold the values they were made with."""


def named(name: str, value: dt.datetime | dt.date) -> Sql:
    """One of these moments, or today."""
    return Sql(bindparam(name, value, Date() if name == DAY else Moment()), Type("date" if name == DAY else "datetime"))


def constant(value: Any, type_: Type) -> Sql:
    """A Python value as a bound parameter."""
    if value is None:
        return empty(type_.kind)
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        scale = min(max(-exponent if isinstance(exponent, int) else 0, 0), MAX_PLACES)
        return Sql(bind_whole(to_scaled(value, scale)), type_, scale)
    if type_.kind == "integer":
        return Sql(bind_whole(int(value)), type_)
    if isinstance(value, dt.datetime):
        return Sql(literal(value, Moment()), type_)
    return Sql(literal(value, _SQL_TYPES[type_.kind]), type_)


def result(value: Any, type_: Type) -> ColumnElement[Any]:
    """A Python value that is a whole expression's answer, as a column that reads back as it."""
    if isinstance(value, bool):
        return true() if value else false()
    found = constant(value, type_)
    if value is None or type_.kind not in ("integer", "number"):
        return found.expr
    return literal(value, sql_type(type_, found.scale))


def bind_whole(value: int) -> ColumnElement[Any]:
    """A whole number as a bound parameter."""
    return literal(value, BigInteger()) if abs(value) <= _LARGEST else literal(Decimal(value), Wide())


def rescaled(value: Sql, scale: int) -> ColumnElement[Any]:
    """The integer of a number at a larger (or the same) scale."""
    if value.scale == scale:
        return value.expr
    if (fixed := _bound(value)) is not None:
        return bind_whole(fixed * 10 ** (scale - value.scale))
    return elements.Rescale(value.expr, elements.unit(scale - value.scale)[0])


def _bound(value: Sql) -> int | None:
    """The number that is bound here, if it is one: it is rescaled in Python, which leaves an index usable."""
    found = value.expr.value if isinstance(value.expr, BindParameter) else None
    return int(found) if isinstance(found, (int, Decimal)) else None


def aligned(values: Sequence[Sql]) -> tuple[list[ColumnElement[Any]], int]:
    """Integers of numbers at their common scale."""
    scale = max((value.scale for value in values), default=0)
    return [rescaled(value, scale) for value in values], scale


def _sum_type(left: Sql, right: Sql) -> Type:
    return INTEGER if left.type.kind == right.type.kind == "integer" else NUMBER


def add(left: Sql, right: Sql) -> Sql:
    """The exact sum."""
    (one, other), scale = aligned((left, right))
    return Sql(elements.Add(one, other), _sum_type(left, right), scale)


def subtract(left: Sql, right: Sql) -> Sql:
    """The exact difference."""
    (one, other), scale = aligned((left, right))
    return Sql(elements.Subtract(one, other), _sum_type(left, right), scale)


def remainder(left: Sql, right: Sql) -> Sql:
    """What is left after whole division."""
    (one, other), scale = aligned((left, right))
    return Sql(elements.Remainder(one, other), _sum_type(left, right), scale)


def multiply(left: Sql, right: Sql) -> Sql:
    """The product, to six places."""
    scale = left.scale + right.scale
    kept = min(scale, MAX_PLACES)
    return Sql(elements.Multiply(left.expr, right.expr, *elements.unit(scale - kept)), _sum_type(left, right), kept)


def divide(left: Sql, right: Sql) -> Sql:
    """The quotient, to six places; no value when dividing by zero."""
    unit = elements.unit(MAX_PLACES - left.scale + right.scale)[0]
    return Sql(elements.Divide(left.expr, right.expr, unit), NUMBER, MAX_PLACES)


def negate(value: Sql) -> Sql:
    """The number with the other sign."""
    return Sql(elements.Negate(value.expr), value.type, value.scale)


def column(expr: ColumnElement[Any], type_: Type) -> Sql:
    """A column of a record's table: numbers as the integers they are stored as."""
    scale = expr.type.scale if isinstance(expr.type, Fixed) else 0
    if type_.kind in ("integer", "number"):
        if isinstance(expr, BindParameter):  # a formula that is a fixed number
            return constant(None if expr.value is None else Decimal(expr.value), type_)
        return Sql(type_coerce(expr, BigInteger()), type_, scale)
    if type_.kind == "flag":
        return Sql(expr, type_)
    return Sql(type_coerce(expr, _SQL_TYPES[type_.kind]) if type_.kind in _SQL_TYPES else expr, type_)
