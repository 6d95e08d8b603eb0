"""How large an expression may be, so that every one that is accepted can be run.

SQLite reads a statement with a stack of 100 symbols (until 3.46, unless built otherwise), of which the query around an
expression wants its share. So not only levels are counted but what each kind of node puts on that stack, as measured.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from core.errors import ExpressionError
from core.expressions import ast
from core.i18n.messages import _

MAX_DEPTH: Final = 40
MAX_NODES: Final = 500
MAX_LIST: Final = 500
MAX_WEIGHT: Final = 60

_WEIGHTS: Final = MappingProxyType({
    ast.Unary: 2, ast.Junction: 3, ast.In: 4, ast.IsNull: 3, ast.Call: 6, ast.Over: 14,
})
_BINARY_WEIGHTS: Final = MappingProxyType(
    dict.fromkeys(ast.COMPARISONS, 3) | dict.fromkeys(("+", "-"), 3) | dict.fromkeys(("*", "/", "%"), 5)
    | dict.fromkeys(ast.TEXT_OPERATORS, 9))


def limit(node: ast.Node) -> ast.Node:
    """The node itself when it is small enough; ExpressionError when too deep, too large or with too long a list."""
    level, depth, total = [(node, 0)], 0, 0
    while level:
        depth += 1
        total += len(level)
        heaviest, weight = max(level, key=lambda found: found[1])
        if depth > MAX_DEPTH or weight > MAX_WEIGHT:
            raise too_deep(heaviest.pos)
        if total > MAX_NODES + MAX_LIST:
            raise _too_large(heaviest)
        level = [(child, before + _weight(parent)) for parent, before in level for child in ast.children(parent)]
    _count(node)
    return node


def _weight(node: ast.Node) -> int:
    return _BINARY_WEIGHTS[node.op] if isinstance(node, ast.Binary) else _WEIGHTS.get(type(node), 0)


def _count(node: ast.Node) -> None:
    """Plain values in lists do not count as parts."""
    counted = 0
    for found in ast.walk(node):
        if isinstance(found, ast.Items):
            if len(found.items) > MAX_LIST:
                raise ExpressionError(_("A list may have {count} values at most.", count=MAX_LIST), found.pos)
            counted -= sum(isinstance(item, ast.Literal) for item in found.items)
        counted += 1
        if counted > MAX_NODES:
            raise _too_large(found)


def too_deep(pos: int) -> ExpressionError:
    """The refusal of too many levels."""
    return ExpressionError(_("This expression is nested too deeply: split it up."), pos)


def _too_large(node: ast.Node) -> ExpressionError:
    return ExpressionError(_("This expression is too large (at most {count} parts).", count=MAX_NODES), node.pos)
