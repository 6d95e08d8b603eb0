"""Which operators fit which types: shared by the checker and by both compilers' understanding of a comparison."""

from __future__ import annotations

from core.expressions.types import Type

_NUMBERS = frozenset({"number", "integer"})
_TEXTS = frozenset({"text", "choice"})
_DATES = frozenset({"date", "datetime"})


def comparable(op: str, left: Type, right: Type) -> bool:
    """Whether `left op right` has a meaning. Links and yes/no are only equal or not; choices have no order."""
    kinds = {left.kind, right.kind}
    equality = op in ("==", "!=")
    if kinds <= _NUMBERS or kinds <= _DATES:
        return True
    if kinds <= _TEXTS:
        return equality or "choice" not in kinds
    if kinds == {"flag"}:
        return equality
    if "link" in kinds and kinds <= {"link", "integer"}:
        return equality and (left.target is None or right.target is None or left.target == right.target)
    return False


def contained(item: Type, container: Type) -> bool:
    """Whether `item in container` has a meaning, for the containers that are not lists."""
    if container.kind == "range":
        return item.kind in _DATES
    if container.kind == "ids":
        known = item.kind == "link" or (item.kind == "integer" and item.target is not None)  # or a record's own number
        return known and item.target in (None, container.target)
    return False
