"""How many records there are of each of many types, in one statement."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlalchemy import func, literal, select, union_all

from core.query.query import COUNT_CAP

if TYPE_CHECKING:
    from core.env import Env


def tally(env: Env, records: Iterable[str], cap: int = COUNT_CAP) -> dict[str, int]:
    """How many records of each type the acting person may see, at most cap + 1; types that are closed to them are left out."""
    parts = []
    for name in records:
        if not env.can("read", name):
            continue
        query = env.query(name)
        scope = query.scope()
        conditions = query.conditions(scope)
        inner = select(literal(1)).select_from(scope.from_()).where(*conditions).limit(cap + 1).subquery()
        parts.append(select(literal(name), func.count()).select_from(inner))
    return {name: int(count) for name, count in env.execute(union_all(*parts))} if parts else {}
