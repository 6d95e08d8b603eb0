"""Looking over layouts before anybody opens a page: what names something that is not there, or says too little.

`run.py check`, the health page and the registry's compilation call :func:`lint`; nothing here raises.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from core.errors import ExpressionError
from core.i18n.messages import Message, _
from core.layouts.changes import Layer, Problem
from core.layouts.conditions import paths
from core.layouts.default import FieldDescription
from core.layouts.links import placeholders, template_fault
from core.layouts.merge import merge
from core.layouts.nodes import CALENDAR_FIELDS, LAYOUT_ID, Layout, Node
from core.layouts.props import CONDITIONS, layout_faults, node_faults

_FLAT = {"list": ("field",), "card": ("field",), "kanban": ("field",), "calendar": ("field",), "search": ("field", "filter")}
_LINKS = frozenset(("link", "anylink"))
_FOLLOWED = frozenset(("link", "anylink", "children", "many", "tags"))
_FIELD_PROPS = ("group_by", "column", "sum", "subtitle", "picture", "colour", *CALENDAR_FIELDS, "people")

_CALENDAR_TYPES = {"start": ("datetime", "date"), "end": ("datetime", "date"), "day": ("date",), "last_day": ("date",),
                   "all_day": ("flag",), "people": ("link", "many")}


@dataclass(frozen=True, slots=True)
class _Known:
    fields: Mapping[str, FieldDescription]
    actions: Collection[str] | None
    widgets: Collection[str] | None

    def has(self, path: str) -> bool:
        """Whether a path starts with a field of the record, and goes on only through a link."""
        head, dot, _rest = path.partition(".")
        field = self.fields.get(head)
        return field is not None and (not dot or field.type in _FOLLOWED)


def lint(layout: Layout, fields: Mapping[str, FieldDescription], *, layers: Iterable[Layer] = (),
         actions: Collection[str] | None = None, widgets: Collection[str] | None = None,
         owner: str = "") -> list[Problem]:
    """Everything questionable about a shipped layout and the layers over it.

    `fields` must hold every field of the record, created_at and its kin included; `actions` and `widgets` are the
    known names (None: not judged). `owner` is named in problems of the layout itself.
    """
    layers = list(layers)
    known = _Known(fields, actions, widgets)
    found = [Problem(owner or layout.record, None, message, kind, node) for kind, node, message in
             _duplicates(layout)]
    merged = merge(layout, layers)
    found += [problem for problem in merged.problems if problem.kind != "duplicate_id" or problem.operation is not None]
    found += _gone_anchors(layout, layers)
    for node in merged.layout.walk():
        owners = merged.touched.get(node.id, (owner or layout.record,))
        found += [Problem(owners[-1], None, message, kind, node.id)
                  for kind, message in _node_problems(node, merged.layout, known)]
    found += [Problem(owner or layout.record, None, message, kind, LAYOUT_ID)
              for kind, message in _layout_problems(merged.layout, known)]
    return found


def _duplicates(layout: Layout) -> Iterator[tuple[str, str, Message]]:
    seen: set[str] = set()
    for node in layout.walk():
        if node.id in seen:
            yield "duplicate_id", node.id, _("'{node}' is on the page twice.", node=node.id)
        seen.add(node.id)
    for old, new in layout.aliases.items():
        if old in seen:
            yield "duplicate_id", old, _("'{old}' is both a node and an alias of '{new}'.", old=old, new=new)


def _gone_anchors(layout: Layout, layers: Iterable[Layer]) -> Iterator[Problem]:
    """Anchors that name nothing, of operations that another anchor still saves."""
    layers = list(layers)
    ids = {LAYOUT_ID, *layout.aliases, *(node.id for node in layout.walk())}
    for layer in layers:
        ids.update(layer.aliases)
        ids.update(node.id for each in layer.changes if each.node is not None for node in each.node.walk())
    for layer in layers:
        for operation in layer.changes:
            gone = [anchor.id for anchor in operation.anchors if anchor.id not in ids]
            if gone and len(gone) < len(operation.anchors):
                yield Problem(layer.owner, operation,
                              _("'{node}' names {anchors}, which is not on the page.", node=operation.target,
                                anchors=", ".join(f"'{name}'" for name in gone)), "anchor_gone", operation.target)


def _node_problems(node: Node, layout: Layout, known: _Known) -> Iterator[tuple[str, Message]]:
    for fault in node_faults(node.id, node.kind, node.props):
        yield "wrong_property", _("'{node}': {fault}", node=node.id, fault=fault.english())
    flat = _FLAT.get(layout.kind)
    if flat is not None and node.kind not in flat:
        yield "wrong_place", _("A {kind} layout can't hold '{node}', which is a {what}.", kind=layout.kind,
                               node=node.id, what=node.kind)
    if node.kind in ("section", "tab") and not node.get("label"):
        yield "unlabelled", _("'{node}' has no label.", node=node.id)
    if node.kind == "field" and not known.has(node.id):
        yield "unknown_field", _("There is no field '{node}'.", node=node.id)
    elif node.kind == "related":
        yield from _related_problems(node, known)
    elif node.kind == "button" and known.actions is not None and node.get("action") not in known.actions:
        yield "unknown_action", _("'{node}' runs '{action}', which is no action of this record.", node=node.id,
                                  action=node.get("action"))
    elif node.kind == "link":
        yield from _link_problems(node, known)
    widget = node.get("widget")
    if widget is not None and known.widgets is not None and widget not in known.widgets:
        yield "unknown_widget", _("'{node}' is drawn by '{widget}', which no addon supplies.", node=node.id,
                                  widget=widget)
    yield from _condition_problems(node, known)


def _related_problems(node: Node, known: _Known) -> Iterator[tuple[str, Message]]:
    if node.get("record") is not None:
        if not node.get("by"):
            yield "wrong_property", _("'{node}' lists another record type and must say by which link.", node=node.id)
        return
    field = known.fields.get(node.id)
    if field is None:
        yield "unknown_field", _("There is no field '{node}'.", node=node.id)
    elif field.type not in ("children", "many"):
        yield "wrong_property", _("'{node}' is no list of records.", node=node.id)


def _link_problems(node: Node, known: _Known) -> Iterator[tuple[str, Message]]:
    href = str(node.get("href", ""))
    if template_fault(href):
        yield "wrong_link", _("The address of '{node}' is not a web, mail or phone address.", node=node.id)
    for path in placeholders(href):
        if not known.has(path) and path != "id":
            yield "unknown_field", _("The address of '{node}' names '{field}', which is no field.", node=node.id,
                                     field=path)


def _condition_problems(node: Node, known: _Known) -> Iterator[tuple[str, Message]]:
    for name in sorted(CONDITIONS.intersection(node.props)):
        try:
            asked = paths(node.props[name])
        except ExpressionError as error:
            yield "wrong_condition", _("'{node}', {prop}: {fault}", node=node.id, prop=name, fault=str(error))
            continue
        for path in sorted(asked):
            if not known.has(path):
                yield "unknown_field", _("'{node}', {prop}: there is no field '{field}'.", node=node.id, prop=name,
                                         field=path)


def _layout_problems(layout: Layout, known: _Known) -> Iterator[tuple[str, Message]]:
    for fault in layout_faults(layout.kind, layout.props):
        yield "wrong_property", fault
    if layout.kind == "kanban" and not layout.get("column"):
        yield "wrong_property", _("A board needs 'column', the field whose values are its columns.")
    for prop, types in _CALENDAR_TYPES.items():
        field = known.fields.get(layout.get(prop) or "") if layout.kind == "calendar" else None
        if field is not None and field.type not in types:
            yield "wrong_property", _("'{prop}' of a calendar cannot be '{field}': it needs {types}.", prop=prop, field=field.name,
                                      types=", ".join(types))
    named = [layout.get(prop) for prop in _FIELD_PROPS]
    named += [layout.get("title") if layout.kind != "print" else None]
    named += [item.removeprefix("-") for item in layout.get("order", ())] + list(layout.get("totals", ()))
    named += layout.get("also", ())
    if layout.get("stale") is not None:
        yield from _condition_problems(Node(LAYOUT_ID, "layout", {"visible": layout.get("stale")}), known)
    for name in named:
        if isinstance(name, str) and not known.has(name):
            yield "unknown_field", _("There is no field '{node}'.", node=name)
