"""Expressions of texts as functions of a state: paths, filters, comparisons, reckoning."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from jinja2 import nodes

from core.api import Env, Message, _

from .templating_fields import BUILT_IN, LOOP, Scope, is_extra, own_field, title_of
from .templating_filters import FILTERS, compare, joined, reckon
from .templating_state import NOTHING, Missing, State
from .templating_syntax import MOST_DIGITS, Problem, dotted
from .templating_values import plain

Find = Callable[[State], Any]
_BINARY = (nodes.Add, nodes.Sub, nodes.Mul, nodes.Div)


class Expressions:
    """Turns expressions into functions. `shown` answers what people read, `raw` what is compared and reckoned with."""

    def __init__(self, env: Env, root: Scope) -> None:
        self.env, self.root = env, root
        self.loops: dict[str, Scope] = {}
        self.problems: list[Problem] = []

    def refuse(self, node: nodes.Node, message: Message | str) -> None:
        """Note a problem."""
        raise NotImplementedError

    def shown(self, node: nodes.Node) -> Find:
        """What people read of an expression."""
        return self._expression(node, raw=False)

    def raw(self, node: nodes.Node) -> Find:
        """The value of an expression; what is missing is None."""
        find = self._expression(node, raw=True)

        def value(state: State) -> Any:
            found = find(state)
            return None if isinstance(found, Missing) else found
        return value

    def _expression(self, node: nodes.Node, raw: bool) -> Find:
        path = dotted(node)
        if path:
            return self._path(node, path, raw)
        if isinstance(node, nodes.Const):
            return self._const(node)
        if isinstance(node, nodes.Filter):
            return self._filter(node, raw)
        if isinstance(node, nodes.And | nodes.Or):
            return self._either(node, raw)
        if isinstance(node, nodes.CondExpr):
            return self._conditional(node, raw)
        if isinstance(node, nodes.Tuple | nodes.List):
            items = [self.raw(one) for one in node.items]
            return lambda state: [find(state) for find in items]
        if isinstance(node, nodes.Concat):
            parts = [self.shown(one) for one in node.nodes]
            return lambda state: joined(state, [_noted(state, find(state)) for find in parts])
        return self._operation(node)

    def _operation(self, node: nodes.Node) -> Find:
        if isinstance(node, nodes.Not):
            inner = self.raw(node.node)
            return lambda state: not inner(state)
        if isinstance(node, nodes.Compare):
            return self._compare(node)
        if isinstance(node, _BINARY):
            left, right, operator = self.raw(node.left), self.raw(node.right), type(node).__name__
            return _stepping(lambda state: reckon(operator, left(state), right(state)))
        if isinstance(node, nodes.Neg | nodes.Pos):
            inner, sign = self.raw(node.node), -1 if isinstance(node, nodes.Neg) else 1
            return _stepping(lambda state: reckon("Mul", inner(state), sign))
        if isinstance(node, nodes.Test) and node.name in ("defined", "undefined") and not (node.args or node.kwargs):
            inner, there = self.raw(node.node), node.name == "defined"
            return lambda state: (inner(state) not in (None, "", [])) == there
        self.refuse(node, _("This is not possible in templates."))
        return lambda state: NOTHING

    # ---------------------------------------------------------------- paths
    def scope_of_collection(self, path: str) -> tuple[Scope, str]:
        """The scope that a path starts from, and the rest of the path."""
        head, _dot, rest = path.partition(".")
        return (self.loops[head], rest) if head in self.loops else (self.root, path)

    def _path(self, node: nodes.Node, path: str, raw: bool) -> Find:
        head, _dot, rest = path.partition(".")
        if head == "loop" and self.loops and rest in LOOP:
            scope = list(self.loops.values())[-1]
            return lambda state: state.loops[scope][rest]
        if head not in self.loops:
            if head in ("my", "today") and path in BUILT_IN:
                return lambda state: state.speaker.built_in[path] or Missing(path)
            if own_field(self.env, self.root.record, path) is None:
                return self._given(node, path)
        scope, rest = self.scope_of_collection(path)
        return self._field(node, path, scope, rest or title_of(self.env, scope.record), raw)

    def _given(self, node: nodes.Node, path: str) -> Find:
        """What is no field: the own company, and what the sender gives."""
        if path in BUILT_IN:
            return lambda state: state.speaker.built_in[path] or Missing(path)
        if is_extra(path):
            return lambda state: state.extras.get(path) or Missing(path)
        self.refuse(node, _("There is no field “{path}” for a placeholder.", path=path))
        missing = Missing(path)
        return lambda state: missing

    def _field(self, node: nodes.Node, path: str, scope: Scope, name: str, raw: bool) -> Find:
        field = own_field(self.env, scope.record, name)
        missing = Missing(path)
        if field is None:
            self.refuse(node, _("There is no field “{path}” for a placeholder.", path=path))
            return lambda state: missing
        scope.fields[name] = field

        def find(state: State) -> Any:
            state.step()
            value = state.row[scope].get(name)
            if value is None or value == "" or value == []:
                return missing
            if raw:
                return plain(value)
            return state.speaker.shown(field, value) or missing
        return find

    # ---------------------------------------------------------------- the rest
    def _const(self, node: nodes.Const) -> Find:
        value = node.value
        if isinstance(value, int | float) and not isinstance(value, bool):
            if not abs(value) < 10**MOST_DIGITS:
                self.refuse(node, _("This number is too long."))
                return lambda state: NOTHING
            value = Decimal(str(value)) if isinstance(value, float) else value
        return lambda state: value

    def _filter(self, node: nodes.Filter, raw: bool) -> Find:
        known = FILTERS.get(node.name)
        if known is None or node.node is None:
            self.refuse(node, _("There is no filter “{name}”.", name=node.name))
            return lambda state: NOTHING
        if node.kwargs or node.dyn_args or node.dyn_kwargs or len(node.args) > known.most:
            self.refuse(node, _("The filter “{name}” takes at most {count} values.", name=node.name, count=known.most))
            return lambda state: NOTHING
        of = node.node
        inner = self._expression(of, raw or known.raw)
        given = [self._expression(one, raw=True) for one in node.args]
        if node.name == "money" and not given:
            given = self._currency(of)

        def run(state: State) -> Any:
            state.step()
            value = inner(state)
            if isinstance(value, Missing) and not known.on_missing:
                return value
            made = known.run(state, value, *(find(state) for find in given))
            return Missing(dotted(of)) if made is NOTHING else made
        return run

    def _currency(self, node: nodes.Node) -> list[Find]:
        """The code of the currency that goes with an amount."""
        path = dotted(node)
        if not path:
            return []
        scope, rest = self.scope_of_collection(path)
        field = own_field(self.env, scope.record, rest) if rest else None
        link = getattr(field, "currency", None)
        if not link:
            return []
        name = f"{rest.rpartition('.')[0]}.{link}.code".lstrip(".")
        found = own_field(self.env, scope.record, name)
        if found is None:
            return []
        scope.fields[name] = found
        return [lambda state: state.row[scope].get(name) or ""]

    def _either(self, node: nodes.And | nodes.Or, raw: bool) -> Find:
        left, right = self._expression(node.left, raw), self._expression(node.right, raw)
        if isinstance(node, nodes.And):
            return _stepping(lambda state: right(state) if left(state) else NOTHING)
        return _stepping(lambda state: left(state) or right(state))

    def _conditional(self, node: nodes.CondExpr, raw: bool) -> Find:
        test, first = self.raw(node.test), self._expression(node.expr1, raw)
        second = self._expression(node.expr2, raw) if node.expr2 is not None else (lambda state: "")
        return _stepping(lambda state: first(state) if test(state) else second(state))

    def _compare(self, node: nodes.Compare) -> Find:
        first = self.raw(node.expr)
        others = [(one.op, self.raw(one.expr)) for one in node.ops]

        def holds(state: State) -> bool:
            state.step()
            left = first(state)
            for operator, find in others:
                right = find(state)
                if not compare(operator, left, right):
                    return False
                left = right
            return True
        return holds


def _stepping(find: Find) -> Find:
    def counted(state: State) -> Any:
        state.step()
        return find(state)
    return counted


def _noted(state: State, value: Any) -> Any:
    """A missing part of a longer text is noted, and left out."""
    if isinstance(value, Missing):
        if value.path:
            state.missing[value.path] = None
        return ""
    return value
