"""A home page while it is arranged: what each button does to it. Plain data in, plain data out."""

from __future__ import annotations

import copy
import json
from typing import Any

from core.web_api import HOME_SHAPES, HOME_SHIPPED

Draft = dict[str, Any]
MOST_JSON = 400_000


def begun(stored: Any) -> Draft:
    """A draft of what is kept, as far as it can be arranged, or of what is shipped."""
    return copy.deepcopy(_sound(stored) or HOME_SHIPPED)


def read(text: str) -> Draft | None:
    """The draft that a form carries; None for what is none."""
    try:
        return _sound(json.loads(text)) if len(text) <= MOST_JSON else None
    except (ValueError, RecursionError):
        return None


def _sound(found: Any) -> Draft | None:
    """Data as a draft: what is no block, however it came there, is left out."""
    if not isinstance(found, dict) or str(found.get("shape")) not in HOME_SHAPES or not isinstance(found.get("columns"), list):
        return None
    columns = [[_block(b) for b in column if isinstance(b, dict) and isinstance(b.get("id"), str)]
               for column in found["columns"] if isinstance(column, list)]
    return shaped({"shape": found["shape"], "columns": columns}, found["shape"])


def _block(block: dict[str, Any]) -> dict[str, Any]:
    return block if isinstance(block.get("options", {}), dict) else {**block, "options": {}}


def shaped(draft: Draft, shape: str) -> Draft:
    """The draft with another number and width of columns; what stood in one that goes away moves to the last one left."""
    count = HOME_SHAPES[shape][1]
    columns = [list(c) for c in draft["columns"]] + [[] for _i in range(count)]
    for rest in columns[count:]:
        columns[count - 1].extend(rest)
    return {"shape": shape, "columns": columns[:count]}


def place(draft: Draft, name: str) -> tuple[int, int] | None:
    """Column and row of a block."""
    return next(((c, r) for c, column in enumerate(draft["columns"]) for r, b in enumerate(column) if b["id"] == name), None)


def block(draft: Draft, name: str) -> dict[str, Any] | None:
    """One block of the draft itself."""
    at = place(draft, name)
    return draft["columns"][at[0]][at[1]] if at is not None else None


def add(draft: Draft, widget: str) -> str:
    """Put a new block at the end of the first column; returns its id."""
    taken = {b["id"] for column in draft["columns"] for b in column}
    name = next(n for n in (widget, *(f"{widget}_{i}" for i in range(2, len(taken) + 3))) if n not in taken)
    draft["columns"][0].append({"id": name, "widget": widget, "options": {}})
    return name


def move(draft: Draft, name: str, way: str) -> None:
    """Move a block: "up", "down", "next" or "before" (the neighbouring column), or take it away with "remove"."""
    at = place(draft, name)
    if at is None:
        return
    columns, (column, row) = draft["columns"], at
    one = columns[column].pop(row)
    if way in ("up", "down"):
        columns[column].insert(max(0, row + (1 if way == "down" else -1)), one)
    elif way in ("next", "before"):
        columns[max(0, min(len(columns) - 1, column + (1 if way == "next" else -1)))].append(one)
    elif way != "remove":
        columns[column].insert(row, one)
