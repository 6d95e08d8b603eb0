"""Which properties a node or layout may have, and which values: one table for builders, stored layers and lint.

A property that is not in the table is a misspelling and is refused with what is allowed, because a silently ignored
`widht=6` is found only months later.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from core.i18n.messages import Message, _
from core.layouts.nodes import LAYOUT_KINDS, NODE_KINDS

_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]{0,99}", re.ASCII)
_MAX_TEXT = 4000
_MAX_DEPTH = 40


@dataclass(frozen=True, slots=True)
class Prop:
    """One property: the test its value passes and the words that say what is allowed."""

    fits: Callable[[Any], bool]
    allowed: Message


def is_id(value: Any) -> bool:
    """Whether a value may be a node's id: letters, digits, `_`, `.`, `-`, at most 100, no digit first."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def is_json(value: Any, depth: int = 0) -> bool:
    """Whether a value is plain JSON (no NaN, keys are text) of sane depth."""
    if value is None or isinstance(value, (bool, int, str)):
        return True
    if isinstance(value, float):
        return value == value and value not in (float("inf"), float("-inf"))
    if depth >= _MAX_DEPTH:
        return False
    if isinstance(value, Mapping):
        return all(isinstance(key, str) and is_json(item, depth + 1) for key, item in value.items())
    return isinstance(value, (list, tuple)) and all(is_json(item, depth + 1) for item in value)


def _is_text(value: Any) -> bool:
    if isinstance(value, Mapping):
        return bool(value) and all(isinstance(k, str) and isinstance(v, str) and len(v) <= _MAX_TEXT
                                   for k, v in value.items())
    return isinstance(value, str) and len(value) <= _MAX_TEXT


def _is_condition(value: Any) -> bool:
    """A yes/no, an expression's text, or its JSON tree; the expression itself is checked where fields are known."""
    if isinstance(value, str):
        return 0 < len(value) <= _MAX_TEXT
    return isinstance(value, bool) or (isinstance(value, Mapping) and bool(value) and is_json(value))


def _is_order(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and all(isinstance(i, str) and is_id(i.removeprefix("-")) for i in value)


def _is_names(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and all(is_id(item) for item in value)


def _number(low: int, high: int) -> Prop:
    return Prop(lambda value: type(value) is int and low <= value <= high,
                _("a whole number from {low} to {high}", low=low, high=high))


def _one_of(*words: str) -> Prop:
    return Prop(lambda value: isinstance(value, str) and value in words,
                _("one of: {words}", words=", ".join(words)))


_TEXT = Prop(_is_text, _("a text, or texts by language"))
_NAME = Prop(is_id, _("a name of letters, digits, dot, dash and underscore"))
_NAMES = Prop(_is_names, _("a list of names"))
_ORDER = Prop(_is_order, _("a list of field names, with a minus sign for descending"))
_FLAG = Prop(lambda value: isinstance(value, bool), _("yes or no"))
_CONDITION = Prop(_is_condition, _("yes or no, or a condition"))
_URL = Prop(lambda value: isinstance(value, str) and 0 < len(value) <= 2000, _("an address with placeholders"))
_JSON = Prop(is_json, _("plain values"))

_COMMON = {"label": _TEXT, "help": _TEXT, "visible": _CONDITION}

#: Property table by node kind.
NODE_PROPS: Mapping[str, Mapping[str, Prop]] = MappingProxyType({
    "field": {**_COMMON, "widget": _NAME, "width": _number(1, 12), "span": _number(1, 4), "readonly": _CONDITION,
              "required": _CONDITION, "placeholder": _TEXT, "options": _JSON, "hide_label": _FLAG,
              "pixels": _number(40, 2000), "pinned": _FLAG, "text": _FLAG, "quick": _FLAG},
    "section": {**_COMMON, "columns": _number(1, 4), "collapsed": _FLAG, "aside": _FLAG, "icon": _NAME},
    "tab": {**_COMMON, "columns": _number(1, 4), "icon": _NAME},
    "columns": {"visible": _CONDITION},
    "column": {"visible": _CONDITION, "width": _number(1, 12)},
    "related": {**_COMMON, "columns": _NAMES, "order": _ORDER, "limit": _number(1, 200), "record": _NAME, "by": _NAME,
                "add": _FLAG, "aside": _FLAG, "icon": _NAME},
    "button": {**_COMMON, "action": _NAME, "icon": _NAME, "style": _one_of("primary", "plain", "danger"),
               "confirm": _TEXT},
    "link": {**_COMMON, "href": _URL, "icon": _NAME, "new_window": _FLAG},
    "block": {**_COMMON, "widget": _NAME, "options": _JSON, "aside": _FLAG, "span": _number(1, 4), "icon": _NAME},
    "spacer": {"span": _number(1, 4), "visible": _CONDITION},
    "filter": {"label": _TEXT, "help": _TEXT, "where": _CONDITION, "default": _FLAG},
})

#: Property table by layout kind.
LAYOUT_PROPS: Mapping[str, Mapping[str, Prop]] = MappingProxyType({
    "form": {},
    "quick": {},
    "print": {"title": _TEXT},
    "list": {"group_by": _NAME, "order": _ORDER, "totals": _NAMES, "limit": _number(1, 500),
             "density": _one_of("dense", "comfortable")},
    "card": {"title": _NAME, "subtitle": _NAME, "picture": _NAME},
    "search": {},
    "kanban": {"column": _NAME, "sum": _NAME, "limit": _number(1, 500), "order": _ORDER, "title": _NAME,
               "colour": _NAME, "also": _NAMES, "stale": _CONDITION, "figures": _NAMES, "bar": _NAME},
    "calendar": {"start": _NAME, "end": _NAME, "day": _NAME, "last_day": _NAME, "all_day": _NAME, "colour": _NAME,
                 "people": _NAME, "title": _NAME},
})

#: What a node cannot be without, by kind.
NEEDED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"link": ("href",), "block": ("widget",), "button": ("action",), "filter": ("where",)})

#: Properties that hold conditions.
CONDITIONS: frozenset[str] = frozenset(("visible", "readonly", "required", "where"))


def prop_faults(table: Mapping[str, Prop], props: Mapping[str, Any], *, removing: bool = False) -> Iterator[Message]:
    """What is wrong with properties, one message each; with `removing`, None (take the property away) is allowed."""
    for name, value in props.items():
        prop = table.get(name) if isinstance(name, str) else None
        if prop is None:
            yield _("there is no property '{name}' here; allowed: {allowed}", name=str(name),
                    allowed=", ".join(sorted(table)) or "-")
        elif not (removing and value is None) and not prop.fits(value):
            yield _("'{name}' must be {allowed}", name=name, allowed=prop.allowed.english())


def node_faults(node_id: Any, kind: Any, props: Mapping[str, Any]) -> Iterator[Message]:
    """What is wrong with one node (children apart)."""
    if not is_id(node_id):
        yield _("'{id}' cannot be an id: use letters, digits, dot, dash and underscore", id=str(node_id)[:100])
    if not isinstance(kind, str) or kind not in NODE_KINDS:
        yield _("'{kind}' is no kind of node; allowed: {allowed}", kind=str(kind)[:100], allowed=", ".join(NODE_KINDS))
        return
    yield from prop_faults(NODE_PROPS[kind], props)
    for name in NEEDED.get(kind, ()):
        if props.get(name) is None:
            yield _("a {kind} needs '{name}'", kind=kind, name=name)


def all_node_props() -> Mapping[str, Prop]:
    """Every property of any node: what an operation may set on a node whose kind is not known yet."""
    merged: dict[str, Prop] = {}
    for table in NODE_PROPS.values():
        for name, prop in table.items():
            merged[name] = prop if merged.setdefault(name, prop) is prop else _either(merged[name], prop)
    return merged


def _either(one: Prop, other: Prop) -> Prop:
    return Prop(lambda value: one.fits(value) or other.fits(value),
                _("{one}, or {other}", one=one.allowed.english(), other=other.allowed.english()))


def layout_faults(kind: Any, props: Mapping[str, Any], *, removing: bool = False) -> Iterator[Message]:
    """What is wrong with a layout's own kind and properties."""
    if not isinstance(kind, str) or kind not in LAYOUT_KINDS:
        yield _("'{kind}' is no kind of layout; allowed: {allowed}", kind=str(kind)[:100],
                allowed=", ".join(LAYOUT_KINDS))
        return
    yield from prop_faults(LAYOUT_PROPS[kind], props, removing=removing)
