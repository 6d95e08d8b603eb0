"""What two people may both do: a look at pages as another profile gets them, that opens nothing to who is looking."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement

from core.registry.compose import RecordType
from core.security.access import Access

_RANK = ("hidden", "read", "edit")


class BothAccess(Access):
    """Operations, fields and areas are those that the looking person (`own`) and the other actor both have; which records
    there are is decided for the looking person alone, so that an example can be found at all."""

    def __init__(self, own: Access, other: Access) -> None:
        super().__init__(other.registry, other.actor, own._compile, own._now)  # noqa: SLF001 - of one piece with Access
        self._own = own

    def kept_in(self, fresh: Access) -> Access:
        """What both may do, also where the page speaks another language."""
        return BothAccess(self._own, fresh)

    @property
    def unlimited(self) -> bool:
        """Whether nothing is refused to either."""
        return self._own.unlimited and super().unlimited

    def can(self, operation: str, record: str) -> bool:
        """Whether both may do the operation on some records of the type."""
        return self._own.can(operation, record) and super().can(operation, record)

    def area(self, name: str) -> bool:
        """Whether a part of the administration is open to both."""
        return self._own.area(name) and super().area(name)

    def _compute_modes(self, record: str) -> dict[str, str]:
        own = self._own.field_modes(record)
        return {name: min(mode, own.get(name, "hidden"), key=_RANK.index) for name, mode in super()._compute_modes(record).items()}

    def predicate(self, operation: str, rtype: RecordType, table: Any, under: Any = None) -> ColumnElement[bool] | None:
        """The condition of the looking person."""
        return self._own.predicate(operation, rtype, table, under)
