"""Records found by what they link to: any link field, also one that leads to several record types.

Everything stays behind the reader's permissions: these are ordinary queries with one more condition on the same table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from core.api import Env, Query

MANY = ("many", "tags")
CHUNK = 1000


class Inbound(NamedTuple):
    """A field of some record type through which records of another type may be linked to."""

    record: str
    field: str
    kind: str


FOLLOWERS = Inbound("base.follow", "about", "anylink")


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


def carry_over(env: Env, old: tuple[str, int], new: tuple[str, int], source: str) -> None:
    """Let everything that hangs on a record by a link to any type (notes, files, activities) hang on another one instead.

    For elevated code: what hangs there follows whoever wrote it. Links that only code writes stay, and so do followers, who
    asked for news of that one record.
    """
    for one in inbound(env, old[0]):
        if one.kind == "anylink" and one != FOLLOWERS and not env.registry.record(one.record).fields[one.field].readonly:
            ids = linking(env, one, old[0], [old[1]]).order("id").ids()
            if ids:
                env.update(one.record, ids, {one.field: new}, source=source)


def linking(env: Env, one: Inbound, target: str, ids: Sequence[int]) -> Query:
    """The records (archived ones too) that hold one of the numbers in that field, as far as the actor may see them."""
    return env.query(one.record).holding(one.field, ids, target if one.kind == "anylink" else "").archived(None)


def chunks(values: Iterable[Any], size: int = CHUNK) -> Iterator[list[Any]]:
    """A collection in parts of at most `size`."""
    whole = list(values)
    for start in range(0, len(whole), size):
        yield whole[start:start + size]
