"""One SELECT's FROM: a root table and the joins that dotted paths need, each behind the reader's own predicate.

A join to a record the reader may not see yields nulls, so neither its name nor any of its values can be shown,
filtered or sorted by. The `trusted` scope (record rules, formulas' inner links) has no predicates, and reaches links
through scalar subqueries, because it stands inside a WHERE.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, select, true
from sqlalchemy.sql.expression import FromClause

from core.errors import ExpressionError
from core.expressions import FieldInfo, SubScope, to_sql
from core.i18n.messages import _
from core.records.fields import ChildrenField, Field, FormulaField, LinkField, ManyField
from core.registry.compose import RecordType
from core.registry.registry import field_info

if TYPE_CHECKING:
    from core.env import Env


class Scope:
    """Resolves paths of one record type to columns; see the module's text."""

    def __init__(self, env: Env, rtype: RecordType, table: FromClause | None = None, trusted: bool = False,
                 place: tuple[str, ...] = ()) -> None:
        self.env = env
        self.rtype = rtype
        self.place = place or ("rule" if trusted else "",)
        self.table: FromClause = env.registry.alias(rtype.name, *self.place) if table is None else table
        self.trusted = trusted
        self._joins: dict[tuple[str, ...], tuple[RecordType, FromClause, ColumnElement[bool]]] = {}

    # ---------------------------------------------------------------- the FROM
    def from_(self) -> FromClause:
        """The root with all joins that were needed so far."""
        made = self.table
        for _rtype, table, condition in self._joins.values():
            made = made.outerjoin(table, condition)
        return made

    def hop(self, path: tuple[str, ...]) -> tuple[RecordType, FromClause]:
        """The record type and table that a path of links leads to, joined when it is not yet."""
        if not path:
            return self.rtype, self.table
        if path not in self._joins:
            rtype, table = self.hop(path[:-1])
            link = self.field(rtype, path[-1])
            if not isinstance(link, LinkField):
                raise ExpressionError(_("“{path}” is not a link to one record."), path=".".join(path))
            target = self.env.registry.record(link.target)
            joined = self.env.registry.alias(target.name, self.rtype.name, *self.place, *path)
            condition = joined.c.id == table.c[link.column_name]
            seen = self.env.access.predicate("read", target, joined) if not self.trusted else None
            self._joins[path] = (target, joined, condition if seen is None else and_(condition, seen))
        target, joined, _condition = self._joins[path]
        return target, joined

    def field(self, rtype: RecordType, name: str) -> Field:
        """A field that the reader may see; a hidden one is as unknown as one that does not exist."""
        found = rtype.fields.get(name)
        if found is None or not (self.trusted or self.env.access.readable(rtype.name, name)):
            raise ExpressionError(_("{record} has no field “{field}”."), record=rtype.label, field=name)
        return found

    # ---------------------------------------------------------------- columns
    def column(self, path: tuple[str, ...]) -> ColumnElement[Any]:
        """The column (or formula) that a path names; for a link its id."""
        if self.trusted and len(path) > 1:
            return self._scalar(path)
        rtype, table = self.hop(path[:-1])
        return self.own_column(rtype, table, self.field(rtype, path[-1]))

    def own_column(self, rtype: RecordType, table: FromClause, field: Field) -> ColumnElement[Any]:
        """The SQL of one field on a table of its record type."""
        if isinstance(field, FormulaField):
            node = self.env.registry.node(rtype.name, field.expression)
            inner = Scope(self.env, rtype, table, trusted=True, place=(*self.place, field.name))
            return to_sql(node, inner, self.env.context)
        if not field.stored:
            raise ExpressionError(_("“{field}” holds several records: use any(), count() or sum()."), field=field.name)
        return table.c[field.column_name]

    def _scalar(self, path: tuple[str, ...]) -> ColumnElement[Any]:
        link = self.field(self.rtype, path[0])
        if not isinstance(link, LinkField):
            raise ExpressionError(_("“{path}” is not a link to one record."), path=path[0])
        target = self.env.registry.record(link.target)
        inner = Scope(self.env, target, trusted=True, place=(*self.place, "of", *path))
        column = inner.column(path[1:])
        return select(column).where(inner.table.c.id == self.table.c[link.column_name]).scalar_subquery()

    def info(self, path: tuple[str, ...]) -> FieldInfo:
        """The type of what a path names."""
        rtype = self.rtype
        for name in path[:-1]:
            rtype = self.env.registry.record(self.field(rtype, name).target)  # type: ignore[attr-defined]
        return field_info(self.field(rtype, path[-1]))

    def subquery(self, path: tuple[str, ...]) -> SubScope:
        """The children or many-to-many targets that a path names, as a scope of their own for any(), count(), sum()."""
        rtype, table = self.hop(path[:-1])
        field = self.field(rtype, path[-1])
        target = self.env.registry.record(field.target)  # type: ignore[attr-defined]
        inner = Scope(self.env, target, trusted=self.trusted, place=(*self.place, "in", *path))
        conditions: list[ColumnElement[bool]] = [inner.table.c.deleted_at.is_(None)]
        if isinstance(field, ChildrenField):
            conditions.append(inner.table.c[target.field(field.by).column_name] == table.c.id)
        elif isinstance(field, ManyField):
            link = rtype.many[field.name].alias()
            conditions.append(inner.table.c.id.in_(select(link.c.other_id).where(link.c.record_id == table.c.id)))
        else:
            raise ExpressionError(_("“{field}” does not hold several records."), field=field.name)
        seen = None if self.trusted else self.env.access.predicate("read", target, inner.table)
        if seen is not None:
            conditions.append(seen)
        return SubScope(resolver=inner, from_=inner.from_, join_condition=and_(true(), *conditions))
