"""Records on paper: a table for eyes, JSON and CSV for programs."""

from __future__ import annotations

import csv
import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, islice
from typing import Any, TextIO

from .texts import guarded, shown, to_text
from .values import values_out

FORMATS = ("table", "json", "csv")
WIDEST, MOST_COLUMNS, MEASURED = 40, 8, 500
FIRST = ("id", "number", "name", "title", "status", "owner")


def write(rows: Iterable[Mapping[str, Any]], form: str, out: TextIO, fields: Sequence[str] = ()) -> int:
    """Write rows as they come; returns how many there were."""
    return {"table": table, "json": as_json, "csv": as_csv}[form](rows, out, fields)


def as_json(rows: Iterable[Mapping[str, Any]], out: TextIO, _fields: Sequence[str] = ()) -> int:
    """A JSON list."""
    count = 0
    out.write("[")
    for count, row in enumerate(rows, 1):
        out.write(("," if count > 1 else "") + "\n" + json.dumps(values_out(row), ensure_ascii=False))
    out.write("\n]\n" if count else "]\n")
    return count


def as_csv(rows: Iterable[Mapping[str, Any]], out: TextIO, fields: Sequence[str] = ()) -> int:
    """CSV that `import` reads again: links by number, and no text that a spreadsheet would run as a formula."""
    count, names, file = 0, list(fields), csv.writer(out)
    for count, row in enumerate(rows, 1):
        names = names or list(row)
        if count == 1:
            file.writerow(names)
        file.writerow([guarded(value) if isinstance(value, str) else to_text(value) for value in map(row.get, names)])
    if not count and names:
        file.writerow(names)
    return count


def table(rows: Iterable[Mapping[str, Any]], out: TextIO, fields: Sequence[str] = ()) -> int:
    """Columns side by side, as wide as the first rows need."""
    coming = iter(rows)
    measured = list(islice(coming, MEASURED))
    if not measured:
        return 0
    names = list(fields) or columns(measured[0])
    widths = {name: min(WIDEST, max(width(name), *(width(plain(row.get(name))) for row in measured))) for name in names}

    def line(cells: Iterable[str]) -> None:
        out.write("  ".join(fitted(text, size) for text, size in zip(cells, widths.values(), strict=True)).rstrip() + "\n")

    line(names)
    line("─" * size for size in widths.values())
    count = 0
    for row in chain(measured, coming):
        line(plain(row.get(name)) for name in names)
        count += 1
    return count


def card(row: Mapping[str, Any], out: TextIO) -> None:
    """One record, a field in each line; empty ones are left out."""
    filled = {name: plain(value) for name, value in row.items() if value not in (None, "", [])}
    size = max((width(name) for name in filled), default=0)
    for name, text in filled.items():
        out.write(f"{fitted(name, size)}  {text}\n")


def columns(row: Mapping[str, Any]) -> list[str]:
    """What is worth a column when nobody said so: what names a record, then what is filled."""
    filled = [name for name, value in row.items() if value not in (None, "", [], False) and name not in FIRST]
    return [*(name for name in FIRST if name in row), *filled][:MOST_COLUMNS]


def plain(value: Any) -> str:
    """A value in one line; control characters of a record must not steer the terminal."""
    return "".join(" " if unicodedata.category(letter) == "Cc" else letter for letter in shown(value))


def width(text: str) -> int:
    """The columns that a text takes on a terminal."""
    return sum(0 if unicodedata.category(letter) in ("Mn", "Me", "Cf") else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
               for letter in text)


def fitted(text: str, size: int) -> str:
    """A text at exactly this width."""
    if width(text) > size:
        while width(text) > size - 1:
            text = text[:-1]
        text += "…"
    return text + " " * (size - width(text))
