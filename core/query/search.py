"""Full-text search over records: FTS5 on SQLite, tsvector and trigrams on PostgreSQL, over folded text on both.

Words are folded as stored text is (letters of Arabic and Persian, digits, Turkish dotless i), and each must begin a
word of the record; digits may stand anywhere, since people remember the end of a phone number.

A half-space parts two words for one writer and joins them for another (علی‌رضا, علیرضا, علی رضا). Such words are in the index
in both ways, and what is typed with a half-space is looked for in both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import BindParameter, ColumnElement, String, and_, bindparam, cast, exists, false, func, literal_column, or_, select, text
from sqlalchemy.sql.expression import FromClause

from core.expressions import words_sql
from core.i18n.text import fold
from core.registry.compose import RecordType

if TYPE_CHECKING:
    from core.env import Env

Part = TypeVar("Part")

MOST_WORDS = 8
MOST_LETTERS = 60
HALF_SPACE = "\u200c"
_GAPS = re.compile(r"[\W_]+")
_HALVES = re.compile(rf"\w+(?:{HALF_SPACE}+\w+)+")


def search_text(rtype: RecordType, row: dict[str, Any]) -> str | None:
    """The folded text of a record as the index holds it."""
    fields = rtype.fields
    parts = [fields[n].text_of(row.get(fields[n].column_name)) for n in rtype.search_fields]
    whole = " ".join(p for p in parts if p)
    if HALF_SPACE in whole:
        whole = " ".join((whole, *dict.fromkeys(joined(one) for one in _HALVES.findall(whole))))
    return _GAPS.sub(" ", fold(whole)).strip() or None


def joined(text: str) -> str:
    """A text without its half-spaces."""
    return text.replace(HALF_SPACE, "")


def terms_of(query: str) -> list[str]:
    """The folded words of what somebody typed, at most eight, letters and digits only."""
    return _GAPS.sub(" ", fold(query[:200])).split()[:MOST_WORDS]


@dataclass(frozen=True)
class Words:
    """The folded words of a query as a statement binds them; under fixed names when the statement is `kept`, numbers in
    the `middles` of others, too. `wholes`: words that were typed with half-spaces between them (the first of them, the one after
    the last), and the one word that they are without."""

    dialect: str
    words: tuple[str, ...]
    kept: bool = False
    middles: bool = True
    wholes: tuple[tuple[int, int, str], ...] = ()

    @classmethod
    def of(cls, dialect: str, query: str, kept: bool = False) -> Words:
        """The words of what somebody typed."""
        words: list[str] = []
        wholes: list[tuple[int, int, str]] = []
        for typed in query[:200].split():
            parts = terms_of(typed)[:MOST_WORDS - len(words)]
            whole = terms_of(joined(typed)) if HALF_SPACE in typed else []
            if len(parts) > 1 and len(whole) == 1:
                wholes.append((len(words), len(words) + len(parts), whole[0]))
            words += parts
        return cls(dialect, tuple(words), kept, wholes=tuple(wholes))

    @property
    def are_numbers(self) -> bool:
        """Whether all are found in the middle of others, too: people remember the end of a phone number."""
        return self.middles and all(w.isdigit() and len(w) >= 4 for w in self.words)

    @property
    def shape(self) -> tuple[Any, ...]:
        """Queries of one shape have the same statement."""
        return len(self.words), self.are_numbers, *(span[:2] for span in self.wholes)

    @property
    def values(self) -> dict[str, str]:
        """The values of all that a statement may bind."""
        sqlite = self.dialect == "sqlite"
        begins, both, either = ('"{}"*'.format, " AND ", " OR ") if sqlite else ("{}:*".format, " & ", " | ")
        asked = self._joined([begins(w) for w in self.words], [begins(whole) for *_span, whole in self.wholes],
                             both.join, lambda words, whole: f"({both.join(words)}{either}{whole})")
        likes = {f"word_{i}": f"%{w}%" if self.are_numbers else f"% {w}%" for i, w in enumerate(self.words)}
        likes |= {f"whole_{i}": f"% {whole}%" for i, (*_span, whole) in enumerate(self.wholes)}
        return {"words": asked, **likes} if self.words else {}

    def _joined(self, words: list[Part], wholes: list[Part], every: Callable[[list[Part]], Part],
                either: Callable[[list[Part], Part], Part]) -> Part:
        """All words, where for those typed with half-spaces the whole will do."""
        made: list[Part] = []
        at = 0
        for (first, last, _whole), whole in zip(self.wholes, wholes, strict=True):
            made += [*words[at:first], either(words[first:last], whole)]
            at = last
        return every([*made, *words[at:]])

    def bind(self, name: str) -> BindParameter[str]:
        """One of them."""
        return bindparam(name if self.kept else None, self.values[name], String)

    def each(self) -> Iterator[BindParameter[str]]:
        """A pattern for each word."""
        return (self.bind(f"word_{i}") for i in range(len(self.words)))

    def held(self, holds: Callable[[BindParameter[str]], ColumnElement[bool]]) -> ColumnElement[bool]:
        """That every word is held, by whatever tells it of a pattern."""
        return self._joined([holds(w) for w in self.each()], [holds(self.bind(f"whole_{i}")) for i in range(len(self.wholes))],
                            lambda parts: and_(*parts), lambda parts, whole: or_(and_(*parts), whole))


def matches(env: Env, rtype: RecordType, table: FromClause, words: Words) -> ColumnElement[bool]:
    """The condition that a record holds every word of a query, in fields that the reader may see."""
    seen = [n for n in rtype.search_fields if env.access.readable(rtype.name, n)]
    if not words.words or not seen:
        return false()
    found = _sqlite(rtype, table, words) if env.dialect == "sqlite" else \
        _postgresql(env.registry.alias(rtype.name, "search"), table, words)
    return found if len(seen) == len(rtype.search_fields) else and_(found, _in_fields(rtype, table, seen, words))


def holding(env: Env, types: Sequence[RecordType], query: str) -> list[RecordType]:
    """Those record types of which some record holds every word of a query, whoever may see it: one statement to all their indexes,
    the same for everybody, so that the dear statements with somebody's rights are made for these alone."""
    words = Words.of(env.dialect, query, kept=True)
    if not words.words or not types:
        return []
    slot = env.registry.memo.slot(("holding", env.dialect, words.shape, *(t.name for t in types)), None)
    if "statement" not in slot:
        slot["statement"] = select(*(_holds_any(env, t, words).label(f"c{i}") for i, t in enumerate(types)))
    row = env.execute(slot["statement"], words.values).one()
    return [rtype for rtype, is_held in zip(types, row, strict=True) if is_held]


def _holds_any(env: Env, rtype: RecordType, words: Words) -> ColumnElement[bool]:
    table = env.registry.alias(rtype.name, "search")
    if env.dialect != "sqlite":
        return func.cardinality(_numbers(table, words)) > 0
    return exists(select(literal_column("1")).select_from(table).where(_sqlite(rtype, table, words)))


def _in_fields(rtype: RecordType, table: FromClause, names: list[str], words: Words) -> ColumnElement[bool]:
    """Every word in one of these fields. The index holds all fields of a record together; what it found is looked at once
    more for a reader to whom some are hidden, or searching would tell what these hold."""
    plain = [cast(table.c[rtype.fields[n].column_name], String) for n in names]
    texts = [words_sql(one) for column in plain for one in (column, func.replace(column, HALF_SPACE, ""))]
    return words.held(lambda word: or_(*(t.like(word) for t in texts)))


def index_new(env: Env, rtype: RecordType, first: int, last: int) -> None:
    """Put new records, numbered from `first` to `last`, into SQLite's full-text index; PostgreSQL does it by itself."""
    if env.dialect == "sqlite" and rtype.search_fields:
        name = rtype.table.name
        env.execute(text(f"INSERT INTO {name}_fts(rowid, search_text) SELECT id, search_text FROM {name} "  # noqa: S608
                         "WHERE id BETWEEN :first AND :last").bindparams(first=first, last=last))


def _sqlite(rtype: RecordType, table: FromClause, words: Words) -> ColumnElement[bool]:
    fts = f"{rtype.table.name}_fts"
    inside = table.c.id.in_(select(literal_column("rowid")).select_from(text(fts)).where(
        literal_column(fts).op("MATCH")(words.bind("words"))))
    return inside | and_(*(table.c.search_text.like(w) for w in words.each())) if words.are_numbers else inside


def _postgresql(inner: FromClause, table: FromClause, words: Words) -> ColumnElement[bool]:
    return table.c.id == func.any(_numbers(inner, words))


def _numbers(inner: FromClause, words: Words) -> ColumnElement[Any]:
    """The numbers of the records that hold the words. The index is asked first, and what it finds is given on as an array. The
    planner guesses that a beginning of a word is in every fiftieth record; left to itself it reads the whole table, or walks the
    list's order, for a hundred."""
    if words.are_numbers:
        found = and_(*(inner.c.search_text.like(w) for w in words.each()))
    else:
        vector = func.to_tsvector(text("'simple'"), func.coalesce(inner.c.search_text, text("''")))
        found = vector.op("@@")(func.to_tsquery(text("'simple'"), words.bind("words")))
    return func.array(select(inner.c.id).where(found).correlate_except(inner).scalar_subquery())
