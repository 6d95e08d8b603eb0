"""Columns that hold one of many values, asked for in a way that stays quick however many there are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY

FEW = 50


def among(dialect: str, column: ColumnElement[Any], values: Collection[Any]) -> ColumnElement[bool]:
    """The condition that a column holds one of the values.

    PostgreSQL gets many values as one array that it joins with. Written as a list it may compare each row with each
    value, which took seconds for 2,000 values and 50,000 rows whenever its statistics were behind, as in an import.
    """
    if dialect != "postgresql" or len(values) <= FEW:
        return column.in_(values)
    return column.in_(select(func.unnest(bindparam(None, list(values), ARRAY(column.type), unique=True))))


def among_rows(dialect: str, columns: Sequence[ColumnElement[Any]], rows: Collection[tuple[Any, ...]]) -> ColumnElement[bool]:
    """The condition that columns together hold one of these rows of values (or, where that is as good for finding candidates,
    that each column holds one of its values).

    PostgreSQL looks each row up in an index over the columns. Asked column by column it may read every row that shares one
    common value: a plan that was kept from when the table was small took seconds for a thousand rows.
    """
    if dialect != "postgresql" or len(rows) <= FEW:
        return and_(*(among(dialect, column, set(values)) for column, values in zip(columns, zip(*rows, strict=True), strict=True)))
    arrays = [func.unnest(bindparam(None, list(values), ARRAY(column.type), unique=True)).label(f"c{i}")
              for i, (column, values) in enumerate(zip(columns, zip(*rows, strict=True), strict=True))]
    return tuple_(*columns).in_(select(*arrays))
