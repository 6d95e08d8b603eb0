"""Stored changes of a layout in words, for the list of what was customised."""

from __future__ import annotations

from core.api import Env, Message, _, isolate, layouts

from .layout_owners import Place
from .layout_state import Describer

DONE: dict[str, Message] = {
    "insert": _("“{node}” was put on the page."), "move": _("“{node}” was moved."), "set": _("“{node}” was changed: {what}."),
    "hide": _("“{node}” was taken off the page."), "show": _("“{node}” was brought back."),
    "replace_widget": _("“{node}” is drawn in another way.")}
PLACED: dict[tuple[str, str], Message] = {
    ("insert", "after"): _("“{node}” was put after “{anchor}”."), ("insert", "before"): _("“{node}” was put before “{anchor}”."),
    ("insert", "into"): _("“{node}” was put into “{anchor}”."), ("move", "after"): _("“{node}” was moved after “{anchor}”."),
    ("move", "before"): _("“{node}” was moved before “{anchor}”."), ("move", "into"): _("“{node}” was moved into “{anchor}”.")}
PROPS: dict[str, Message] = {
    "label": _("label"), "help": _("help"), "placeholder": _("example"), "span": _("width"), "pixels": _("width"), "visible": _("shown"),
    "required": _("required"), "readonly": _("read-only"), "columns": _("columns"), "collapsed": _("folded"), "icon": _("icon"),
    "order": _("order"), "limit": _("rows"), "add": _("button to add"), "style": _("looks"), "confirm": _("question"), "href": _("address"),
    "group_by": _("grouping"), "totals": _("totals")}


def said(env: Env, place: Place, change: layouts.LayoutChange) -> list[str]:
    """One sentence for each operation."""
    page = layouts.merge(env.registry.base_layout(place.record, place.kind), [*place.below(env), change.layer(place.owner)]).layout
    shipped = env.registry.base_layout(place.record, place.kind)
    describe = Describer(env, place)

    def name(node_id: str) -> str:
        if node_id == layouts.LAYOUT_ID:
            return env.t(_("The page"))
        node = page.find(node_id) or shipped.find(node_id)
        return isolate(describe.name(node_id, node.kind if node else "field", node.props if node else {}))

    return [_said(env, name, operation) for operation in change.operations]


def _said(env: Env, name: object, operation: layouts.Operation) -> str:
    node = name(operation.target)  # type: ignore[operator]
    if operation.anchors and (operation.do, operation.anchors[0].place) in PLACED:
        anchor = operation.anchors[0]
        return env.t(_(PLACED[operation.do, anchor.place], node=node, anchor=name(anchor.id)))  # type: ignore[operator]
    what = env.t(_(", ")).join(env.t(PROPS.get(prop, Message(prop))) for prop in operation.props)
    return env.t(_(DONE[operation.do], node=node, what=what))
