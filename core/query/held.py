"""The first rows that each of several records holds in a field of children, in one statement: lines of a page of orders.

The records stand beside a SELECT of their children's numbers with its own order and limit, so of a record that holds a hundred
thousand no more is carried about than is shown. PostgreSQL joins it LATERAL; SQLite, which knows no such joins, works an IN out
once for each record.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Select, bindparam, select, true

from core.expressions.to_sql import moments
from core.query.paging import encode
from core.query.plan import Page, kept
from core.query.reading import Reader
from core.records.fields import ChildrenField

if TYPE_CHECKING:
    from core.env import Env
    from core.query.query import Query

PARENTS = "held_by"
"""The name under which the numbers of the records are bound."""


class Held:
    """The statement for an actor, a query of children and the field that holds them; see the module's text."""

    def __init__(self, query: Query, field: ChildrenField, limit: int) -> None:
        env, scope = query.env, query.scope()
        terms = query.terms(scope)
        self.reader = Reader(scope, query.paths)
        columns, self._at = self.reader.ordered_by(terms)
        parent = env.registry.record(field.record).table.alias()
        found = self._numbers(query, field, parent, limit)
        if env.dialect == "postgresql":
            one = found.lateral()
            source = parent.join(one, true()).join(scope.table, scope.table.c.id == one.c.id)
        else:
            source = parent.join(scope.table, scope.table.c.id.in_(found))
        wanted = parent.c.id.in_(bindparam(PARENTS, type_=BigInteger, expanding=True))
        self._statement: Select[Any] = select(*columns, parent.c.id.label(PARENTS)).select_from(scope.from_(source)).where(
            wanted).order_by(parent.c.id, *(t.sql() for t in terms))
        self._limit = limit

    @staticmethod
    def _numbers(query: Query, field: ChildrenField, parent: Any, limit: int) -> Select[Any]:
        """Numbers of the first children of one record that the reader may see, and one more."""
        scope = query.scope()
        terms = query.terms(scope)
        link = scope.field(query.rtype, field.by)  # what hides whose children they are hides the children
        conditions = [*query.conditions(scope, kept=True), *field.holding(link, scope.table, parent.c.id)]
        return select(scope.table.c.id).select_from(scope.from_()).where(*conditions).order_by(
            *(t.sql() for t in terms)).limit(limit + 1).correlate(parent)

    def pages(self, env: Env, bound: dict[str, Any], parents: Sequence[int]) -> dict[int, Page]:
        """A first page for each record."""
        raw: dict[int, list[Any]] = {key: [] for key in parents}
        for row in env.execute(self._statement, {**bound, PARENTS: list(raw), **moments(env.now, env.tz)}):
            raw[row[-1]].append(row)
        shown = {key: found[:self._limit] for key, found in raw.items()}
        rows = iter(self.reader.rows(env, [row for found in shown.values() for row in found]))
        made = {key: Page([next(rows) for _row in found]) for key, found in shown.items()}
        for key, page in made.items():
            if len(raw[key]) > self._limit:
                page.next = encode([shown[key][-1][at] for at in self._at])
        return made


def first_held(query: Query, field: ChildrenField, parents: Sequence[int], limit: int) -> dict[int, Page]:
    """See the module's text."""
    if not parents:
        return {}
    plan = kept(query, ("held", field.record, field.name, limit), lambda: Held(query, field, limit))
    return plan.pages(query.env, query.bound(), parents)
