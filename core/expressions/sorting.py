"""Texts in the order people expect, in SQL: one collation for a whole installation (`locale.collation`).

    PostgreSQL: (name COLLATE "fa-x-icu")       which breaks ties by the bytes of the text
    SQLite:     sarnakh_sort_fa(name)           a key made by core/i18n/text.py, the text itself at its end

Both are total orders, so a page by key neither repeats nor skips a row, and both can stand in an index. On SQLite a key
and not a collation: it is made once for each row instead of twice for each comparison, which sorts a hundred thousand
rows in a fraction of the time. Whoever changes what `sort_key` answers raises `EDITION`, so that indexes are made anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection, String, case, literal, text
from sqlalchemy.sql.elements import ColumnElement

from core.expressions.elements import CodePointOrder, operation
from core.i18n.text import COLLATIONS, sort_key

EDITION: Final = 1
_SEPARATOR: Final = "\x01"  # below everything that stored texts contain, so a shorter key comes first

Order = Callable[[ColumnElement[Any]], ColumnElement[Any]]

_ELEMENTS: Final[Mapping[str, Any]] = {"codepoint": CodePointOrder} | {
    name: operation(f"Sort_{name}", f"sarnakh_sort_{name}_{EDITION}({{0}})", f'({{0}} COLLATE "{name}-x-icu")', String())
    for name in COLLATIONS if name != "codepoint"}


def in_order(value: ColumnElement[Any], collation: str) -> ColumnElement[Any]:
    """What to order and compare by so that a text comes in the collation's order."""
    made: ColumnElement[Any] = _ELEMENTS[collation](value)
    return made


def by_options(values: tuple[str, ...], value: ColumnElement[Any]) -> ColumnElement[Any]:
    """What to order and compare by so that a choice comes in the order of its picklist; unknown values come last."""
    places = {option: f"{place:04}" for place, option in enumerate(values)}
    other = literal("~", String()) + value
    made: ColumnElement[Any] = CodePointOrder(case(places, value=value, else_=other) if places else value)
    return made


def full_key(collation: str, value: str) -> str:
    """The key SQLite sorts by: equal for equal texts only."""
    return sort_key(value, collation) + _SEPARATOR + value


def sqlite_sorting() -> list[tuple[str, Callable[[str], str]]]:
    """Name and body of the functions that an SQLite connection needs."""
    return [(f"sort_{name}_{EDITION}", partial(full_key, name)) for name in COLLATIONS if name != "codepoint"]


def is_missing(connection: Connection, collation: str) -> bool:
    """Whether this PostgreSQL was built without what the collation needs."""
    if connection.dialect.name != "postgresql" or collation == "codepoint":
        return False
    known = text("SELECT 1 FROM pg_collation WHERE collname = :name")
    return connection.scalar(known, {"name": f"{collation}-x-icu"}) is None
