"""Where the header is and what the columns are called.

Files come with a title, a date and blank lines above the header, with merged or blank header cells, or without any
header at all. The header is the first row about as wide as the table that reads like labels: texts, short, different
from each other, and without an address, a number or a date among them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from core.i18n.text import fold, latin_digits

SEARCHED_ROWS = 50
_VALUE_LIKE = re.compile(r"\S+@\S+\.\S+|(?:https?://|www\.)\S+|[-+()\d][-+()\d\s./,:٬٫]*%?|\d[\d.,٬٫/:\s-]*\s*\D{0,6}")


def is_blank(value: Any) -> bool:
    """Whether a cell holds nothing that can be seen."""
    return value is None or (isinstance(value, str) and not value.strip(" \t\r\n\xa0\u200b\u200c\u200e\u200f\ufeff"))


def is_blank_row(row: Sequence[Any]) -> bool:
    """Whether no cell of the row holds anything."""
    return all(is_blank(value) for value in row)


def find_header(rows: Sequence[Sequence[Any]]) -> int | None:
    """The index of the header among the first rows; None when the table begins at once with data."""
    widths = [sum(not is_blank(value) for value in row) for row in rows[:SEARCHED_ROWS]]
    filled = sorted(width for width in widths if width)
    if not filled:
        return None
    typical = filled[len(filled) // 2]
    needed = max(1, min(typical, 2), round(typical * 0.6))
    first_wide = next((index for index, width in enumerate(widths) if width >= needed), None)
    if first_wide is None:
        return None
    if _looks_like_labels(rows[first_wide]):
        return first_wide
    # A group row ("Contact data", "Address") above the labels is as wide as them only when cells are merged.
    following = first_wide + 1
    if following < len(widths) and widths[following] >= needed and _looks_like_labels(rows[following]) \
            and not _like_each_other(rows[following], rows[following + 1:following + 6]):
        return following
    return None


def _looks_like_labels(row: Sequence[Any]) -> bool:
    cells = [value for value in row if not is_blank(value)]
    if not cells or not all(isinstance(value, str) for value in cells):
        return False
    texts = [latin_digits(value.strip()) for value in cells]
    if any(len(text) > 120 for text in texts):
        return False
    value_like = sum(bool(_VALUE_LIKE.fullmatch(text)) for text in texts)
    distinct = len({fold(text) for text in texts})
    return value_like <= len(texts) * 0.1 and distinct >= len(texts) * 0.6


def _like_each_other(row: Sequence[Any], others: Sequence[Sequence[Any]]) -> bool:
    """Whether some column repeats the row's text below it: then the row is data."""
    return any(not is_blank(value) and any(index < len(other) and other[index] == value for other in others)
               for index, value in enumerate(row))


def name_columns(header: Sequence[Any], width: int, merged: Sequence[Sequence[int]] = (), row: int = 0) -> list[str]:
    """One different name for each of `width` columns.

    A merged header cell names all its columns, a repeated name gets a number ("Phone (2)") and a blank one the
    column's letter ("(C)"). `merged` are the sheet's merged areas and `row` is the header's row in the sheet.
    """
    cells = [header[index] if index < len(header) else None for index in range(width)]
    for top, left, bottom, right in merged:
        if top <= row <= bottom and left < width:
            value = cells[left]
            for column in range(left, min(right + 1, width)):
                cells[column] = value if is_blank(cells[column]) else cells[column]
    names: list[str] = []
    taken: set[str] = set()
    for index, cell in enumerate(cells):
        base = "" if is_blank(cell) else " ".join(str(cell).replace("\ufeff", "").split())[:200]
        base = base or f"({column_letters(index)})"
        name, number = base, 1
        while fold(name) in taken:
            number += 1
            name = f"{base} ({number})"
        taken.add(fold(name))
        names.append(name)
    return names


def column_letters(index: int) -> str:
    """The spreadsheet's name of the 0-based column: A, B, … Z, AA."""
    letters = ""
    number = index + 1
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
