"""What a later layer may do to a layout: operations on ids, never a copy of the whole.

A layer that stored a whole copy would hide every field shipped afterwards and would have to be edited by hand at each
upgrade. A list of small operations, each with an ordered list of places to stand, goes on working while the layout
beneath it changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, NamedTuple

from core.errors import DefinitionError
from core.i18n.messages import Message, _
from core.layouts.conditions import stored_props
from core.layouts.nodes import LAYOUT_ID, LAYOUT_KINDS, Layout, Node, digest
from core.layouts.props import all_node_props, is_id, layout_faults, node_faults, prop_faults

#: What an operation can do.
OPERATIONS: tuple[str, ...] = ("insert", "move", "set", "hide", "show", "replace_widget")
#: Where a node can stand relative to an anchor; `into` is the end of a container.
PLACES: tuple[str, ...] = ("after", "before", "into")
#: Whose layers there are, in the order in which they are laid over each other.
LEVELS: tuple[str, ...] = ("addon", "installation", "kind", "profile", "user")


class Anchor(NamedTuple):
    """A place to stand: `place` is one of :data:`PLACES`, `id` the node it is relative to."""

    place: str
    id: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One change. `against` is the digest of the shipped node it was made against, when that was recorded."""

    do: str
    target: str
    anchors: tuple[Anchor, ...] = ()
    props: Mapping[str, Any] = field(default_factory=dict)
    node: Node | None = None
    against: str | None = None

    def __post_init__(self) -> None:
        if type(self.props) is not MappingProxyType:
            object.__setattr__(self, "props", MappingProxyType(dict(self.props)))


@dataclass(frozen=True, slots=True)
class Layer:
    """The operations of one owner: an addon's name, `installation`, `kind:<field>=<value>` (records of one kind),
    `profile:<key>` or `user:<key>`."""

    owner: str
    changes: tuple[Operation, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)

    @property
    def level(self) -> str:
        """Which of :data:`LEVELS` the owner belongs to."""
        head = self.owner.partition(":")[0]
        return head if head in LEVELS else "addon"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something an admin should look at; the page is drawn all the same.

    `kind` is one of: anchors_gone, anchor_gone, anchor_moved, target_gone, already_there, shipped_changed, not_allowed,
    duplicate_id, unknown_field, unknown_action, unknown_widget, unlabelled, wrong_property, wrong_condition,
    wrong_link, wrong_place, loop. `node` is the id of the node concerned.
    """

    owner: str
    operation: Operation | None
    message: Message
    kind: str = ""
    node: str = ""


@dataclass(frozen=True, slots=True)
class LayoutChange:
    """The changes of one owner to one layout; every method returns a new change, so calls are chained."""

    record: str
    kind: str
    operations: tuple[Operation, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)

    def insert(self, node: str | Node, *, after: str | Sequence[str] = (), before: str | Sequence[str] = (),
               into: str | Sequence[str] = ()) -> LayoutChange:
        """Add a node (or the field of that name) at the first place that exists: `after`, then `before`, then `into`.

        With no place left it stands at the end of the last section, and the admin is told.
        """
        made = Node(node, "field") if isinstance(node, str) else node
        _refuse(self, (fault for each in made.walk() for fault in node_faults(each.id, each.kind, each.props)))
        return self._with(Operation("insert", made.id, _anchors(after, before, into), node=made))

    def move(self, node_id: str, *, after: str | Sequence[str] = (), before: str | Sequence[str] = (),
             into: str | Sequence[str] = ()) -> LayoutChange:
        """Put an existing node elsewhere; with no place left it stays where it is, and the admin is told."""
        return self._with(Operation("move", node_id, _anchors(after, before, into)))

    def set(self, node_id: str, **props: Any) -> LayoutChange:
        """Change properties of a node; None takes a property away."""
        kept = stored_props(props)
        _refuse(self, prop_faults(all_node_props(), kept, removing=True))
        return self._with(Operation("set", node_id, props=kept))

    def set_layout(self, **props: Any) -> LayoutChange:
        """Change properties of the layout itself, such as the default order of a list; None takes one away."""
        _refuse(self, layout_faults(self.kind, props, removing=True))
        return self._with(Operation("set", LAYOUT_ID, props=props))

    def hide(self, *node_ids: str) -> LayoutChange:
        """Take nodes, with everything in them, off the page. They still serve as anchors."""
        return self._with(*(Operation("hide", node_id) for node_id in node_ids))

    def show(self, *node_ids: str) -> LayoutChange:
        """Bring back what a lower layer hid."""
        return self._with(*(Operation("show", node_id) for node_id in node_ids))

    def replace_widget(self, node_id: str, widget: str, *, options: Any = None) -> LayoutChange:
        """Draw a field or block with another widget; options of the former widget do not stay."""
        props = {"widget": widget, "options": options}
        _refuse(self, prop_faults(all_node_props(), props, removing=True))
        return self._with(Operation("replace_widget", node_id, props=props))

    def renamed(self, **aliases: str) -> LayoutChange:
        """Say that ids this owner inserted in earlier releases have new names: `renamed(old="new")`."""
        return replace(self, aliases=MappingProxyType({**self.aliases, **aliases}))

    def pinned(self, shipped: Layout) -> LayoutChange:
        """The same change with the digest of each shipped node written down, so that a later change of it is told."""
        return replace(self, operations=pin(self.operations, shipped))

    def layer(self, owner: str) -> Layer:
        """This change as a layer for :func:`core.layouts.merge.merge`."""
        return Layer(owner, self.operations, self.aliases)

    def _with(self, *operations: Operation) -> LayoutChange:
        _refuse(self, (_("'{id}' cannot be an id: use letters, digits, dot, dash and underscore", id=operation.target)
                       for operation in operations if operation.target != LAYOUT_ID and not is_id(operation.target)))
        return replace(self, operations=self.operations + operations)


def on(record: str, kind: str) -> LayoutChange:
    """Start changing a layout that another addon ships: `on("deals.deal", "form").insert("sms", after="name")`.

    `on("trait:noted", "list")` changes the layouts of all record types of other addons that have this trait,
    `on("trait:noted+owned", "list")` of those that have both.
    """
    if kind not in LAYOUT_KINDS:
        raise DefinitionError(_("'{kind}' is no kind of layout; allowed: {allowed}", kind=kind,
                                allowed=", ".join(LAYOUT_KINDS)))
    return LayoutChange(record, kind)


def pin(operations: Iterable[Operation], shipped: Layout) -> tuple[Operation, ...]:
    """Operations with the digests of the shipped nodes they touch; nodes that are not shipped get none."""
    digests = {node.id: digest(node) for node in shipped.walk()}
    return tuple(operation if operation.do == "insert" else replace(operation, against=digests.get(operation.target))
                 for operation in operations)


def _anchors(after: str | Sequence[str], before: str | Sequence[str], into: str | Sequence[str]) -> tuple[Anchor, ...]:
    given = (("after", after), ("before", before), ("into", into))
    return tuple(Anchor(place, anchor) for place, ids in given
                 for anchor in ((ids,) if isinstance(ids, str) else ids))


def _refuse(change: LayoutChange, faults: Iterable[Message]) -> None:
    for fault in faults:
        raise DefinitionError(_("The {kind} layout of {record} cannot be changed so: {fault}", kind=change.kind,
                                record=change.record, fault=fault.english()))
