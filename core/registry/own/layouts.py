"""Where own fields stand when nobody has placed them, and the board and calendar of own record types."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from core.i18n.messages import _
from core.layouts import Layout, Node, default_layout
from core.layouts.changes import Anchor, Layer, Operation
from core.layouts.nodes import LAYOUT_ID
from core.records.field import Field
from core.registry.own.names import OWN

if TYPE_CHECKING:
    from core.registry.compose import RecordType
    from core.registry.registry import Registry

SECTION = "x_fields"
_PAGES = ("form", "print")


def made(registry: Registry) -> dict[tuple[str, str], Layout]:
    """Boards and calendars of own record types, by (record type, kind)."""
    found: dict[tuple[str, str], Layout] = {}
    for name, one in registry.own.types.items():
        rtype = registry.records[name]
        if one.status:
            found[name, "kanban"] = _with(rtype, "kanban", column=one.status)
        if one.start:
            shown = {"start": one.start} | ({"end": one.end} if one.end else {}) | ({"people": "owner"} if rtype.owned else {}) | (
                {"colour": one.status} if one.status else {})
            found[name, "calendar"] = _with(rtype, "calendar", **shown)
    return found


def _with(rtype: RecordType, kind: str, **props: Any) -> Layout:
    base = default_layout(rtype.name, kind, rtype.described, label=rtype.label, title=rtype.title, order=rtype.order)
    nodes = tuple(node for node in base.nodes if node.id != props.get("column"))
    return Layout(rtype.name, kind, nodes, {**base.props, **props}, base.aliases)


def further(rtype: RecordType, kind: str, above: Iterable[Layer]) -> list[Layer]:
    """A layer that puts own fields, which no shipped layout can know, at the end of the page; later layers move them.

    A field that one of the layers `above` (the installation's, a profile's) inserts itself is left to it.
    """
    fields = [f for f in rtype.fields.values() if f.addon == OWN and f.name.startswith("x_")]
    if kind == "quick":
        fields = [f for f in fields if f.required and f.stored and f.default is None]
    elif kind not in _PAGES:
        return []
    placed = {node.id for layer in above for each in layer.changes if each.node is not None for node in each.node.walk()}
    free = [f for f in fields if f.name not in placed]
    if kind == "quick":
        operations = [Operation("insert", f.name, node=Node(f.name, "field")) for f in free]
    else:
        inner = tuple(Node(f.name, "field") for f in free if f.type_name != "children")
        section = Node(SECTION, "section", {"label": _("Further fields"), "columns": 2}, inner)
        operations = [Operation("insert", SECTION, node=section)] if inner else []
        operations += [_related(f) for f in free if f.type_name == "children" and kind == "form"]
    return [Layer(OWN, tuple(operations))] if operations else []


def _related(field: Field) -> Operation:
    return Operation("insert", field.name, (Anchor("into", LAYOUT_ID),), node=Node(field.name, "related", {"label": field.label}))
