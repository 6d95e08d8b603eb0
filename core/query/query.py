"""Reading records: the one way, always through the acting user's predicate.

A query is built step by step (each step returns a new one) and answers with rows, pages, counts, sums, ids or
records. Links come with the label of their target when the reader may see it; many-to-many fields take one more
statement for all rows together.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, ColumnElement, Select, bindparam, func, literal, select

from core.errors import ExpressionError
from core.expressions import Expr, Node, to_sql
from core.i18n.messages import _
from core.query.alike import alike
from core.query.groups import grouped
from core.query.held import first_held
from core.query.paging import Term, encode
from core.query.parts import first_pages
from core.query.plan import Page, plan_for
from core.query.reading import order_of
from core.query.scope import Scope
from core.query.search import Words, matches
from core.records.fields import AnyLinkField, ChildrenField, LinkField
from core.registry.compose import RecordType

if TYPE_CHECKING:
    from core.env import Env

COUNT_CAP = 1000
CHUNK = 1000


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
        self.paths: tuple[str, ...] = ()
        self._operation = "read"
        self._speaks = False
        self._held: tuple[tuple[str, tuple[tuple[str, tuple[Any, ...]], ...]], ...] = ()

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

    def holding(self, field: str, values: Iterable[Any] | Mapping[str, Iterable[int]], record: str = "") -> Query:
        """Only records in whose own field one of the values stands: numbers for a link of any kind and for what holds
        several records (of these the reader must see one). A link to several types (`about` of notes and files) needs
        the `record` type that the numbers are of, or a mapping of record types to numbers."""
        places = values if isinstance(values, Mapping) else {record: values}
        return self._with(_held=(*self._held, (field, tuple((r, tuple(dict.fromkeys(v))) for r, v in places.items()))))

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
        return self._with(paths=paths)

    def spoken(self) -> Query:
        """Names in the reader's language (fields with `spoken`): for showing them, not for editing."""
        return self._with(_speaks=True)

    def for_operation(self, operation: str) -> Query:
        """Narrow to the records on which this operation is allowed ("update", "delete", ...)."""
        return self._with(_operation=operation)

    # ---------------------------------------------------------------- the statement
    def signature(self) -> tuple[Any, ...]:
        """What tells the statements of this query from those of another one of the same actor."""
        search = Words.of(self.env.dialect, self._search).shape if self._search else None
        return (self.rtype.name, self._where, self._ids is None, search, self._order, self._archived, self._deleted,
                self.paths, self._operation, self._speaks,
                tuple((field, *(record for record, _v in places)) for field, places in self._held))

    def bound(self) -> dict[str, Any]:
        """The values that the kept statements of its signature are executed with."""
        found: dict[str, Any] = {f"held_{i}_{j}": list(values) for i, (_field, places) in enumerate(self._held)
                                 for j, (_record, values) in enumerate(places)}
        if self._search:
            found |= Words.of(self.env.dialect, self._search).values
        return found if self._ids is None else {**found, "ids": self._ids}

    def scope(self) -> Scope:
        """The FROM, new for each statement."""
        made = Scope(self.env, self.rtype)
        made.speaks = self._speaks
        return made

    def conditions(self, scope: Scope, kept: bool = False) -> list[ColumnElement[bool]]:
        """Everything the WHERE says, the actor's predicate among it. In a statement that is `kept` the numbers of records
        have names, under which :meth:`bound` gives them; a statement that may stand inside another one has none."""
        table = scope.table
        found: list[ColumnElement[bool]] = []
        if self._deleted is not None:
            found.append(table.c.deleted_at.is_not(None) if self._deleted else table.c.deleted_at.is_(None))
        if self._archived is not None:
            found.append(table.c.archived == self._archived)
        if self._ids is not None:
            found.append(table.c.id.in_(bindparam("ids" if kept else None, self._ids, BigInteger, expanding=True)))
        for operation in {"read", self._operation}:
            seen = self.env.access.predicate(operation, self.rtype, table, self._under())
            if seen is not None:
                found.append(seen)
        for i, (name, places) in enumerate(self._held):
            found.append(scope.holds(name, places, f"held_{i}" if kept else ""))
        if self._search:
            found.append(matches(self.env, self.rtype, table, Words.of(self.env.dialect, self._search, kept)))
        found.extend(to_sql(node, scope, self.env.context) for node in self._where)
        return found

    def _under(self) -> set[str] | None:
        """Of which types the records are under which these live, where the query says so."""
        found: set[str] | None = None
        for name, places in self._held:
            if name == self.rtype.parent and isinstance(self.rtype.fields[name], AnyLinkField):
                named = {record for record, _values in places}
                found = named if found is None else found & named
        return found

    def terms(self, scope: Scope) -> list[Term]:
        """The order, which ends with the id."""
        terms: list[Term] = []
        for path in (*(self._order or self._own_order(scope)), "id"):
            name = path.lstrip("-")
            if any(t.path == name for t in terms):
                continue
            terms.append(self._term(scope, name, path.startswith("-")))
        if terms[-1].path == "id" and len(terms) > 1:
            terms[-1] = Term("id", terms[-1].column, terms[0].descending, False)
        return terms

    def _own_order(self, scope: Scope) -> list[str]:
        """The type's own order, as far as the reader may see what it goes by."""
        return [p for p in self.rtype.order if scope.reads(p.lstrip("-"))]

    def _term(self, scope: Scope, path: str, descending: bool) -> Term:
        parts = tuple(path.split("."))
        rtype, _table = scope.hop(parts[:-1])
        field = scope.field(rtype, parts[-1])
        if not field.sortable:
            raise ExpressionError(_("Lists cannot be sorted by “{field}”."), field=field.label)
        if isinstance(field, LinkField):
            target, joined = scope.hop(parts)
            field = target.field(target.title if scope.reads_title(target) else "id")
            column = scope.spoken(target, joined, field)
            return Term(path, column, descending, True, order_of(self.env, field, column))
        column = scope.column(parts)
        nullable = len(parts) > 1 or bool(getattr(column, "nullable", True))
        return Term(path, column, descending, nullable, order_of(self.env, field, column))

    def _run(self, statement: Any) -> Any:
        return self.env.execute(statement)

    # ---------------------------------------------------------------- answers
    def count(self, cap: int | None = COUNT_CAP) -> int:
        """How many records; with a cap at most cap + 1, so a large table never makes a page wait."""
        scope = self.scope()
        conditions = self.conditions(scope)
        if cap is None:
            return int(self._run(select(func.count()).select_from(scope.from_()).where(*conditions)).scalar_one())
        inner = select(literal(1)).select_from(scope.from_()).where(*conditions).limit(cap + 1).subquery()
        return int(self._run(select(func.count()).select_from(inner)).scalar_one())

    def exists(self) -> bool:
        """Whether there is one."""
        return self.count(cap=0) > 0

    def ids(self, limit: int | None = None) -> list[int]:
        """Numbers of the records, in order."""
        scope = self.scope()
        terms = self.terms(scope)
        conditions = self.conditions(scope)
        statement = select(scope.table.c.id).select_from(scope.from_()).where(*conditions)
        return list(self._run(statement.order_by(*(t.sql() for t in terms)).limit(limit)).scalars())

    def id_select(self) -> Select[Any]:
        """The numbers as a subquery."""
        scope = self.scope()
        conditions = self.conditions(scope)
        return select(scope.table.c.id).select_from(scope.from_()).where(*conditions)

    def page(self, limit: int = 80, token: str | None = None) -> Page:
        """One page of rows after (or before) the place a token marks."""
        return plan_for(self).page(self.env, self.bound(), limit, token)

    def first_pages(self, parts: Sequence[Node | Expr | str], limit: int = 80) -> list[Page]:
        """The first page of each part of these records (those for which a condition holds), in one statement."""
        return first_pages(self, tuple(self.env.registry.node(self.rtype.name, p, "flag") for p in parts), limit)

    def first_held(self, record: str, field: str, holders: Iterable[int], limit: int = 80) -> dict[int, Page]:
        """The first of these records that each of the `holders` (records of type `record`) holds in its field of children, by the
        holder's number; one statement, however many holders. Whether the reader may see the holders is the caller's to know."""
        found = self.env.registry.record(record).field(field)
        if not isinstance(found, ChildrenField) or found.target != self.rtype.name:
            raise ExpressionError(_("“{field}” does not hold several records."), field=field)
        return first_held(self, found, list(dict.fromkeys(holders)), limit)

    def alike(self, words: Iterable[str], limit: int = 20) -> list[tuple[int, float]]:
        """Numbers of those of these records that hold one of the words or more, the best first, each with its score: rare
        words weigh more. Two statements, however many words (the first forty count) and records."""
        return alike(self, words, limit)

    def tokens_of(self, key: int) -> tuple[str, str] | None:
        """Tokens of one record's place in this order, for the pages after and before it; None when it is not among
        these records."""
        scope = self.scope()
        terms = self.terms(scope)
        conditions = self.conditions(scope)
        statement = select(*(t.column.label(f"k{i}") for i, t in enumerate(terms))).select_from(scope.from_())
        found = self._run(statement.where(*conditions, scope.table.c.id == key)).one_or_none()
        return None if found is None else (encode(tuple(found)), encode(tuple(found), backwards=True))

    def rows(self, limit: int | None = None) -> list[dict[str, Any]]:
        """All rows (or the first `limit`), in order."""
        return plan_for(self).rows(self.env, self.bound(), limit)

    def records(self, *paths: str, limit: int | None = None) -> list[Any]:
        """Rows as records of the composed class; without paths all their own fields."""
        chosen = paths or self.paths or tuple(
            n for n, f in self.rtype.fields.items() if not isinstance(f, ChildrenField) and self.env.access.readable(self.rtype.name, n))
        return [self.rtype.cls.from_row(row) for row in self.select(*chosen).rows(limit)]

    def first(self, *paths: str) -> Any:
        """The first record or None."""
        found = self.records(*paths, limit=1)
        return found[0] if found else None

    def stream(self, *paths: str, batch: int = CHUNK) -> Iterator[dict[str, Any]]:
        """All rows, read page by page, so that memory stays bounded."""
        query, token = self.select(*(paths or self.paths)), None
        while True:
            page = query.page(batch, token)
            yield from page.rows
            token = page.next
            if token is None:
                return

    def aggregate(self, group_by: Sequence[str] = (), sums: Sequence[str] = (), counts: bool = True,
                  limit: int = 500, spans: tuple[str, Sequence[Any]] | None = None, means: Sequence[str] = (),
                  largest: str = "") -> list[dict[str, Any]]:
        """Counts, sums and averages (`means`) per group: dicts with the group paths, "count", "sum:<path>" and "avg:<path>".

        The groups come in the order of what they are called, or, by `largest="sum:<path>"` (or another of these names), the
        largest first: so `limit` leaves out the smallest.

        `spans=("closes_on", [first, second, ...])` groups by stretches of a date or moment as well, each from one of
        these (in order) to before the next: "span" counts those that have begun, 0 before the first, None without a value.
        So one statement counts by the months or quarters of any calendar.
        """
        return grouped(self, tuple(group_by), tuple(sums), counts, limit, spans and (spans[0], tuple(spans[1])), tuple(means), largest)
