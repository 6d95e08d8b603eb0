"""The types of own formulas and roll-ups, found from what they read; a formula that reads itself is refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from core.errors import DefinitionError, ExpressionError
from core.expressions import Expr, Node, fields_read
from core.expressions.ast import Call, Constant, Path, children, paths
from core.expressions.types import KINDS
from core.i18n.messages import _
from core.records import fields as f
from core.records.field import Field
from core.registry.own.names import OWN

if TYPE_CHECKING:
    from core.registry.compose import RecordType
    from core.registry.registry import Registry

RESULT = {"text": "text", "choice": "text", "integer": "integer", "number": "decimal", "flag": "flag", "date": "date",
          "datetime": "datetime", "null": "text"}
FITS = {"text": ("text",), "integer": ("integer", "decimal", "money", "percent", "duration"),
        "decimal": ("decimal", "money", "percent"), "flag": ("flag",), "date": ("date",), "datetime": ("datetime",)}
"""By the type that an expression has, the types that its result may be shown as."""
MOST_DEPTH = 20
MOST_PARTS = 2000
"""Of an expression with all formulas in it written out, which is how the database gets it."""


class Inferring:
    """One pass over the own fields of a registry."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.done: dict[tuple[str, str], int] = {}
        """The parts that the expression of a field has, written out."""
        self.under_way: list[tuple[str, str]] = []

    def field(self, rtype: RecordType, field: Field) -> None:
        """Check the expressions of one field; DefinitionError or ExpressionError for what is wrong."""
        key = (rtype.name, field.name)
        if key in self.done:
            return
        if key in self.under_way or len(self.under_way) > MOST_DEPTH:
            raise DefinitionError(_("This reads itself: {fields}."), fields=" → ".join(name for _record, name in [*self.under_way, key]))
        self.under_way.append(key)
        parts = 1
        try:
            if isinstance(field, f.FormulaField):
                parts = self._formula(rtype, field)
            elif isinstance(field, f.RollupField):
                self._rollup(rtype, field)
            elif isinstance(field.default, (Node, Expr)):
                self._default(rtype, field)
            self.done[key] = parts
        finally:
            self.under_way.pop()

    def _default(self, rtype: RecordType, field: Field) -> None:
        node = self.registry.node(rtype.name, field.default, field.type_name)
        if fields_read(node):
            raise DefinitionError(_("A default reads no other fields: a new record has no values yet."))

    def _formula(self, rtype: RecordType, field: f.FormulaField) -> int:
        parts = self._read(rtype, field.expression)
        found = self._kind(rtype.name, field.expression)
        self._settle(field, found, self._source(rtype, field.expression) or found)
        return parts

    def _rollup(self, rtype: RecordType, field: f.RollupField) -> None:
        below = rtype.field(field.children)
        target = self.registry.record(below.target)  # type: ignore[attr-defined]
        for node in (field.where, field.expression):
            if node is not None:
                _steady(target, node)
        if field.where is not None:
            self._read(target, field.where)
            self.registry.node(target.name, field.where, "flag")
        if field.function == "count" or field.expression is None:
            field.result_type = "integer"
            return
        self._read(target, field.expression)
        found = self._kind(target.name, field.expression)
        wanted = ("integer", "decimal") if field.function in ("sum", "avg") else ("integer", "decimal", "date", "datetime")
        if found not in wanted:
            raise DefinitionError(_("A roll-up of this kind reads numbers (the smallest and largest also dates)."))
        shown = self._source(target, field.expression) or found
        if field.function == "avg" and shown == "integer":
            found = shown = "decimal"
        self._settle(field, found, shown)

    def _settle(self, field: Any, found: str, shown: str) -> None:
        if field.inferred:
            field.result_type = shown if shown in FITS.get(found, ()) else found
        elif field.result_type not in FITS.get(found, ()):
            raise DefinitionError(_("The result is of the type “{found}” and cannot be shown as “{wanted}”."), found=found,
                                  wanted=field.result_type)

    def _kind(self, record: str, expression: Any) -> str:
        kind = self.registry.kind(record, expression)
        if kind not in RESULT:
            raise ExpressionError(_("A {given} cannot be shown in a field.", given=KINDS.get(kind, kind)))
        return RESULT[kind]

    def _source(self, rtype: RecordType, expression: Any) -> str:
        """The type of the field, when the expression is nothing but one."""
        if not isinstance(expression, Path):
            return ""
        at, found = rtype, None
        for name in expression.names:
            found = at.fields.get(name)
            at = self.registry.records.get(getattr(found, "target", None) or "", at)
        return str(getattr(found, "result_type", None) or getattr(found, "type_name", ""))

    def _read(self, rtype: RecordType, expression: Any) -> int:
        """Settle the own formulas and roll-ups that an expression reads, before its type is asked for; how many parts it
        has, written out."""
        names = [each.names[-1] for each in _walk(expression) if isinstance(each, Path)]
        parts = sum(1 for _each in _walk(expression))
        for path in paths(expression):
            at: RecordType | None = rtype
            for name in path.split("."):
                found = at.fields.get(name) if at is not None else None
                if found is None or at is None:
                    break
                if isinstance(found, (f.FormulaField, f.RollupField)) and found.addon == OWN:
                    self.field(at, found)
                    parts += self.done[at.name, name] * max(1, names.count(name))
                at = self.registry.records.get(getattr(found, "target", None) or "")
        if parts > MOST_PARTS:
            raise DefinitionError(_("With the formulas that it reads, this is too long for the database: leave some out."))
        return parts


def _steady(rtype: RecordType, node: Node) -> None:
    """Refuse what changes without a child being written: the stored value of a roll-up would stay behind."""
    for path in paths(node):
        name, _dot, rest = path.partition(".")
        found = rtype.fields.get(name)
        if rest or isinstance(found, (f.RollupField, f.ManyField, f.ChildrenField)):
            raise DefinitionError(_("A roll-up reads fields of the children themselves, not of records that they link to."))
        if isinstance(found, f.FormulaField):
            _steady(rtype, found.expression)
    for each in _walk(node):
        if isinstance(each, Constant) or (isinstance(each, Call) and not each.args):
            raise DefinitionError(_("A roll-up cannot depend on the day or on who asks: it is stored once for all."))


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for child in children(node):
        yield from _walk(child)
