"""From the tree of a text to functions that write it, and to the list of the fields it names.

    program = Compiler(env, "leads.lead", is_html=False).program(source)
    program.problems            what is wrong, with lines
    program.scope               the fields and loops that are to be loaded (`templating_values.load`)
    program.write(state)        puts the text together in a `State`

A field that the environment's person may not read is a problem for a writer; for a sender it is simply missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from jinja2 import nodes

from core.api import Env, Message, _

from .templating_expressions import Expressions
from .templating_fields import Scope, collection_of
from .templating_state import State
from .templating_syntax import MOST_NODES, Problem, dotted, parse

Write = Callable[[State], None]
DEEPEST_LOOP, DEEPEST_BLOCK = 2, 3


class Program:
    """A text that is ready to be written for any number of records."""

    def __init__(self, scope: Scope, steps: list[Write], problems: list[Problem], is_html: bool) -> None:
        self.scope, self.steps, self.problems, self.is_html = scope, steps, problems, is_html
        self.fatal = next((p for p in problems if isinstance(p, Unreadable)), None)

    def write(self, state: State) -> None:
        """Put the text together."""
        for step in self.steps:
            step(state)


class Unreadable(Problem):
    """A text that cannot be made at all."""


class Compiler(Expressions):
    """See the module's text. `blocks`: texts of blocks by name, those that the person may read."""

    def __init__(self, env: Env, record: str, *, is_html: bool, blocks: Mapping[str, str] | None = None,
                 scope: Scope | None = None) -> None:
        super().__init__(env, scope or Scope(record))
        self.is_html = is_html
        self.blocks = blocks or {}
        self._within: list[str] = []
        self._nodes = 0

    def program(self, source: str) -> Program:
        """The program of a text; several of one compiler share their scope, so their values are loaded together."""
        self.problems, self._nodes = [], 0
        try:
            steps = self._body(self._parsed(source).body)
        except Problem as error:
            self.problems.append(Unreadable(error.line, error.message))
            steps = []
        return Program(self.root, steps, self.problems, self.is_html)

    def _parsed(self, source: str) -> nodes.Template:
        tree = parse(source, self.is_html)
        self._nodes += sum(1 for _node in tree.find_all(nodes.Node))
        if self._nodes > MOST_NODES:
            raise Problem(0, _("The text is too complicated."))
        return tree

    # ---------------------------------------------------------------- statements
    def _body(self, body: list[nodes.Node]) -> list[Write]:
        return [step for node in body for step in self._statement(node)]

    def _statement(self, node: nodes.Node) -> list[Write]:
        if isinstance(node, nodes.Output):
            return [self._output(one) for one in node.nodes]
        if isinstance(node, nodes.If):
            return [self._if(node)]
        if isinstance(node, nodes.For):
            return [self._for(node)]
        if isinstance(node, nodes.Include):
            return self._include(node)
        self.refuse(node, _("This is not possible here."))
        return []

    def _output(self, node: nodes.Expr) -> Write:
        if isinstance(node, nodes.TemplateData):
            data = node.data
            return lambda state: state.write(data)
        find = self.shown(node)

        def put(state: State) -> None:
            state.step()
            state.put(find(state))
        return put

    def _if(self, node: nodes.If) -> Write:
        cases = [(self.raw(one.test), self._body(one.body)) for one in (node, *node.elif_)]
        otherwise = self._body(node.else_)

        def choose(state: State) -> None:
            state.step()
            steps = next((body for test, body in cases if test(state)), otherwise)
            for step in steps:
                step(state)
        return choose

    def _for(self, node: nodes.For) -> Write:
        path = dotted(node.iter)
        scope = self._loop_scope(node, path)
        if scope is None:
            return lambda state: state.lack(path) if path else None
        outer = self.scope_of_collection(path)[0]
        key = f"{scope.path}[]"
        with self._loop(dotted(node.target), scope):
            test = self.raw(node.test) if node.test is not None else None
            body = self._body(node.body)
        otherwise = self._body(node.else_)

        def run(state: State) -> None:
            found = state.row[outer].get(key) or []
            if test is not None:
                found = [row for row in found if _holds(state, scope, row, test)]
            for number, row in enumerate(found, 1):
                state.step()
                state.row[scope] = row
                state.loops[scope] = {"index": number, "first": number == 1, "last": number == len(found), "length": len(found)}
                for step in body:
                    step(state)
            for step in otherwise if not found else ():
                step(state)
        return run

    def _loop_scope(self, node: nodes.For, path: str) -> Scope | None:
        if not path or not isinstance(node.target, nodes.Name) or node.recursive:
            self.refuse(node, _("Loops go over fields with several records: {example}", example="{% for line in lines %}"))
            return None
        if len(self.loops) >= DEEPEST_LOOP:
            self.refuse(node, _("Loops stand at most two deep."))
            return None
        outer, rest = self.scope_of_collection(path)
        found = collection_of(self.env, outer.record, rest) if rest else None
        if found is None:
            self.refuse(node, _("There is no field “{path}” that holds several records.", path=path))
            return None
        if rest not in outer.inner:
            outer.inner[rest] = Scope(found.target, outer, rest, found)
        return outer.inner[rest]

    @contextmanager
    def _loop(self, name: str, scope: Scope) -> Iterator[None]:
        before = dict(self.loops)
        self.loops.pop(name, None)
        self.loops[name] = scope
        try:
            yield
        finally:
            self.loops = before

    def _include(self, node: nodes.Include) -> list[Write]:
        name = node.template.value if isinstance(node.template, nodes.Const) else None
        if not isinstance(name, str):
            self.refuse(node, _("Name the block in quotation marks."))
            return []
        source = self.blocks.get(name)
        if source is None:
            self.refuse(node, _("There is no text block “{name}”.", name=name))
            return [lambda state: state.lack(name)]
        if name in self._within or len(self._within) >= DEEPEST_BLOCK:
            raise Problem(node.lineno, _("Blocks that put in each other, or more than three deep, are not possible."))
        self._within.append(name)
        try:
            return self._body(self._parsed(source).body)
        except Problem as error:
            raise Problem(node.lineno, _("In the block “{name}”: {reason}", name=name, reason=error.message)) from None
        finally:
            self._within.pop()

    def refuse(self, node: nodes.Node, message: Message | str) -> None:
        """Note a problem; lines inside of blocks are those of the text that puts them in, so none is told."""
        self.problems.append(Problem(0 if self._within else node.lineno, message))  # type: ignore[arg-type]


def _holds(state: State, scope: Scope, row: dict[str, Any], test: Callable[[State], Any]) -> bool:
    state.step()
    state.row[scope] = row
    return bool(test(state))
