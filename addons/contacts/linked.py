"""Records found by what they link to: any link field, also one that leads to several record types.

Everything stays behind the reader's permissions: these are ordinary queries with one more condition on the same table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from core.api import Env, F, Query

MANY = ("many", "tags")
CHUNK = 1000


class Holding(Query):
    """A query narrowed to records whose field holds one of some values; links to several types with their target."""

    _held: tuple[tuple[str, tuple[Any, ...], str], ...] = ()

    def holding(self, field: str, values: Iterable[Any], target: str = "") -> Holding:
        """Only records in whose field (of the record itself) one of the values stands."""
        return self._with(_held=(*self._held, (field, tuple(values), target)))  # type: ignore[return-value]

    def _conditions(self, scope: Any) -> list[Any]:
        found = super()._conditions(scope)
        for name, values, target in self._held:
            field = scope.field(self.rtype, name)
            found.append(scope.table.c[field.column_name].in_(values))
            if target:
                found.append(scope.table.c[field.type_column] == target)
        return found


def holding(env: Env, record: str, field: str, values: Iterable[Any], target: str = "") -> Holding:
    """Query the records of a type in whose field one of the values (numbers, for links) stands.

    `target` is needed for fields that link to several types: the type the numbers belong to.
    """
    return Holding(env, env.registry.record(record)).holding(field, values, target)


class Inbound(NamedTuple):
    """A field of some record type through which records of another type may be linked to."""

    record: str
    field: str
    kind: str


def inbound(env: Env, target: str) -> list[Inbound]:
    """Every field of every record type that may hold a link to records of `target`, the core's own fields apart."""
    found = []
    for rtype in env.registry.records.values():
        for field in rtype.fields.values():
            if field.system:
                continue
            kind = field.type_name
            if kind == "anylink" and target in (getattr(field, "targets", ()) or (target,)):
                found.append(Inbound(rtype.name, field.name, kind))
            elif getattr(field, "target", None) == target and (kind in MANY or (kind != "children" and field.stored)):
                found.append(Inbound(rtype.name, field.name, "many" if kind in MANY else "link"))
    return found


def linking(env: Env, one: Inbound, target: str, ids: Sequence[int]) -> Query:
    """The records (archived ones too) that hold one of the numbers in that field, as far as the actor may see them."""
    if one.kind == "many":
        return env.query(one.record).where(F[one.field].any(F.id.isin(list(ids)))).archived(None)
    return holding(env, one.record, one.field, ids, target if one.kind == "anylink" else "").archived(None)


def chunks(values: Iterable[Any], size: int = CHUNK) -> Iterator[list[Any]]:
    """A collection in parts of at most `size`."""
    whole = list(values)
    for start in range(0, len(whole), size):
        yield whole[start:start + size]
