"""One SELECT's FROM: a root table and the joins that dotted paths need, each behind the reader's own predicate.

A join to a record the reader may not see yields nulls, so neither its name nor any of its values can be shown,
filtered or sorted by. The `trusted` scope (record rules, formulas' inner links) has no predicates, and reaches links
through scalar subqueries, because it stands inside a WHERE. Within a formula that an installation made itself these are
`guarded`: it reaches no record that its reader does not reach.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, String, and_, bindparam, false, func, literal, literal_column, or_, select, true
from sqlalchemy.sql.expression import FromClause

from core.errors import ExpressionError
from core.expressions import FieldInfo, SubScope, to_sql
from core.i18n.messages import _
from core.records.fields import AnyLinkField, ChildrenField, Field, FormulaField, LinkField, ManyField
from core.registry.compose import RecordType
from core.registry.own.names import OWN
from core.registry.registry import field_info

if TYPE_CHECKING:
    from core.env import Env


class Scope:
    """Resolves paths of one record type to columns; see the module's text."""

    def __init__(self, env: Env, rtype: RecordType, table: FromClause | None = None, trusted: bool = False,
                 place: tuple[str, ...] = (), guarded: bool = False) -> None:
        self.env = env
        self.rtype = rtype
        self.place = place or ("rule" if trusted else "",)
        self.table: FromClause = env.registry.alias(rtype.name, *self.place) if table is None else table
        self.trusted = trusted
        self.guarded = guarded
        self.speaks = False
        self._joins: dict[tuple[str, ...], tuple[RecordType, FromClause, ColumnElement[bool]]] = {}

    # ---------------------------------------------------------------- the FROM
    def from_(self, root: FromClause | None = None) -> FromClause:
        """The root (or a join that holds it) with all joins that were needed so far."""
        made = self.table if root is None else root
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

    def reads(self, path: str) -> bool:
        """Whether the reader may see a field by its dotted path."""
        try:
            self.info(tuple(path.split(".")))
        except ExpressionError:
            return False
        return True

    def reads_title(self, rtype: RecordType) -> bool:
        """Whether the reader may see what the records of a type are called."""
        return self.trusted or self.env.access.readable(rtype.name, rtype.title)

    # ---------------------------------------------------------------- columns
    def column(self, path: tuple[str, ...]) -> ColumnElement[Any]:
        """The column (or formula) that a path names; for a link its id."""
        if self.trusted and len(path) > 1:
            return self._scalar(path)
        rtype, table = self.hop(path[:-1])
        field = self.field(rtype, path[-1])
        if field.opaque:
            raise ExpressionError(_("{record} has no field “{field}”."), record=rtype.label, field=path[-1])
        return self.own_column(rtype, table, field)

    def own_column(self, rtype: RecordType, table: FromClause, field: Field) -> ColumnElement[Any]:
        """The SQL of one field on a table of its record type."""
        if isinstance(field, FormulaField):
            node = self.env.registry.node(rtype.name, field.expression)
            guarded = field.addon == OWN and (self.guarded or not self.trusted)
            inner = Scope(self.env, rtype, table, trusted=True, place=(*self.place, field.name), guarded=guarded)
            return to_sql(node, inner, self.env.context)
        if not field.stored:
            raise ExpressionError(_("“{field}” holds several records: use any(), count() or sum()."), field=field.name)
        return table.c[field.column_name]

    def spoken(self, rtype: RecordType, table: FromClause, field: Field) -> ColumnElement[Any]:
        """A field as its reader calls it: in the reader's language where its record has a name in it.

        The language stands in the statement itself: grouped by an expression with a parameter, PostgreSQL takes it for two.
        """
        column, other, lang = self.own_column(rtype, table, field), getattr(field, "spoken", ""), self.env.lang[:2]
        if not other or not (lang.isascii() and lang.isalpha()) or not (self.trusted or self.env.access.readable(rtype.name, other)):
            return column
        held = table.c[other].op("->>", return_type=String())(literal_column(f"'{lang}'"))
        return func.coalesce(held, column, type_=column.type)

    def holds(self, name: str, places: Sequence[tuple[str, Sequence[Any]]], kept: str = "") -> ColumnElement[bool]:
        """Whether one of the values stands in a field of the root, see `Query.holding`; bound under names that begin with
        `kept`, if the statement is kept."""
        field = self.field(self.rtype, name)
        if not field.filterable:
            raise ExpressionError(_("Lists cannot be filtered by “{field}”."), field=field.label)
        if any(record for record, _values in places) and not isinstance(field, AnyLinkField):
            raise ExpressionError(_("“{path}” links to records of one type: give their numbers alone."), path=name)
        if isinstance(field, ManyField):
            return self._holds_many(field, places, kept)
        if isinstance(field, ChildrenField):
            inner = self.subquery((name,))
            other: FromClause = inner.resolver.table  # type: ignore[attr-defined]  # it is a Scope
            among = or_(false(), *(_among(other.c.id, values, kept and f"{kept}_{i}") for i, (_r, values) in enumerate(places)))
            return select(literal(1)).select_from(other).where(inner.join_condition, among).correlate_except(other).exists()
        column = self.own_column(self.rtype, self.table, field)
        found = [(record, _among(column, values, kept and f"{kept}_{i}")) for i, (record, values) in enumerate(places)]
        if not isinstance(field, AnyLinkField):
            return or_(false(), *(one for _record, one in found))
        if any(not record for record, _one in found):
            raise ExpressionError(_("“{path}” links to records of several types: say of which."), path=name)
        return or_(false(), *(and_(self.table.c[field.type_column] == record, one) for record, one in found))

    def _holds_many(self, field: ManyField, places: Sequence[tuple[str, Sequence[Any]]], kept: str) -> ColumnElement[bool]:
        """Led by the index over the pairs of the link: what stands nowhere else is not looked through."""
        target = self.env.registry.record(field.target)
        other = Scope(self.env, target, trusted=self.trusted, place=(*self.place, "held", field.name)).table
        among = or_(false(), *(_among(other.c.id, values, kept and f"{kept}_{i}") for i, (_r, values) in enumerate(places)))
        seen = None if self.trusted else self.env.access.predicate("read", target, other)
        others = select(other.c.id).where(other.c.deleted_at.is_(None), among, *([] if seen is None else [seen]))
        link = self.rtype.many[field.name].alias()
        return self.table.c.id.in_(select(link.c.record_id).where(link.c.other_id.in_(others)))

    def _scalar(self, path: tuple[str, ...]) -> ColumnElement[Any]:
        link = self.field(self.rtype, path[0])
        if not isinstance(link, LinkField):
            raise ExpressionError(_("“{path}” is not a link to one record."), path=path[0])
        target = self.env.registry.record(link.target)
        inner = Scope(self.env, target, trusted=True, place=(*self.place, "of", *path), guarded=self.guarded)
        column = inner.column(path[1:])
        seen = self.env.access.predicate("read", target, inner.table) if self.guarded else None
        found = select(column).where(inner.table.c.id == self.table.c[link.column_name], *([] if seen is None else [seen]))
        return found.correlate_except(inner.table).scalar_subquery()

    def info(self, path: tuple[str, ...]) -> FieldInfo:
        """The type of what a path names."""
        rtype = self.rtype
        for name in path[:-1]:
            rtype = self.env.registry.record(self.field(rtype, name).target)  # type: ignore[attr-defined]
        return field_info(self.field(rtype, path[-1]))

    def _linked(self, path: tuple[str, ...]) -> RecordType:
        """The record type that a path of links leads to."""
        rtype = self.rtype
        for name in path:
            link = self.field(rtype, name)
            if not isinstance(link, LinkField):
                raise ExpressionError(_("“{path}” is not a link to one record."), path=".".join(path))
            rtype = self.env.registry.record(link.target)
        return rtype

    def subquery(self, path: tuple[str, ...]) -> SubScope:
        """The children or many-to-many targets that a path names, as a scope of their own for any(), count(), sum()."""
        if self.trusted and len(path) > 1:  # nothing is joined in a WHERE: the number that the links lead to
            rtype, key = self._linked(path[:-1]), self.column(path[:-1])
        else:
            rtype, table = self.hop(path[:-1])
            key = table.c.id
        field = self.field(rtype, path[-1])
        target = self.env.registry.record(field.target)  # type: ignore[attr-defined]
        inner = Scope(self.env, target, trusted=self.trusted, place=(*self.place, "in", *path), guarded=self.guarded)
        conditions: list[ColumnElement[bool]] = [inner.table.c.deleted_at.is_(None)]
        if isinstance(field, ChildrenField):
            conditions += field.holding(target.field(field.by), inner.table, key)
        elif isinstance(field, ManyField):
            link = rtype.many[field.name].alias()
            # Said explicitly: of a table two SELECTs further out SQLAlchemy would make a second one here, of all records.
            linked = select(link.c.other_id).where(link.c.record_id == key).correlate_except(link)
            conditions.append(inner.table.c.id.in_(linked))
        else:
            raise ExpressionError(_("“{field}” does not hold several records."), field=field.name)
        seen = None if self.trusted and not self.guarded else self.env.access.predicate("read", target, inner.table)
        if seen is not None:
            conditions.append(seen)
        return SubScope(resolver=inner, from_=inner.from_, join_condition=and_(true(), *conditions))


def _among(column: ColumnElement[Any], values: Sequence[Any], name: str) -> ColumnElement[bool]:
    return column.in_(bindparam(name or None, list(values), column.type, expanding=True))
