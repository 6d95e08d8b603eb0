"""Names of records of several types in one statement, of those the reader may see."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, String, bindparam, cast, literal, select, union_all

from core.expressions.to_sql import moments
from core.query.kept import kept_for
from core.query.scope import Scope

if TYPE_CHECKING:
    from core.env import Env


def titles(env: Env, keys: Iterable[tuple[str, int]], *, deleted: bool = False) -> dict[tuple[str, int], str]:
    """`{(record, id): name}` of live records that the actor may see, archived ones included; with `deleted` those in the recycle
    bin, too."""
    wanted: dict[str, set[int]] = {}
    for record, key in keys:
        if record in env.registry.records and isinstance(key, int):
            wanted.setdefault(record, set()).add(key)
    records = tuple(sorted(wanted))
    statement = kept_for(env, ("titles", records, deleted), lambda: _statement(env, records, deleted))
    if statement is None:
        return {}
    bound = {f"ids_{record}": sorted(ids) for record, ids in wanted.items()}
    found = env.execute(statement, {**bound, **moments(env.now, env.tz)})
    return {(r, k): t or f"#{k}" for r, k, t in found}


def _statement(env: Env, records: tuple[str, ...], deleted: bool) -> Any:
    parts = []
    for record in records:
        rtype = env.registry.record(record)
        if not env.can("read", record) or not env.access.readable(record, rtype.title):
            continue
        scope = Scope(env, rtype)
        title = scope.spoken(rtype, scope.table, rtype.field(rtype.title))
        seen = env.access.predicate("read", rtype, scope.table)
        statement = select(literal(record, String).label("r"), scope.table.c.id.label("k"), cast(title, String).label("t"))
        statement = statement.select_from(scope.from_()).where(
            scope.table.c.id.in_(bindparam(f"ids_{record}", type_=BigInteger, expanding=True)),
            *([] if deleted else [scope.table.c.deleted_at.is_(None)]))
        parts.append(statement if seen is None else statement.where(seen))
    return None if not parts else union_all(*parts) if len(parts) > 1 else parts[0]
