"""Putting a new field where the consultant wants it: a change of the installation's layer of the layout."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.api import Env, Piece, dump_changes, load_changes, on

from .types_info import stored

MADE_COLUMNS = 7
"""As many columns has a list that is made from the fields; with fewer a new field is among them by itself."""


def _target(record: str, kind: str) -> str:
    return f"{record}|{kind}|installation"


def after_choices(env: Env, record: str) -> list[tuple[str, str]]:
    """The fields on the form, in its order."""
    rtype = env.registry.record(record)
    return [(node.id, env.t(rtype.fields[node.id].label)) for node in env.registry.layout(record, "form").layout.walk()
            if node.kind == "field" and node.id in rtype.fields and not rtype.fields[node.id].system]


def last_place(env: Env, record: str) -> str:
    """The last field of the form's main section, where most new fields belong: the one of that name, or the fullest."""
    fields = env.registry.record(record).fields
    sections = [(node.id == "main", inner) for node in env.registry.layout(record, "form").layout.walk() if node.kind == "section"
                if (inner := [child.id for child in node.children if child.kind == "field" and child.id in fields])]
    return max(sections, key=lambda one: (one[0], len(one[1])))[1][-1] if sections else ""


def place(env: Env, record: str, name: str, after: str, listed: bool) -> list[Piece]:
    """The pieces that put a new field after another one of the form, and among the columns of lists."""
    made = []
    if after:
        made.append(_put(env, record, "form", name, [after]))
    if listed:
        columns = [node.id for node in env.registry.layout(record, "list").layout.nodes if node.kind == "field"]
        if env.registry.ships_layout(record, "list") or len(columns) >= MADE_COLUMNS:
            made.append(_put(env, record, "list", name, columns[-1:]))
    return made


def _put(env: Env, record: str, kind: str, name: str, after: Sequence[str]) -> Piece:
    data = stored(env, "layout").get(_target(record, kind))
    change = load_changes(data) if data else on(record, kind)
    # A layout that is made from the fields has the new one on it already; lists show the most telling fields only.
    there = kind == "form" and not env.registry.ships_layout(record, kind)
    change = change.move(name, after=after) if there else change.insert(name, after=after)
    return Piece("layout", _target(record, kind), dump_changes(change))


def without(env: Env, record: str, name: str) -> list[Piece]:
    """The pieces that take a field, and what is reached through it, out of all changes of layouts, before it is deleted."""
    made = []
    for target, data in stored(env, "layout").items():
        if target.partition("|")[0] != record or not isinstance(data, dict):
            continue
        before = [one for one in data.get("changes") or () if isinstance(one, dict)]
        kept = [_cleaned(one, name) for one in before if not _means(one.get("target"), name)]
        if kept != before:
            made.append(Piece("layout", target, {**data, "changes": kept} if kept or data.get("aliases") else None))
    return made


def _means(node_id: Any, name: str) -> bool:
    """Whether a node is the field, or one that is reached through it (`x_site.town`)."""
    return isinstance(node_id, str) and node_id.partition(".")[0] == name


def _cleaned(change: dict[str, Any], name: str) -> dict[str, Any]:
    """A change without the field as a place to stand or among what it inserts."""
    made = dict(change)
    if change.get("anchors"):
        made["anchors"] = [a for a in change["anchors"] if not any(_means(node, name) for node in a.values())]
    if isinstance(change.get("node"), dict):
        made["node"] = _pruned(change["node"], name)
    return made


def _pruned(node: dict[str, Any], name: str) -> dict[str, Any]:
    children = [_pruned(child, name) for child in node.get("children") or () if not _means(child.get("id"), name)]
    return {**node, "children": children} if node.get("children") else node
