"""What own formulas, roll-ups and rules are worked out of, down to fields that hold values of their own.

Who may not read one of these may not read what is made of them, and builds nothing of them: a sum would tell him.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.expressions.ast import paths
from core.records.fields import ChildrenField, Field, FormulaField, ManyField, RollupField
from core.registry.own.names import OWN

if TYPE_CHECKING:
    from core.registry.compose import RecordType

Types = Mapping[str, "RecordType"]
Step = tuple[str, str]


@dataclass(frozen=True)
class Sources:
    """Fields by (record type, name), and the record types whose records are gone through."""

    fields: frozenset[Step]
    records: frozenset[str]


def is_made(field: Field) -> bool:
    """Whether a field is an installation's own formula or roll-up."""
    return field.addon == OWN and isinstance(field, (FormulaField, RollupField))


def sources_of_type(types: Types, record: str) -> dict[str, Sources]:
    """The sources of each own formula and roll-up of a record type."""
    return {name: sources_of_field(types, record, field) for name, field in types[record].fields.items() if is_made(field)}


def sources_of_field(types: Types, record: str, field: Field) -> Sources:
    """The sources of one own formula or roll-up."""
    return _followed(types, steps_of(types, record, field))


def steps_of(types: Types, record: str, field: Field) -> list[Step]:
    """Every field that an own formula or roll-up names itself, by record type and name."""
    return [step for steps in _paths_of_field(types, record, field).values() for step in steps]


def readings_of_field(types: Types, record: str, field: Field) -> Iterator[tuple[str, Sources]]:
    """Each path that an own formula or roll-up names, and its sources."""
    return ((path, _followed(types, steps)) for path, steps in _paths_of_field(types, record, field).items())


def readings(types: Types, record: str, expression: Any) -> Iterator[tuple[str, Sources]]:
    """Each path that an expression about a record type names, and its sources."""
    return ((path, _followed(types, steps)) for path, steps in _paths_of(types, record, expression).items())


def _followed(types: Types, steps: list[Step]) -> Sources:
    """Follow own formulas and roll-ups until only values are left."""
    fields: set[Step] = set()
    records: set[str] = set()
    waiting, seen = list(steps), set(steps)
    while waiting:
        record, name = step = waiting.pop()
        records.add(record)
        found = types[record].fields[name]
        if is_made(found):
            more = set(steps_of(types, record, found)) - seen
            seen |= more
            waiting.extend(more)
            continue
        fields.add(step)
        if isinstance(found, (ChildrenField, ManyField)):
            records.add(found.target)
    return Sources(frozenset(fields), frozenset(records))


def _paths_of_field(types: Types, record: str, field: Any) -> dict[str, list[Step]]:
    if isinstance(field, FormulaField):
        return _paths_of(types, record, field.expression)
    below = types[record].fields[field.children].target  # type: ignore[attr-defined]
    found = {field.children: [(record, field.children)]}
    for node in (field.expression, field.where):
        for path, steps in _paths_of(types, below, node).items() if node is not None else ():
            found.setdefault(path, []).extend(steps)
    return found


def _paths_of(types: Types, record: str, expression: Any) -> dict[str, list[Step]]:
    """By path every field on its way."""
    found: dict[str, list[Step]] = {}
    for path in sorted(paths(expression)):
        at = record
        for name in path.split("."):
            found.setdefault(path, []).append((at, name))
            at = getattr(types[at].fields[name], "target", None) or ""
    return found
