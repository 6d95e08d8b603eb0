"""The rows that were not imported as a file of their own: the columns as they came, and why. It can be imported again."""

from __future__ import annotations

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
    texts = []
    for reason in row.reasons:
        text = env.t(reason.message)
        known = reason.column is not None and reason.column < len(plan.headers)
        texts.append(f"{plan.headers[reason.column]}: {text}" if known else text)  # type: ignore[index]
    return " | ".join(texts)


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


def pieces(env: Env, plan: Import, kind: str = "error") -> Iterator[bytes]:
    """The rows as CSV, in pieces."""
    yield from write_csv(_rows(env, plan, kind), _columns(env, plan), WriteOptions(delimiter=plan.reading.delimiter or ","))


def to_file(env: Env, plan: Import, path: Path, kind: str = "error") -> int:
    """The rows as a workbook; returns how many."""
    return write_xlsx(path, _rows(env, plan, kind), _columns(env, plan), rtl=direction(env.lang) == "rtl")
