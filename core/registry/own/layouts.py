"""Where own fields stand when nobody has placed them, and the board and calendar of own record types."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from core.i18n.messages import _
from core.layouts import Layout, Node, default_layout
from core.layouts.changes import Anchor, Layer, Operation
from core.layouts.default import FieldDescription
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
        fields = [FieldDescription(f.name, f.type_name, f.label, f.required) for f in rtype.fields.values()
                  if not f.system and f.type_name != "data"]
        if one.status:
            found[name, "kanban"] = _with(rtype, "kanban", fields, column=one.status)
        if one.start:
            shown = {"start": one.start} | ({"end": one.end} if one.end else {}) | ({"people": "owner"} if rtype.owned else {}) | (
                {"colour": one.status} if one.status else {})
            found[name, "calendar"] = _with(rtype, "calendar", fields, **shown)
    return found


def _with(rtype: RecordType, kind: str, fields: Iterable[FieldDescription], **props: Any) -> Layout:
    base = default_layout(rtype.name, kind, fields, label=rtype.label, title=rtype.title, order=rtype.order)
    nodes = tuple(node for node in base.nodes if node.id != props.get("column"))
    return Layout(rtype.name, kind, nodes, {**base.props, **props}, base.aliases)


def further(registry: Registry, rtype: RecordType, kind: str, owners: Iterable[str] = ()) -> Layer | None:
    """A layer that puts own fields, which no shipped layout can know, at the end of the page; later layers move them.

    A field that one of `owners` (the installation, a profile) inserts itself is left to them.
    """
    fields = [f for f in rtype.fields.values() if f.addon == OWN and f.name.startswith("x_")]
    if kind == "quick":
        fields = [f for f in fields if f.required and f.stored and f.default is None]
    elif kind not in _PAGES:
        return None
    placed = _inserted(registry, rtype.name, kind, owners)
    free = [f for f in fields if f.name not in placed]
    if not free:
        return None
    if kind == "quick":
        return Layer(OWN, tuple(Operation("insert", f.name, node=Node(f.name, "field")) for f in free))
    inner = tuple(Node(f.name, "field") for f in free if f.type_name != "children")
    section = Node(SECTION, "section", {"label": _("Further fields"), "columns": 2}, inner)
    operations = [Operation("insert", SECTION, node=section)] if inner else []
    operations += [_related(f) for f in free if f.type_name == "children" and kind == "form"]
    return Layer(OWN, tuple(operations))


def _related(field: Field) -> Operation:
    return Operation("insert", field.name, (Anchor("into", LAYOUT_ID),), node=Node(field.name, "related", {"label": field.label}))


def _inserted(registry: Registry, record: str, kind: str, owners: Iterable[str]) -> set[str]:
    """Names that the stored layers insert themselves."""
    stored = registry.customising.of("layout")
    found: set[str] = set()
    for owner in owners:
        data = stored.get(f"{record}|{kind}|{owner}")
        changes = data.get("changes") if isinstance(data, dict) else None
        for one in changes if isinstance(changes, list) else ():
            if isinstance(one, dict) and one.get("do") == "insert":
                found |= set(_ids(one.get("node")))
    return found


def _ids(node: Any) -> Iterable[str]:
    if isinstance(node, dict):
        yield str(node.get("id"))
        for child in node.get("children") or ():
            yield from _ids(child)
