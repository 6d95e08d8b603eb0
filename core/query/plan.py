"""The statements of a query, worked out once for an actor and then executed for every page, record and day.

Building a statement costs several times what executing it does: SQLAlchemy finds a statement it has seen by its key, and
the key of a kept statement is ready. A plan holds the columns, the conditions with the actor's predicate, and the
SELECTs for each shape of place; the place, the numbers of records and the moment are bound at execution. Plans are kept
on the registry under the actor object (`core/memo.py`), so a change of rights or of definitions makes new ones. A plan
that asks for the time in other ways than "now()" and "today()" (`add_days(today(), 7)`) is not kept at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, select

from core.expressions.to_sql import moments
from core.query.kept import Made, kept_for
from core.query.paging import Term, decode, encode, stretches, suits
from core.query.reading import Reader

if TYPE_CHECKING:
    from core.env import Env
    from core.query.query import Query

Place = tuple[list[Any], bool]


@dataclass
class Page:
    """One page of rows, with tokens for its neighbours (None where there is none)."""

    rows: list[dict[str, Any]]
    next: str | None = None
    previous: str | None = None


class Plan:
    """See the module's text."""

    def __init__(self, query: Query) -> None:
        scope = query.scope()
        self.terms: list[Term] = query.terms(scope)
        self.reader = Reader(scope, query.paths)
        conditions = query.conditions(scope, kept=True)
        columns, self._at = self.reader.ordered_by(self.terms)
        self._base: Select[Any] = select(*columns).select_from(scope.from_()).where(*conditions)
        self._shapes: dict[Any, list[Select[Any]]] = {}

    def place(self, token: str | None) -> Place | None:
        """The place a token marks; None for no token, or one of another list."""
        found = decode(token, len(self.terms)) if token else None
        return found if found is not None and suits(self.terms, found[0]) else None

    def rows(self, env: Env, bound: dict[str, Any], limit: int | None) -> list[dict[str, Any]]:
        """All rows, or the first ones."""
        statement = self._shapes.get(("rows", limit))
        if statement is None:
            ordered = self._base.order_by(*(t.sql() for t in self.terms)).limit(limit)
            statement = self._shapes["rows", limit] = [ordered]
        return self.reader.rows(env, env.execute(statement[0], {**bound, **moments(env.now, env.tz)}).all())

    def page(self, env: Env, bound: dict[str, Any], limit: int, token: str | None) -> Page:
        """One page of rows after (or before) the place."""
        place = self.place(token)
        backwards = place[1] if place else False
        values = {t.bind: v for t, v in zip(self.terms, place[0], strict=True) if v is not None} if place else {}
        values |= bound | moments(env.now, env.tz)
        found: list[Any] = []
        for statement in self._statements(place, limit):
            found.extend(env.execute(statement, values).all())
            if len(found) > limit:
                break
        more, found = len(found) > limit, found[:limit]
        if backwards:
            found.reverse()
        page = Page(self.reader.rows(env, found))
        if found:
            if more or backwards:
                page.next = encode([found[-1][at] for at in self._at])
            if more if backwards else bool(place):
                page.previous = encode([found[0][at] for at in self._at], backwards=True)
        return page

    def _statements(self, place: Place | None, limit: int) -> list[Select[Any]]:
        """What is asked, one after another until there are enough rows; places of one shape share them."""
        shape = (limit, place and (place[1], *(v is None for v in place[0])))
        made = self._shapes.get(shape)
        if made is None:
            parts = stretches(self.terms, place[0] if place else None, place[1] if place else False)
            made = self._shapes[shape] = [
                (self._base if condition is None else self._base.where(condition)).order_by(*order).limit(limit + 1)
                for condition, order in parts]
        return made


def plan_for(query: Query) -> Plan:
    """The plan of a query, the kept one where there is one."""
    return kept(query, (), lambda: Plan(query))


def kept(query: Query, kind: tuple[Any, ...], make: Callable[[], Made]) -> Made:
    """What `make` works out for a query, kept for its actor; `kind` tells it from other things kept for the same query."""
    return kept_for(query.env, (query.signature(), kind), make)
