"""The words of a page layout: a layout is a frozen tree of nodes with stable ids.

Everything that decides where something stands on a form, list, card, board, quick-create sheet or print page is one
of these trees. The trees carry no database, no user and no HTML; later layers never edit them but list operations
on ids (:mod:`core.layouts.changes`), which is what lets customising survive an upgrade.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from core.i18n.messages import Message

#: What a layout can be drawn as. `card` is the business card (hover, phone row), `quick` the quick-create sheet.
LAYOUT_KINDS: tuple[str, ...] = ("form", "list", "card", "search", "kanban", "calendar", "quick", "print")
#: What a node can be; `filter` is a ready-made filter of a search layout.
NODE_KINDS: tuple[str, ...] = ("section", "tab", "columns", "column", "field", "related", "button", "link", "block",
                               "spacer", "filter")
#: Nodes that hold others.
CONTAINERS: frozenset[str] = frozenset(("section", "tab", "columns", "column"))
#: Properties of a calendar that name the fields an entry's place is read from.
CALENDAR_FIELDS: tuple[str, ...] = ("start", "end", "day", "last_day", "all_day")
#: The id by which an operation means the layout itself (its order, grouping, totals ...).
LAYOUT_ID = "@layout"

_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Node:
    """One thing on a page. A field node's `id` is the field's name; `props` is read-only and holds JSON values only."""

    id: str
    kind: str
    props: Mapping[str, Any] = field(default_factory=dict)
    children: tuple[Node, ...] = ()

    def __post_init__(self) -> None:
        if type(self.props) is not MappingProxyType:
            object.__setattr__(self, "props", MappingProxyType(dict(self.props)) if self.props else _NOTHING)

    def get(self, prop: str, default: Any = None) -> Any:
        """The value of a property, or `default`."""
        return self.props.get(prop, default)

    def walk(self) -> Iterator[Node]:
        """This node and everything below it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole page of one record type. `aliases` maps ids of earlier releases to today's."""

    record: str
    kind: str
    nodes: tuple[Node, ...] = ()
    props: Mapping[str, Any] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("props", "aliases"):
            value = getattr(self, name)
            if type(value) is not MappingProxyType:
                object.__setattr__(self, name, MappingProxyType(dict(value)) if value else _NOTHING)

    def get(self, prop: str, default: Any = None) -> Any:
        """The value of a property of the layout itself, or `default`."""
        return self.props.get(prop, default)

    def walk(self) -> Iterator[Node]:
        """Every node, in reading order."""
        for node in self.nodes:
            yield from node.walk()

    def find(self, node_id: str) -> Node | None:
        """The node with this id, or None."""
        return next((node for node in self.walk() if node.id == node_id), None)

    def of_kind(self, kind: str) -> tuple[Node, ...]:
        """All nodes of one kind, in reading order."""
        return tuple(node for node in self.walk() if node.kind == kind)

    def field_names(self) -> tuple[str, ...]:
        """Names of the fields shown, in reading order: what a page has to read, and not one more."""
        return tuple(node.id for node in self.walk() if node.kind == "field")

    def text_fields(self) -> tuple[str, ...]:
        """Fields that the search box of a search layout looks in."""
        return tuple(node.id for node in self.walk() if node.kind == "field" and node.get("text"))

    def quick_fields(self) -> tuple[str, ...]:
        """Fields that a search layout offers as filters of one click."""
        return tuple(node.id for node in self.walk() if node.kind == "field" and node.get("quick"))

    def with_nodes(self, nodes: tuple[Node, ...]) -> Layout:
        """The same layout with other nodes."""
        return replace(self, nodes=nodes)


def canonical(value: Any) -> str:
    """JSON text that is the same for equal values: what digests are made of."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    return str(value)


def _short_hash(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def digest(node: Node) -> str:
    """16 hex digits of what a node itself says.

    Children are left out on purpose: a section that gains a shipped field is not a changed section, because the new
    field simply appears in it.
    """
    return digest_of(node.id, node.kind, node.props)


def digest_of(node_id: str, kind: str, props: Mapping[str, Any]) -> str:
    """:func:`digest` for a node that has not been built."""
    return _short_hash(canonical([node_id, kind, dict(props)]))


def layout_digest(layout: Layout) -> str:
    """16 hex digits of a whole layout: part of the key under which pages and form classes are cached."""
    def tree(node: Node) -> list[Any]:
        return [node.id, node.kind, dict(node.props), [tree(child) for child in node.children]]

    return _short_hash(canonical([layout.record, layout.kind, dict(layout.props), [tree(n) for n in layout.nodes]]))


def text_in(value: Any, lang: str, translate: Callable[[str], str]) -> str:
    """A label or help text in one language.

    `value` is an addon's message (translated by `translate`), an admin's text per language (`{"fa": ..., "en": ...}`;
    English or else the first stands in for a missing one) or an admin's text in one language, shown as it is.
    """
    if isinstance(value, Mapping):
        return str(value.get(lang) or value.get("en") or next(iter(value.values()), ""))
    if isinstance(value, Message):
        return translate(value)
    return str(value or "")
