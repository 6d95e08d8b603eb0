"""Mending customising that no longer fits: what may be done about a problem, and the changed layer.

- `accept`: as it stands now is right; new anchors are written down.
- `back`: into the container that it was meant for, beside those of its anchors that still stand there.
- `keep`: the customising stays although the addon changed what is beneath it; `theirs`: it goes.
- `rename`: the operation means the node that is called most alike; `drop`: it goes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from difflib import get_close_matches

from core.errors import DefinitionError
from core.i18n.messages import _
from core.layouts.changes import Anchor, Layer, LayoutChange, Operation, Problem
from core.layouts.diff import digests
from core.layouts.merge import merge
from core.layouts.nodes import LAYOUT_ID, Layout, Node

_WAYS: dict[str, tuple[str, ...]] = {
    "anchors_gone": ("accept", "drop"), "anchor_gone": ("accept",), "anchor_moved": ("accept", "back"),
    "target_gone": ("rename", "drop"), "already_there": ("accept", "theirs"), "shipped_changed": ("keep", "theirs"),
    "duplicate_id": ("drop",), "not_allowed": ("drop",)}


def ways(problem: Problem, page: Layout) -> tuple[str, ...]:
    """What may be done about a problem, the best suggestion first; `page` is the page as it is drawn now."""
    found = _WAYS.get(problem.kind, ("drop",))
    if "rename" in found and not nearest(problem, page):
        found = tuple(way for way in found if way != "rename")
    return found


def nearest(problem: Problem, page: Layout) -> str:
    """The node that is called most like the one that is gone, "" when none is."""
    names = [node.id for node in page.walk()]
    found = get_close_matches(problem.node, names, 1, 0.6)
    return found[0] if found and problem.operation is not None and problem.operation.do != "insert" else ""


def mend(base: Layout, below: Iterable[Layer], change: LayoutChange, problem: Problem, way: str, owner: str) -> LayoutChange:
    """The change with one problem mended one way."""
    below = list(below)
    page = merge(base, [*below, change.layer(owner)]).layout
    if way not in ways(problem, page):
        raise DefinitionError(_("This cannot be mended so."))
    operations = list(change.operations)
    if problem.operation is None:
        return replace(change, operations=tuple(_without(operations, problem.node)))
    at = operations.index(problem.operation)
    old = operations[at]
    if way in ("drop", "theirs"):
        made: list[Operation] = []
    elif way == "keep":
        made = [replace(old, against=digests(base, below).get(old.target))]
    elif way == "rename":
        made = [replace(old, target=nearest(problem, page), against=None)]
    elif way == "back":
        made = [replace(old, anchors=_at_home(page, old.anchors))]
    elif problem.kind == "already_there":
        made = [Operation("move", old.target, standing(page, old.target))]
        if old.node is not None and old.node.props:
            made.append(Operation("set", old.target, props=old.node.props))
    else:
        made = [replace(old, anchors=standing(page, old.target))]
    return replace(change, operations=(*operations[:at], *made, *operations[at + 1:]))


def _at_home(page: Layout, anchors: tuple[Anchor, ...]) -> tuple[Anchor, ...]:
    """The containers among anchors, and of the others those that stand in the first container."""
    homes = [anchor for anchor in anchors if anchor.place == "into"]
    home = page.find(homes[0].id) if homes else None
    there = {child.id for child in home.children} if home is not None else set()
    return tuple(anchor for anchor in anchors if anchor.place == "into" or anchor.id in there)


def standing(page: Layout, node_id: str) -> tuple[Anchor, ...]:
    """Anchors for the place at which a node stands: its neighbour, then its container."""
    for holder, children in [(LAYOUT_ID, page.nodes), *((node.id, node.children) for node in page.walk())]:
        names = [child.id for child in children]
        if node_id in names:
            at = names.index(node_id)
            beside = [Anchor("after", names[at - 1])] if at else [Anchor("before", name) for name in names[1:2]]
            return (*beside, Anchor("into", holder))
    return ()


def _without(operations: list[Operation], node_id: str) -> list[Operation]:
    """The operations without a node that they insert, and without what they set on it."""
    kept = []
    for operation in operations:
        if operation.target == node_id:
            continue
        node = operation.node
        kept.append(operation if node is None else replace(operation, node=_pruned(node, node_id)))
    return kept


def _pruned(node: Node, node_id: str) -> Node:
    return Node(node.id, node.kind, node.props, tuple(_pruned(child, node_id) for child in node.children if child.id != node_id))
