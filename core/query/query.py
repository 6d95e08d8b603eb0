"""Reading records: the one way, always through the acting user's predicate.

A query is built step by step (each step returns a new one) and answers with rows, pages, counts, sums, ids or
records. Links come with the label of their target when the reader may see it; many-to-many fields take one more
statement for all rows together.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, func, literal, select

from core.errors import ExpressionError
from core.expressions import Expr, Node, to_sql
from core.i18n.messages import _
from core.query.paging import Term, after, decode, encode, suits
from core.query.scope import Scope
from core.query.search import matches
from core.records.fields import AnyLinkField, ChildrenField, Field, FormulaField, Link, LinkField, ManyField
from core.registry.compose import RecordType

if TYPE_CHECKING:
    from core.env import Env

COUNT_CAP = 1000
CHUNK = 1000


@dataclass
class Page:
    """One page of rows, with tokens for its neighbours (None where there is none)."""

    rows: list[dict[str, Any]]
    next: str | None = None
    previous: str | None = None


class Query:
    """See the module's text. `env.query("leads.lead")` makes one."""

    def __init__(self, env: Env, rtype: RecordType) -> None:
        self.env = env
        self.rtype = rtype
        self._where: tuple[Node, ...] = ()
        self._ids: tuple[int, ...] | None = None
        self._search: str = ""
        self._order: tuple[str, ...] = ()
        self._archived: bool | None = False
        self._deleted: bool | None = False
        self._paths: tuple[str, ...] = ()
        self._operation = "read"
        self._linked: tuple[tuple[str, str, tuple[int, ...]], ...] = ()

    # ---------------------------------------------------------------- building
    def _with(self, **changes: Any) -> Query:
        made = copy.copy(self)
        made.__dict__.update(changes)
        return made

    def where(self, *conditions: Node | Expr | str | None) -> Query:
        """Only records for which these expressions hold (None is skipped)."""
        found = [self.env.registry.node(self.rtype.name, c, "flag") for c in conditions if c is not None]
        return self._with(_where=self._where + tuple(found))

    def with_ids(self, ids: Iterable[int]) -> Query:
        """Only these records."""
        chosen = set(ids) if self._ids is None else set(ids) & set(self._ids)
        return self._with(_ids=tuple(sorted(chosen)))

    def linked(self, field: str, record: str, ids: Iterable[int]) -> Query:
        """Only records whose link of several types (`about` of notes and files) points to one of these records."""
        found = self.rtype.field(field)
        if not isinstance(found, AnyLinkField):
            raise ExpressionError(_("“{path}” is not a link to records of several types."), path=field)
        return self._with(_linked=(*self._linked, (field, record, tuple(sorted(set(ids))))))

    def search(self, text: str) -> Query:
        """Only records whose searchable text holds every word (folded, by beginnings of words)."""
        return self._with(_search=text or "")

    def order(self, *paths: str) -> Query:
        """Order by fields; a leading minus turns one around."""
        return self._with(_order=tuple(paths))

    def archived(self, which: bool | None) -> Query:
        """True: only archived records, False: only others (the default), None: both."""
        return self._with(_archived=which)

    def deleted(self, which: bool | None = True) -> Query:
        """True: only records in the recycle bin, None: both."""
        return self._with(_deleted=which)

    def select(self, *paths: str) -> Query:
        """The fields to read, dotted through links."""
        return self._with(_paths=paths)

    def for_operation(self, operation: str) -> Query:
        """Narrow to the records on which this operation is allowed ("update", "delete", ...)."""
        return self._with(_operation=operation)

    # ---------------------------------------------------------------- the statement
    def _scope(self) -> Scope:
        return Scope(self.env, self.rtype)

    def _conditions(self, scope: Scope) -> list[ColumnElement[bool]]:
        table = scope.table
        found: list[ColumnElement[bool]] = []
        if self._deleted is not None:
            found.append(table.c.deleted_at.is_not(None) if self._deleted else table.c.deleted_at.is_(None))
        if self._archived is not None:
            found.append(table.c.archived == self._archived)
        if self._ids is not None:
            found.append(table.c.id.in_(self._ids))
        for operation in {"read", self._operation}:
            seen = self.env.access.predicate(operation, self.rtype, table)
            if seen is not None:
                found.append(seen)
        for name, record, keys in self._linked:
            field = scope.field(self.rtype, name)
            assert isinstance(field, AnyLinkField)
            found.append((table.c[field.type_column] == record) & table.c[field.column_name].in_(keys))
        if self._search:
            found.append(matches(self.env, self.rtype, table, self._search))
        found.extend(to_sql(node, scope, self.env.context) for node in self._where)
        return found

    def _terms(self, scope: Scope) -> list[Term]:
        terms: list[Term] = []
        for path in (*(self._order or self.rtype.order), "id"):
            name = path.lstrip("-")
            if any(t.path == name for t in terms):
                continue
            terms.append(self._term(scope, name, path.startswith("-")))
        if terms[-1].path == "id" and len(terms) > 1:
            terms[-1] = Term("id", terms[-1].column, terms[0].descending, False)
        return terms

    def _term(self, scope: Scope, path: str, descending: bool) -> Term:
        parts = tuple(path.split("."))
        rtype, _table = scope.hop(parts[:-1])
        field = scope.field(rtype, parts[-1])
        if not field.sortable:
            raise ExpressionError(_("Lists cannot be sorted by “{field}”."), field=field.label)
        if isinstance(field, LinkField):
            target, joined = scope.hop(parts)
            return Term(path, scope.own_column(target, joined, target.field(target.title)), descending, True)
        column = scope.column(parts)
        nullable = len(parts) > 1 or bool(getattr(column, "nullable", True))
        return Term(path, column, descending, nullable)

    def _run(self, statement: Any) -> Any:
        return self.env.execute(statement)

    # ---------------------------------------------------------------- answers
    def count(self, cap: int | None = COUNT_CAP) -> int:
        """How many records; with a cap at most cap + 1, so a large table never makes a page wait."""
        scope = self._scope()
        conditions = self._conditions(scope)
        if cap is None:
            return int(self._run(select(func.count()).select_from(scope.from_()).where(*conditions)).scalar_one())
        inner = select(literal(1)).select_from(scope.from_()).where(*conditions).limit(cap + 1).subquery()
        return int(self._run(select(func.count()).select_from(inner)).scalar_one())

    def exists(self) -> bool:
        """Whether there is one."""
        return self.count(cap=0) > 0

    def ids(self, limit: int | None = None) -> list[int]:
        """Numbers of the records, in order."""
        scope = self._scope()
        terms = self._terms(scope)
        conditions = self._conditions(scope)
        statement = select(scope.table.c.id).select_from(scope.from_()).where(*conditions)
        return list(self._run(statement.order_by(*(t.sql() for t in terms)).limit(limit)).scalars())

    def id_select(self) -> Select[Any]:
        """The numbers as a subquery."""
        scope = self._scope()
        conditions = self._conditions(scope)
        return select(scope.table.c.id).select_from(scope.from_()).where(*conditions)

    def page(self, limit: int = 80, token: str | None = None) -> Page:
        """One page of rows after (or before) the place a token marks."""
        scope = self._scope()
        terms = self._terms(scope)
        reader = _Reader(self, scope, self._paths)
        conditions = self._conditions(scope)
        place = decode(token, len(terms)) if token else None
        place = place if place is None or suits(terms, place[0]) else None
        backwards = place[1] if place else False
        places = [reader.place(t.path) for t in terms]
        missing = [i for i, place in enumerate(places) if place is None]
        statement = select(*reader.columns, *(terms[i].column.label(f"k{i}") for i in missing))
        statement = statement.select_from(scope.from_()).where(*conditions)
        if place:
            statement = statement.where(after(terms, place[0], backwards))
        statement = statement.order_by(*(t.sql(backwards) for t in terms)).limit(limit + 1)
        found = self._run(statement).all()
        more, found = len(found) > limit, found[:limit]
        if backwards:
            found.reverse()
        for i, at in zip(missing, range(len(reader.columns), len(reader.columns) + len(missing)), strict=True):
            places[i] = at
        page = Page(reader.rows(found))
        if found:
            if more if not backwards else True:
                page.next = encode([found[-1][at] for at in places])
            if more if backwards else bool(place):
                page.previous = encode([found[0][at] for at in places], backwards=True)
        return page

    def tokens_of(self, key: int) -> tuple[str, str] | None:
        """Tokens of one record's place in this order, for the pages after and before it; None when it is not among
        these records."""
        scope = self._scope()
        terms = self._terms(scope)
        conditions = self._conditions(scope)
        statement = select(*(t.column.label(f"k{i}") for i, t in enumerate(terms))).select_from(scope.from_())
        found = self._run(statement.where(*conditions, scope.table.c.id == key)).one_or_none()
        return None if found is None else (encode(tuple(found)), encode(tuple(found), backwards=True))

    def rows(self, limit: int | None = None) -> list[dict[str, Any]]:
        """All rows (or the first `limit`), in order."""
        scope = self._scope()
        terms = self._terms(scope)
        reader = _Reader(self, scope, self._paths)
        conditions = self._conditions(scope)
        statement = select(*reader.columns).select_from(scope.from_()).where(*conditions)
        return reader.rows(self._run(statement.order_by(*(t.sql() for t in terms)).limit(limit)).all())

    def records(self, *paths: str, limit: int | None = None) -> list[Any]:
        """Rows as records of the composed class; without paths all their own fields."""
        chosen = paths or self._paths or tuple(
            n for n, f in self.rtype.fields.items() if not isinstance(f, ChildrenField) and self.env.access.readable(self.rtype.name, n))
        return [self.rtype.cls.from_row(row) for row in self.select(*chosen).rows(limit)]

    def first(self, *paths: str) -> Any:
        """The first record or None."""
        found = self.records(*paths, limit=1)
        return found[0] if found else None

    def stream(self, *paths: str, batch: int = CHUNK) -> Iterator[dict[str, Any]]:
        """All rows, read page by page, so that memory stays bounded."""
        query, token = self.select(*(paths or self._paths)), None
        while True:
            page = query.page(batch, token)
            yield from page.rows
            token = page.next
            if token is None:
                return

    def aggregate(self, group_by: Sequence[str] = (), sums: Sequence[str] = (), counts: bool = True,
                  limit: int = 500) -> list[dict[str, Any]]:
        """Counts and sums per group: dicts with the group paths, "count" and "sum:<path>"."""
        scope = self._scope()
        groups = _Reader(self, scope, tuple(group_by), with_id=False)
        for path in group_by:
            if not groups.kinds[path].filterable:
                raise ExpressionError(_("Lists cannot be grouped by “{field}”."), field=path)
        columns: list[Any] = [func.count().label("n")] if counts else []
        for path in sums:
            column = scope.column(tuple(path.split(".")))
            columns.append(func.sum(column, type_=column.type).label(f"s{len(columns)}"))
        conditions = self._conditions(scope)
        statement = select(*groups.columns, *columns).select_from(scope.from_()).where(*conditions)
        if groups.columns:
            statement = statement.group_by(*(c.element for c in groups.columns)).order_by(*(c.element for c in groups.columns))
        found = self._run(statement.limit(limit)).all()
        rows = groups.rows(found)
        width = len(groups.columns)
        names = (["count"] if counts else []) + [f"sum:{p}" for p in sums]
        for row, raw in zip(rows, found, strict=True):
            row.update(zip(names, raw[width:], strict=True))
        return rows


class _Reader:
    """Turns requested paths into columns and result rows back into dicts."""

    def __init__(self, query: Query, scope: Scope, paths: Sequence[str], with_id: bool = True) -> None:
        self.query, self.scope = query, scope
        self.columns: list[Any] = []
        self._plans: list[tuple[str, str, int, str]] = []
        self._many: list[tuple[str, Field]] = []
        self.kinds: dict[str, Field] = {}
        for path in dict.fromkeys((*(("id",) if with_id else ()), *paths)):
            self._plan(path)

    def _add(self, column: ColumnElement[Any]) -> int:
        self.columns.append(column.label(f"c{len(self.columns)}"))
        return len(self.columns) - 1

    def _plan(self, path: str) -> None:
        parts = tuple(path.split("."))
        rtype, table = self.scope.hop(parts[:-1])
        field = self.scope.field(rtype, parts[-1])
        self.kinds[path] = field
        if isinstance(field, (ManyField, ChildrenField)):
            if len(parts) == 1 and isinstance(field, ManyField):
                self._many.append((path, field))
            elif len(parts) > 1:
                raise ExpressionError(_("“{path}” holds several records and cannot be a column."), path=path)
        elif isinstance(field, LinkField):
            at = self._add(table.c[field.column_name])
            target, joined = self.scope.hop(parts)
            title = target.field(target.title)
            readable = self.scope.trusted or self.scope.env.access.readable(target.name, target.title)
            self._add(self.scope.own_column(target, joined, title) if readable else literal(None))
            self._plans.append((path, "link", at, field.target))
        elif isinstance(field, AnyLinkField):
            at = self._add(table.c[field.column_name])
            self._add(table.c[field.type_column])
            self._plans.append((path, "any", at, ""))
        else:
            at = self._add(self.scope.own_column(rtype, table, field))
            self._plans.append((path, "formula" if isinstance(field, FormulaField) else "plain", at, ""))

    def place(self, path: str) -> int | None:
        """Where among the columns the value stands that a path is ordered by; None when it is not read."""
        found = next((plan for plan in self._plans if plan[0] == path), None)
        if found is None or found[1] == "any":
            return None
        return found[2] + 1 if found[1] == "link" else found[2]

    def rows(self, found: Sequence[Any]) -> list[dict[str, Any]]:
        """Dicts by path, with many-to-many values filled in by one statement per field."""
        made: list[dict[str, Any]] = []
        for raw in found:
            row: dict[str, Any] = {}
            for path, kind, at, target in self._plans:
                value = raw[at]
                if kind == "link":
                    row[path] = None if value is None else Link(value, raw[at + 1], target)
                elif kind == "any":
                    row[path] = None if value is None else Link(value, None, raw[at + 1])
                else:
                    row[path] = value
            made.append(row)
        for path, field in self._many:
            self._fill_many(made, path, field)
        self._fill_any(made)
        return made

    def _fill_many(self, rows: list[dict[str, Any]], path: str, field: Any) -> None:
        env = self.query.env
        by_id = {row["id"]: row for row in rows}
        for row in rows:
            row[path] = []
        if not by_id:
            return
        link = self.query.rtype.many[field.name]
        target = env.registry.record(field.target)
        inner = Scope(env, target)
        title = inner.own_column(target, inner.table, target.field(target.title))
        seen = env.access.predicate("read", target, inner.table)
        statement = select(link.c.record_id, inner.table.c.id, title).select_from(
            link.join(inner.table, inner.table.c.id == link.c.other_id)).where(
            link.c.record_id.in_(list(by_id)), inner.table.c.deleted_at.is_(None))
        if seen is not None:
            statement = statement.where(seen)
        for record_id, other, label in env.execute(statement.order_by(title)):
            by_id[record_id][path].append(Link(other, label, field.target))

    def _fill_any(self, rows: list[dict[str, Any]]) -> None:
        for path, kind, _at, _target in self._plans:
            if kind != "any":
                continue
            wanted: dict[str, set[int]] = {}
            for row in rows:
                if row[path] is not None:
                    wanted.setdefault(row[path].record, set()).add(row[path].id)
            labels = {(name, key): label for name, ids in wanted.items() if name in self.query.env.registry.records
                      for key, label in self.query.env.labels(name, ids).items()}
            for row in rows:
                if row[path] is not None:
                    row[path] = row[path]._replace(label=labels.get((row[path].record, row[path].id)))


