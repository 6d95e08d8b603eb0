"""From what the editor sent to stored changes: checked, made into the fewest operations, kept if nobody else was faster."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from core.api import Env, ExpressionError, Invalid, ValidationFailed, _, layouts
from core.web_api import block_faults

from . import keeping
from .layout_owners import Place
from .layout_palette import SEVERAL, fields_along

REFUSED = frozenset(("wrong_condition", "wrong_link", "wrong_place", "wrong_property", "unknown_action"))


def drafted(env: Env, place: Place, tree: Any) -> dict[str, Any]:
    """The changes of a place as they would be kept with the edited `tree`; refused with every reason when it is wrong."""
    base, below, before = env.registry.base_layout(place.record, place.kind), place.below(env), place.change(env)
    wanted = layouts.edited(base, below, tree)
    under = {node.id: node for node in layouts.merge(base, below).layout.walk()}
    errors = [Invalid(node.id, None, _("“{node}”: {fault}", node=node.id, fault=fault))
              for node in wanted.walk() for fault in faults(env, place.record, node) if under.get(node.id) != node]
    made = replace(before, operations=layouts.diff(base, wanted, below=below, previous=before.operations, owner=place.owner))
    data = layouts.dump_changes(made)
    errors += [Invalid(problem.node, None, problem.message) for problem in new_problems(env, place, data) if problem.kind in REFUSED]
    if errors:
        raise ValidationFailed(errors)
    return data


def faults(env: Env, record: str, node: layouts.Node) -> Iterator[str]:
    """What is wrong with a node: conditions are read, and must be a yes or no over this record type; a block's options must fit,
    and a path must lead to a field with one value."""
    if node.kind == "field" and "." in node.id:
        along = fields_along(env, record, node.id)
        if not along or along[-1].type_name in SEVERAL:
            yield _("There is no field “{field}”.", field=node.id)
    if node.kind == "block":
        block = {"id": node.id, "widget": node.get("widget"), "options": layouts.plain(node.get("options") or {})}
        yield from (message for _option, message in block_faults(env, block, record))
    for name in sorted(layouts.CONDITIONS.intersection(node.props)):
        try:
            tree = layouts.condition_tree(node.props[name])
            if tree is not None:
                env.registry.node(record, tree, "flag")
        except ExpressionError as error:
            yield error.message


def problems(env: Env, place: Place) -> Iterator[layouts.Problem]:
    """What one layer of customising asks for and does not get, blocks whose options no longer fit among it."""
    yield from layouts.customised_problems(env.registry, place.record, place.kind, place.owner)
    change = place.change(env)
    own = {operation.target for operation in change.operations if operation.do in ("insert", "set", "replace_widget")}
    own |= {node.id for operation in change.operations if operation.node is not None for node in operation.node.walk()}
    page = layouts.merge(env.registry.base_layout(place.record, place.kind), [*place.below(env), change.layer(place.owner)]).layout
    for node in page.of_kind("block"):
        faulty = next(faults(env, place.record, node), None) if node.id in own else None
        if faulty is not None:
            yield layouts.Problem(place.owner, None, _("“{node}”: {fault}", node=node.id, fault=faulty), "wrong_block", node.id)


def new_problems(env: Env, place: Place, data: dict[str, Any]) -> list[layouts.Problem]:
    """What would no longer fit, and does fit now."""
    known = {(p.kind, p.node, p.message.english())
             for p in layouts.customised_problems(env.registry, place.record, place.kind, place.owner)}
    after = env.registry.with_customising("layout", place.target, data)
    return [p for p in layouts.customised_problems(after, place.record, place.kind, place.owner)
            if (p.kind, p.node, p.message.english()) not in known]


def keep(env: Env, place: Place, data: dict[str, Any], version: str) -> None:
    """Store changes; Conflict when somebody else did since `version`."""
    empty = not data["changes"] and not data.get("aliases")
    keeping.keep(env, "layout", place.target, None if empty else data, version, _(
        "Somebody else changed this layout meanwhile. Reload the page to see it; what you did here is not stored."))


def without(env: Env, place: Place, index: int) -> dict[str, Any]:
    """The stored changes without one of them."""
    change = place.change(env)
    return layouts.dump_changes(replace(change, operations=(*change.operations[:index], *change.operations[index + 1:])))
