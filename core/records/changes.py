"""A batch of records on its way into the database, as hooks, validators and history see it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.registry.compose import RecordType


@dataclass
class Change:
    """Records of one type that are written together: `action` is create, update, delete, restore, archive or unarchive. What is
    archived or put back into lists is told afterwards only.

    `records` are the new states (of the composed class, all own fields loaded), `old` their stored rows by id (empty
    when created), `fields` the names of fields that are set. `set` writes a further value from a hook.
    """

    rtype: RecordType
    action: str
    records: Sequence[Any]
    old: dict[int, dict[str, Any]] = field(default_factory=dict)
    fields: set[str] = field(default_factory=set)
    many: dict[str, dict[int, list[int]]] = field(default_factory=dict)
    source: str = ""

    @property
    def record(self) -> str:
        """Name of the record type."""
        return self.rtype.name

    def touches(self, *names: str) -> bool:
        """Whether one of these fields is set."""
        return any(n in self.fields for n in names)

    def set(self, record: Any, name: str, value: Any) -> None:
        """Set a stored value (already in its stored form) on one record of the batch."""
        record.__dict__[self.rtype.fields[name].column_name] = value
        record.__dict__.pop(name, None) if self.rtype.fields[name].column_name != name else None
        self.fields.add(name)

    def set_each(self, name: str, values: Iterable[Any]) -> None:
        """Set a stored value on every record of the batch, in their order."""
        column = self.rtype.fields[name].column_name
        for record, value in zip(self.records, values, strict=True):
            record.__dict__[column] = value
            if column != name:
                record.__dict__.pop(name, None)
        self.fields.add(name)

    def was(self, record: Any, name: str) -> Any:
        """The stored value before this change (None when created)."""
        return self.old.get(record.__dict__.get("id"), {}).get(self.rtype.fields[name].column_name)

    def changed(self, *names: str) -> list[Any]:
        """Records in which one of these fields gets another value."""
        columns = [self.rtype.fields[n].column_name for n in names]
        return [r for r in self.records
                if any(self.old.get(r.__dict__.get("id"), {}).get(c) != r.__dict__.get(c) for c in columns)]


@dataclass
class ChangeSet:
    """What pluggy hooks get: the changes of one write, by record type."""

    changes: list[Change]

    def of(self, record: str, *actions: str) -> Iterable[Change]:
        """Changes of one record type, all actions or those named."""
        return (c for c in self.changes if c.record == record and (not actions or c.action in actions))
