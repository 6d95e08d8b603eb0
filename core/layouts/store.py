"""Changes and layouts as plain JSON: how an installation's and a profile's changes are kept, exported and reviewed.

What is read may have been edited by hand or come from another installation, so every key and value is checked and a
refusal says where it is wrong (`changes[3].props`). What is written has sorted keys and one line per value, so that a
difference between two versions is readable in git.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from core.errors import DefinitionError
from core.i18n.messages import Message, _
from core.layouts.changes import OPERATIONS, PLACES, Anchor, LayoutChange, Operation
from core.layouts.nodes import LAYOUT_ID, LAYOUT_KINDS, Layout, Node
from core.layouts.props import all_node_props, is_id, layout_faults, node_faults, prop_faults

#: Version of the stored form; a newer one is refused rather than half understood.
FORMAT = 1
_MAX_CHANGES = 5000
_MAX_DEPTH = 8

_OPERATION_KEYS = frozenset(("do", "target", "anchors", "props", "node", "against"))
_NODE_KEYS = frozenset(("id", "kind", "props", "children"))
_CHANGE_KEYS = frozenset(("format", "record", "kind", "aliases", "changes"))
_LAYOUT_KEYS = frozenset(("format", "record", "kind", "props", "aliases", "nodes"))


# --- writing --------------------------------------------------------------------------------------------------------


def plain(value: Any) -> Any:
    """A property's value as JSON has it: messages become their English text, tuples lists."""
    if isinstance(value, Message):
        return value.english()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def node_to_json(node: Node) -> dict[str, Any]:
    """A node and all below it."""
    made: dict[str, Any] = {"id": node.id, "kind": node.kind}
    if node.props:
        made["props"] = plain(node.props)
    if node.children:
        made["children"] = [node_to_json(child) for child in node.children]
    return made


def operation_to_json(operation: Operation) -> dict[str, Any]:
    """One change; what is empty is left out."""
    made: dict[str, Any] = {"do": operation.do, "target": operation.target}
    if operation.anchors:
        made["anchors"] = [{anchor.place: anchor.id} for anchor in operation.anchors]
    if operation.props:
        made["props"] = plain(operation.props)
    if operation.node is not None:
        made["node"] = node_to_json(operation.node)
    if operation.against is not None:
        made["against"] = operation.against
    return made


def dump_changes(change: LayoutChange) -> dict[str, Any]:
    """One owner's changes to one layout; whose they are is said by where they are kept."""
    made: dict[str, Any] = {"format": FORMAT, "record": change.record, "kind": change.kind,
                            "changes": [operation_to_json(each) for each in change.operations]}
    if change.aliases:
        made["aliases"] = dict(change.aliases)
    return made


def dump_layout(layout: Layout) -> dict[str, Any]:
    """A whole layout: for the API and for record types that no addon ships a layout for."""
    made: dict[str, Any] = {"format": FORMAT, "record": layout.record, "kind": layout.kind,
                            "nodes": [node_to_json(node) for node in layout.nodes]}
    if layout.props:
        made["props"] = plain(layout.props)
    if layout.aliases:
        made["aliases"] = dict(layout.aliases)
    return made


def dumps(data: Mapping[str, Any]) -> str:
    """The text of a file: sorted keys, two spaces, letters as they are, one newline at the end."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False, indent=2) + "\n"


# --- reading --------------------------------------------------------------------------------------------------------


def loads(text: str) -> Any:
    """The data of a file; raises DefinitionError for what is not JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise DefinitionError(_("This is not JSON: see line {line}.", line=line)) from None


def load_changes(data: Any) -> LayoutChange:
    """Stored changes; raises DefinitionError naming the place that is wrong."""
    record, kind = _head(data, _CHANGE_KEYS)
    changes = _items(data.get("changes"), "changes")
    made = tuple(operation_from_json(item, f"changes[{number}]", kind) for number, item in enumerate(changes))
    return LayoutChange(record, kind, made, _aliases(data))


def load_layout(data: Any) -> Layout:
    """A stored layout; raises DefinitionError naming the place that is wrong."""
    record, kind = _head(data, _LAYOUT_KEYS)
    props = _object(data.get("props", {}), "props")
    _check("props", layout_faults(kind, props))
    nodes = tuple(node_from_json(item, f"nodes[{number}]")
                  for number, item in enumerate(_items(data.get("nodes"), "nodes")))
    return Layout(record, kind, nodes, props, _aliases(data))


def operation_from_json(data: Any, where: str, kind: str) -> Operation:
    """One change to a layout of this kind; `where` is how an error names it."""
    item = _object(data, where)
    _known(item, _OPERATION_KEYS, where)
    do, target, against = item.get("do"), item.get("target"), item.get("against")
    if not isinstance(do, str) or do not in OPERATIONS:
        raise _wrong(f"{where}.do", _("must be one of: {words}", words=", ".join(OPERATIONS)))
    if not isinstance(target, str) or not (is_id(target) or (target == LAYOUT_ID and do == "set")):
        raise _wrong(f"{where}.target", _("must be the id of a node"))
    if against is not None and (not isinstance(against, str) or len(against) > 64):
        raise _wrong(f"{where}.against", _("must be the digest of a node"))
    if ("node" in item) != (do == "insert"):
        raise _wrong(f"{where}.node", _("is there in an insertion, and only there"))
    node = node_from_json(item["node"], f"{where}.node") if do == "insert" else None
    if node is not None and node.id != target:
        raise _wrong(f"{where}.target", _("must be the id of the inserted node"))
    return Operation(do, target, _anchors(item, where, do), _changed_props(item, where, do, kind), node, against)


def node_from_json(data: Any, where: str, depth: int = 0) -> Node:
    """A node and all below it; `where` is how an error names it."""
    item = _object(data, where)
    _known(item, _NODE_KEYS, where)
    if depth >= _MAX_DEPTH:
        raise _wrong(where, _("stands too deep: at most {depth} levels", depth=_MAX_DEPTH))
    props = _object(item.get("props", {}), f"{where}.props")
    _check(where, node_faults(item.get("id"), item.get("kind"), props))
    children = tuple(node_from_json(child, f"{where}.children[{number}]", depth + 1)
                     for number, child in enumerate(_items(item.get("children", []), f"{where}.children")))
    return Node(item["id"], item["kind"], props, children)


def _changed_props(item: Mapping[str, Any], where: str, do: str, kind: str) -> Mapping[str, Any]:
    props = _object(item.get("props", {}), f"{where}.props")
    if do not in ("set", "replace_widget"):
        if props:
            raise _wrong(f"{where}.props", _("are only for set and replace_widget"))
    elif item["target"] == LAYOUT_ID:
        _check(f"{where}.props", layout_faults(kind, props, removing=True))
    else:
        _check(f"{where}.props", prop_faults(all_node_props(), props, removing=True))
    if do == "replace_widget" and (props.get("widget") is None or not {"widget", "options"}.issuperset(props)):
        raise _wrong(f"{where}.props", _("must hold the widget's name, and its options at most"))
    return props


def _anchors(item: Mapping[str, Any], where: str, do: str) -> tuple[Anchor, ...]:
    given = _items(item.get("anchors", []), f"{where}.anchors")
    if given and do not in ("insert", "move"):
        raise _wrong(f"{where}.anchors", _("are only for insert and move"))
    made = []
    for number, each in enumerate(given):
        at = f"{where}.anchors[{number}]"
        pair = list(_object(each, at).items())
        if len(pair) != 1 or pair[0][0] not in PLACES:
            raise _wrong(at, _("must have one key, one of: {words}", words=", ".join(PLACES)))
        if not (is_id(pair[0][1]) or pair[0][1] == LAYOUT_ID):
            raise _wrong(at, _("must be the id of a node"))
        made.append(Anchor(*pair[0]))
    return tuple(made)


def _head(data: Any, keys: frozenset[str]) -> tuple[str, str]:
    item = _object(data, "file")
    _known(item, keys, "file")
    if type(item.get("format")) is not int or item["format"] != FORMAT:
        raise _wrong("format", _("must be {format}", format=FORMAT))
    record, kind = item.get("record"), item.get("kind")
    if not is_id(record):
        raise _wrong("record", _("must be the name of a record type"))
    if not isinstance(kind, str) or kind not in LAYOUT_KINDS:
        raise _wrong("kind", _("must be one of: {words}", words=", ".join(LAYOUT_KINDS)))
    return str(record), kind


def _aliases(data: Mapping[str, Any]) -> Mapping[str, str]:
    aliases = _object(data.get("aliases", {}), "aliases")
    for old, new in aliases.items():
        if not is_id(old) or not is_id(new):
            raise _wrong(f"aliases.{old}", _("must map an id to an id"))
    return aliases


def _object(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise _wrong(where, _("must be an object with keys"))
    return value


def _items(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise _wrong(where, _("must be a list"))
    if len(value) > _MAX_CHANGES:
        raise _wrong(where, _("is too long: at most {count} entries", count=_MAX_CHANGES))
    return value


def _known(item: Mapping[str, Any], keys: frozenset[str], where: str) -> None:
    for key in item:
        if key not in keys:
            raise _wrong(f"{where}.{key}", _("is not known here; allowed: {allowed}",
                                             allowed=", ".join(sorted(keys))))


def _check(where: str, faults: Iterable[Message]) -> None:
    for fault in faults:
        raise _wrong(where, fault)


def _wrong(where: str, fault: Message) -> DefinitionError:
    return DefinitionError(_("{where}: {fault}", where=where, fault=fault.english()))
