"""Reading CSV and its relatives in constant memory, whatever is in them.

`csv` alone would take a line of 1 GB or a quote that is never closed into memory whole, so the lines it is fed are
bounded here, and what it reads is counted.
"""

from __future__ import annotations

import csv
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from core.exchange.limits import BadFile, Limits, too_many_columns
from core.i18n.messages import _

SAMPLE_CHARS = 128 * 1024
SAMPLE_RECORDS = 200
DELIMITERS = (",", ";", "\t", "|", "^", "~", "\x1f", ":")
# A column of names or of times must not be split at these: they have to be more regular, a colon in every row.
_UNLIKELY = {":": 0.25, "~": 0.7, "^": 0.7}
_SEP_LINE = re.compile(r'sep=([^"\0\r\n ])(?:\r?\n|$)', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Layout:
    """How a text file is cut into cells; `skip` counts leading lines that are not data (Excel's `sep=;`)."""

    encoding: str
    delimiter: str
    skip: int = 0


class _Lines:
    """The lines of a text stream, refused when one (or one record of several) is beyond the limits."""

    def __init__(self, stream: TextIO, limits: Limits) -> None:
        self._read = stream.readline
        self._limits = limits
        self.number = 0
        self.record_chars = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._read(self._limits.max_line_chars + 1)
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) > self._limits.max_line_chars:
            raise BadFile(_("Line {number} is longer than {limit} characters. This is not a table, or its line ends "
                            "are lost: save it again as CSV or XLSX.", number=self.number,
                            limit=self._limits.max_line_chars))
        self.record_chars += len(line)
        if self.record_chars > self._limits.max_record_chars:
            raise BadFile(_("The row that ends at line {number} is too long: a quotation mark before it is probably "
                            "never closed.", number=self.number))
        if "\0" in line:
            raise BadFile(_("Line {number} contains a zero byte, so this is not a text file or it is damaged. Save it "
                            "again as CSV (UTF-8) or XLSX.", number=self.number))
        return line


def read_records(path: Path, layout: Layout, limits: Limits) -> Iterator[list[str]]:
    """The records of the file as lists of strings; only the current record is held. Undecodable bytes become U+FFFD."""
    with path.open(encoding=layout.encoding, errors="replace", newline="") as stream:
        lines = _Lines(stream, limits)
        for _skipped in range(layout.skip):
            next(lines, None)
        reader = csv.reader(lines, delimiter=layout.delimiter)
        try:
            for row in reader:
                lines.record_chars = 0
                if len(row) > limits.max_columns:
                    row = _without_empty_end(row)
                    if len(row) > limits.max_columns:
                        raise too_many_columns(len(row), limits.max_columns)
                yield row
        except csv.Error:
            raise BadFile(_("The table cannot be read after line {number}: a cell there is too long, or a quotation "
                            "mark is never closed.", number=lines.number)) from None
        except UnicodeError:
            raise BadFile(_("The text cannot be read after line {number}: choose another character set.",
                            number=lines.number)) from None


def _without_empty_end(row: list[str]) -> list[str]:
    end = len(row)
    while end and not row[end - 1].strip():
        end -= 1
    return row[:end]


def check_first_line(path: Path, encoding: str, limits: Limits) -> None:
    """Refuse a file of one endless line before any larger piece of it is read."""
    with path.open(encoding=encoding, errors="replace", newline="") as stream:
        try:
            next(_Lines(stream, limits), None)
        except UnicodeError:
            raise BadFile(_("The text cannot be read: choose another character set.")) from None


def detect_layout(path: Path, encoding: str, delimiter: str | None = None) -> Layout:
    """The delimiter by which the first rows fall into columns most regularly (given: only `sep=` is looked for)."""
    text = sample_text(path, encoding)
    skip = 0
    if found := _SEP_LINE.match(text):
        delimiter, skip = delimiter or found[1], 1
        text = text[found.end():]
    return Layout(encoding, delimiter or best_delimiter(text), skip)


def sample_text(path: Path, encoding: str, chars: int = SAMPLE_CHARS) -> str:
    """The start of the file, cut at a line's end when it is longer than the sample."""
    with path.open(encoding=encoding, errors="replace", newline="") as stream:
        try:
            text = stream.read(chars)
        except UnicodeError:
            raise BadFile(_("The text cannot be read: choose another character set.")) from None
    text = text.lstrip("\ufeff")
    cut = max(text.rfind("\n"), text.rfind("\r"))
    return text[:cut + 1] if len(text) >= chars - 1 and cut > 0 else text


def best_delimiter(text: str) -> str:
    """The most regular delimiter of a sample; a comma when there is only one column."""
    scores = {delimiter: _regularity(text, delimiter) for delimiter in DELIMITERS}
    best = max(scores, key=lambda delimiter: scores[delimiter])
    return best if scores[best] > 0 else ","


def _regularity(text: str, delimiter: str) -> float:
    """How many rows have the commonest number of cells, weighed by that number; 0 when it is one."""
    if delimiter not in text:
        return 0.0
    widths: Counter[int] = Counter()
    try:
        for row in csv.reader(text.splitlines(keepends=True), delimiter=delimiter):
            if any(cell.strip() for cell in row):
                widths[len(row)] += 1
            if widths.total() >= SAMPLE_RECORDS:
                break
    except csv.Error:
        return 0.0
    many = {width: count for width, count in widths.items() if width > 1}
    if not many:
        return 0.0
    width = max(many, key=lambda one: (many[one], one))
    near = sum(count for one, count in many.items() if abs(one - width) <= 1)
    if delimiter == ":" and (len(widths) > 1 or widths.total() < 3):
        return 0.0
    share = (many[width] + 0.3 * (near - many[width])) / widths.total()
    return share * share * (1 + math.log2(width)) * _UNLIKELY.get(delimiter, 1.0)


def bad_widths(rows: Sequence[Sequence[str]], width: int) -> int:
    """How many rows have more filled cells than the header has columns."""
    return sum(1 for row in rows if any(cell.strip() for cell in row[width:]))
