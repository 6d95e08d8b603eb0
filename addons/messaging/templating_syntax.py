"""The language of templates: what Jinja's parser reads, and of that only what is named here.

Nothing of a template is ever compiled to Python or run by Jinja. Its tree is checked against the nodes below and then
walked by our own small evaluator (`templating_compile`), which knows texts, numbers, days and lists, and no object that
has attributes. So there is nothing to reach: no method, no `__class__`, no format string, no global. The sandboxed
environment only reads texts; its limits on operators hold all the same should somebody render with it.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jinja2 import TemplateError, TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from core.api import Message, _

MOST_SOURCE = 100_000
MOST_NODES = 4_000
DEEPEST = 30
MOST_DIGITS = 18

_INSIDE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_INCLUDE = re.compile(r"\{%[-+]?\s*include\s+(?:\"([^\"]*)\"|'([^']*)')")
_ALLOWED: frozenset[type[nodes.Node]] = frozenset({
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Filter, nodes.If, nodes.For, nodes.Const,
    nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.CondExpr, nodes.Include, nodes.Concat, nodes.Tuple, nodes.List,
    nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.Neg, nodes.Pos, nodes.Test})


class _Reader(ImmutableSandboxedEnvironment):
    """Reads templates. Operators that make large things are refused whatever comes of it."""

    intercepted_binops = frozenset({"*", "**", "+", "%", "//"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Numbers of a moderate size only."""
        if operator in ("**", "%", "//") or not all(isinstance(v, int | float) and abs(v) < 10**MOST_DIGITS for v in (left, right)):
            raise SecurityError(operator)
        return super().call_binop(context, operator, left, right)


_reader = _Reader(trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, optimized=False,
                  comment_start_string="{##", comment_end_string="##}", cache_size=0)


@dataclass(eq=False)
class Problem(Exception):
    """Something wrong with a text, for its writer; `line` counts from 1, 0 where it has none."""

    line: int
    message: Message

    def told(self) -> Message:
        """The reason with its line."""
        return _("Line {line}: {reason}", line=self.line, reason=self.message) if self.line else self.message


def parse(source: str, is_html: bool) -> nodes.Template:
    """The checked tree of a text. Raises Problem. Trees are shared: nobody changes them."""
    return _parse(source or "", is_html)


@lru_cache(maxsize=256)
def _parse(source: str, is_html: bool) -> nodes.Template:
    if len(source) > MOST_SOURCE:
        raise Problem(0, _("The text is longer than {count} characters.", count=MOST_SOURCE))
    try:
        tree = _reader.parse(_INSIDE.sub(lambda found: html.unescape(found[0]), source) if is_html else source)
    except TemplateSyntaxError as error:
        raise Problem(error.lineno, _("This cannot be read: between the braces something is missing or too much.")) from None
    except (TemplateError, ValueError, RecursionError, MemoryError, OverflowError, SyntaxError, AssertionError):
        raise Problem(0, _("The text has too many brackets or numbers that are too long.")) from None
    _check(tree)
    return tree


def _check(tree: nodes.Template) -> None:
    """Every node is one of those that are known, and there are neither too many nor too deep ones."""
    waiting: list[tuple[nodes.Node, int]] = [(tree, 0)]
    count = 0
    while waiting:
        node, depth = waiting.pop()
        count += 1
        if type(node) not in _ALLOWED:
            raise Problem(node.lineno, _("“{word}” is not possible in templates.", word=_word(node)))
        if depth > DEEPEST or count > MOST_NODES:
            raise Problem(node.lineno, _("The text is too complicated."))
        waiting += [(child, depth + 1) for child in node.iter_child_nodes()]


_WORDS = {"Call": "( )", "Getitem": "[ ]", "Pow": "**", "Mod": "%", "FloorDiv": "//", "AssignBlock": "set", "Assign": "set"}


def _word(node: nodes.Node) -> str:
    return _WORDS.get(type(node).__name__, type(node).__name__.lower())


def included(source: str) -> set[str]:
    """Names of the blocks that a text puts in."""
    return {double or single for double, single in _INCLUDE.findall(html.unescape(source or ""))}


def dotted(node: nodes.Node) -> str:
    """The path that a name with attributes stands for, "" for anything else."""
    parts: list[str] = []
    while isinstance(node, nodes.Getattr):
        parts.append(node.attr)
        node = node.node
    return ".".join([node.name, *reversed(parts)]) if isinstance(node, nodes.Name) else ""
