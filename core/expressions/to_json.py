"""Expressions as JSON: what the criteria builder sends, and what the browser evaluates to show or hide a field.

    {"op": "and", "items": [
        {"op": "==", "left": {"field": "status"}, "right": {"text": "new"}},
        {"op": "in", "operand": {"field": "owner"}, "container": {"constant": "my_subordinates"}}]}

Reading is strict: an unknown key, operator or type of value is refused, and so is anything too deep or too large.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from core.errors import ExpressionError
from core.expressions import ast
from core.expressions.limits import MAX_DEPTH, MAX_LIST, limit, too_deep
from core.expressions.parse import read_date, read_datetime
from core.i18n.messages import Message, _

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
_NUMBER: Final = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")


def to_json(node: ast.Node) -> dict[str, Any]:
    """The tree as dicts, lists and strings; numbers are strings, so that nothing is lost on the way."""
    match node:
        case ast.Literal():
            return _literal_json(node)
        case ast.Path(names=names):
            return {"field": ".".join(names)}
        case ast.Constant(name=name):
            return {"constant": name}
        case ast.Unary(op=op, operand=operand):
            return {"op": "negative" if op == "-" else op, "operand": to_json(operand)}
        case ast.Binary(op=op, left=left, right=right):
            return {"op": op, "left": to_json(left), "right": to_json(right)}
        case ast.Junction(op=op, items=items):
            return {"op": op, "items": [to_json(item) for item in items]}
        case ast.In(operand=operand, container=container):
            return {"op": "in", "operand": to_json(operand), "container": to_json(container)}
        case ast.Items(items=items):
            return {"items": [to_json(item) for item in items]}
        case ast.IsNull(operand=operand):
            return {"op": "is null", "operand": to_json(operand)}
        case ast.Call(name=name, args=args):
            return {"call": name, "args": [to_json(arg) for arg in args]}
        case ast.Over(name=name, path=path, body=body):
            return {"over": name, "field": ".".join(path), "body": None if body is None else to_json(body)}
    raise TypeError(f"not a node: {node!r}")


def _literal_json(node: ast.Literal) -> dict[str, Any]:
    value = node.value
    if isinstance(value, Decimal):
        return {"number": format(value, "f")}
    return {node.kind: value.isoformat() if isinstance(value, dt.date) else value}


def from_json(obj: Any) -> ast.Node:
    """The tree of a JSON value; ExpressionError when it is not exactly what :func:`to_json` could have written.

    Allowed besides: an "and" or "or" with one item (it is that item) or none (true, false), numbers as JSON numbers.
    """
    return limit(_read(obj, 0))


def _refuse(message: Message) -> ExpressionError:
    return ExpressionError(message, 0)


def _read(obj: Any, depth: int) -> ast.Node:
    if depth > MAX_DEPTH:
        raise too_deep(0)
    if not isinstance(obj, dict):
        raise _refuse(_("An object is wanted here."))
    if "op" in obj:
        return _read_operator(obj, depth)
    for key in ("over", "call", "items", "constant", "field", *_LITERALS):
        if key in obj:
            return _READERS[key](obj, depth) if key in _READERS else _read_literal(obj, key)
    raise _refuse(_("An object without “op”, “field” or a value."))


def _keys(obj: dict[str, Any], *allowed: str) -> None:
    for key in obj:
        if key not in allowed:
            raise _refuse(_("The key “{key}” is not known here.", key=str(key)[:50]))
    for key in allowed:
        if key not in obj:
            raise _refuse(_("The key “{key}” is missing.", key=key))


def _list(obj: Any, depth: int) -> tuple[ast.Node, ...]:
    if not isinstance(obj, list):
        raise _refuse(_("A list is wanted here."))
    if len(obj) > MAX_LIST:
        raise _refuse(_("A list may have {count} values at most.", count=MAX_LIST))
    return tuple(_read(item, depth + 1) for item in obj)


def _read_operator(obj: dict[str, Any], depth: int) -> ast.Node:
    op = obj["op"]
    if op in ("and", "or"):
        _keys(obj, "op", "items")
        items = _list(obj["items"], depth)
        if len(items) < 2:
            return items[0] if items else ast.literal(op == "and")
        return ast.Junction(op, items)
    if op in ("not", "negative", "is null"):
        _keys(obj, "op", "operand")
        operand = _read(obj["operand"], depth + 1)
        return ast.IsNull(operand) if op == "is null" else ast.Unary("-" if op == "negative" else op, operand)
    if op == "in":
        _keys(obj, "op", "operand", "container")
        container = _read(obj["container"], depth + 1)
        if not isinstance(container, (ast.Items, ast.Constant, ast.Call)):
            raise _refuse(_("After “in” a list in parentheses or a range of dates must stand."))
        return ast.In(_read(obj["operand"], depth + 1), container)
    if op in ast.BINARY_OPERATORS:
        _keys(obj, "op", "left", "right")
        return ast.Binary(op, _read(obj["left"], depth + 1), _read(obj["right"], depth + 1))
    raise _refuse(_("There is no operator “{op}”.", op=str(op)[:50]))


def _name(value: Any) -> str:
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise _refuse(_("“{name}” cannot be a name.", name=str(value)[:50]))
    return value


def _path(value: Any) -> tuple[str, ...]:
    return tuple(_name(name) for name in (value.split(".") if isinstance(value, str) else [value]))


def _read_field(obj: dict[str, Any], _depth: int) -> ast.Node:
    _keys(obj, "field")
    return ast.Path(_path(obj["field"]))


def _read_constant(obj: dict[str, Any], _depth: int) -> ast.Node:
    _keys(obj, "constant")
    if obj["constant"] not in ast.CONSTANTS:
        raise _refuse(_("“{name}” cannot be a name.", name=str(obj["constant"])[:50]))
    return ast.Constant(obj["constant"])


def _read_items(obj: dict[str, Any], depth: int) -> ast.Node:
    _keys(obj, "items")
    return ast.Items(_list(obj["items"], depth))


def _read_call(obj: dict[str, Any], depth: int) -> ast.Node:
    _keys(obj, "call", "args")
    return ast.Call(_name(obj["call"]), _list(obj["args"], depth))


def _read_over(obj: dict[str, Any], depth: int) -> ast.Node:
    _keys(obj, "over", "field", "body")
    name, body = obj["over"], obj["body"]
    if name not in ast.OVER or (body is None and name in ("sum", "all")):
        raise _refuse(_("There is no operator “{op}”.", op=str(name)[:50]))
    return ast.Over(name, _path(obj["field"]), None if body is None else _read(body, depth + 1))


def _read_literal(obj: dict[str, Any], kind: str) -> ast.Node:
    _keys(obj, kind)
    try:
        return ast.literal(_LITERALS[kind](obj[kind]))
    except (TypeError, ValueError, ArithmeticError) as error:
        raise _refuse(_("This is not a value of the kind “{kind}”.", kind=kind)) from error


def _exactly(*types: type) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if type(value) not in types:
            raise TypeError
        return value
    return check


def _number(value: Any) -> Decimal:
    text = repr(value) if type(value) in (int, float) else value
    if not isinstance(text, str) or not _NUMBER.fullmatch(text):
        raise ValueError
    return Decimal(text)


_READERS: Final[Mapping[str, Callable[[dict[str, Any], int], ast.Node]]] = MappingProxyType({
    "over": _read_over, "call": _read_call, "items": _read_items, "constant": _read_constant, "field": _read_field,
})
_LITERALS: Final[Mapping[str, Callable[[Any], Any]]] = MappingProxyType({
    "null": _exactly(type(None)), "flag": _exactly(bool), "number": _number, "text": _exactly(str),
    "date": lambda value: read_date(_exactly(str)(value)).value,
    "datetime": lambda value: read_datetime(_exactly(str)(value)).value,
})
