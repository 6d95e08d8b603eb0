"""Full-text search over records: FTS5 on SQLite, tsvector and trigrams on PostgreSQL, over folded text on both.

Words are folded as stored text is (letters of Arabic and Persian, digits, Turkish dotless i), and each must begin a
word of the record; digits may stand anywhere, since people remember the end of a phone number.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, false, func, literal_column, select, text
from sqlalchemy.sql.expression import FromClause

from core.i18n.text import fold
from core.registry.compose import RecordType

if TYPE_CHECKING:
    from core.env import Env

MOST_WORDS = 8
_GAPS = re.compile(r"[\W_]+")


def search_text(rtype: RecordType, row: dict[str, Any]) -> str | None:
    """The folded text of a record as the index holds it."""
    fields = rtype.fields
    parts = [fields[n].text_of(row.get(fields[n].column_name)) for n in rtype.search_fields]
    return _GAPS.sub(" ", fold(" ".join(p for p in parts if p))).strip() or None


def terms_of(query: str) -> list[str]:
    """The folded words of what somebody typed, at most eight, letters and digits only."""
    return _GAPS.sub(" ", fold(query[:200])).split()[:MOST_WORDS]


def matches(env: Env, rtype: RecordType, table: FromClause, query: str) -> ColumnElement[bool]:
    """The condition that a record holds every word of a query."""
    words = terms_of(query)
    if not words or not rtype.search_fields:
        return false()
    if env.dialect == "sqlite":
        return _sqlite(rtype, table, words)
    return _postgresql(env.registry.alias(rtype.name, "search"), table, words)


def index_new(env: Env, rtype: RecordType, first: int, last: int) -> None:
    """Put new records, numbered from `first` to `last`, into SQLite's full-text index; PostgreSQL does it by itself."""
    if env.dialect == "sqlite" and rtype.search_fields:
        name = rtype.table.name
        env.execute(text(f"INSERT INTO {name}_fts(rowid, search_text) SELECT id, search_text FROM {name} "  # noqa: S608
                         "WHERE id BETWEEN :first AND :last").bindparams(first=first, last=last))


def _sqlite(rtype: RecordType, table: FromClause, words: list[str]) -> ColumnElement[bool]:
    fts = f"{rtype.table.name}_fts"
    phrase = " AND ".join(f'"{w}"*' for w in words)
    found: Select[Any] = select(literal_column("rowid")).select_from(text(fts)).where(
        text(f"{fts} MATCH :q").bindparams(bindparam("q", phrase, unique=True)))
    digits = [w for w in words if w.isdigit() and len(w) >= 4]
    inside = table.c.id.in_(found)
    if len(digits) == len(words):
        return inside | and_(*(table.c.search_text.like(f"%{d}%") for d in digits))
    return inside


def _postgresql(inner: FromClause, table: FromClause, words: list[str]) -> ColumnElement[bool]:
    """The index is asked first, in a subquery that OFFSET 0 keeps whole: left to itself the planner takes a word to be
    frequent, walks the list's order and reads the text of every record it passes."""
    if all(w.isdigit() and len(w) >= 4 for w in words):
        found = and_(*(inner.c.search_text.like(f"%{w}%") for w in words))
    else:
        vector = func.to_tsvector(text("'simple'"), func.coalesce(inner.c.search_text, text("''")))
        found = vector.op("@@")(func.to_tsquery(text("'simple'"), " & ".join(f"{w}:*" for w in words)))
    return table.c.id.in_(select(inner.c.id).where(found).offset(literal_column("0")))
