"""Templates of requests: values and a few filters, in a sandbox without loops, assignments, functions or growth.

`{{ to }}`, `{{ text|urlencode }}`, `{% if sender %}...{% endif %}`, `{{ (username ~ ":" ~ password)|b64 }}`. Whoever writes one may
administer the account, but neither read what is not handed in nor eat the memory of the server.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import lru_cache, wraps
from typing import Any
from urllib.parse import quote

from jinja2 import StrictUndefined, Template, TemplateError, Undefined, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from .errors import CANNOT, NOT_ALLOWED, TEMPLATE, TOO_LARGE, UNREADABLE, Unfit, Unusable

LONGEST_TEMPLATE, LONGEST_VALUE, LONGEST_RESULT = 5_000, 20_000, 60_000
DEEPEST = 25
NAMES = frozenset({"to", "text", "sender", "number", "key", "parameters", "template", "kind", "username", "api_key", "password",
                   "callback", "id"})
NODES = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.CondExpr, nodes.Name, nodes.Const, nodes.Compare, nodes.Operand,
         nodes.And, nodes.Or, nodes.Not, nodes.Neg, nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Concat,
         nodes.Filter, nodes.Test, nodes.Getattr, nodes.Getitem, nodes.Slice, nodes.Call)
METHODS = {str: {"strip", "lower", "upper", "startswith", "endswith", "removeprefix", "removesuffix", "split"},
           dict: {"get", "keys", "values", "items"}}


class Quoted(str):
    """Text that is in the form of addresses already."""

    __slots__ = ()


def _fits(size: int) -> None:
    if size > LONGEST_VALUE:
        raise Unfit(TOO_LARGE)


def _bounded(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def guarded(value: Any, *more: Any) -> Any:
        made = function(value, *more)
        if isinstance(made, str):
            _fits(len(made))
        return made
    return guarded


def _join(values: Iterable[Any], between: str = "") -> str:
    parts = [str(one) for one in values]
    _fits(sum(map(len, parts)) + len(parts) * len(between))
    return between.join(parts)


def _replace(text: Any, old: str, new: str) -> str:
    _fits(len(str(text)) + str(text).count(old) * len(new))
    return str(text).replace(old, new)


def _default(value: Any, instead: Any = "") -> Any:
    return instead if isinstance(value, Undefined) or not value else value


FILTERS: Mapping[str, Callable[..., Any]] = {
    "tojson": lambda value: json.dumps(value, ensure_ascii=False), "urlencode": lambda value: Quoted(quote(str(value), safe="")),
    "b64": lambda value: base64.b64encode(str(value).encode()).decode(), "int": lambda value: int(str(value)[:30]),
    "upper": lambda value: str(value).upper(), "lower": lambda value: str(value).lower(), "trim": lambda value: str(value).strip(),
    "default": _default, "string": str, "length": len, "first": lambda values: next(iter(values)), "join": _join, "replace": _replace,
}


def _small(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and -10**20 < value < 10**20


class Sandbox(ImmutableSandboxedEnvironment):
    """See the module. `quoting`: values are put into the form of addresses."""

    intercepted_binops = frozenset({"+", "*", "/", "//", "%", "**", "-"})

    def __init__(self, quoting: bool) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True,
                         finalize=(lambda value: value if isinstance(value, Quoted) else quote(str(value), safe="")) if quoting else None)
        self.filters = {name: _bounded(function) for name, function in FILTERS.items()}
        self.globals = {}

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """A few methods of texts and dicts, none of which makes more of what is there."""
        return any(isinstance(obj, kind) and attr in names for kind, names in METHODS.items())

    def wrap_str_format(self, value: Any) -> None:
        """jinja's own way to `format`, which makes texts of any length, is not offered: it counts as any other method."""

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Texts are put together up to a size; numbers are reckoned with while they are small."""
        if operator == "+" and isinstance(left, str) and isinstance(right, str):
            _fits(len(left) + len(right))
            return left + right
        if operator == "**" or not (_small(left) and _small(right)):
            raise Unfit(TOO_LARGE)
        return super().call_binop(context, operator, left, right)


_PLAIN, _QUOTING = Sandbox(False), Sandbox(True)


def check(source: str) -> None:
    """Unusable for a template that does not keep to what templates may be."""
    _compiled(source, False)


@lru_cache(maxsize=256)
def _compiled(source: str, quoting: bool) -> Template:
    environment, reason = _QUOTING if quoting else _PLAIN, ""
    if len(source) > LONGEST_TEMPLATE:
        raise Unusable(UNREADABLE)
    try:
        tree = environment.parse(source)
        _look_through(tree)
        return environment.from_string(tree)
    except TemplateError as error:
        reason = error.message or ""
    except (SyntaxError, RecursionError, MemoryError, ValueError):
        raise Unusable(UNREADABLE) from None
    raise Unusable(TEMPLATE, reason=reason)


def _look_through(tree: nodes.Template) -> None:
    waiting: list[tuple[nodes.Node, int]] = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        if depth > DEEPEST:  # jinja takes minutes to compile what is nested hundreds of times
            raise Unusable(UNREADABLE)
        waiting += [(inner, depth + 1) for inner in node.iter_child_nodes()]
        if not isinstance(node, NODES) or (isinstance(node, nodes.Call) and not isinstance(node.node, nodes.Getattr)):
            raise Unusable(NOT_ALLOWED, what=type(node).__name__)
        if isinstance(node, nodes.Name) and node.name not in NAMES:
            raise Unusable(NOT_ALLOWED, what=node.name)


def text(source: str, values: Mapping[str, Any], quoting: bool = False) -> str:
    """A template with values put in. Raises Unusable, or Unfit for a message it does not go with."""
    made = _worked_out(lambda: _compiled(source, quoting).render(dict(values)))
    if len(made) > LONGEST_RESULT:
        raise Unfit(TOO_LARGE)
    return str(made)


def value(source: str, values: Mapping[str, Any]) -> Any:
    """The same for a value in JSON: a template that is one expression keeps its kind, so `{{ number }}` is a number."""
    whole = source.strip()
    body = _PLAIN.parse(source).body if _compiled(source, False) else []
    if len(body) != 1 or not isinstance(body[0], nodes.Output) or len(body[0].nodes) != 1 or (
            whole[:2], whole[-2:]) != ("{{", "}}"):
        return text(source, values)
    made = _worked_out(lambda: _PLAIN.compile_expression(whole[2:-2].strip("-+"), undefined_to_none=False)(**values))
    if isinstance(made, bool | int | float | Decimal | None | dict | list):
        return made
    return text(source, values)


def _worked_out(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError, StopIteration, RecursionError):
        pass
    raise Unfit(CANNOT)  # without what jinja says, which may name a secret
