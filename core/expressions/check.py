"""The type checker: finds unknown fields, wrong types and unknown options before anything runs, with their places."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Protocol

from core.errors import ExpressionError
from core.expressions import ast
from core.expressions.functions import FunctionTable, fits, result_type
from core.expressions.library import FUNCTIONS
from core.expressions.rules import comparable, contained
from core.expressions.types import (
    DATE,
    DATETIME,
    FLAG,
    INTEGER,
    KINDS,
    NULL,
    NUMBER,
    TEXT,
    FieldInfo,
    Schema,
    Type,
    field_type,
)
from core.i18n.messages import Message, _

_LITERALS: Final = MappingProxyType({"null": NULL, "flag": FLAG, "text": TEXT, "date": DATE, "datetime": DATETIME})
_CONSTANTS: Final = MappingProxyType({
    "me": Type("link", "base.user"), "my_teams": Type("ids", "base.team"), "my_companies": Type("ids", "base.company"),
    "my_roles": Type("ids", "base.role"), "my_subordinates": Type("ids", "base.user"),
})


@dataclass(frozen=True)
class Checked:
    """A checked expression: its type and the dotted paths it reads."""

    type: Type
    paths: frozenset[str]


class Scope(Protocol):
    """Where field names are looked up: a record type, or what the SQL compiler reads from."""

    def info(self, path: tuple[str, ...]) -> FieldInfo | None:
        """The field at the end of a path; None when there is no such field."""

    def inside(self, over: ast.Over) -> Scope:
        """The scope of the records of a collection."""


class RecordScope:
    """Field names of a record type, looked up through a :data:`Schema`."""

    def __init__(self, record_name: str, schema: Schema) -> None:
        self._record = record_name
        self._schema = schema

    def info(self, path: tuple[str, ...]) -> FieldInfo | None:
        """The field at the end of a path of links."""
        record: str | None = self._record
        info: FieldInfo | None = None
        for index, name in enumerate(path):
            if record is None or (index and (info is None or info.type != "link")):
                return None
            info = self._schema(record, name)
            record = info.target if info is not None else None
        return info

    def inside(self, over: ast.Over) -> RecordScope:
        """The scope of the records of a collection."""
        info = self.info(over.path)
        if info is None or info.target is None:
            raise _unknown_field(over.path, over.pos)
        return RecordScope(info.target, self._schema)


def check(node: ast.Node, record_name: str, schema: Schema, expect: str | None = None,
          functions: FunctionTable = FUNCTIONS) -> Checked:
    """The type of an expression about a record type, and what it reads; ExpressionError for whatever is wrong.

    `expect` is the type wanted of the whole: a kind ("flag" for a condition, "number", "text", "date", "link", …)
    or the type name of a field that is to take the value.
    """
    found = Inference(functions).infer(node, RecordScope(record_name, schema))
    if expect is not None:
        wanted = field_type(FieldInfo(expect)).kind
        wanted = {"choice": "text"}.get(wanted, expect if wanted == "opaque" else wanted)
        if not fits(wanted, found, True) and found.kind != wanted:
            raise ExpressionError(_("This gives a {given}; a {wanted} is wanted.", given=KINDS[found.kind],
                                    wanted=KINDS.get(wanted, wanted)), node.pos)
    return Checked(found, ast.paths(node))


def _unknown_field(path: tuple[str, ...], pos: int) -> ExpressionError:
    return ExpressionError(_("There is no field “{name}”.", name=".".join(path)), pos)


def _named(type_: Type) -> str:
    """A type in words, with the record it leads to."""
    kind = KINDS[type_.kind]
    return f"{kind} ({type_.target})" if type_.target else kind


@dataclass
class Inference:
    """One inference of types; `types` keeps what was found, by the identities of node and scope (one node may stand
    in several scopes when code has built the tree); `scopes` keeps the scopes of collections likewise.
    """

    functions: FunctionTable
    types: dict[tuple[int, int], Type] = field(default_factory=dict)
    scopes: dict[tuple[int, int], Scope] = field(default_factory=dict)

    def infer(self, node: ast.Node, scope: Scope) -> Type:
        """The type of a node, all nodes below it checked."""
        found = _RULES[type(node)](self, node, scope)
        self.types[id(node), id(scope)] = found
        return found

    def condition(self, node: ast.Node, scope: Scope) -> None:
        """Refuse what is neither true nor false."""
        found = self.infer(node, scope)
        if found.kind not in ("flag", "null"):
            raise ExpressionError(_("A condition is wanted here, not a {given}.", given=KINDS[found.kind]), node.pos)

    def numeric(self, node: ast.Node, scope: Scope) -> Type:
        """Refuse what is not a number."""
        found = self.infer(node, scope)
        if found.kind in ("text", "choice"):
            raise ExpressionError(_("A number is wanted here, not a text; to join texts use concat()."), node.pos)
        if found.kind not in ("number", "integer", "null"):
            raise ExpressionError(_("A number is wanted here, not a {given}.", given=KINDS[found.kind]), node.pos)
        return found

    def _literal(self, node: ast.Literal, _scope: Scope) -> Type:
        if node.kind == "number":
            return INTEGER if node.value == int(node.value) else NUMBER  # type: ignore[arg-type]
        return _LITERALS[node.kind]

    def _path(self, node: ast.Path, scope: Scope) -> Type:
        info = scope.info(node.names)
        if info is None:
            raise _unknown_field(node.names, node.pos)
        return field_type(info)

    def _constant(self, node: ast.Constant, _scope: Scope) -> Type:
        return _CONSTANTS[node.name]

    def _unary(self, node: ast.Unary, scope: Scope) -> Type:
        if node.op == "-":
            return self.numeric(node.operand, scope)
        self.condition(node.operand, scope)
        return FLAG

    def _junction(self, node: ast.Junction, scope: Scope) -> Type:
        for item in node.items:
            self.condition(item, scope)
        return FLAG

    def _is_null(self, node: ast.IsNull, scope: Scope) -> Type:
        found = self.infer(node.operand, scope)
        if found.kind in ("collection", "range", "ids"):
            raise ExpressionError(_("A list is never null; write “not any(…)”."), node.pos)
        return FLAG

    def _binary(self, node: ast.Binary, scope: Scope) -> Type:
        if node.op in ast.ARITHMETIC:
            kinds = {self.numeric(node.left, scope).kind, self.numeric(node.right, scope).kind}
            if kinds == {"null"}:
                return NUMBER
            return NUMBER if "number" in kinds or node.op == "/" else INTEGER
        left, right = self.infer(node.left, scope), self.infer(node.right, scope)
        if node.op in ast.TEXT_OPERATORS:
            self._text_test(node, left, right)
        else:
            self._comparison(node, left, right)
        return FLAG

    def _text_test(self, node: ast.Binary, left: Type, right: Type) -> None:
        if left.kind == "multichoice" and node.op == "contains":
            if not isinstance(node.right, ast.Literal) or node.right.kind != "text":
                raise ExpressionError(_("One of the options is wanted here, in quotation marks."), node.right.pos)
            self._option(left, node.right)
            return
        for side, found in ((node.left, left), (node.right, right)):
            if found.kind not in ("text", "choice"):
                raise ExpressionError(_("A text is wanted here, not a {given}.", given=KINDS[found.kind]), side.pos)

    def _comparison(self, node: ast.Binary, left: Type, right: Type) -> None:
        if "null" in (left.kind, right.kind):
            hint = _("Write “is null”.") if node.op != "!=" else _("Write “is not null”.")
            raise ExpressionError(hint, node.pos)
        if not comparable(node.op, left, right):
            raise ExpressionError(_("A {left} and a {right} cannot be compared with {op}.", left=_named(left),
                                    right=_named(right), op=node.op), node.pos)
        self._option(left, node.right)
        self._option(right, node.left)

    def _option(self, choice: Type, value: ast.Node) -> None:
        """Refuse a text that is not an option of the choice it is compared with."""
        if choice.options is None or not isinstance(value, ast.Literal) or value.value in choice.options:
            return
        near = difflib.get_close_matches(str(value.value), choice.options, 1)
        if near:
            raise ExpressionError(_("There is no option “{value}”; did you mean “{near}”?", value=value.value,
                                    near=near[0]), value.pos)
        raise ExpressionError(_("There is no option “{value}”; there are: {options}", value=value.value,
                                options=", ".join(choice.options[:20])), value.pos)

    def _in(self, node: ast.In, scope: Scope) -> Type:
        item = self.infer(node.operand, scope)
        if not isinstance(node.container, ast.Items):
            container = self.infer(node.container, scope)
            if not contained(item, container):
                raise ExpressionError(_("A {left} cannot be in a {right}.", left=_named(item),
                                        right=_named(container)), node.pos)
            return FLAG
        for value in node.container.items:
            found = self.infer(value, scope)
            if found.kind == "null" or item.kind == "null":
                raise ExpressionError(_("Write “is null”."), value.pos)
            if not comparable("==", item, found):
                raise ExpressionError(_("A {left} and a {right} cannot be compared with {op}.", left=_named(item),
                                        right=_named(found), op="in"), value.pos)
            self._option(item, value)
        return FLAG

    def _items(self, node: ast.Items, _scope: Scope) -> Type:
        raise ExpressionError(_("A list may only stand after “in”."), node.pos)

    def _call(self, node: ast.Call, scope: Scope) -> Type:
        function = self.functions.get(node.name)
        if function is None:
            near = difflib.get_close_matches(node.name, [*self.functions, *ast.OVER], 1)
            message: Message = _("There is no function “{name}”.", name=node.name)
            if near:
                message = _("There is no function “{name}”; did you mean “{near}”?", name=node.name, near=near[0])
            raise ExpressionError(message, node.pos)
        given = [self.infer(arg, scope) for arg in node.args]
        fixed = [ast.is_fixed(arg) for arg in node.args]
        if function.sql is None and not all(fixed):
            raise ExpressionError(_("{signature} can only be used with fixed values, not with fields.",
                                    signature=function.signature), node.pos)
        return result_type(function, given, fixed, [arg.pos for arg in node.args], node.pos)

    def _over(self, node: ast.Over, scope: Scope) -> Type:
        info = scope.info(node.path)
        if info is None:
            raise _unknown_field(node.path, node.pos)
        if field_type(info).kind != "collection":
            raise ExpressionError(_("“{name}” is not a list of records.", name=".".join(node.path)), node.pos)
        inner = scope.inside(node)
        self.scopes[id(node), id(scope)] = inner
        if node.name == "sum":
            assert node.body is not None
            found = self.numeric(node.body, inner)
            return NUMBER if found.kind == "null" else found
        if node.body is not None:
            self.condition(node.body, inner)
        return INTEGER if node.name == "count" else FLAG


_RULES: Final[Mapping[type[ast.Node], Callable[..., Type]]] = MappingProxyType({
    ast.Literal: Inference._literal, ast.Path: Inference._path, ast.Constant: Inference._constant,
    ast.Unary: Inference._unary, ast.Binary: Inference._binary, ast.Junction: Inference._junction,
    ast.In: Inference._in, ast.Items: Inference._items, ast.IsNull: Inference._is_null, ast.Call: Inference._call,
    ast.Over: Inference._over,
})
