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


class Names:
    """What the nodes of a page are called, on the page as it is drawn or else as it is shipped."""

    def __init__(self, env: Env, place: Place, change: layouts.LayoutChange) -> None:
        self.env, self.describe = env, Describer(env, place)
        self.shipped = env.registry.base_layout(place.record, place.kind)
        self.page = layouts.merge(self.shipped, [*place.below(env), change.layer(place.owner)]).layout

    def __call__(self, node_id: str) -> str:
        if node_id == layouts.LAYOUT_ID:
            return self.env.t(_("The page"))
        node = self.page.find(node_id) or self.shipped.find(node_id)
        return isolate(self.describe.name(node_id, node.kind if node else "field", node.props if node else {}))


def said(env: Env, place: Place, change: layouts.LayoutChange) -> list[str]:
    """One sentence for each operation."""
    name = Names(env, place, change)
    return [_said(env, name, operation) for operation in change.operations]


def told(env: Env, name: Names, problem: layouts.Problem) -> str:
    """A problem with nodes called as the page calls them."""
    words = {key: name(value) if isinstance(value, str) and not isinstance(value, Message) else value
             for key, value in problem.message.params.items()}
    return env.t(_(problem.message, **words))


def _said(env: Env, name: Names, operation: layouts.Operation) -> str:
    node = name(operation.target)
    if operation.anchors and (operation.do, operation.anchors[0].place) in PLACED:
        anchor = operation.anchors[0]
        return env.t(_(PLACED[operation.do, anchor.place], node=node, anchor=name(anchor.id)))
    what = env.t(_(", ")).join(env.t(PROPS.get(prop, Message(prop))) for prop in operation.props)
    return env.t(_(DONE[operation.do], node=node, what=what))
