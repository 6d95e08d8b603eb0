"""The first rows of each of several parts of a query, in one statement: the columns of a board.

Each part is a SELECT of numbers with its own order and limit, which the database reads from an index and stops; together
they are joined with the records once. Counting rows per part over the whole (`row_number()`) reads every record: measured
on 100,000 it took tens of times as long.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, literal_column, select, union_all

from core.expressions import Node, to_sql
from core.expressions.to_sql import moments
from core.query.paging import encode, stretches
from core.query.plan import Page, kept
from core.query.reading import Reader

if TYPE_CHECKING:
    from core.env import Env
    from core.query.query import Query


class Parts:
    """The statement for an actor, a query and its parts; see the module's text."""

    def __init__(self, query: Query, parts: tuple[Node, ...], limit: int) -> None:
        scope = query.scope()
        terms = query.terms(scope)
        self.reader = Reader(scope, query.paths)
        columns, self._at = self.reader.ordered_by(terms)
        found = union_all(*(one for i, part in enumerate(parts) for one in self._numbers(query, part, i, limit))).subquery()
        source = scope.from_(found.join(scope.table, scope.table.c.id == found.c.id))
        self._statement: Select[Any] = select(*columns, found.c.part).select_from(source).order_by(
            found.c.part, *(t.sql() for t in terms))
        self._count, self._limit = len(parts), limit

    @staticmethod
    def _numbers(query: Query, part: Node, at: int, limit: int) -> list[Select[Any]]:
        """Numbers of the first records of one part, those with an empty first column apart."""
        scope = query.scope()
        terms = query.terms(scope)
        conditions = [*query.conditions(scope, kept=True), to_sql(part, scope, query.env.context)]
        made = []
        for condition, order in stretches(terms, None):
            wanted = conditions if condition is None else [*conditions, condition]
            inner = select(scope.table.c.id, literal_column(str(at)).label("part")).select_from(scope.from_()).where(
                *wanted).order_by(*order).limit(limit + 1).subquery()
            made.append(select(inner.c.id, inner.c.part))
        return made

    def pages(self, env: Env, bound: dict[str, Any]) -> list[Page]:
        """A first page for each part, in the order given."""
        raw: list[list[Any]] = [[] for _part in range(self._count)]
        for row in env.execute(self._statement, {**bound, **moments(env.now, env.tz)}):
            raw[row[-1]].append(row)
        shown = [rows[:self._limit] for rows in raw]
        rows = iter(self.reader.rows(env, [row for part in shown for row in part]))
        made = [Page([next(rows) for _row in part]) for part in shown]
        for page, part, whole in zip(made, shown, raw, strict=True):
            if len(whole) > self._limit:
                page.next = encode([part[-1][at] for at in self._at])
        return made


def first_pages(query: Query, parts: tuple[Node, ...], limit: int) -> list[Page]:
    """See the module's text; a part's further pages are `query.where(part).page(limit, token)`."""
    if not parts:
        return []
    plan = kept(query, ("parts", parts, limit), lambda: Parts(query, parts, limit))
    return plan.pages(query.env, query.bound())
