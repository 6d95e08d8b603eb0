"""What an installation made itself: record types, fields and rules read from `sys_custom` instead of from code.

Data is read as strictly as code is, but for one difference: what cannot be compiled (an addon that a formula reads was
switched off, say) is left out with a fault instead of stopping the installation. `core.customise` refuses faults before
anything is stored, so they only arise when something beneath the customising changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.errors import SarnakhError
from core.records.base import Record
from core.records.field import Field
from core.registry.own import layouts, offering, weeding
from core.registry.own.fields import make_field
from core.registry.own.names import OWN, split_field, split_rule
from core.registry.own.rules import Rule, make_rule
from core.registry.own.types import OwnType, make_type

__all__ = ["OWN", "Own", "OwnType", "Rule", "layouts", "offering", "read", "weeding"]


@dataclass
class Own:
    """Everything an installation declared, by record type, and by (kind, target) why something is left out."""

    types: dict[str, OwnType] = field(default_factory=dict)
    fields: dict[str, dict[str, Field]] = field(default_factory=dict)
    rules: dict[str, list[Rule]] = field(default_factory=dict)
    faults: dict[tuple[str, str], SarnakhError] = field(default_factory=dict)
    data: dict[tuple[str, str], Any] = field(default_factory=dict)

    @property
    def classes(self) -> list[type[Record]]:
        """The classes of the own record types."""
        return [one.cls for one in self.types.values()]

    def refuse(self, kind: str, target: str, error: SarnakhError) -> None:
        """Leave something out, and remember why; the first reason is the one that counts."""
        self.faults.setdefault((kind, target), error)


def read(rows: Mapping[tuple[str, str], Any]) -> Own:
    """The own definitions among rows of customising, those that are switched off left out."""
    own = Own(data=dict(rows))
    for (kind, target), data in sorted(rows.items(), key=lambda row: row[0]):
        if kind not in ("record", "field", "rule"):
            continue
        try:
            _read_one(own, kind, target, data)
        except SarnakhError as error:
            own.refuse(kind, target, error)
    return own


def _read_one(own: Own, kind: str, target: str, data: Any) -> None:
    active = not isinstance(data, dict) or data.get("active", True)
    if kind == "record":
        made = make_type(target, data)
        if active:
            own.types[target] = made
    elif kind == "field":
        record, name = split_field(target)
        found = make_field(target, data)
        if active:
            own.fields.setdefault(record, {})[name] = found
    else:
        record, _key = split_rule(target)
        rule = make_rule(target, data)
        if active:
            own.rules.setdefault(record, []).append(rule)
