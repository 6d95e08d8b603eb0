"""Compiling a tree to SQL, for whatever is stored, listed or allowed.

Everything that reads no field is computed in Python first and bound, so `created_at in this_month()` is a plain
comparison of a column with two moments, which an index serves. Joins, and what may be seen of linked records, are the
business of the :class:`Resolver`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, String, and_, false, func, literal, not_, or_, select, type_coerce
from sqlalchemy.sql.elements import BinaryExpression, BooleanClauseList, ColumnElement, Grouping, UnaryExpression
from sqlalchemy.sql.selectable import FromClause

from core.expressions import ast, elements, sql_value
from core.expressions.check import Inference
from core.expressions.date_elements import zone_bind
from core.expressions.functions import FunctionTable
from core.expressions.library import FUNCTIONS
from core.expressions.moments import DateRange, day_end, day_start
from core.expressions.patterns import pattern
from core.expressions.sql_value import Sql
from core.expressions.to_python import evaluate_fixed
from core.expressions.types import DATE, FLAG, INTEGER, Context, FieldInfo, Type
from core.i18n.text import fold
from core.records.types import Span


@dataclass
class SubScope:
    """The records of a collection. `from_` is asked for after the condition is compiled, so that it may have grown by
    the joins which that needed; `join_condition` ties them to the outer record (and holds what may be seen of them).
    """

    resolver: Resolver
    from_: FromClause | Callable[[], FromClause]
    join_condition: ColumnElement[Any]


class Resolver(Protocol):
    """Where columns come from. Paths are tuples of field names; the last one may be a link, which is its id column."""

    def info(self, path: tuple[str, ...]) -> FieldInfo | None:
        """The field at the end of a path, None when there is none."""

    def column(self, path: tuple[str, ...]) -> ColumnElement[Any]:
        """The column of a field; joins that it needs are the resolver's to make."""

    def subquery(self, path: tuple[str, ...]) -> SubScope:
        """The records of a collection, under a name of their own."""


_NOW, _TODAY = ast.Call("now", ()), ast.Call("today", ())


def moments(now: dt.datetime, zone: ZoneInfo) -> dict[str, Any]:
    """The moment, today, and when it begins and ends in a zone, by the names under which statements hold them. A statement
    that is kept is executed with new ones."""
    day = now.astimezone(zone).date()
    return {sql_value.NOW: now, sql_value.DAY: day, sql_value.DAY_BEGINS: day_start(day, zone), sql_value.DAY_ENDS: day_end(day, zone)}


def to_sql(node: ast.Node, resolver: Resolver, context: Context,
           functions: FunctionTable = FUNCTIONS) -> ColumnElement[Any]:
    """The SQL of a tree for one context; ExpressionError where `check` would give one.

    The result reads back as Python's form gives it: numbers as Decimal, moments aware, yes/no as bool.
    """
    scope = _ResolverScope(resolver)
    inference = Inference(functions)
    found = inference.infer(node, scope)
    if isinstance(node, ast.Path):
        column = resolver.column(node.names)
        return column if not isinstance(column.type, Span) else type_coerce(column, BigInteger())
    if ast.is_fixed(node):
        return sql_value.result(evaluate_fixed(node, context, functions), found)
    value = _Compiler(inference, context, functions).compile(node, scope)
    return type_coerce(value.expr, sql_value.sql_type(found, value.scale))


class _ResolverScope:
    """A resolver as the checker's scope."""

    def __init__(self, resolver: Resolver, sub: SubScope | None = None) -> None:
        self.resolver = resolver
        self.sub = sub
        self.info = resolver.info

    def inside(self, over: ast.Over) -> _ResolverScope:
        sub = self.resolver.subquery(over.path)
        return _ResolverScope(sub.resolver, sub)


@dataclass
class _Compiler:
    """One compilation; the types are those the inference found."""

    inference: Inference
    context: Context
    functions: FunctionTable

    def compile(self, node: ast.Node, scope: _ResolverScope) -> Sql:
        type_ = self.inference.types[id(node), id(scope)]
        if node in (_NOW, _TODAY):
            name = sql_value.NOW if node == _NOW else sql_value.DAY
            return sql_value.named(name, moments(vars(self.context)["now"], self.context.tz)[name])
        if ast.is_fixed(node) and type_.kind not in ("range", "ids"):
            return sql_value.constant(evaluate_fixed(node, self.context, self.functions), type_)
        return _RULES[type(node)](self, node, scope)

    def condition(self, node: ast.Node, scope: _ResolverScope) -> ColumnElement[Any]:
        found = self.compile(node, scope)
        return found.expr if found.type.kind == "flag" else sql_value.empty("flag").expr

    def number(self, node: ast.Node, scope: _ResolverScope) -> Sql:
        found = self.compile(node, scope)
        return found if found.type.kind in ("integer", "number") else sql_value.empty("number")

    def path(self, node: ast.Path, scope: _ResolverScope) -> Sql:
        return sql_value.column(scope.resolver.column(node.names), self.inference.types[id(node), id(scope)])

    def unary(self, node: ast.Unary, scope: _ResolverScope) -> Sql:
        if node.op == "-":
            return sql_value.negate(self.number(node.operand, scope))
        return Sql(not_(self.condition(node.operand, scope)), FLAG)

    def junction(self, node: ast.Junction, scope: _ResolverScope) -> Sql:
        items = [self.condition(item, scope) for item in node.items]
        return Sql(and_(*items) if node.op == "and" else or_(*items), FLAG)

    def is_null(self, node: ast.IsNull, scope: _ResolverScope) -> Sql:
        return Sql(_grouped(self.compile(node.operand, scope).expr).is_(None), FLAG)

    def binary(self, node: ast.Binary, scope: _ResolverScope) -> Sql:
        if node.op in ast.ARITHMETIC:
            return _ARITHMETIC[node.op](self.number(node.left, scope), self.number(node.right, scope))
        left, right = self.compile(node.left, scope), self.compile(node.right, scope)
        if node.op not in ast.TEXT_OPERATORS:
            return Sql(self.compared(node, left, right), FLAG)
        if left.type.kind == "multichoice":
            return Sql(elements.HasOption(left.expr, right.expr), FLAG)
        return Sql(self.text_test(node, left.expr, right.expr), FLAG)

    def text_test(self, node: ast.Binary, text: ColumnElement[Any], piece: ColumnElement[Any]) -> ColumnElement[Any]:
        """A piece that is fixed is looked for by its pattern; otherwise both sides are folded in SQL."""
        if not ast.is_fixed(node.right):
            return _TEXT_TESTS[node.op](elements.fold_sql(text), elements.fold_sql(piece))
        found = evaluate_fixed(node.right, self.context, self.functions)
        folded = None if found is None else fold(found)
        regular = None if folded is None else pattern(folded, node.op)
        if regular is None:
            return _TEXT_TESTS[node.op](elements.fold_sql(text), literal(folded, String()))
        return elements.FIND_PIECE[node.op](text, literal(folded, String()), literal(regular, String()))

    def compared(self, node: ast.Binary, left: Sql, right: Sql) -> ColumnElement[Any]:
        kinds = {left.type.kind, right.type.kind}
        if kinds == {"date", "datetime"}:
            return self.day_compared(node, left, right)
        if kinds <= {"integer", "number"}:
            (one, other), _scale = sql_value.aligned((left, right))
        else:
            one, other = _grouped(left.expr), _grouped(right.expr)
            if kinds <= {"text", "choice"} and node.op not in ("==", "!="):
                one, other = elements.CodePointOrder(one), elements.CodePointOrder(other)
        return _COMPARISONS[node.op](one, other)

    def day_compared(self, node: ast.Binary, left: Sql, right: Sql) -> ColumnElement[Any]:
        """A moment beside a date: a fixed date becomes the moments it begins and ends, so an index serves."""
        op, moment, day, day_node = node.op, left, right, node.right
        if left.type.kind == "date":
            op, moment, day, day_node = _MIRRORED[op], right, left, node.left
        if day_node == _TODAY:
            known = moments(vars(self.context)["now"], self.context.tz)  # read so that the context counts it as not asked
            starts, ends = (sql_value.named(name, known[name]).expr for name in (sql_value.DAY_BEGINS, sql_value.DAY_ENDS))
        else:
            fixed = evaluate_fixed(day_node, self.context, self.functions) if ast.is_fixed(day_node) else None
            if fixed is None:
                return _COMPARISONS[op](self.as_date(moment).expr, day.expr)
            starts, ends = self.edges(fixed, fixed)
        if op == "==":
            return and_(moment.expr >= starts, moment.expr < ends)
        if op == "!=":
            return or_(moment.expr < starts, moment.expr >= ends)
        return {"<": moment.expr < starts, "<=": moment.expr < ends, ">": moment.expr >= ends,
                ">=": moment.expr >= starts}[op]

    def edges(self, first: dt.date, last: dt.date) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
        """The moments at which days begin and end for the user."""
        zone = self.context.tz
        return tuple(sql_value.constant(moment, Type("datetime")).expr  # type: ignore[return-value]
                     for moment in (day_start(first, zone), day_end(last, zone)))

    def as_date(self, value: Sql) -> Sql:
        if value.type.kind != "datetime":
            return value
        return Sql(elements.LocalDate(value.expr, zone_bind(self.context.tz.key)), DATE)

    def contained(self, node: ast.In, scope: _ResolverScope) -> Sql:
        value = self.compile(node.operand, scope)
        if isinstance(node.container, ast.Items):
            return Sql(self.among(node, node.container.items, value, scope), FLAG)
        found = evaluate_fixed(node.container, self.context, self.functions)
        if found is None:
            return sql_value.empty("flag")
        if not isinstance(found, DateRange):
            return Sql(value.expr.in_([int(item) for item in found]), FLAG)
        if value.type.kind == "date":
            first, last = (sql_value.constant(day, DATE).expr for day in (found.first, found.last))
            return Sql(and_(value.expr >= first, value.expr <= last), FLAG)
        starts, ends = self.edges(found.first, found.last)
        return Sql(and_(value.expr >= starts, value.expr < ends), FLAG)

    def among(self, node: ast.In, items: tuple[ast.Node, ...], value: Sql,
              scope: _ResolverScope) -> ColumnElement[Any]:
        """A list of plain values is one IN; anything else is compared one by one."""
        if not items:
            return false()
        kinds = {value.type.kind} | {self.inference.types[id(item), id(scope)].kind for item in items}
        plain = all(isinstance(item, ast.Literal) for item in items)
        if plain and kinds <= {"text", "choice"}:
            return value.expr.in_([item.value for item in items])  # type: ignore[attr-defined]
        if plain and kinds <= {"link", "integer"} and not value.scale:
            return value.expr.in_([int(item.value) for item in items])  # type: ignore[attr-defined]
        return or_(*(self.compared(ast.Binary("==", node.operand, item), value, self.compile(item, scope))
                     for item in items))

    def call(self, node: ast.Call, scope: _ResolverScope) -> Sql:
        function = self.functions[node.name]
        assert function.sql is not None
        args = self.arguments(node, scope)
        found = function.sql(self.context, *args)
        type_ = self.inference.types[id(node), id(scope)]
        return Sql(found.expr, type_, found.scale) if isinstance(found, Sql) else Sql(found, type_)

    def arguments(self, node: ast.Call, scope: _ResolverScope) -> list[Sql]:
        """Arguments as the function wants them: moments as dates, empty values with a type."""
        function = self.functions[node.name]
        values: list[Sql] = []
        for index, arg in enumerate(node.args):
            value, kind = self.compile(arg, scope), function.kind(index)
            if kind == "date":
                value = self.as_date(value)
            values.append(value)
        whole = self.inference.types[id(node), id(scope)].kind
        return [value if self.inference.types[id(arg), id(scope)].kind != "null"
                else sql_value.empty(whole if function.kind(index) == "any" else function.kind(index))
                for index, (value, arg) in enumerate(zip(values, node.args, strict=True))]

    def over(self, node: ast.Over, scope: _ResolverScope) -> Sql:
        inner = self.inference.scopes[id(node), id(scope)]
        assert isinstance(inner, _ResolverScope)
        assert inner.sub is not None
        conditions = [inner.sub.join_condition]
        what: ColumnElement[Any] = literal(1, BigInteger())
        scale = 0
        if node.name == "sum":
            assert node.body is not None
            value = self.number(node.body, inner)
            what, scale = func.coalesce(func.sum(value.expr), 0), value.scale
        elif node.name == "count":
            what = func.count()
        if node.body is not None and node.name != "sum":
            body = self.condition(node.body, inner)
            conditions.append(not_(body) if node.name == "all" else body)
        from_ = inner.sub.from_ if isinstance(inner.sub.from_, FromClause) else inner.sub.from_()
        found = select(what).select_from(from_).where(*conditions).correlate_except(from_)
        if node.name in ("any", "all"):
            return Sql(found.exists() if node.name == "any" else not_(found.exists()), FLAG)
        type_ = INTEGER if node.name == "count" else self.inference.types[id(node), id(scope)]
        return Sql(type_coerce(found.scalar_subquery(), BigInteger()), type_, scale)


def _grouped(expr: ColumnElement[Any]) -> ColumnElement[Any]:
    """A condition in parentheses as an operand: SQLAlchemy writes `NOT a IS NULL` for the null test of a negation."""
    return Grouping(expr) if isinstance(expr, (UnaryExpression, BinaryExpression, BooleanClauseList)) else expr


_MIRRORED: Final = MappingProxyType({"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="})
_COMPARISONS: Final[Mapping[str, Callable[[Any, Any], ColumnElement[Any]]]] = MappingProxyType({
    "==": lambda one, other: one == other, "!=": lambda one, other: one != other,
    "<": lambda one, other: one < other, "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other, ">=": lambda one, other: one >= other,
})
_TEXT_TESTS: Final[Mapping[str, type[elements.Dialected]]] = MappingProxyType({
    "contains": elements.Contains, "starts with": elements.StartsWith, "ends with": elements.EndsWith,
})
_ARITHMETIC: Final[Mapping[str, Callable[[Sql, Sql], Sql]]] = MappingProxyType({
    "+": sql_value.add, "-": sql_value.subtract, "*": sql_value.multiply, "/": sql_value.divide,
    "%": sql_value.remainder,
})
_RULES: Final[Mapping[type[ast.Node], Callable[[_Compiler, Any, _ResolverScope], Sql]]] = MappingProxyType({
    ast.Path: _Compiler.path, ast.Unary: _Compiler.unary, ast.Binary: _Compiler.binary,
    ast.Junction: _Compiler.junction, ast.In: _Compiler.contained, ast.IsNull: _Compiler.is_null,
    ast.Call: _Compiler.call, ast.Over: _Compiler.over,
})
