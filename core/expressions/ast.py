"""The tree that every way of writing an expression ends in: immutable, hashable nodes, and walks over them.

Text (`parse`), `F` (`build`) and JSON (`to_json`) make these nodes; `check`, `to_sql` and `to_python` read them. A node
remembers where it stood in the text (`pos`), which does not count when nodes are compared.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final
from typing import Literal as OneOf

from core.errors import ExpressionError
from core.i18n.messages import _

MAX_TEXT: Final = 4000
MAX_DIGITS: Final = 18
MAX_PLACES: Final = 6

Value = None | bool | Decimal | str | dt.date | dt.datetime
LiteralKind = OneOf["null", "flag", "number", "text", "date", "datetime"]

COMPARISONS: Final = ("==", "!=", "<", "<=", ">", ">=")
TEXT_OPERATORS: Final = ("contains", "starts with", "ends with")
ARITHMETIC: Final = ("+", "-", "*", "/", "%")
BINARY_OPERATORS: Final = COMPARISONS + TEXT_OPERATORS + ARITHMETIC
CONSTANTS: Final = ("me", "my_teams", "my_companies", "my_roles", "my_subordinates")
OVER: Final = ("any", "all", "count", "sum")


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """Base of all nodes. `pos` is the 0-based offset in the text, 0 for a node that code has built."""

    pos: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A value written out. `kind` keeps `true` and `1` apart; make one with :func:`literal`."""

    value: Value
    kind: LiteralKind


@dataclass(frozen=True, slots=True)
class Path(Node):
    """A field, or a field of a linked record: `("account", "industry")`."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Constant(Node):
    """Something that depends on who asks: one of :data:`CONSTANTS`."""

    name: str


@dataclass(frozen=True, slots=True)
class Unary(Node):
    """`not x` or `-x`; `op` is "not" or "-"."""

    op: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """A comparison, a text test or arithmetic; `op` is one of :data:`BINARY_OPERATORS`."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Junction(Node):
    """Two or more conditions joined by "and" or "or"."""

    op: str
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Items(Node):
    """The list at the right of `in`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class In(Node):
    """`x in (…)`, `owner in my_subordinates`, `created_at in this_month()`."""

    operand: Node
    container: Node


@dataclass(frozen=True, slots=True)
class IsNull(Node):
    """`x is null`."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function of the table applied to arguments."""

    name: str
    args: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Over(Node):
    """`any`, `all`, `count` or `sum` over the records of a collection; `body` is read inside of each of them."""

    name: str
    path: tuple[str, ...]
    body: Node | None


def literal(value: object, pos: int = 0) -> Literal:
    """A Python value as a literal; TypeError for a type the language does not have, ExpressionError for a bad value."""
    if value is None:
        return Literal(None, "null", pos=pos)
    if isinstance(value, bool):
        return Literal(value, "flag", pos=pos)
    if isinstance(value, (int, Decimal)):
        return Literal(checked_number(Decimal(value), pos), "number", pos=pos)
    if isinstance(value, float):
        return Literal(checked_number(Decimal(repr(value)), pos), "number", pos=pos)
    if isinstance(value, str):
        return Literal(checked_text(str(value), pos), "text", pos=pos)
    if isinstance(value, dt.datetime):
        if not 1 < value.year < dt.MAXYEAR:
            raise ExpressionError(_("This date is too far away."), pos)
        return Literal(value, "datetime", pos=pos)
    if isinstance(value, dt.date):
        return Literal(value, "date", pos=pos)
    raise TypeError(f"{type(value).__name__} cannot stand in an expression")


def checked_number(value: Decimal, pos: int) -> Decimal:
    """The number without idle zeros, or ExpressionError when it has too many digits."""
    if not value.is_finite():
        raise ExpressionError(_("This is not a number."), pos)
    sign, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    while exponent < 0 and digits[-1] == 0 and len(digits) > 1:
        digits, exponent = digits[:-1], exponent + 1
    if not any(digits):
        return Decimal(0)
    if -exponent > MAX_PLACES:
        raise ExpressionError(_("A number may have {places} decimal places at most.", places=MAX_PLACES), pos)
    if len(digits) + max(exponent, 0) > MAX_DIGITS:
        raise ExpressionError(_("A number may have {digits} digits at most.", digits=MAX_DIGITS), pos)
    if exponent > 0:
        digits, exponent = digits + (0,) * exponent, 0
    return Decimal((sign, digits, exponent))


def checked_text(value: str, pos: int) -> str:
    """The text, or ExpressionError when no database could store it."""
    if "\x00" in value or any("\ud800" <= char <= "\udfff" for char in value):
        raise ExpressionError(_("This text has characters that are not allowed."), pos)
    return value


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below, in the order of the text."""
    match node:
        case Unary(operand=operand) | IsNull(operand=operand):
            return (operand,)
        case Binary(left=left, right=right):
            return (left, right)
        case Junction(items=items) | Items(items=items) | Call(args=items):
            return items
        case In(operand=operand, container=container):
            return (operand, container)
        case Over(body=body) if body is not None:
            return (body,)
    return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, top first."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(children(node)))


def is_fixed(node: Node) -> bool:
    """Whether the value does not depend on the record: no field is read."""
    return not any(isinstance(found, (Path, Over)) for found in walk(node))


def paths(node: Node) -> frozenset[str]:
    """Dotted paths of all fields read, those inside of `any`, `count`, … with the collection's path before them."""
    return frozenset(".".join(path) for path in _paths(node, ()))


def _paths(node: Node, before: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if isinstance(node, Path):
        yield before + node.names
    elif isinstance(node, Over):
        before = before + node.path
        yield before
    for child in children(node):
        yield from _paths(child, before)


def fields_read(node: Node) -> frozenset[str]:
    """Names of the fields of the record itself that the expression starts from."""
    return frozenset(path.split(".", 1)[0] for path in paths(node))
