"""Taking from a merged layout what one reader may not see, and the pen from what they may not write.

This runs after the merge, so that no layer, however it was made, can put a forbidden field back. It is a matter of
neat pages and of not giving a hidden field's name away; the data itself is guarded by every query.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass, replace
from typing import Any

from core.layouts.conditions import speaks_only_of
from core.layouts.links import placeholders
from core.layouts.nodes import CALENDAR_FIELDS, CONTAINERS, Layout, Node

_SINGLE = ("group_by", "column", "sum", "title", "subtitle", "picture", "colour", "people", *CALENDAR_FIELDS)


@dataclass(frozen=True, slots=True)
class _Reader:
    readable: frozenset[str]
    writable: frozenset[str]
    related: Mapping[str, Collection[str]] | None
    actions: Collection[str] | None


def prune(layout: Layout, readable: Set[str], writable: Set[str], *,
          related: Mapping[str, Collection[str]] | None = None, actions: Collection[str] | None = None) -> Layout:
    """The layout as one reader gets it.

    `readable` and `writable` hold field names (and paths such as `account.name`, where a layout uses them). `related`
    maps the id of each related list the reader may see to the columns readable there; `actions` are the actions they
    may run. Left None, related lists and buttons are not judged. Sections, tabs and columns that end up empty go. A
    condition on a hidden field goes too, because whether it holds would tell about the field: what it would have
    locked stays locked, what it would have shown or required is shown and not required.
    """
    reader = _Reader(frozenset(readable), frozenset(writable), related, actions)
    nodes = tuple(kept for node in layout.nodes if (kept := _kept(node, reader)) is not None)
    return replace(layout, nodes=nodes, props=_layout_props(layout, reader.readable))


def _kept(node: Node, reader: _Reader) -> Node | None:
    if node.kind in CONTAINERS:
        children = tuple(kept for child in node.children if (kept := _kept(child, reader)) is not None)
        if all(child.kind == "spacer" for child in children):
            return None
        return _changed(node, _conditions(node, reader.readable), children)
    if _forbidden(node, reader):
        return None
    props = _conditions(node, reader.readable)
    if node.kind == "field" and node.id not in reader.writable:
        props = {**{name: value for name, value in props.items() if name != "required"}, "readonly": True}
    elif node.kind == "related" and reader.related is not None and "columns" in props:
        allowed = reader.related[node.id]
        props = {**props, "columns": [name for name in props["columns"] if name in allowed]}
        if "order" in props:
            props = {**props, "order": [name for name in props["order"] if name.removeprefix("-") in allowed]}
    return _changed(node, props, node.children)


def _forbidden(node: Node, reader: _Reader) -> bool:
    """Whether a reader must not learn of this node."""
    if node.kind == "field":
        return node.id not in reader.readable
    if node.kind == "related":
        return reader.related is not None and node.id not in reader.related
    if node.kind == "button":
        return reader.actions is not None and node.get("action") not in reader.actions
    if node.kind == "link":
        return not reader.readable.issuperset(placeholders(node.get("href", "")))
    if node.kind == "filter":
        return not speaks_only_of(node.get("where", True), reader.readable)
    return False


def _conditions(node: Node, readable: frozenset[str]) -> Mapping[str, Any]:
    """The properties without conditions on hidden fields."""
    props = node.props
    for name in ("visible", "required", "readonly"):
        if name in props and not speaks_only_of(props[name], readable):
            props = {key: value for key, value in props.items() if key != name}
            if name == "readonly":
                props = {**props, name: True}
    return props


def _changed(node: Node, props: Mapping[str, Any], children: tuple[Node, ...]) -> Node:
    """The node itself when nothing changed, so that unrestricted readers share one tree."""
    if props is node.props and children == node.children:
        return node
    return Node(node.id, node.kind, props, children)


def _layout_props(layout: Layout, readable: frozenset[str]) -> Mapping[str, Any]:
    """The layout's own properties without hidden fields; the title of a print page is a text, not a field."""
    if layout.kind == "print":
        return layout.props
    kept: dict[str, Any] = {}
    for name, value in layout.props.items():
        if name == "stale" and not speaks_only_of(value, readable):
            continue
        if name in ("order", "totals", "also"):
            value = [item for item in value if item.removeprefix("-") in readable]
        elif name in _SINGLE and value not in readable:
            continue
        kept[name] = value
    return kept
