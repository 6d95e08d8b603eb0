"""Pages by key: a page starts where the last one ended, whatever its number, at the same cost.

Order terms end with the id, so the order is total and a page is stable under writes. Empty values come last in both
directions. A token carries the last row's values; it is data from outside and is only ever compared with columns the
reader may see, so a forged one shows nothing new.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Date, Integer, String, and_, bindparam, or_, tuple_

from core.records.types import Fixed, Moment, Span


@dataclass(frozen=True)
class Term:
    """One column of an order. `nullable` decides whether empty values need care; `order` makes of a value what it is
    ordered and compared by, which must be another one for another value."""

    path: str
    column: ColumnElement[Any]
    descending: bool
    nullable: bool
    order: Callable[[ColumnElement[Any]], ColumnElement[Any]] | None = None

    @property
    def bind(self) -> str:
        """The name under which a place's value is bound; another one for each path."""
        return f"at_{self.path.replace('_', '__').replace('.', '_')}"

    def at(self, value: Any) -> ColumnElement[Any]:
        """A value of the column in a place."""
        return bindparam(self.bind, value, self.column.type)

    def key(self, value: Any = None) -> ColumnElement[Any]:
        """What the column, or a value of it, is compared by."""
        compared = self.column if value is None else self.at(value)
        return compared if self.order is None else self.order(compared)

    def sql(self, backwards: bool = False) -> ColumnElement[Any]:
        """The ORDER BY term; a backwards page reads in the reverse direction."""
        term = self.key().desc() if self.descending != backwards else self.key().asc()
        if not self.nullable:
            return term
        return term.nulls_first() if backwards else term.nulls_last()


def stretches(terms: Sequence[Term], values: Sequence[Any] | None, backwards: bool = False
              ) -> Iterator[tuple[ColumnElement[bool] | None, list[ColumnElement[Any]]]]:
    """Condition and order of the statements that, one after another until there are enough rows, read on from the row
    with these values (None: from the beginning).

    Where the first column may be empty there are two, the filled rows and the empty ones: each is one range of an
    index, so that a page costs the same at the end of a million rows as at their beginning. Together they are none.
    """
    first, rest = terms[0], terms[1:]
    if not first.nullable or (values is None and not first.descending):
        yield None if values is None else after(terms, values, backwards), [t.sql(backwards) for t in terms]
        return
    filled = [replace(first, nullable=False), *rest]
    empty = first.column.is_(None)
    at_empty = values is not None and values[0] is None
    if values is not None and not at_empty:
        yield after(filled, values, backwards), [t.sql(backwards) for t in filled]
    elif not backwards and values is None:
        yield first.column.is_not(None), [t.sql() for t in filled]
    if not backwards or at_empty:
        beyond = and_(empty, after(rest, values[1:], backwards)) if values is not None and at_empty else empty
        yield beyond, [t.sql(backwards) for t in rest]
    if backwards and at_empty:
        yield first.column.is_not(None), [t.sql(True) for t in filled]


def after(terms: Sequence[Term], values: Sequence[Any], backwards: bool = False) -> ColumnElement[bool]:
    """Rows that come after (or before) the row with these values; a first column that may be empty is not bounded."""
    if len({t.descending for t in terms}) == 1 and not any(t.nullable for t in terms):
        here, there = tuple_(*(t.key() for t in terms)), tuple_(*(t.key(v) for t, v in zip(terms, values, strict=True)))
        beyond = here < there if terms[0].descending != backwards else here > there
        # SQLite finds the place of a list of plain columns in an index, but not that of a list with an expression.
        return beyond if terms[0].order is None else and_(_bound(terms[0], values[0], backwards), beyond)
    conditions: list[ColumnElement[bool]] = []
    equal: list[ColumnElement[bool]] = []
    for term, value in zip(terms, values, strict=True):
        further = _beyond(term, value, backwards)
        if further is not None:
            conditions.append(and_(*equal, further))
        equal.append(term.column.is_(None) if value is None else term.column == term.at(value))
    first, value = terms[0], values[0]
    found = or_(*conditions)
    if first.nullable or value is None or len(terms) == 1:
        return found
    return and_(_bound(first, value, backwards), found)


def _bound(first: Term, value: Any, backwards: bool) -> ColumnElement[bool]:
    """The range of the first column that everything beyond a row is in."""
    key = first.key(value)
    return first.key() <= key if first.descending != backwards else first.key() >= key


def _beyond(term: Term, value: Any, backwards: bool) -> ColumnElement[bool] | None:
    if value is None:
        return term.column.is_not(None) if backwards else None
    further = term.key() < term.key(value) if term.descending != backwards else term.key() > term.key(value)
    return or_(further, term.column.is_(None)) if term.nullable and not backwards else further


def suits(terms: Sequence[Term], values: Sequence[Any]) -> bool:
    """Whether a token's values have the types of the order's columns; one of another order, or a forged one, has not."""
    return all(value is None and (term.nullable or term.path != "id") or _is_of(term.column.type, value)
               for term, value in zip(terms, values, strict=True))


def _is_of(kind: Any, value: Any) -> bool:
    if isinstance(kind, Fixed):
        return isinstance(value, Decimal) and abs(value) < Decimal(10) ** (18 - kind.scale)
    if isinstance(kind, Moment):
        return isinstance(value, dt.datetime) and 1 < value.year < 9999
    if isinstance(kind, Span):
        return isinstance(value, dt.timedelta)
    if isinstance(kind, Boolean):
        return isinstance(value, bool)
    if isinstance(kind, Integer):
        return type(value) is int and -(2**63) <= value < 2**63
    if isinstance(kind, Date):
        return type(value) is dt.date
    if isinstance(kind, String):
        return isinstance(value, str) and "\x00" not in value and not any(0xD800 <= ord(c) <= 0xDFFF for c in value)
    return not isinstance(value, (dict, list))


def encode(values: Sequence[Any], backwards: bool = False) -> str:
    """A token for the row with these order values."""
    packed = [["b" if backwards else "f"], *(_pack(v) for v in values)]
    return base64.urlsafe_b64encode(json.dumps(packed, separators=(",", ":"), ensure_ascii=False).encode()).decode().rstrip("=")


def decode(token: str, count: int) -> tuple[list[Any], bool] | None:
    """The values and direction of a token; None when it is not one of this order (then the first page is meant)."""
    try:
        raw = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        values = [_unpack(v) for v in raw[1:]]
        return (values, raw[0][0] == "b") if len(values) == count else None
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError, binascii.Error, RecursionError):
        return None


def _pack(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return ["t", value.astimezone(dt.UTC).replace(tzinfo=None).isoformat()]
    if isinstance(value, dt.date):
        return ["d", value.isoformat()]
    if isinstance(value, Decimal):
        return ["n", str(value)]
    if isinstance(value, dt.timedelta):
        return ["s", value.total_seconds()]
    return ["v", value]


def _unpack(packed: Any) -> Any:
    kind, value = packed
    if kind == "t":
        return dt.datetime.fromisoformat(value).replace(tzinfo=dt.UTC)
    if kind == "d":
        return dt.date.fromisoformat(value)
    if kind == "n":
        number = Decimal(value)
        if not number.is_finite():
            raise ValueError(value)
        return number
    if kind == "s":
        return dt.timedelta(seconds=float(value))
    if isinstance(value, (dict, list)) or (isinstance(value, str) and "\x00" in value) or kind != "v":
        raise ValueError(kind)
    return value
