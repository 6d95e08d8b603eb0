"""Number functions of the language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy.sql.elements import BindParameter

from core.expressions import elements, numbers
from core.expressions.ast import MAX_PLACES
from core.expressions.functions import Function, common_type
from core.expressions.library_texts import merged
from core.expressions.sql_value import Sql, empty
from core.expressions.types import INTEGER, NUMBER, Context, Type
from core.i18n.messages import _

_GROUP = "number"


def _round(_context: Context, value: Decimal, places: int = 0) -> Decimal:
    return numbers.rounded(value, _places(places))


def _places(places: int) -> int:
    return min(max(places, 0), MAX_PLACES)


def _round_sql(_context: Context, value: Sql, places: Sql | None = None) -> Sql:
    if places is not None and not isinstance(places.expr, BindParameter):
        return empty("number")
    kept = 0 if places is None else _places(int(places.expr.value))
    if value.scale <= kept:
        return value
    return Sql(elements.Round(value.expr, *elements.unit(value.scale - kept)), value.type, kept)


def _whole_sql(element: type[elements.Dialected]) -> Callable[[Context, Sql], Sql]:
    def compiled(_context: Context, value: Sql) -> Sql:
        if not value.scale:
            return value
        return Sql(element(value.expr, *elements.unit(value.scale)), INTEGER)
    return compiled


def _same_number(types: Sequence[Type]) -> Type:
    return INTEGER if types[0].kind == "integer" else NUMBER


def _ordered(types: Sequence[Type]) -> Type | None:
    found = common_type(types)
    return found if found is not None and found.kind in ("integer", "number", "date", "datetime") else None


def _extreme(choose: Callable[[Any], Any]) -> Callable[..., Any]:
    def python(_context: Context, *values: Any) -> Any:
        present = [value for value in values if value is not None]
        return choose(present) if present else None
    return python


def _extreme_sql(element: type[elements.Extreme]) -> Callable[..., Sql]:
    def compiled(_context: Context, *values: Sql) -> Sql:
        items, scale = merged(values)
        return Sql(element(*items), values[0].type, scale)
    return compiled


def _round_type(types: Sequence[Type]) -> Type:
    return INTEGER if len(types) == 1 else _same_number(types)


NUMBERS = (
    Function("round", _GROUP, (("number", "number"), ("places", "constant")), _round_type,
             _("The number rounded to so many decimal places (0 to 6, without it 0); a half goes away from zero."),
             "round(amount * 1.09, 2)", _round, _round_sql, optional=1),
    Function("floor", _GROUP, (("number", "number"),), INTEGER,
             _("The next whole number that is not larger."), "floor(hours / 8)",
             lambda _context, value: numbers.floor(value), _whole_sql(elements.Floor)),
    Function("ceil", _GROUP, (("number", "number"),), INTEGER,
             _("The next whole number that is not smaller."), "ceil(quantity / 12)",
             lambda _context, value: numbers.ceiling(value), _whole_sql(elements.Ceiling)),
    Function("abs", _GROUP, (("number", "number"),), _same_number,
             _("The number without its sign."), "abs(balance) > 100",
             lambda _context, value: value.copy_abs(),
             lambda _context, value: Sql(elements.Absolute(value.expr), value.type, value.scale)),
    Function("min", _GROUP, (("value", "any"), ("other", "any")), _ordered,
             _("The smallest of the values (numbers, dates); empty ones do not count."), "min(discount, 20)",
             _extreme(min), _extreme_sql(elements.Least), variadic=True, nulls=True),
    Function("max", _GROUP, (("value", "any"), ("other", "any")), _ordered,
             _("The largest of the values (numbers, dates); empty ones do not count."), "max(amount - paid, 0)",
             _extreme(max), _extreme_sql(elements.Greatest), variadic=True, nulls=True),
)
