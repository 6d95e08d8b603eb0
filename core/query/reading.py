"""From requested paths to the columns of a statement, and from its rows back to dicts.

A reader keeps nothing of the environment it was planned for, so a plan serves the same actor's next request as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, String, literal, select

from core.errors import ExpressionError
from core.expressions import by_options, in_order
from core.expressions.sorting import Order
from core.i18n.messages import _
from core.query.scope import Scope
from core.query.titles import titles
from core.records.fields import AnyLinkField, ChildrenField, ChoiceField, Field, Link, LinkField, ManyField, TextField
from core.records.name_fields import NameField

if TYPE_CHECKING:
    from core.env import Env
    from core.query.paging import Term


def order_of(env: Env, field: Field, column: ColumnElement[Any]) -> Order | None:
    """How a field's values are ordered: texts by the installation's alphabet, choices as their picklist has them, the
    rest as they are (None)."""
    if isinstance(field, ChoiceField) and not isinstance(field, NameField):
        return partial(by_options, tuple(o.value for o in field.options))
    return partial(in_order, collation=env.registry.collation) if isinstance(column.type, String) else None


class Reader:
    """Turns requested paths into columns and result rows back into dicts."""

    def __init__(self, scope: Scope, paths: Sequence[str], with_id: bool = True) -> None:
        self.rtype = scope.rtype
        self._spoken: set[str] = set()
        self._dotted = with_id  # groups are told apart, and filtered again, by what is stored
        self.columns: list[Any] = []
        self._plans: list[tuple[str, str, int, str]] = []
        self._many: list[tuple[str, Field]] = []
        self.kinds: dict[str, Field] = {}
        for path in dict.fromkeys((*(("id",) if with_id else ()), *paths)):
            self._plan(scope, path)

    def _add(self, column: ColumnElement[Any]) -> int:
        self.columns.append(column.label(f"c{len(self.columns)}"))
        return len(self.columns) - 1

    def _plan(self, scope: Scope, path: str) -> None:
        parts = tuple(path.split("."))
        rtype, table = scope.hop(parts[:-1])
        field = scope.field(rtype, parts[-1])
        self.kinds[path] = field
        if isinstance(field, (ManyField, ChildrenField)):
            if len(parts) == 1 and isinstance(field, ManyField):
                self._many.append((path, field))
            elif len(parts) > 1:
                raise ExpressionError(_("“{path}” holds several records and cannot be a column."), path=path)
        elif isinstance(field, LinkField):
            at = self._add(table.c[field.column_name])
            target, joined = scope.hop(parts)
            named = scope.reads_title(target)
            self._add(scope.spoken(target, joined, target.field(target.title)) if named else literal(None))
            self._plans.append((path, "link" if named else "nameless", at, field.target))
        elif isinstance(field, AnyLinkField):
            at = self._add(table.c[field.column_name])
            self._add(table.c[field.type_column])
            self._plans.append((path, "any", at, ""))
        else:
            shown = scope.speaks or (len(parts) > 1 and self._dotted)
            if shown and isinstance(field, TextField) and field.spoken:
                self._spoken.add(path)
            at = self._add(scope.spoken(rtype, table, field) if shown else scope.own_column(rtype, table, field))
            self._plans.append((path, "plain", at, ""))

    def place(self, path: str) -> int | None:
        """Where among the columns the value stands that a path is ordered by; None when it is not read."""
        found = next((plan for plan in self._plans if plan[0] == path), None)
        if found is None or found[1] == "any" or path in self._spoken:  # ordered by what is stored
            return None
        return found[2] + 1 if found[1] == "link" else found[2]

    def ordered_by(self, terms: Sequence[Term]) -> tuple[list[ColumnElement[Any]], list[int]]:
        """The columns and behind them those that only order, as `k0`, `k1` …; and where among them the value of each term stands."""
        columns: list[ColumnElement[Any]] = [*self.columns]
        at = []
        for i, term in enumerate(terms):
            found = self.place(term.path)
            if found is None:
                found = len(columns)
                columns.append(term.column.label(f"k{i}"))
            at.append(found)
        return columns, at

    def order(self, env: Env) -> Iterator[ColumnElement[Any]]:
        """ORDER BY terms of the columns themselves, for groups: links by what they show, then by their number."""
        for path, kind, at, target in self._plans:
            title = env.registry.record(target) if kind == "link" else None
            field = title.field(title.title) if title else self.kinds[path]
            shown = self.columns[at + 1 if kind == "link" else at].element
            order = order_of(env, field, shown)
            yield (shown if order is None else order(shown)).asc().nulls_last()
            yield from (self.columns[i].element for i in ((at,) if kind == "link" else (at + 1,) if kind == "any" else ()))

    def rows(self, env: Env, found: Sequence[Any]) -> list[dict[str, Any]]:
        """Dicts by path, with many-to-many values filled in by one statement per field."""
        plain = [(path, at) for path, kind, at, _target in self._plans if kind == "plain"]
        links = [plan for plan in self._plans if plan[1] != "plain"]
        made: list[dict[str, Any]] = []
        for raw in found:
            row: dict[str, Any] = {path: raw[at] for path, at in plain}
            for path, kind, at, target in links:
                key, other = raw[at], raw[at + 1]
                row[path] = None if key is None else Link(key, None, other) if kind == "any" else Link(key, other, target)
            made.append(row)
        for path, field in self._many:
            self._fill_many(env, made, path, field)
        self._fill_any(env, made)
        return made

    def _fill_many(self, env: Env, rows: list[dict[str, Any]], path: str, field: Any) -> None:
        by_id = {row["id"]: row for row in rows}
        for row in rows:
            row[path] = []
        if not by_id:
            return
        link = self.rtype.many[field.name]
        target = env.registry.record(field.target)
        inner = Scope(env, target)
        named = target.field(target.title)
        readable = inner.reads_title(target)
        title = inner.spoken(target, inner.table, named) if readable else literal(None)
        by = order_of(env, named, title) if readable else None
        seen = env.access.predicate("read", target, inner.table)
        statement = select(link.c.record_id, inner.table.c.id, title).select_from(
            link.join(inner.table, inner.table.c.id == link.c.other_id)).where(
            link.c.record_id.in_(list(by_id)), inner.table.c.deleted_at.is_(None))
        if seen is not None:
            statement = statement.where(seen)
        order = by(title) if by else title if readable else inner.table.c.id
        for record_id, other, label in env.execute(statement.order_by(order)):
            by_id[record_id][path].append(Link(other, label, field.target))

    def _fill_any(self, env: Env, rows: list[dict[str, Any]]) -> None:
        """Names of what links to several types lead to: one statement for all of them."""
        paths = [path for path, kind, _at, _target in self._plans if kind == "any"]
        links = [row[path] for path in paths for row in rows if row[path] is not None]
        if not links:
            return
        labels = titles(env, ((link.record, link.id) for link in links), deleted=True)
        for path in paths:
            for row in rows:
                if row[path] is not None:
                    row[path] = row[path]._replace(label=labels.get((row[path].record, row[path].id)))
