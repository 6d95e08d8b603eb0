"""Which records hold the most telling of some words: for suggestions, and for putting what was found into order.

Two statements, whatever the number of words and records. The first counts in the full-text index how many records hold
each word, the second adds up what the rarest of them weigh. Words are looked for as the search box does (folded, by their
beginnings), and so are fields that the reader may not see: what is in these does not count.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sqlalchemy import Float, Integer, Select, bindparam, func, literal_column, select, union_all

from core.query.search import MOST_LETTERS, Words, matches, terms_of

if TYPE_CHECKING:
    from core.query.query import Query

MOST = 40
"""Words that are looked up; the rest of a long text is not."""
TELLING = 12
"""Words, the rarest, that are added up."""
CAP = 4000
"""A word in as many records as this says nothing about any of them."""


def alike(query: Query, words: Iterable[str], limit: int) -> list[tuple[int, float]]:
    """Numbers of the query's records that hold one of the words or more, the best first, each with its score."""
    wanted = list(dict.fromkeys(t for word in words for t in terms_of(word)))[:MOST]
    if not wanted or not query.rtype.search_fields:
        return []
    weights = _weights(query, wanted)
    if not weights:
        return []
    parts = [_holding(query, at, word, weight) for at, (word, weight) in enumerate(weights.items())]
    found = union_all(*parts).subquery()
    score = func.sum(found.c.weight).label("score")
    summed = select(found.c.id, score).group_by(found.c.id).subquery()
    scope = query.scope()
    conditions = query.conditions(scope)
    source = scope.from_(summed.join(scope.table, scope.table.c.id == summed.c.id))
    statement = select(summed.c.id, summed.c.score).select_from(source).where(*conditions).order_by(
        summed.c.score.desc(), summed.c.id.desc()).limit(limit)
    return [(row.id, float(row.score)) for row in query.env.execute(statement)]


def _holding(query: Query, at: int, word: str, weight: float) -> Select[Any]:
    inner = query.env.registry.alias(query.rtype.name, "alike", str(at))
    return select(inner.c.id, bindparam(None, weight, Float).label("weight")).where(_holds(query, inner, word))


def _holds(query: Query, inner: Any, word: str) -> Any:
    return matches(query.env, query.rtype, inner, Words(query.env.dialect, (word[:MOST_LETTERS],), middles=False))


def _weights(query: Query, words: list[str]) -> dict[str, float]:
    """The rarest words that occur at all, each with what it weighs: the logarithm of how rare it is."""
    def counted(at: int, word: str | None) -> Select[Any, Any]:
        inner = query.env.registry.alias(query.rtype.name, "alike", str(at))
        rows: Select[Any] = select(literal_column("1")).select_from(inner)
        if word is not None:
            rows = rows.where(_holds(query, inner, word))
        return select(literal_column(str(at), Integer).label("at"), func.count().label("n")).select_from(rows.limit(CAP).subquery())

    found = dict(query.env.execute(union_all(counted(-1, None), *(counted(i, w) for i, w in enumerate(words)))).all())
    total = found.pop(-1)
    rarest = sorted((n, at) for at, n in found.items() if 0 < n < CAP)[:TELLING]
    return {words[at]: math.log(1 + total / n) for n, at in rarest}
