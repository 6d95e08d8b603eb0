"""The rows that were not imported as a file of their own: the columns as they came, and why. It can be imported again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.exchange import plan as plans
from core.exchange.plan import Import, SetAside
from core.exchange.writing import Column, WriteOptions, write_csv, write_xlsx
from core.i18n.catalogs import direction
from core.i18n.messages import _

if TYPE_CHECKING:
    from core.env import Env


def explain(env: Env, plan: Import, row: SetAside) -> str:
    """The reasons of a row in one text, each with the column it is about."""
    return " | ".join(f"{column}: {text}" if column else text for column, text in _texts(env, plan, row))


def _texts(env: Env, plan: Import, row: SetAside) -> list[tuple[str, str]]:
    """Each reason of a row: the name of its column ("" for the row as a whole) and the text."""
    known = len(plan.headers)
    return [(plan.headers[reason.column] if reason.column is not None and reason.column < known else "", env.t(reason.message))
            for reason in row.reasons]


def commonest(env: Env, plan: Import, most: int = 5) -> list[tuple[int, str, str]]:
    """Why several rows were not imported: how often, column, reason. The first 5,000 rows are looked at."""
    found: Counter[tuple[str, str]] = Counter()
    for row in plans.rows_aside(env, plan.id, limit=5000):
        found.update(_texts(env, plan, row))
    return [(count, column, text) for (column, text), count in found.most_common(most) if count > 1]


def _columns(env: Env, plan: Import) -> list[Column]:
    return [*(Column(header) for header in plan.headers), Column(env.t(_("Row in the file")), "integer"),
            Column(env.t(_("Why it was not imported")), "longtext")]


def _rows(env: Env, plan: Import, kind: str) -> Iterator[list[Any]]:
    after, width = -1, len(plan.headers)
    while found := plans.rows_aside(env, plan.id, kind, after):
        for row in found:
            cells = [*row.cells[:width], *[None] * (width - len(row.cells))]
            yield [*cells, row.number, explain(env, plan, row)]
        after = found[-1].row


def pieces(env: Env, plan: Import, kind: str = "error", bare: bool = False) -> Iterator[bytes]:
    """The rows as CSV, in pieces; `bare` ones are just as they came, without the reasons."""
    columns, rows = _columns(env, plan), _rows(env, plan, kind)
    if bare:
        width = len(plan.headers)
        columns, rows = columns[:width], (row[:width] for row in rows)
    yield from write_csv(rows, columns, WriteOptions(delimiter=plan.reading.delimiter or ","))


def to_file(env: Env, plan: Import, path: Path, kind: str = "error") -> int:
    """The rows as a workbook; returns how many."""
    return write_xlsx(path, _rows(env, plan, kind), _columns(env, plan), rtl=direction(env.lang) == "rtl")
