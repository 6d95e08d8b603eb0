"""What an editor is given of a page and what it sends back: the tree with all that may be told apart, and the edited tree.

A node carries `base`, its properties under this layer, and `set`, what this layer says otherwise; so what the editor does
not touch is never copied, and a text that an addon translates stays the addon's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from core.errors import DefinitionError
from core.i18n.messages import _
from core.layouts.changes import Layer
from core.layouts.merge import _Item, laid
from core.layouts.nodes import LAYOUT_ID, Layout, Node
from core.layouts.props import layout_faults, node_faults

_DEEPEST = 8
_MOST = 1000


@dataclass(frozen=True, slots=True)
class Editable:
    """A node of the page as an editor sees it; `own` ones were put there by this layer."""

    id: str
    kind: str
    base: Mapping[str, Any]
    set: Mapping[str, Any]
    own: bool
    children: tuple[Editable, ...] = ()


@dataclass(frozen=True, slots=True)
class EditableTree:
    """A page to edit: what is on it, what was taken off it, and the properties of the page itself."""

    nodes: tuple[Editable, ...]
    away: tuple[Editable, ...]
    page: Editable


def editable(base: Layout, below: Iterable[Layer], own: Layer) -> EditableTree:
    """A page as the layer `own` leaves it, over the layers `below`."""
    below = list(below)
    under = {item.id: item for item in laid(base, below).root.walk()}
    root = laid(base, [*below, own]).root

    def show(item: _Item) -> Editable:
        before = under.get(item.id)
        old = before.props if before is not None else {}
        changed = {name: value for name, value in item.props.items() if old.get(name) != value}
        changed |= {name: None for name in old if name not in item.props}
        return Editable(item.id, item.kind, old, changed, before is None, tuple(show(c) for c in item.children if not c.hidden))

    away = tuple(show(item) for item in root.walk() if item.hidden and (item.parent is None or item.parent.seen()))
    page = show(root)
    return EditableTree(page.children, away, page)


def edited(base: Layout, below: Iterable[Layer], data: Any) -> Layout:
    """The layout that an editor sent: `{"set": {...}, "nodes": [{"id", "kind", "set", "children"}]}`. DefinitionError names
    what is wrong."""
    under = {item.id: item for item in laid(base, below).root.walk()}
    sent = _object(data)
    props = _props(under[LAYOUT_ID].props, sent.get("set", {}))
    for fault in layout_faults(base.kind, props):
        raise DefinitionError(_("The page: {fault}", fault=fault))
    seen: set[str] = set()
    nodes = tuple(_node(item, under, seen, 0) for item in _list(sent.get("nodes")))
    return Layout(base.record, base.kind, nodes, props, base.aliases)


def _node(data: Any, under: Mapping[str, _Item], seen: set[str], depth: int) -> Node:
    item = _object(data)
    node_id, kind = item.get("id"), item.get("kind")
    known = under.get(node_id) if isinstance(node_id, str) else None
    if depth >= _DEEPEST or len(seen) >= _MOST:
        raise DefinitionError(_("This page is too large or too deep."))
    if isinstance(node_id, str) and (node_id in seen or node_id == LAYOUT_ID):
        raise DefinitionError(_("'{node}' is on the page twice.", node=node_id))
    props = _props(known.props if known is not None else {}, item.get("set", {}))
    for fault in node_faults(node_id, kind, props):
        raise DefinitionError(_("'{node}': {fault}", node=str(node_id)[:100], fault=fault))
    seen.add(str(node_id))
    children = tuple(_node(child, under, seen, depth + 1) for child in _list(item.get("children", [])))
    return Node(str(node_id), str(kind), props, children)


def _props(below: Mapping[str, Any], changes: Any) -> dict[str, Any]:
    return {name: value for name, value in {**below, **_object(changes)}.items() if value is not None}


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise DefinitionError(_("This is no page: {what} is missing.", what="{}"))
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise DefinitionError(_("This is no page: {what} is missing.", what="[]"))
    return value
