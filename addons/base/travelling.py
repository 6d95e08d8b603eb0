"""Numbers of other records inside of configuration: in packages they are names (see :mod:`core.records.portable`)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from core.api import Env

BEHIND = {"role": "base.role", "below": "base.role", "team": "base.team", "user": "base.user"}
"""What the parts of a sharing rule such as `below:3` point at."""
LINKS = ("link", "many", "tags")
Values = dict[str, Any]
Swap = Callable[[str, Any], Any]


def move(env: Env, values: Values, swap: Swap) -> Values:
    """A rule of moves between records, such as stages."""
    target = _target(env, str(values.get("record_type")), str(values.get("field_name")))
    if not target:
        return values
    return {**values, **{n: _swapped(swap, target, values[n]) for n in ("from_value", "to_value") if values.get(n)}}


def sharing_rule(env: Env, values: Values, swap: Swap) -> Values:
    """Whose records are shared, and with whom."""
    found = dict(values)
    for name in ("owners", "share_with"):
        kind, colon, number = str(values.get(name) or "").partition(":")
        if colon and kind in BEHIND:
            found[name] = f"{kind}:{_swapped(swap, BEHIND[kind], number)}"
    return found


def macro(env: Env, values: Values, swap: Swap) -> Values:
    """What a macro sets links to."""
    record = str(values.get("record_type"))
    return {**values, "steps": [_step(env, record, step, swap) for step in values["steps"]]} if values.get("steps") else values


def _step(env: Env, record: str, step: Any, swap: Swap) -> Any:
    target = _target(env, record, str(step.get("field"))) if isinstance(step, dict) and step.get("do") == "set" else ""
    return {**step, "value": _swapped(swap, target, step.get("value"))} if target else step


def view(env: Env, values: Values, swap: Swap) -> Values:
    """What the criteria of a view and the board it was made on compare links with."""
    settings, record = values.get("settings"), str(values.get("record_type"))
    if not isinstance(settings, dict):
        return values
    found = dict(settings)
    try:
        tree = json.loads(settings.get("criteria") or "null")
    except (ValueError, RecursionError):
        tree = None
    if tree is not None:
        found["criteria"] = json.dumps(_criteria(env, record, tree, swap), ensure_ascii=False)
    if isinstance(settings.get("extra"), list):
        found["extra"] = [_extra(env, record, pair, swap) for pair in settings["extra"]]
    return {**values, "settings": found}


def _criteria(env: Env, record: str, tree: Any, swap: Swap) -> Any:
    if isinstance(tree, list):
        return [_criteria(env, record, one, swap) for one in tree]
    if not isinstance(tree, dict):
        return tree
    left = tree.get("left") or tree.get("operand")
    path = left.get("field") if isinstance(left, dict) else None
    target = _target(env, record, path) if isinstance(path, str) else ""
    found = {name: _criteria(env, record, value, swap) for name, value in tree.items()}
    for side in ("right", "container"):
        if target and isinstance(tree.get(side), dict):
            found[side] = _literals(tree[side], target, swap)
    return found


def _literals(side: dict[str, Any], target: str, swap: Swap) -> dict[str, Any]:
    found = dict(side)
    for name in ("number", "text"):
        if isinstance(side.get(name), str):
            found[name] = _swapped(swap, target, side[name])
    for name in ("items", "args"):
        if isinstance(side.get(name), list):
            found[name] = [_literals(one, target, swap) if isinstance(one, dict) else one for one in side[name]]
    return found


def _extra(env: Env, record: str, pair: Any, swap: Swap) -> Any:
    name = str(pair[0]) if isinstance(pair, list) and len(pair) == 2 else ""
    target = _target(env, record, name.removeprefix("within.")) if name.startswith("within.") else ""
    return [name, _swapped(swap, target, pair[1])] if target else pair


def _swapped(swap: Swap, target: str, value: Any) -> Any:
    """A number as a name, or a name as a number; whatever else it is stays."""
    text = str(value)
    return str(swap(target, text)) if target and (text.isdecimal() or text.startswith("@")) else value


def _target(env: Env, record: str, path: str) -> str:
    """The record type that a path of links ends at; "" for any other path."""
    for name in path.split("."):
        rtype = env.registry.records.get(record)
        field: Any = rtype.fields.get(name) if rtype is not None else None
        if field is None or field.type_name not in LINKS:
            return ""
        record = field.target
    return record
