"""The difference between two states of a piece, in the words of the forms that make it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from core.api import LANGUAGES, Env, Message, _

from .fields_kinds import COLOURS, OPERATIONS, label_of
from .fields_typed import text_in

MOST = 200
LONG = 300
PARTS: dict[str, Message] = {
    "type": _("Type"), "labels": _("Label"), "plurals": _("Several are called"), "help": _("Help"), "required": _("Must be filled in"),
    "unique": _("No value twice"), "index": _("Often filtered or sorted by"), "search": _("Found by the search box"),
    "tracked": _("Changes go into the history"), "copyable": _("Goes along when a record is copied"), "sensitive": _("Sensitive"),
    "default": _("New records begin with"), "constant": _("A fixed value"), "expression": _("Expression"), "options": _("Options"),
    "colour": _("Colour"), "active": _("In use"), "depends": _("Options by another field"), "field": _("Field"), "allowed": _("Allowed"),
    "target": _("Leads to"), "by": _("Records that link here by"), "on_delete": _("When the record it leads to is deleted"),
    "size": _("Most characters"), "digits": _("Decimal places"), "minimum": _("Smallest value"), "maximum": _("Largest value"),
    "children": _("Related list"), "operation": _("What is worked out"), "where": _("What must hold"), "pattern": _("Pattern"),
    "result": _("Shown as"), "icon": _("Icon"), "title": _("A record is named by"), "traits": _("Its records"), "status": _("Board"),
    "dates": _("Calendar"), "start": _("Begins"), "end": _("Ends"), "match": _("Alike when these are equal"), "number": _("Numbers"),
    "message": _("What is said when it does not hold"), "fields": _("Said at these fields"), "changes": _("Changes of the layout"),
    "value": _("Value")}

LAYOUTS: dict[str, Message] = {
    "form": _("Form"), "list": _("List"), "card": _("Business card"), "search": _("Search"), "kanban": _("Board"),
    "calendar": _("Calendar"), "quick": _("Quick create"), "print": _("Print")}
PLACES: dict[str, Message] = {"after": _("after {node}"), "before": _("before {node}"), "into": _("into {node}")}
DOES: dict[str, Message] = {
    "insert": _("added"), "move": _("moved"), "hide": _("hidden"), "show": _("shown"), "set": _("changed"),
    "replace_widget": _("shown otherwise")}


def lines(env: Env, before: Any, after: Any) -> list[tuple[str, str, str]]:
    """(where, before, after) for everything that differs."""
    old, new = dict(_leaves((), _told(env, before))), dict(_leaves((), _told(env, after)))
    paths = [path for path in dict.fromkeys((*old, *new)) if old.get(path) != new.get(path)]
    return [(place(env, path), _shown(env, path, old.get(path)), _shown(env, path, new.get(path))) for path in paths[:MOST]]


def _told(env: Env, data: Any) -> Any:
    """Changes of a layout as one line for each; anything else as it is."""
    if not isinstance(data, dict) or not isinstance(data.get("changes"), list):
        return data
    said: dict[str, str] = {}
    for one in data["changes"]:
        if isinstance(one, dict):
            near = next(((place, node) for anchor in one.get("anchors") or () for place, node in anchor.items()), None)
            words = [env.t(DOES.get(one.get("do", ""), "")), env.t(Message(PLACES[near[0]], {"node": near[1]})) if near else "",
                     json.dumps(one["props"], ensure_ascii=False) if one.get("props") else ""]
            key = str(one.get("target"))
            said[key] = "; ".join(filter(None, (said.get(key, ""), " ".join(filter(None, words)))))
    return {"changes": said}


def _leaves(path: tuple[str, ...], data: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The single values of some JSON, each with its path; options and the like go by their value instead of their place."""
    if isinstance(data, dict) and data and len(path) < 6:
        for key, value in data.items():
            yield from _leaves((*path, str(key)), value)
    elif isinstance(data, list) and any(isinstance(one, (dict, list)) for one in data) and len(path) < 6:
        for index, one in enumerate(data):
            name = str(one.get("value") or one.get("target") or index + 1) if isinstance(one, dict) else str(index + 1)
            yield from _leaves((*path, name), {k: v for k, v in one.items() if k != "value"} if isinstance(one, dict) else one)
    elif data not in (None, {}, []):
        yield path, data


def place(env: Env, path: tuple[str, ...]) -> str:
    """A path as people read it: Options › on_hold › فارسی."""
    return " › ".join(env.t(PARTS[part]) if part in PARTS else LANGUAGES.get(part, part) for part in path) or env.t(_("Everything"))


def _shown(env: Env, path: tuple[str, ...], value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return env.t(_("Yes") if value else _("No"))
    last = path[-1] if path else ""
    if isinstance(value, str):
        known = COLOURS if last == "colour" else OPERATIONS if last == "operation" else {}
        return env.t(label_of(value)) if last == "type" else env.t(known[value]) if value in known else value[:LONG]
    if isinstance(value, (int, float)):
        return env.format.number(value)
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return env.format.list(value)[:LONG]
    return json.dumps(value, ensure_ascii=False)[:LONG]


def subject(env: Env, kind: str, target: str, data: Any, new: Mapping[str, str] | None = None) -> str:
    """What a piece is about, as people call it; `new` names record types that are about to be made."""
    record, name = (target.rpartition(".")[0], target.rpartition(".")[2]) if kind in ("field", "choice") else (
        target.partition("|")[0], target.partition("|")[2])
    rtype = env.registry.records.get(record)
    labels = data.get("labels") or data.get("message") if isinstance(data, dict) else None
    own = text_in(env, labels, name)
    if kind == "choice" and rtype is not None and name in rtype.fields:
        own = env.t(rtype.fields[name].label)
    head = env.t(rtype.plural) if rtype is not None else (new or {}).get(record, record)
    if kind == "layout":
        layout, _bar, owner = name.partition("|")
        words = [env.t(LAYOUTS[layout]) if layout in LAYOUTS else layout, "" if owner == "installation" else owner]
        return ": ".join(filter(None, (head, *words)))
    if kind == "record":
        return own or head or target
    return f"{head}: {own}" if own else head or target
