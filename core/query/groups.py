"""Counts and sums of a query by groups, in one statement, which is kept like those of its pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Float, Select, case, func, literal_column, null, select

from core.errors import ExpressionError
from core.expressions.to_sql import moments
from core.i18n.messages import _
from core.query.plan import kept
from core.query.reading import Reader
from core.records.types import Fixed, Span

if TYPE_CHECKING:
    from core.env import Env
    from core.query.query import Query

SPAN = "sarnakh_span"
Spans = tuple[str, tuple[Any, ...]]


class Groups:
    """The statement for an actor, a query and what is asked of it."""

    def __init__(self, query: Query, group_by: tuple[str, ...], sums: tuple[str, ...], counts: bool, limit: int,
                 spans: Spans | None, means: tuple[str, ...] = (), largest: str = "") -> None:
        scope = query.scope()
        self._reader = Reader(scope, group_by, with_id=False)
        for path in group_by:
            if not self._reader.kinds[path].filterable:
                raise ExpressionError(_("Lists cannot be grouped by “{field}”."), field=path)
        span = None if spans is None else _span(scope.column(tuple(spans[0].split("."))), spans[1])
        columns: list[Any] = [func.count().label("n")] if counts else []
        for path in sums:
            column = scope.column(tuple(path.split(".")))
            columns.append(func.sum(column, type_=column.type).label(f"s{len(columns)}"))
        for path in means:
            column = scope.column(tuple(path.split(".")))
            exact = isinstance(column.type, (Fixed, Span))
            columns.append(func.avg(column, type_=column.type if exact else Float()).label(f"s{len(columns)}"))
        self._names = (["count"] if counts else []) + [f"sum:{p}" for p in sums] + [f"avg:{p}" for p in means]
        conditions = query.conditions(scope, kept=True)
        grouping = [c.element for c in self._reader.columns]
        statement = select(*self._reader.columns, *columns).select_from(scope.from_()).where(*conditions)
        if span is not None:
            statement = statement.add_columns(span.label(SPAN))
            grouping.append(literal_column(SPAN))
        if grouping:
            first = [columns[self._names.index(largest)].desc().nulls_last()] if largest else []
            order = [*first, *self._reader.order(query.env), *([] if span is None else [literal_column(SPAN).nulls_last()])]
            statement = statement.group_by(*grouping).order_by(*order)
        self._statement: Select[Any] = statement.limit(limit)
        self._names += [] if span is None else ["span"]

    def rows(self, env: Env, bound: dict[str, Any]) -> list[dict[str, Any]]:
        """The groups."""
        found = env.execute(self._statement, {**bound, **moments(env.now, env.tz)}).all()
        rows, width = self._reader.rows(env, found), len(self._reader.columns)
        for row, raw in zip(rows, found, strict=True):
            row.update(zip(self._names, raw[width:], strict=True))
        return rows


def grouped(query: Query, group_by: tuple[str, ...], sums: tuple[str, ...], counts: bool, limit: int,
            spans: Spans | None, means: tuple[str, ...] = (), largest: str = "") -> list[dict[str, Any]]:
    """See `Query.aggregate`."""
    asked = (group_by, sums, counts, limit, spans, means, largest)
    plan = kept(query, ("groups", *asked), lambda: Groups(query, *asked))
    return plan.rows(query.env, query.bound())


def _span(column: ColumnElement[Any], starts: Sequence[Any]) -> ColumnElement[Any]:
    """In which stretch a value lies: how many of the starts it has reached. Grouped by its name, as the expression with
    its parameters written a second time is another one for PostgreSQL."""
    reached: list[Any] = [(column < start, literal_column(str(i))) for i, start in enumerate(starts)]
    return case((column.is_(None), null()), *reached, else_=literal_column(str(len(starts))))
