"""From an edited page back to a patch: the few operations that make one layout of another.

The editor in the browser sends a whole tree. Stored whole it would hide every field shipped afterwards, so it is compared
with the layout beneath it and kept as operations:

      show what was hidden  ->  insert and move, from the outside inwards  ->  set properties  ->  hide the rest

Each operation is laid on a working tree at once (the same code that draws pages), so the next one is made against what
will really be there. Of siblings that only changed their order the largest set that keeps it stays, and the others move.
Every place has several anchors: the neighbour exactly, then shipped neighbours and the container for the day on which the
first is gone. What was stored before keeps its anchors and its digests where it still says the same.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from core.errors import DefinitionError
from core.i18n.messages import _
from core.layouts.changes import Anchor, Layer, Operation
from core.layouts.merge import _Item, _Merge, laid, merge
from core.layouts.nodes import LAYOUT_ID, Layout, Node, digest_of, layout_digest

_PLACED = ("insert", "move")
_MOST_ANCHORS = 4


def diff(base: Layout, edited: Layout, *, below: Iterable[Layer] = (), previous: Sequence[Operation] = (),
         owner: str = "installation") -> tuple[Operation, ...]:
    """The operations of `owner` that make `edited` of `base` with the layers `below` it.

    `merge(base, [*below, Layer(owner, diff(base, edited, below=below))])` is `edited`. `previous` is what this owner has
    stored: its anchors and digests stay where they still fit, and so do its operations on nodes that are not there for the
    moment. DefinitionError for a tree that no operations can make (a tab within a section).
    """
    below = list(below)
    run = _Diff(base, below, owner)
    run.compare(edited)
    made = _kept(base, below, owner, edited, run.pinned(previous), previous)
    if not _makes(base, below, owner, made, edited):
        raise DefinitionError(_("Something stands where it cannot stand: tabs belong on the page itself, sections on the page, in a "
                                "tab or in a column."))
    return tuple(made) + run.asleep(previous)


class _Diff:
    """One comparison: the working tree, which is changed step by step, and the operations found so far."""

    def __init__(self, base: Layout, below: list[Layer], owner: str) -> None:
        self.owner = owner
        self.tree: _Merge = laid(base, below)
        self.known = set(self.tree.index)
        self.digests = digests(base, below)
        self.found: list[Operation] = []

    def compare(self, edited: Layout) -> None:
        """Find the operations, in the order in which they are laid."""
        wanted = {node.id: node for node in edited.walk()}
        for node in wanted.values():
            item = self.tree.index.get(node.id)
            if item is not None and item.kind != node.kind:
                raise DefinitionError(_("'{node}' is on the page already; give the new one another name.", node=node.id))
            if item is not None and item.hidden:
                self._do(Operation("show", node.id))
        self._place(LAYOUT_ID, edited.nodes)
        for node in wanted.values():
            self._set(self.tree.index[node.id], node.props)
        self._set(self.tree.root, edited.props)
        for item in list(self.tree.root.walk()):
            top = item.parent is not None and (item.parent is self.tree.root or item.parent.id in wanted)
            if top and not item.hidden and item.id not in wanted:
                self._do(Operation("hide", item.id))

    def _do(self, operation: Operation) -> None:
        self.found.append(operation)
        self.tree.lay(Layer(self.owner, (operation,)))

    # --- places -------------------------------------------------------------------------------------------------

    def _place(self, parent: str, children: Sequence[Node]) -> None:
        stays = self._staying(parent, children)
        for number, node in enumerate(children):
            if node.id not in self.tree.index:
                whole = all(each.id not in self.tree.index for each in node.walk())
                self._do(Operation("insert", node.id, self._anchors(parent, children, number, stays),
                                   node=node if whole else Node(node.id, node.kind, node.props)))
            elif node.id not in stays:
                self._do(Operation("move", node.id, self._anchors(parent, children, number, stays)))
            self._place(node.id, node.children)

    def _staying(self, parent: str, children: Sequence[Node]) -> set[str]:
        """Children that are there and need not move: as many as possible."""
        place = {item.id: number for number, item in enumerate(self.tree.index[parent].children)}
        here = [node.id for node in children if node.id in place]
        return {here[number] for number in _rising([place[name] for name in here])}

    def _anchors(self, parent: str, children: Sequence[Node], number: int, stays: set[str]) -> tuple[Anchor, ...]:
        """The place exactly, then places that are as good when that one is gone."""
        earlier = [node.id for node in reversed(children[:number])]
        later = [node.id for node in children[number + 1:] if node.id in stays]
        found = [Anchor("after", name) for name in earlier[:1]] or [Anchor("before", name) for name in later[:1]]
        found += [Anchor("after", name) for name in earlier if name in self.known][:1]
        found += [Anchor("before", name) for name in later if name in self.known][:1]
        return (*dict.fromkeys(found[:_MOST_ANCHORS - 1]), Anchor("into", parent))

    # --- properties ---------------------------------------------------------------------------------------------

    def _set(self, item: _Item, props: Mapping[str, Any]) -> None:
        changed = {name: value for name, value in props.items() if item.props.get(name) != value}
        changed |= {name: None for name in item.props if props.get(name) is None}
        if changed:
            self._do(Operation("set", item.id, props=changed))

    # --- what was stored before ---------------------------------------------------------------------------------

    def pinned(self, previous: Sequence[Operation]) -> list[Operation]:
        """The operations with digests: those stored before where the operation is the same, else today's."""
        old = {_what(operation): operation for operation in previous}
        made = []
        for operation in self.found:
            before = old.get(_what(operation))
            against = self.digests.get(operation.target)
            if operation.do == "insert" or operation.target == LAYOUT_ID:
                against = None
            made.append(replace(operation, against=before.against if before is not None else against))
        return made

    def asleep(self, previous: Sequence[Operation]) -> tuple[Operation, ...]:
        """Stored operations on nodes that are not on the page at present: an addon that is away may come back."""
        own = {node.id for each in previous if each.node is not None for node in each.node.walk()}
        return tuple(each for each in previous if each.do != "insert" and each.target not in own
                     and self.tree._find(each.target) is None)


def digests(base: Layout, below: Iterable[Layer]) -> dict[str, str]:
    """The digests of the nodes that a layer is made against: as addons ship them, else as the layers below leave them."""
    below = list(below)
    trees = (laid(base, below), laid(base, [each for each in below if each.level == "addon"]))
    return {item.id: digest_of(item.id, item.kind, item.props) for tree in trees for item in tree.root.walk()}


def _kept(base: Layout, below: list[Layer], owner: str, edited: Layout, made: list[Operation],
          previous: Sequence[Operation]) -> list[Operation]:
    """The operations with the anchors they were stored with, where the page stays the same with these."""
    old = {(each.do, each.target): each.anchors for each in previous if each.do in _PLACED and each.anchors}
    wanted = [replace(each, anchors=old.get((each.do, each.target), each.anchors)) for each in made]
    if wanted == made or _makes(base, below, owner, wanted, edited):
        return wanted
    for number, operation in enumerate(wanted):
        tried = [*made[:number], operation, *made[number + 1:]]
        if operation != made[number] and _makes(base, below, owner, tried, edited):
            made = tried
    return made


def _makes(base: Layout, below: list[Layer], owner: str, operations: Sequence[Operation], edited: Layout) -> bool:
    return layout_digest(merge(base, [*below, Layer(owner, tuple(operations))]).layout) == layout_digest(edited)


def _what(operation: Operation) -> tuple[str, str, str]:
    return operation.do, operation.target, repr(sorted(operation.props.items()))


def _rising(places: Sequence[int]) -> list[int]:
    """Positions of a longest rising run in `places` (patience sorting)."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for number, place in enumerate(places):
        at = bisect_left(tails, place)
        before.append(ends[at - 1] if at else -1)
        tails[at:at + 1] = [place]
        ends[at:at + 1] = [number]
    found: list[int] = []
    number = ends[-1] if ends else -1
    while number >= 0:
        found.append(number)
        number = before[number]
    return found[::-1]
