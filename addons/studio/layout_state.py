"""A page as the editor in the browser gets it: what stands on it, in the reader's words, and what may be said of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.api import LANGUAGES, Env, ExpressionError, Message, layouts, to_text
from core.web_api import kinds_of_blocks

from .keeping import stamp
from .layout_owners import Place
from .layout_palette import PART_ICONS, THROUGH, fields_along, groups, icon_of, is_offered
from .layout_panel import NODES, PAGES, Input, block_inputs


def state(env: Env, place: Place) -> dict[str, Any]:
    """Everything the editor needs."""
    change = place.change(env)
    tree = layouts.editable(env.registry.base_layout(place.record, place.kind), place.below(env), change.layer(place.owner))
    describe = Describer(env, place)
    return {"record": place.record, "kind": place.kind, "owner": place.owner, "version": stamp(place.stored(env)),
            "nodes": [describe.node(node) for node in tree.nodes], "away": [describe.node(node) for node in tree.away],
            "page": describe.page(tree.page), "languages": dict(LANGUAGES), "lang": env.lang,
            "palette": [{"id": name, "label": label, "items": items, "folded": name.startswith(THROUGH)}
                        for name, label, items in groups(env, place.record, place.kind)],
            "inputs": {kind: describe.inputs(inputs) for kind, inputs in NODES[place.kind].items()},
            "blocks": {name: describe.inputs(inputs) for name, inputs in block_inputs(env).items()} if place.kind == "form" else {},
            "records": record_list(env) if place.kind == "form" else [],
            "pageInputs": describe.inputs(PAGES.get(place.kind, [])), "fields": field_list(env, place.record)}


def record_list(env: Env) -> list[list[str]]:
    """The record types that one may read, for blocks about them."""
    found = [[r.name, env.t(r.plural)] for r in env.registry.records.values() if env.can("read", r.name)]
    return sorted(found, key=lambda one: env.sort_key(one[1]))


def field_list(env: Env, record: str) -> list[dict[str, str]]:
    """The fields of a record type, to choose from."""
    known = env.registry.record(record).fields.values()
    found = [{"id": f.name, "name": env.t(f.label), "type": f.type_name} for f in known if is_offered(f)]
    return sorted(found, key=lambda one: env.sort_key(one["name"]))


class Describer:
    """Puts nodes into the reader's words."""

    def __init__(self, env: Env, place: Place) -> None:
        self.env, self.place = env, place
        self.rtype = env.registry.record(place.record)
        self._blocks = kinds_of_blocks(env.registry)
        self._speakers = {lang: env.speaking(lang) for lang in LANGUAGES}

    def node(self, node: layouts.Editable) -> dict[str, Any]:
        """One node with all below it."""
        inputs = NODES[self.place.kind].get("path" if node.kind == "field" and "." in node.id else node.kind, [])
        along = fields_along(self.env, self.rtype.name, node.id) if node.kind == "field" else []
        told = {**node.base, **node.set, "label": node.base.get("label")} if node.kind in ("block", "related", "button") else node.base
        block = self._blocks.get(str(told.get("widget"))) if node.kind == "block" else None
        icon = icon_of(along[-1]) if along else block.icon if block is not None else PART_ICONS.get(node.kind)
        made = {"id": node.id, "kind": node.kind, "name": self.name(node.id, node.kind, told), "own": node.own,
                "icon": icon or "input-cursor",
                "base": self.values(node.base, inputs) | {k: layouts.plain(node.base[k]) for k in ("widget", "options") if k in node.base},
                "set": self.sent(node.set),
                "names": self.names(node.id, node.base), "children": [self.node(child) for child in node.children]}
        if node.kind == "related":
            target = getattr(self.rtype.fields.get(node.id), "target", None) or {**node.base, **node.set}.get("record")
            made["target"] = target if target in self.env.registry.records else ""
        return made

    def page(self, page: layouts.Editable) -> dict[str, Any]:
        """The layout itself."""
        return {"id": layouts.LAYOUT_ID, "kind": "page", "name": "", "set": self.sent(page.set),
                "base": self.values(page.base, PAGES.get(self.place.kind, []))}

    def name(self, node_id: str, kind: str, props: Mapping[str, Any]) -> str:
        """What a node is called without what this layer calls it."""
        if kind == "block" and not props.get("label"):
            block = self._blocks.get(str(props.get("widget")))
            return self.env.t(block.label) if block is not None else node_id
        if props.get("label"):
            return layouts.text_in(props["label"], self.env.lang, self.env.t)
        along = fields_along(self.env, self.rtype.name, node_id) if kind == "field" else []
        if along:
            return " › ".join(self.env.t(field.label) for field in along)
        known = self.rtype.fields.get(node_id) or self.rtype.actions.get(str(props.get("action") or node_id))
        if known is None and props.get("record") in self.env.registry.records:
            return self.env.t(self.env.registry.record(props["record"]).plural)
        return self.env.t(known.label) if known is not None else node_id

    def names(self, node_id: str, props: Mapping[str, Any]) -> dict[str, str]:
        """What a field or an action is called in each language."""
        action = self.rtype.actions.get(str(props.get("action") or ""))
        known = fields_along(self.env, self.rtype.name, node_id) or ([action] if action is not None else [])
        return {lang: " › ".join(env.t(one.label) for one in known) for lang, env in self._speakers.items()} if known else {}

    def inputs(self, inputs: list[Input]) -> list[dict[str, Any]]:
        """The inputs of the side panel."""
        def more(given: Any) -> Any:
            return [[value, self.env.t(label)] for value, label in given] if given and isinstance(given[0], tuple) else given
        return [{"name": name, "type": kind, "label": self.env.t(label), "more": more(given) if isinstance(given, list) else given}
                for name, kind, label, given in inputs]

    def values(self, props: Mapping[str, Any], inputs: list[Input]) -> dict[str, Any]:
        """What holds under this layer, for the inputs there are."""
        made: dict[str, Any] = {}
        for name, kind, _label, _given in inputs:
            value = props.get(name)
            if value is not None:
                made[name] = self._words(value) if kind == "words" else condition(value) if kind == "condition" else value
        return made

    def _words(self, value: Any) -> dict[str, str]:
        if isinstance(value, Message):
            return {lang: env.t(value) for lang, env in self._speakers.items()}
        return dict(value) if isinstance(value, Mapping) else dict.fromkeys(LANGUAGES, str(value))

    def sent(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """What this layer says, with conditions as text."""
        return {name: condition(value) if name in layouts.CONDITIONS else value for name, value in values.items()}


def condition(value: Any) -> Any:
    """A condition as people write it."""
    if value is None or isinstance(value, (bool, str)):
        return value
    try:
        tree = layouts.condition_tree(value)
        return to_text(tree) if tree is not None else value
    except ExpressionError:
        return value
