"""Whether a column's type in the database is the declared one, can be widened to it, or is another kind altogether.

Types are compared as the database spells them, so that our own types never seem to change.
"""

from __future__ import annotations

import enum
import re

from sqlalchemy import Dialect
from sqlalchemy.types import NullType, TypeEngine

_SPELLINGS = {"DOUBLE PRECISION": "FLOAT", "REAL": "FLOAT", "TIMESTAMP": "DATETIME",
              "TIMESTAMP WITHOUT TIME ZONE": "DATETIME", "TIME WITHOUT TIME ZONE": "TIME", "DECIMAL": "NUMERIC",
              "CHARACTER VARYING": "VARCHAR", "BOOL": "BOOLEAN", "INT": "INTEGER", "BIGSERIAL": "BIGINT",
              "SERIAL": "INTEGER"}
_TEXTS = {"VARCHAR", "TEXT", "CLOB", "CHAR", "NVARCHAR", "NCHAR"}
_WHOLES = ["SMALLINT", "INTEGER", "BIGINT"]
_WRITTEN = re.compile(r"([A-Z ]+?)\s*(?:\(([\d, ]+)\))?(?:\s+COLLATE\s+.*)?$")


class TypeChange(enum.Enum):
    """What it takes to bring a column to its declared type."""

    SAME = "same"
    WIDEN = "widen"
    NARROW = "narrow"
    OTHER = "other"


def type_change(present: TypeEngine[object], declared: TypeEngine[object], dialect: Dialect) -> TypeChange:
    """Compare the type found in the database with the declared one."""
    (old, old_size), (new, new_size) = _spelled(present, dialect), _spelled(declared, dialect)
    if dialect.name == "sqlite":
        # SQLite enforces neither lengths nor sizes of numbers: only another kind of value is a change.
        return TypeChange.SAME if _family(old) == _family(new) else TypeChange.OTHER
    if old in _TEXTS and new in _TEXTS:
        return _order(_length(old, old_size), _length(new, new_size))
    if old in _WHOLES and new in _WHOLES:
        return _order(_WHOLES.index(old), _WHOLES.index(new))
    return TypeChange.SAME if (old, old_size) == (new, new_size) or old == new == "FLOAT" else TypeChange.OTHER


def _order(old: float, new: float) -> TypeChange:
    if old == new:
        return TypeChange.SAME
    return TypeChange.WIDEN if new > old else TypeChange.NARROW


def _length(name: str, size: str) -> float:
    return float(size) if size else (1.0 if name == "CHAR" else float("inf"))


def _spelled(kind: TypeEngine[object], dialect: Dialect) -> tuple[str, str]:
    if isinstance(kind, NullType):
        return "", ""  # a type the database reports and nobody knows
    text = kind.compile(dialect=dialect).upper()
    match = _WRITTEN.match(text)
    if match is None:
        return text, ""
    name = match.group(1).strip()
    return _SPELLINGS.get(name, name), (match.group(2) or "").replace(" ", "")


def _family(name: str) -> str:
    if name in _TEXTS:
        return "text"
    return "whole" if name in _WHOLES else name
