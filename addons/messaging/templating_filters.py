"""What filters, comparisons and reckoning do. Nothing here raises for odd values: what makes no sense is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from .templating_state import MOST_OUT, NOTHING, Missing, State, TooMuch

LARGEST = Decimal(10) ** 24
STYLES = frozenset({"short", "medium", "long", "full"})


@dataclass(frozen=True)
class Filter:
    """`most`: most arguments. `raw`: works on the value itself, not on what is shown of it. `on_missing`: also runs without one."""

    run: Callable[..., Any]
    most: int = 0
    raw: bool = False
    on_missing: bool = False


def number_of(value: Any) -> Decimal | None:
    """A value as a number, None when it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        return None
    try:
        found = Decimal(str(value)) if len(str(value)) < 50 else None
    except (InvalidOperation, ValueError):
        return None
    return found if found is not None and found.is_finite() and abs(found) <= LARGEST else None


def _places(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 8 else None


def _style(value: Any) -> str:
    return value if isinstance(value, str) and value in STYLES else "medium"


def _date(state: State, value: Any, style: Any = "medium") -> Any:
    day = state.speaker.format.local(value).date() if isinstance(value, dt.datetime) else value
    return state.speaker.format.date(day, _style(style)) if isinstance(day, dt.date) else NOTHING


def _datetime(state: State, value: Any, style: Any = "medium") -> Any:
    return state.speaker.format.datetime(value, _style(style)) if isinstance(value, dt.datetime) else _date(state, value, style)


def _time(state: State, value: Any) -> Any:
    return state.speaker.format.time(value) if isinstance(value, dt.datetime) else NOTHING


def _number(state: State, value: Any, places: Any = None) -> Any:
    found = number_of(value)
    return NOTHING if found is None else state.speaker.format.number(found, _places(places))


def _percent(state: State, value: Any, places: Any = None) -> Any:
    found = number_of(value)
    return NOTHING if found is None else state.speaker.format.percent(found, _places(places))


def _money(state: State, value: Any, currency: Any = "") -> Any:
    found = number_of(value)
    if found is None:
        return NOTHING
    code = currency if isinstance(currency, str) and len(currency) == 3 and currency.isascii() and currency.isalpha() else ""
    return state.speaker.edition.money(found, code.upper() or state.speaker.currency)


def _text(state: State, value: Any) -> str:
    return state.speaker.text(value)


def _upper(state: State, value: Any) -> str:
    text = _text(state, value)
    return (text.replace("i", "İ") if state.speaker.lang == "tr" else text).upper()


def _lower(state: State, value: Any) -> str:
    text = _text(state, value)
    return (text.replace("İ", "i").replace("I", "ı") if state.speaker.lang == "tr" else text).lower()


def _title(state: State, value: Any) -> str:
    return " ".join(_upper(state, word[:1]) + _lower(state, word[1:]) for word in _text(state, value).split(" "))


def _first_word(state: State, value: Any) -> Any:
    words = _text(state, value).split(maxsplit=1)
    return words[0] if words else NOTHING


def _trim(state: State, value: Any) -> str:
    return _text(state, value).strip()


def _truncate(state: State, value: Any, length: Any = 80) -> str:
    text = _text(state, value)
    most = length if isinstance(length, int) and 0 < length <= MOST_OUT else 80
    return text if len(text) <= most else text[:most - 1].rstrip() + "…"


def _join(state: State, value: Any, between: Any = ", ") -> str:
    parts = [_text(state, one) for one in value] if isinstance(value, list | tuple) else [_text(state, value)]
    joined = _text(state, between)
    if len(joined) * len(parts) > MOST_OUT:
        raise TooMuch
    return joined.join(parts)


def _default(_state: State, value: Any, other: Any = "") -> Any:
    return other if isinstance(value, Missing) or value is None or value in ("", [], ()) else value


FILTERS: Mapping[str, Filter] = {
    "date": Filter(_date, 1, raw=True), "datetime": Filter(_datetime, 1, raw=True), "time": Filter(_time, raw=True),
    "number": Filter(_number, 1, raw=True), "money": Filter(_money, 1, raw=True), "percent": Filter(_percent, 1, raw=True),
    "upper": Filter(_upper), "lower": Filter(_lower), "title": Filter(_title), "trim": Filter(_trim), "first_word": Filter(_first_word),
    "truncate": Filter(_truncate, 1), "join": Filter(_join, 1, raw=True), "default": Filter(_default, 1, on_missing=True),
}


# ---------------------------------------------------------------- comparing and reckoning
def _same_kind(left: Any, right: Any) -> tuple[Any, Any]:
    """A moment is compared with a day by its day."""
    if isinstance(left, dt.datetime) and not isinstance(right, dt.datetime) and isinstance(right, dt.date):
        return left.date(), right
    if isinstance(right, dt.datetime) and not isinstance(left, dt.datetime) and isinstance(left, dt.date):
        return left, right.date()
    return left, right


_ORDER: Mapping[str, Callable[[Any, Any], Any]] = {
    "eq": lambda a, b: a == b, "ne": lambda a, b: a != b, "lt": lambda a, b: a < b, "lteq": lambda a, b: a <= b,
    "gt": lambda a, b: a > b, "gteq": lambda a, b: a >= b, "in": lambda a, b: a in b, "notin": lambda a, b: a not in b}


def compare(operator: str, left: Any, right: Any) -> bool:
    """Whether a comparison holds; values that cannot be compared do not."""
    left, right = (None if isinstance(v, Missing) else v for v in (left, right))
    try:
        return bool(_ORDER[operator](*_same_kind(left, right)))
    except (TypeError, ArithmeticError, ValueError):
        return False


def reckon(operator: str, left: Any, right: Any) -> Any:
    """The sum, difference, product or quotient of two numbers; a day and a number of days give a day."""
    if isinstance(left, dt.date) and isinstance(right, int) and operator in ("Add", "Sub"):
        try:
            return left + dt.timedelta(days=right if operator == "Add" else -right)
        except OverflowError:
            return NOTHING
    a, b = (None if isinstance(v, str) else number_of(v) for v in (left, right))
    if a is None or b is None:
        return NOTHING
    try:
        found = {"Add": lambda: a + b, "Sub": lambda: a - b, "Mul": lambda: a * b, "Div": lambda: a / b}[operator]()
    except ArithmeticError:
        return NOTHING
    return found if found.is_finite() and abs(found) <= LARGEST else NOTHING


def joined(state: State, values: list[Any]) -> str:
    """Texts one after another."""
    parts = [_text(state, v) for v in values]
    if sum(map(len, parts)) > MOST_OUT:
        raise TooMuch
    return "".join(parts)
