"""Compiling a tree to a Python function, for what the database has not seen: forms, defaults, old and new values.

    run = to_python(parse("amount > 100 and any(lines, price > amount)"))
    run(record_getter(values), context)

A tree is compiled once and then applied to many records. Unknown is None, and the logic has three values as in SQL.
Numbers come out as Decimal (a field that is read alone comes out as it is), links as ids.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from core.errors import ExpressionError
from core.expressions import ast, numbers
from core.expressions.functions import FunctionTable
from core.expressions.library import FUNCTIONS
from core.expressions.moments import DateRange, aware, local_date, stored
from core.expressions.types import Context
from core.i18n.messages import _
from core.i18n.text import fold

Getter = Callable[[tuple[str, ...]], Any]
"""Gives the value at the end of a path of names; for a collection an iterable of getters, mappings or records."""

Compiled = Callable[[Getter, Context], Any]

_TEXT_TESTS: Final[Mapping[str, Callable[[str, str], bool]]] = MappingProxyType({
    "contains": lambda text, piece: piece in text, "starts with": str.startswith, "ends with": str.endswith,
})
_COMPARISONS: Final[Mapping[str, Callable[[Any, Any], bool]]] = MappingProxyType({
    "==": lambda one, other: one == other, "!=": lambda one, other: one != other,
    "<": lambda one, other: one < other, "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other, ">=": lambda one, other: one >= other,
})
_ARITHMETIC: Final[Mapping[str, Callable[[Decimal, Decimal], Decimal | None]]] = MappingProxyType({
    "+": numbers.add, "-": numbers.subtract, "*": numbers.multiply, "/": numbers.divide, "%": numbers.remainder,
})
_CONSTANTS: Final[Mapping[str, Callable[[Context], Any]]] = MappingProxyType({
    "me": lambda context: context.user_id, "my_teams": lambda context: context.team_ids,
    "my_companies": lambda context: context.company_ids, "my_roles": lambda context: context.role_ids,
    "my_subordinates": lambda context: context.subordinate_ids,
})


def to_python(node: ast.Node, functions: FunctionTable = FUNCTIONS) -> Compiled:
    """A function of a getter and a context. The tree must have passed `check`: types are not looked at again."""
    return _Compiler(functions).compile(node)


def evaluate_fixed(node: ast.Node, context: Context, functions: FunctionTable = FUNCTIONS) -> Any:
    """The value of a tree that reads no field."""
    return to_python(node, functions)(_no_field, context)


def _no_field(path: tuple[str, ...]) -> Any:
    raise ExpressionError(_("A fixed value is wanted, not the field “{name}”.", name=".".join(path)))


def record_getter(record: Any) -> Getter:
    """A getter of a mapping (nested, or with dotted keys) or of an object with attributes; a callable is one already.

    A path that passes through an empty link gives None; KeyError or AttributeError for a name that is not there.
    """
    if isinstance(record, Mapping):
        return lambda path: _from_mapping(record, path)
    if callable(record):
        return record  # type: ignore[no-any-return]
    return lambda path: _from_object(record, path)


def _from_mapping(record: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    whole = ".".join(path)
    if whole in record:
        return record[whole]
    linked = record[path[0]]
    return None if linked is None else record_getter(linked)(path[1:])


def _from_object(record: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        if record is None:
            return None
        record = record[name] if isinstance(record, Mapping) else getattr(record, name)
    return record


_PLAIN: Final = frozenset({str, int, bool, Decimal, dt.date, type(None), tuple, list})


def _plain(value: Any) -> Any:
    """A field's value as the language sees it: a linked record is its id, a length of time its seconds."""
    if type(value) in _PLAIN:
        return value
    if isinstance(value, dt.datetime):
        return stored(value)
    if isinstance(value, (float, dt.timedelta)):
        return numbers.number(value)
    return getattr(value, "id", value)


def _compare(op: str) -> Callable[[Any, Any, Context], bool | None]:
    """A comparison that knows None, and a date beside a moment: the moment's date in the user's zone counts."""
    test: Callable[[Any, Any], bool] = _COMPARISONS[op]

    def compared(one: Any, other: Any, context: Context) -> bool | None:
        if one is None or other is None:
            return None
        if isinstance(one, dt.datetime):
            if not isinstance(other, dt.datetime):
                one = local_date(one, context.tz)
        elif isinstance(other, dt.datetime):
            other = local_date(other, context.tz)
        return test(one, other)

    return compared


def _argument(kind: str, value: Any, context: Context) -> Any:
    """A value as a function wants it."""
    if value is None:
        return None
    if kind in ("integer", "constant"):
        return numbers.truncated(numbers.number(value))
    if kind == "number":
        return numbers.number(value)
    if kind == "date" and isinstance(value, dt.datetime):
        return local_date(value, context.tz)
    return value


class _Compiler:
    """Turns nodes into closures, bottom up."""

    def __init__(self, functions: FunctionTable) -> None:
        self._functions = functions

    def compile(self, node: ast.Node) -> Compiled:
        return _RULES[type(node)](self, node)

    def literal(self, node: ast.Literal) -> Compiled:
        value = node.value
        if isinstance(value, dt.datetime):
            moment = value
            return lambda _get, context: aware(moment, context.tz)
        return lambda _get, _context: value

    def path(self, node: ast.Path) -> Compiled:
        names = node.names
        return lambda get, _context: _plain(get(names))

    def constant(self, node: ast.Constant) -> Compiled:
        value = _CONSTANTS[node.name]
        return lambda _get, context: value(context)

    def unary(self, node: ast.Unary) -> Compiled:
        operand = self.compile(node.operand)
        negative = node.op == "-"

        def run(get: Getter, context: Context) -> Any:
            value = operand(get, context)
            if value is None:
                return None
            return numbers.number(value).copy_negate() if negative else not value

        return run

    def junction(self, node: ast.Junction) -> Compiled:
        items = [self.compile(item) for item in node.items]
        deciding = node.op == "or"

        def run(get: Getter, context: Context) -> bool | None:
            unknown = False
            for item in items:
                value = item(get, context)
                if value is None:
                    unknown = True
                elif bool(value) is deciding:
                    return deciding
            return None if unknown else not deciding

        return run

    def is_null(self, node: ast.IsNull) -> Compiled:
        operand = self.compile(node.operand)
        return lambda get, context: operand(get, context) is None

    def binary(self, node: ast.Binary) -> Compiled:
        left, right = self.compile(node.left), self.compile(node.right)
        if node.op in _ARITHMETIC:
            return self.arithmetic(node.op, left, right)
        if node.op in _TEXT_TESTS:
            return self.text_test(node.op, left, right)
        compared = _compare(node.op)
        return lambda get, context: compared(left(get, context), right(get, context), context)

    def arithmetic(self, op: str, left: Compiled, right: Compiled) -> Compiled:
        compute = _ARITHMETIC[op]

        def run(get: Getter, context: Context) -> Decimal | None:
            one, other = left(get, context), right(get, context)
            return None if one is None or other is None else compute(numbers.number(one), numbers.number(other))

        return run

    def text_test(self, op: str, left: Compiled, right: Compiled) -> Compiled:
        test = _TEXT_TESTS[op]

        def run(get: Getter, context: Context) -> bool | None:
            one, other = left(get, context), right(get, context)
            if one is None or other is None:
                return None
            return test(fold(one), fold(other)) if isinstance(one, str) else bool(other in one)

        return run

    def contained(self, node: ast.In) -> Compiled:
        operand = self.compile(node.operand)
        equal = _compare("==")
        if isinstance(node.container, ast.Items):
            items = [self.compile(item) for item in node.container.items]
            return lambda get, context: _among(operand(get, context), (item(get, context) for item in items),
                                               equal, context)
        container = self.compile(node.container)

        def run(get: Getter, context: Context) -> bool | None:
            value, found = operand(get, context), container(get, context)
            if isinstance(found, DateRange):
                if isinstance(value, dt.datetime):
                    value = local_date(value, context.tz)
                return None if value is None else found.first <= value <= found.last
            return None if found is None else _among(value, found, equal, context)

        return run

    def call(self, node: ast.Call) -> Compiled:
        function = self._functions[node.name]
        python, nulls = function.python, function.nulls
        args = [(function.kind(index), self.compile(arg)) for index, arg in enumerate(node.args)]

        def run(get: Getter, context: Context) -> Any:
            values = [_argument(kind, arg(get, context), context) for kind, arg in args]
            return None if not nulls and None in values else python(context, *values)

        return run

    def over(self, node: ast.Over) -> Compiled:
        path, fold_values = node.path, _OVER[node.name]
        if node.body is None:
            return lambda get, _context: fold_values([True for _record in get(path) or ()])
        body = self.compile(node.body)

        def run(get: Getter, context: Context) -> Any:
            records: Iterable[Any] = get(path) or ()
            return fold_values([body(record_getter(record), context) for record in records])

        return run


def _among(value: Any, items: Iterable[Any], equal: Callable[[Any, Any, Context], bool | None],
           context: Context) -> bool | None:
    """SQL's IN: unknown when nothing is equal and something was empty; false for an empty list."""
    answers = [equal(value, _plain(item), context) for item in items]
    return True if True in answers else None if None in answers else False


def _all(values: Sequence[Any]) -> bool:
    return all(value is not False for value in values)


def _sum(values: Sequence[Any]) -> Decimal:
    total = Decimal(0)
    for value in values:
        if value is not None:
            total += numbers.number(value)
    return total


_OVER: Final[Mapping[str, Callable[[Sequence[Any]], Any]]] = MappingProxyType({
    "any": lambda values: True in values, "all": _all,
    "count": lambda values: Decimal(sum(value is True for value in values)), "sum": _sum,
})
_RULES: Final[Mapping[type[ast.Node], Callable[[_Compiler, Any], Compiled]]] = MappingProxyType({
    ast.Literal: _Compiler.literal, ast.Path: _Compiler.path, ast.Constant: _Compiler.constant,
    ast.Unary: _Compiler.unary, ast.Binary: _Compiler.binary, ast.Junction: _Compiler.junction,
    ast.In: _Compiler.contained, ast.IsNull: _Compiler.is_null, ast.Call: _Compiler.call, ast.Over: _Compiler.over,
})
