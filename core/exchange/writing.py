"""Writing lists to CSV and XLSX, row by row in constant memory.

A cell of text that begins like a formula is made harmless: whoever opens the file must not run what somebody else
wrote into a name. Numbers and phones are written as such and need no guard.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from core.errors import SarnakhError
from core.i18n.calendars import calendar
from core.i18n.messages import _

FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_PHONE: Final = re.compile(r"\+\d{6,15}(?:;ext=\d{1,8})?")
_NUMBER: Final = re.compile(r"[+-]?\d{1,30}(?:\.\d{1,30})?")
_XML_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_SEPARATING: Final = re.compile(r'[;,،؛|\n"]')
_BATCH: Final = 500
_CELL_CHARS: Final = 32_767
MAX_XLSX_ROWS: Final = 1_048_575
_NUMBER_FORMATS: Final[Mapping[str, str]] = {
    "integer": "0", "decimal": "#,##0.######", "money": "#,##0.####", "percent": '0.####"%"', "date": "yyyy-mm-dd",
    "datetime": "yyyy-mm-dd hh:mm", "duration": "[h]:mm:ss",
}
_WIDTHS: Final[Mapping[str, int]] = {
    "integer": 12, "decimal": 14, "money": 16, "percent": 10, "flag": 8, "date": 12, "datetime": 17, "duration": 11,
    "email": 28, "phone": 17, "url": 28, "longtext": 40, "richtext": 40, "link": 24,
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an export: its header and the type name of its values; `width` is in characters."""

    header: str
    type: str = "text"
    width: int | None = None


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """How values are written.

    `calendar` "jalali" writes dates as Jalali texts (no spreadsheet program has such dates). `tz` is the zone of
    moments. `guard` makes texts that begin like a formula harmless; only a file for a machine should do without.
    `yes` and `no` are the words for flags.
    """

    tz: ZoneInfo = ZoneInfo("UTC")
    calendar: str = "gregorian"
    guard: bool = True
    yes: str = "yes"
    no: str = "no"
    delimiter: str = ","


def guarded(text: str, type_name: str = "text") -> str:
    """The text with an apostrophe before it when a spreadsheet program might take it for a formula."""
    # A text that itself begins with apostrophes and a formula gets one more, so that reading can take off one.
    if not text.lstrip("' \u00a0\u200e\u200f\ufeff").startswith(FORMULA_STARTS):
        return text
    if (type_name == "phone" and _PHONE.fullmatch(text)) or (type_name != "text" and _NUMBER.fullmatch(text)):
        return text
    return "'" + text


def as_cell(value: Any, column: Column, options: WriteOptions) -> str:
    """The value as the text of a CSV cell; reading it back gives the value again."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return options.yes if value else options.no
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, Decimal):
        return _plain(value)
    if isinstance(value, (dt.datetime, dt.date, dt.timedelta)):
        return _dated(value, options)
    if isinstance(value, (list, tuple, set, frozenset)) and not hasattr(value, "_fields"):
        text = "; ".join(quoted(str(one)) for one in value)
    else:
        text = str(value)
    text = text.replace("\0", "")
    return guarded(text, column.type) if options.guard else text


def quoted(text: str) -> str:
    """One of several values in a cell; within quotation marks when it holds a character that separates them."""
    return '"' + text.replace('"', '""') + '"' if _SEPARATING.search(text) else text


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _dated(value: dt.date | dt.timedelta, options: WriteOptions) -> str:
    if isinstance(value, dt.timedelta):
        seconds = int(value.total_seconds())
        sign, seconds = ("-" if seconds < 0 else ""), abs(seconds)
        return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    time = ""
    if isinstance(value, dt.datetime):
        local = value.astimezone(options.tz) if value.tzinfo else value
        time = local.strftime(" %H:%M:%S" if local.second else " %H:%M")
        value = local.date()
    if options.calendar == "jalali":
        return calendar("jalali").format(value, "short", "fa") + time
    return value.isoformat() + time


def write_csv(rows: Iterable[Sequence[Any]], columns: Sequence[Column], options: WriteOptions | None = None) -> \
        Iterator[bytes]:
    """The rows as UTF-8 with a byte order mark (Excel reads other files in its own character set), in pieces."""
    chosen = options or WriteOptions()
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=chosen.delimiter)
    writer.writerow([guarded(str(column.header)) if chosen.guard else str(column.header) for column in columns])
    yield b"\xef\xbb\xbf" + _taken(buffer)
    for number, row in enumerate(rows, 1):
        writer.writerow([as_cell(value, column, chosen) for value, column in zip(row, columns, strict=True)])
        if number % _BATCH == 0:
            yield _taken(buffer)
    if rest := _taken(buffer):
        yield rest


def _taken(buffer: io.StringIO) -> bytes:
    data = buffer.getvalue().encode("utf-8", "replace")
    buffer.seek(0)
    buffer.truncate()
    return data


def write_xlsx(path: str | os.PathLike[str], rows: Iterable[Sequence[Any]], columns: Sequence[Column],
               rtl: bool = False, sheet_name: str = "", options: WriteOptions | None = None) -> int:
    """Write a workbook of one sheet and return the number of rows; only the current row is held in memory.

    A workbook cannot be streamed (its directory comes last), so it goes to a file that the caller sends and removes.
    Cells are typed; `rtl` lays the sheet out from the right. Raises SarnakhError beyond 1,048,575 rows.
    """
    chosen = options or WriteOptions()
    book = xlsxwriter.Workbook(str(Path(path)), {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
        "nan_inf_to_errors": True, "tmpdir": str(Path(path).parent)})
    try:
        return _Sheet(book, columns, rtl, sheet_name, chosen).fill(rows)
    finally:
        book.close()


class _Sheet:
    """One worksheet being filled."""

    def __init__(self, book: Workbook, columns: Sequence[Column], rtl: bool, name: str, options: WriteOptions) -> None:
        self.columns = columns
        self.options = options
        self.sheet: Worksheet = book.add_worksheet(sheet_title(name) or None)
        self.formats: dict[str, Format] = {kind: book.add_format({"num_format": shape})
                                           for kind, shape in _NUMBER_FORMATS.items()}
        if rtl:
            self.sheet.right_to_left()
        self.sheet.freeze_panes(1, 0)
        bold = book.add_format({"bold": True, "bottom": 1})
        for index, column in enumerate(columns):
            width = column.width or max(_WIDTHS.get(column.type, 20), min(len(str(column.header)) + 2, 40))
            self.sheet.set_column(index, index, width)
        for index, column in enumerate(columns):
            self.sheet.write_string(0, index, _fit(str(column.header)), bold)

    def fill(self, rows: Iterable[Sequence[Any]]) -> int:
        """Write all rows below the header."""
        count = 0
        for count, row in enumerate(rows, 1):
            if count > MAX_XLSX_ROWS:
                raise SarnakhError(_("A workbook takes {limit} rows at most. Export to CSV instead.",
                                     limit=MAX_XLSX_ROWS))
            for index, value in enumerate(row):
                if value is not None and value != "":
                    self._write(count, index, value)
        if self.columns:
            self.sheet.autofilter(0, 0, count, len(self.columns) - 1)
        return count

    def _write(self, row: int, index: int, value: Any) -> None:
        column = self.columns[index]
        if isinstance(value, bool):
            self.sheet.write_boolean(row, index, value)
        elif isinstance(value, int | float | Decimal):
            # A workbook's numbers have 15 digits: longer ones (codes, cards) would lose their end.
            number = float(value)
            if abs(number) < 1e15 and (not isinstance(value, Decimal) or Decimal(repr(number)) == value):
                self.sheet.write_number(row, index, number, self.formats.get(column.type))
            else:
                self.sheet.write_string(row, index, as_cell(value, column, self.options))
        elif isinstance(value, dt.timedelta):
            self.sheet.write_number(row, index, value.total_seconds() / 86400, self.formats["duration"])
        elif isinstance(value, dt.date):
            self._write_date(row, index, value, column)
        else:
            # The cell's type is text, so no program evaluates it; the guard would only spoil it.
            text = as_cell(value, column, _UNGUARDED)
            self.sheet.write_string(row, index, _fit(guarded(text) if text.startswith("'") else text))

    def _write_date(self, row: int, index: int, value: dt.date, column: Column) -> None:
        if self.options.calendar == "jalali" or value.year < 1900:
            self.sheet.write_string(row, index, as_cell(value, column, self.options))
        elif isinstance(value, dt.datetime):
            local = value.astimezone(self.options.tz).replace(tzinfo=None) if value.tzinfo else value
            self.sheet.write_datetime(row, index, local, self.formats["datetime"])
        else:
            self.sheet.write_datetime(row, index, value, self.formats["date"])


_UNGUARDED: Final = WriteOptions(guard=False)


def _fit(text: str) -> str:
    """What a workbook's cell can hold."""
    return _XML_FORBIDDEN.sub("", text)[:_CELL_CHARS]


def sheet_title(name: str) -> str:
    """A name that a sheet may have: 31 characters, none of []:*?/\\ and no apostrophe at its ends."""
    return re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", name)[:31].strip(" '")
