"""Names of records of several types in one statement, of those the reader may see."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlalchemy import String, cast, literal, select, union_all

from core.query.scope import Scope

if TYPE_CHECKING:
    from core.env import Env


def titles(env: Env, keys: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """`{(record, id): name}` of live records that the actor may see, archived ones included."""
    wanted: dict[str, set[int]] = {}
    for record, key in keys:
        if record in env.registry.records and isinstance(key, int):
            wanted.setdefault(record, set()).add(key)
    parts = []
    for record, ids in wanted.items():
        rtype = env.registry.record(record)
        if not env.can("read", record) or not env.access.readable(record, rtype.title):
            continue
        scope = Scope(env, rtype)
        title = scope.spoken(rtype, scope.table, rtype.field(rtype.title))
        seen = env.access.predicate("read", rtype, scope.table)
        statement = select(literal(record, String).label("r"), scope.table.c.id.label("k"), cast(title, String).label("t"))
        statement = statement.select_from(scope.from_()).where(scope.table.c.id.in_(sorted(ids)),
                                                               scope.table.c.deleted_at.is_(None))
        parts.append(statement if seen is None else statement.where(seen))
    if not parts:
        return {}
    found = env.execute(union_all(*parts) if len(parts) > 1 else parts[0])
    return {(r, k): t or f"#{k}" for r, k, t in found}
