"""Writing expressions in Python: `(F.status == "new") & (F.amount > 100) & (F.owner == ME)`.

`F.<field>` is a field; `&`, `|` and `~` are and, or and not; every part is an :class:`Expr`, whose `.node` is the tree.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NoReturn

from core.expressions import ast
from core.expressions.limits import limit
from core.expressions.parse import parse
from core.expressions.write import to_text


class Expr:
    """A part of an expression under construction. Comparing it makes a larger one: it is never true or false itself."""

    __slots__ = ("node",)

    def __init__(self, node: ast.Node) -> None:
        self.node = node

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {to_text(self.node)}>"

    def __bool__(self) -> NoReturn:
        raise TypeError("an expression has no truth value: join expressions with & and |, negate them with ~")

    def __hash__(self) -> int:
        return hash(self.node)

    def _binary(self, op: str, other: Any, *, swapped: bool = False) -> Expr:
        left, right = self.node, _operand(other)
        return Expr(ast.Binary(op, right, left) if swapped else ast.Binary(op, left, right))

    def __eq__(self, other: Any) -> Expr:  # type: ignore[override]
        return self.is_null() if other is None else self._binary("==", other)

    def __ne__(self, other: Any) -> Expr:  # type: ignore[override]
        return self.not_null() if other is None else self._binary("!=", other)

    def __lt__(self, other: Any) -> Expr:
        return self._binary("<", other)

    def __le__(self, other: Any) -> Expr:
        return self._binary("<=", other)

    def __gt__(self, other: Any) -> Expr:
        return self._binary(">", other)

    def __ge__(self, other: Any) -> Expr:
        return self._binary(">=", other)

    def __add__(self, other: Any) -> Expr:
        return self._binary("+", other)

    def __radd__(self, other: Any) -> Expr:
        return self._binary("+", other, swapped=True)

    def __sub__(self, other: Any) -> Expr:
        return self._binary("-", other)

    def __rsub__(self, other: Any) -> Expr:
        return self._binary("-", other, swapped=True)

    def __mul__(self, other: Any) -> Expr:
        return self._binary("*", other)

    def __rmul__(self, other: Any) -> Expr:
        return self._binary("*", other, swapped=True)

    def __truediv__(self, other: Any) -> Expr:
        return self._binary("/", other)

    def __rtruediv__(self, other: Any) -> Expr:
        return self._binary("/", other, swapped=True)

    def __mod__(self, other: Any) -> Expr:
        return self._binary("%", other)

    def __neg__(self) -> Expr:
        return Expr(ast.Unary("-", self.node))

    def __and__(self, other: Any) -> Expr:
        return Expr(_join("and", (self.node, as_node(other))))

    def __or__(self, other: Any) -> Expr:
        return Expr(_join("or", (self.node, as_node(other))))

    def __invert__(self) -> Expr:
        return Expr(ast.Unary("not", self.node))

    def contains(self, text: Any) -> Expr:
        """Whether the text has this in it, without regard to case and letter forms; or a multi-choice this option."""
        return self._binary("contains", text)

    def startswith(self, text: Any) -> Expr:
        """Whether the text begins with this, without regard to case and letter forms."""
        return self._binary("starts with", text)

    def endswith(self, text: Any) -> Expr:
        """Whether the text ends with this, without regard to case and letter forms."""
        return self._binary("ends with", text)

    def isin(self, values: Any) -> Expr:
        """Whether the value is one of a list, of `MY_TEAMS` and the like, or of a range such as `fn.this_month()`."""
        if isinstance(values, Expr):
            return Expr(ast.In(self.node, values.node))
        return Expr(ast.In(self.node, ast.Items(tuple(_operand(value) for value in values))))

    def is_null(self) -> Expr:
        """Whether there is no value."""
        return Expr(ast.IsNull(self.node))

    def not_null(self) -> Expr:
        """Whether there is a value."""
        return Expr(ast.Unary("not", ast.IsNull(self.node)))


class FieldExpr(Expr):
    """A field; attributes lead on through links (`F.account.industry`), `["name"]` does for names taken by methods."""

    __slots__ = ()
    node: ast.Path

    def __getattr__(self, name: str) -> FieldExpr:
        if name.startswith("__"):
            raise AttributeError(name)
        return FieldExpr(ast.Path((*self.node.names, name)))

    __getitem__ = __getattr__

    def any(self, condition: Any = None) -> Expr:
        """Whether there is a record in this collection (that meets a condition, in which `F` is that record)."""
        return self._over("any", condition)

    def all(self, condition: Any) -> Expr:
        """Whether every record of this collection meets the condition."""
        return self._over("all", condition)

    def count(self, condition: Any = None) -> Expr:
        """How many records are in this collection (that meet a condition)."""
        return self._over("count", condition)

    def sum(self, value: Any) -> Expr:
        """The sum of a value over the records of this collection."""
        return self._over("sum", value)

    def _over(self, name: str, body: Any) -> Expr:
        return Expr(ast.Over(name, self.node.names, None if body is None else as_node(body)))


class Fields:
    """Where fields come from; use the ready-made `F`."""

    __slots__ = ()

    def __getattr__(self, name: str) -> FieldExpr:
        if name.startswith("__"):
            raise AttributeError(name)
        return FieldExpr(ast.Path((name,)))

    def __getitem__(self, name: str) -> FieldExpr:
        """The field of a dotted path."""
        return FieldExpr(ast.Path(tuple(name.split("."))))


class Functions:
    """Where functions come from; use the ready-made `fn`: `fn.days_between(F.created_at, TODAY)`."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *args: Expr(ast.Call(name.rstrip("_"), tuple(_operand(arg) for arg in args)))


def as_node(value: Expr | ast.Node | str) -> ast.Node:
    """The tree of whatever an expression may be given as: an Expr, a tree, or a text, which is parsed."""
    if isinstance(value, Expr):
        return limit(value.node)
    if isinstance(value, ast.Node):
        return limit(value)
    if isinstance(value, str):
        return parse(value)
    raise TypeError(f"an expression is wanted, not {type(value).__name__}")


def all_of(*conditions: Expr | ast.Node | str) -> ast.Node:
    """Conditions joined by "and"; `true` when there is none."""
    return _join("and", [as_node(condition) for condition in conditions])


def any_of(*conditions: Expr | ast.Node | str) -> ast.Node:
    """Conditions joined by "or"; `false` when there is none."""
    return _join("or", [as_node(condition) for condition in conditions])


def _join(op: str, nodes: Iterable[ast.Node]) -> ast.Node:
    items: list[ast.Node] = []
    for node in nodes:
        items.extend(node.items if isinstance(node, ast.Junction) and node.op == op else (node,))
    if not items:
        return ast.literal(op == "and")
    return items[0] if len(items) == 1 else ast.Junction(op, tuple(items))


def _operand(value: Any) -> ast.Node:
    """A value inside of an expression: here a text is a text, not something to parse."""
    if isinstance(value, Expr):
        return value.node
    return value if isinstance(value, ast.Node) else ast.literal(value)


F = Fields()
fn = Functions()
ME = Expr(ast.Constant("me"))
MY_TEAMS = Expr(ast.Constant("my_teams"))
MY_COMPANIES = Expr(ast.Constant("my_companies"))
MY_ROLES = Expr(ast.Constant("my_roles"))
MY_SUBORDINATES = Expr(ast.Constant("my_subordinates"))
TODAY = Expr(ast.Call("today", ()))
NOW = Expr(ast.Call("now", ()))
