"""Conditions of nodes: shown, read-only or required by expression, decided on the server and live in the browser.

A layout keeps a condition as plain JSON: a yes or no, the text an admin wrote, or the tree an addon built with `F`.
The server's answer (:meth:`Conditions.states`) is the one that counts; the trees handed to the browser
(:meth:`Conditions.for_browser`) only make the form react while it is filled in. A condition that cannot be understood
never takes a page down: the node is shown, is not required, and may not be written if that was in question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.errors import ExpressionError
from core.expressions import ast
from core.expressions.build import as_node
from core.expressions.parse import parse
from core.expressions.to_json import from_json, to_json
from core.layouts.nodes import Layout, Node
from core.layouts.props import CONDITIONS

_JUDGED = ("visible", "readonly", "required")
#: What holds when a condition can't be judged.
_IN_DOUBT: Mapping[str, bool] = {"visible": True, "readonly": True, "required": False}
#: What holds when nothing is said.
_UNSAID: Mapping[str, bool] = {"visible": True, "readonly": False, "required": False}


@dataclass(frozen=True, slots=True)
class State:
    """How one node stands on one page."""

    visible: bool = True
    readonly: bool = False
    required: bool = False


def stored(condition: Any) -> Any:
    """A condition as a layout keeps it: yes/no and text as they are, an `F` expression as its JSON tree."""
    if condition is None or isinstance(condition, (bool, str, Mapping)):
        return condition
    return to_json(as_node(condition))


def stored_props(props: Mapping[str, Any]) -> dict[str, Any]:
    """Properties as a layout keeps them: conditions by :func:`stored`, tuples as lists."""
    return {name: stored(value) if name in CONDITIONS else list(value) if isinstance(value, tuple) else value
            for name, value in props.items()}


def tree(condition: Any) -> ast.Node | None:
    """The expression's tree of a stored condition, or None for a mere yes or no; ExpressionError when it is wrong."""
    if condition is None or isinstance(condition, bool):
        return None
    return parse(condition) if isinstance(condition, str) else from_json(condition)


def paths(condition: Any) -> frozenset[str]:
    """Dotted paths of the fields a stored condition reads; ExpressionError when it is wrong."""
    node = tree(condition)
    return frozenset() if node is None else ast.paths(node)


def speaks_only_of(condition: Any, fields: frozenset[str]) -> bool:
    """Whether a stored condition is understood and reads none but these fields.

    A path through a link counts when its first field is among them: what the linked record shows is decided there.
    """
    try:
        return all(path in fields or path.partition(".")[0] in fields for path in paths(condition))
    except ExpressionError:
        return False


class Conditions:
    """The conditions of one merged layout, made ready once and asked for each record.

    `compile_` turns an expression's tree into a function from a record (an object or mapping of values, whatever the
    caller passes to :meth:`states`) to its value; it may raise ExpressionError.
    """

    def __init__(self, layout: Layout, compile_: Callable[[ast.Node], Callable[[Any], Any]]) -> None:
        self._layout = layout
        self._trees: dict[tuple[str, str], ast.Node] = {}
        self._tests: dict[tuple[str, str], Callable[[Any], Any] | bool] = {}
        self.wrong: dict[tuple[str, str], ExpressionError] = {}
        for node in layout.walk():
            for name in _JUDGED:
                if name in node.props:
                    self._prepare(node, name, compile_)

    def _prepare(self, node: Node, name: str, compile_: Callable[[ast.Node], Callable[[Any], Any]]) -> None:
        key, value = (node.id, name), node.props[name]
        if isinstance(value, bool):
            self._tests[key] = value
            return
        try:
            found = tree(value)
            if found is not None:
                self._tests[key] = compile_(found)
                self._trees[key] = found
        except ExpressionError as error:
            self.wrong[key] = error
            self._tests[key] = _IN_DOUBT[name]

    @property
    def live(self) -> bool:
        """Whether anything depends on the record's values."""
        return bool(self._trees)

    def states(self, record: Any) -> dict[str, State]:
        """The state of every node for one record.

        What stands in something hidden is hidden, and nobody is required to fill in what they cannot see or write.
        An expression that is null does not hold.
        """
        found: dict[str, State] = {}
        for node in self._layout.nodes:
            found.update(self._judge(node, record, True))
        return found

    def _judge(self, node: Node, record: Any, outer: bool) -> Iterator[tuple[str, State]]:
        visible = outer and self._holds(node, "visible", record)
        readonly = self._holds(node, "readonly", record)
        yield node.id, State(visible, readonly, visible and not readonly and self._holds(node, "required", record))
        for child in node.children:
            yield from self._judge(child, record, visible)

    def _holds(self, node: Node, name: str, record: Any) -> bool:
        test = self._tests.get((node.id, name), _UNSAID[name])
        return test if isinstance(test, bool) else bool(test(record))

    def for_browser(self) -> dict[str, dict[str, Any]]:
        """JSON trees of the conditions that depend on values: `{node id: {"visible": tree, ...}}`."""
        made: dict[str, dict[str, Any]] = {}
        for (node_id, name), found in self._trees.items():
            made.setdefault(node_id, {})[name] = to_json(found)
        return made

    def reads(self, node_id: str, name: str) -> frozenset[str]:
        """The record's own fields from which one condition starts."""
        found = self._trees.get((node_id, name))
        return frozenset() if found is None else ast.fields_read(found)

    def fields_read(self) -> frozenset[str]:
        """Paths the conditions read: a page must load these even when it does not show them."""
        return frozenset(path for found in self._trees.values() for path in ast.paths(found))
