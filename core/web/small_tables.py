"""Small tables of records in a page: related lists and lists of blocks draw their columns and rows in the same way."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core.env import Env
from core.query.plan import Page
from core.query.query import Query
from core.records.fields import Field
from core.registry.compose import RecordType
from core.web.cells import column_cells
from core.web.lists import ALIGN_END
from core.web.money import with_currencies
from core.web.showing import label_of, layout_for, listable, resolve
from core.web.urls import record_url
from core.web.viewmodels import Column, Row

ROWS = 8
COLUMNS = 5
Chosen = list[tuple[str, Field]]


def chosen_columns(env: Env, rtype: RecordType, wanted: Iterable[str] | None, but: str = "") -> Chosen:
    """The columns that were chosen (else the first of the type's list) as far as their reader sees them, the name first; without
    `but`, which is the same in every row."""
    paths = list(wanted or layout_for(env, rtype, "list").field_names()[:COLUMNS])
    paths = [rtype.title, *(p for p in dict.fromkeys(paths) if p != rtype.title)]
    found = [(p, known[1]) for p in paths if p != but and (known := resolve(env, rtype, p)) and listable(known[1])]
    return found or [("id", rtype.fields["id"])]


def ordered(env: Env, rtype: RecordType, order: Iterable[str] | None) -> list[str]:
    """An order as far as its reader sees the fields."""
    return [p for p in order or () if resolve(env, rtype, p.removeprefix("-"))]


def read(query: Query, columns: Chosen, limit: int, token: str | None = None) -> Page:
    """A page of what the columns show."""
    return query.spoken().select(*with_currencies(query.env, query.rtype, (p for p, _f in columns))).page(limit, token)


def heads(env: Env, rtype: RecordType, columns: Chosen) -> list[Column]:
    """The heads of the columns."""
    return [Column(p, label_of(env, rtype, p), f.type_name, align="end" if f.type_name in ALIGN_END else "start") for p, f in columns]


def rows(env: Env, rtype: RecordType, columns: Chosen, found: list[dict[str, Any]]) -> list[Row]:
    """The rows, each with a link to its record."""
    makers = [column_cells(env, rtype, p, f, title=i == 0) for i, (p, f) in enumerate(columns)]
    return [Row(row["id"], record_url(rtype.name, row["id"]), [make(row) for make in makers]) for row in found]
