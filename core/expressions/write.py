"""Writing a tree as text that reads back as the same tree, with as few parentheses as that allows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

from core.expressions import ast
from core.expressions.tokens import RESERVED

DISJUNCTION: Final = 1
CONJUNCTION: Final = 2
NEGATION: Final = 3
COMPARISON: Final = 4
ADDITION: Final = 5
PRODUCT: Final = 6
SIGN: Final = 7
OPERAND: Final = 8

_ARITHMETIC: Final = {"+": ADDITION, "-": ADDITION, "*": PRODUCT, "/": PRODUCT, "%": PRODUCT}


def to_text(node: ast.Node) -> str:
    """The text of a tree: `parse(to_text(node)) == node`."""
    return _write(node)[0]


def _within(node: ast.Node, strength: int) -> str:
    """The text of an operand, in parentheses when its own operator is weaker than `strength`."""
    text, own = _write(node)
    return text if own >= strength else f"({text})"


def _list(nodes: Iterable[ast.Node]) -> str:
    return ", ".join(_within(node, 0) for node in nodes)


def _write(node: ast.Node) -> tuple[str, int]:
    match node:
        case ast.Literal():
            return _literal(node), OPERAND
        case ast.Path(names=names):
            return _names(names), OPERAND
        case ast.Constant(name=name):
            return name, OPERAND
        case ast.Unary():
            return _unary(node)
        case ast.Binary():
            return _binary(node)
        case ast.Junction(op=op, items=items):
            own = DISJUNCTION if op == "or" else CONJUNCTION
            return f" {op} ".join(_within(item, own + 1) for item in items), own
        case ast.In(operand=operand, container=container):
            return f"{_within(operand, ADDITION)} in {_within(container, ADDITION)}", COMPARISON
        case ast.IsNull(operand=operand):
            return f"{_within(operand, ADDITION)} is null", COMPARISON
        case ast.Items(items=items):
            return f"({_list(items)})", OPERAND
        case ast.Call(name=name, args=args):
            return f"{name}({_list(args)})", OPERAND
        case ast.Over(name=name, path=path, body=body):
            return f"{name}({_names(path)}{'' if body is None else ', ' + _within(body, 0)})", OPERAND
    raise TypeError(f"not a node: {node!r}")


def _names(names: tuple[str, ...]) -> str:
    return ".".join(f"`{name}`" if name.lower() in RESERVED else name for name in names)


def _unary(node: ast.Unary) -> tuple[str, int]:
    if node.op == "-":
        text = _within(node.operand, SIGN)
        written = isinstance(node.operand, ast.Literal) and node.operand.kind == "number"
        return (f"-({text})" if written else f"-{text}"), SIGN
    operand = node.operand
    if isinstance(operand, ast.In):
        return f"{_within(operand.operand, ADDITION)} not in {_within(operand.container, ADDITION)}", COMPARISON
    if isinstance(operand, ast.IsNull):
        return f"{_within(operand.operand, ADDITION)} is not null", COMPARISON
    return f"not {_within(operand, NEGATION)}", NEGATION


def _binary(node: ast.Binary) -> tuple[str, int]:
    own = _ARITHMETIC.get(node.op)
    if own is None:
        return f"{_within(node.left, ADDITION)} {node.op} {_within(node.right, ADDITION)}", COMPARISON
    return f"{_within(node.left, own)} {node.op} {_within(node.right, own + 1)}", own


def _literal(node: ast.Literal) -> str:
    value = node.value
    if node.kind == "null":
        return "null"
    if node.kind == "flag":
        return "true" if value else "false"
    if node.kind == "number":
        return format(value, "f")
    if isinstance(value, dt.datetime):
        return f'datetime("{value.isoformat(" ")}")'
    if isinstance(value, dt.date):
        return f'date("{value.isoformat()}")'
    text = str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{text}"'
