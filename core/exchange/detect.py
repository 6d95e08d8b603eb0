"""Opening a file that somebody exported from somewhere: what it is, how it is cut, where its header is.

    with open_table(path) as table:
        table.headers              # one different name per column
        table.sample(50)           # the first rows
        for row in table.rows(start=12_000): ...

Rows are numbered from 0 below the header and blank ones count, so a number stays valid between runs and
`table.row_number(index)` is the number that a spreadsheet program shows. Anything that cannot be read raises
:class:`~core.exchange.limits.BadFile`, and nothing else.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any

from core.exchange import delimited, encodings, workbook
from core.exchange.headers import SEARCHED_ROWS, find_header, is_blank, is_blank_row, name_columns
from core.exchange.limits import BadFile, Limits, empty_file, not_a_table, too_big, too_many_columns
from core.exchange.workbook import Sheet
from core.i18n.messages import Message, _

_MAGIC: tuple[tuple[bytes, Message | None], ...] = (
    (b"\xd0\xcf\x11\xe0", _("This is a workbook of the old XLS format, or one protected by a password. Save it as XLSX "
                            "without a password and choose that file.")),
    (b"%PDF", _("This is a PDF document. Export the table itself as XLSX or CSV.")),
    (b"{\\rtf", None), (b"\x89PNG", None), (b"\xff\xd8\xff", None), (b"GIF8", None), (b"\x1f\x8b", None),
    (b"7z\xbc\xaf", None), (b"Rar!", None), (b"\x7fELF", None), (b"MZ\x90", None), (b"SQLite format 3", None),
)
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<table")


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file was read. Handed back to :func:`open_table`, the same rows come out again."""

    kind: str
    encoding: str | None = None
    delimiter: str | None = None
    sheet: int | None = None
    header_row: int | None = None


class Table:
    """The rows of one file or sheet; made by :func:`open_table`, which describes it. Use it in a `with`."""

    def __init__(self, path: Path, limits: Limits, kind: str) -> None:
        self.path = path
        self.limits = limits
        self.kind = kind
        self.layout: delimited.Layout | None = None
        self.confidence = 1.0
        self.sheets: list[Sheet] = []
        self.sheet: int | None = None
        self.headers: list[str] = []
        self.header_row: int | None = None
        self.first_row = 0
        self.notes: list[Message] = []
        self._spool: Path | None = None
        self._spool_is_ours = False

    @property
    def reading(self) -> Reading:
        """The choices made, so that an interrupted import resumes with the same rows."""
        layout = self.layout
        return Reading(self.kind, layout.encoding if layout else None, layout.delimiter if layout else None,
                       self.sheet, -1 if self.header_row is None else self.header_row)

    def rows(self, start: int = 0) -> Iterator[list[Any]]:
        """The rows from the 0-based number `start`, each at least as long as the headers; blank ones included.

        Texts of a CSV file are strings; a workbook's cells are text, numbers, flags, dates or None. A row with cells
        beyond the last header keeps them, so that it can be refused rather than cut.
        """
        width = len(self.headers)
        for number, row in enumerate(self._raw(self.first_row + start), start):
            if number >= self.limits.max_rows:
                raise BadFile(_("The file has more than {limit} rows. Split it into several files.",
                                limit=self.limits.max_rows))
            if len(row) < width:
                row.extend([None if self.kind == "xlsx" else ""] * (width - len(row)))
            elif len(row) > width and is_blank_row(row[width:]):
                del row[width:]
            yield row

    def sample(self, count: int = 50) -> list[list[Any]]:
        """The first rows that are not blank."""
        return list(islice((row for row in self.rows() if not is_blank_row(row)), count))

    def count(self, cap: int | None = None) -> int:
        """How many rows are not blank, reading the file once; stops at `cap`."""
        rows = (row for row in self.rows() if not is_blank_row(row))
        return sum(1 for _row in islice(rows, cap))

    def row_number(self, index: int) -> int:
        """The number that a spreadsheet program shows beside the row `index` (1 is the file's first record)."""
        return self.first_row + index + 1

    def encodings(self) -> list[encodings.Encoding]:
        """The character sets a person may choose from, with previews; none for a workbook."""
        return [] if self.kind == "xlsx" else encodings.alternatives(self.path)

    def close(self) -> None:
        """Remove the temporary copy of a workbook's sheet (not one that was asked for in `spool_dir`)."""
        if self._spool_is_ours and self._spool is not None:
            self._spool.unlink(missing_ok=True)
            self._spool_is_ours = False

    def __enter__(self) -> Table:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()

    def _raw(self, start: int) -> Iterator[list[Any]]:
        if self._spool is not None:
            return workbook.read_spool(self._spool, start)
        assert self.layout is not None  # noqa: S101 - one of the two is set by open_table
        return islice(delimited.read_records(self.path, self.layout, self.limits), start, None)

    def _settle(self, header_row: int | None) -> None:
        """Find the header and the columns."""
        first = list(islice(self._raw(0), SEARCHED_ROWS * 4))
        filled = next((index for index, row in enumerate(first) if not is_blank_row(row)), None)
        if filled is None:
            if len(first) < SEARCHED_ROWS * 4:
                raise empty_file()
            filled = 0
        if header_row is None:
            found = find_header(first[filled:])
            self.header_row = None if found is None else filled + found
        elif header_row >= 0:
            if header_row >= len(first):
                raise BadFile(_("The header cannot be in row {number}: it has to be among the first {count} rows.",
                                number=header_row + 1, count=len(first)))
            self.header_row = header_row
        self.first_row = filled if self.header_row is None else self.header_row + 1
        self._name(first)

    def _name(self, first: Sequence[Sequence[Any]]) -> None:
        header = [] if self.header_row is None else first[self.header_row]
        body = first[self.first_row:]
        # Where there is a header, a few cells to the right of it are broken rows, not columns.
        width = _filled_width([header])
        if not width or self.kind == "xlsx":
            width = max(width, _filled_width(body))
        if width > self.limits.max_columns:
            raise too_many_columns(width, self.limits.max_columns)
        merged = workbook.read_merged(self._spool) if self._spool is not None else []
        self.headers = name_columns(header, width, merged, self.header_row or 0)
        if not self.headers:
            raise empty_file()
        if self.header_row is None:
            self.notes.append(_("No header row was found; the columns are named by their letters."))
        if self.kind == "csv" and (broken := delimited.bad_widths(body, width)):
            self.notes.append(_("{count} of the first rows have more cells than the header. Is the delimiter right?",
                                count=broken))


def _filled_width(rows: Sequence[Sequence[Any]]) -> int:
    return max((index + 1 for row in rows for index, value in enumerate(row) if not is_blank(value)), default=0)


def open_table(path: str | os.PathLike[str], *, limits: Limits | None = None, encoding: str | None = None,
               delimiter: str | None = None, sheet: int | str | None = None, header_row: int | None = None,
               spool_dir: str | os.PathLike[str] | None = None, reading: Reading | None = None) -> Table:
    """Open a CSV or XLSX file by what is in it (its name does not matter), detecting whatever is not given.

    `header_row` is 0-based, -1 says that there is none. `sheet` is an index or a name. A workbook's sheet is copied
    once to a spool file: a temporary one, or one in `spool_dir` that the next opening uses again. `reading` repeats
    an earlier table's choices. Raises BadFile, and only that, for a file that cannot be read.
    """
    file = Path(path)
    limits = limits or Limits()
    if reading is not None:
        encoding, delimiter, header_row = reading.encoding, reading.delimiter, reading.header_row
        sheet = reading.sheet
    try:
        size = file.stat().st_size
        with file.open("rb") as stream:
            head = stream.read(8192)
    except OSError:
        raise BadFile(_("The file cannot be read. Choose it again.")) from None
    if not head.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise empty_file()
    if size > limits.max_bytes:
        raise too_big(size, limits.max_bytes)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _open_workbook(file, limits, sheet, header_row, spool_dir)
    return _open_text(file, head, limits, encoding, delimiter, header_row)


def _open_text(file: Path, head: bytes, limits: Limits, encoding: str | None, delimiter: str | None,
               header_row: int | None) -> Table:
    _refuse_other_kinds(head)
    table = Table(file, limits, "csv")
    if encoding is None:
        found = encodings.detect_encoding(file)
        encoding, table.confidence = found.name, found.confidence
    elif encoding not in (*encodings.OFFERED, "utf-8-sig", "utf-16"):
        raise BadFile(_("The character set {name} is not known.", name=encoding))
    if not encoding.startswith("utf-16") and b"\0" in head:
        raise not_a_table(_("The file contains zero bytes, so it is not a text file. Save the table as XLSX or as CSV "
                            "(UTF-8) and choose that file."))
    _refuse_noise(head, encoding)
    if delimiter is not None and (len(delimiter) != 1 or delimiter in "\r\n\"\0 "):
        raise BadFile(_("The delimiter has to be one character that is not a quotation mark or a line break."))
    delimited.check_first_line(file, encoding, limits)
    table.layout = delimited.detect_layout(file, encoding, delimiter)
    if table.confidence < 0.75:
        table.notes.append(_("The character set is a guess. If letters look wrong, choose another one."))
    table._settle(header_row)
    return table


def _refuse_other_kinds(head: bytes) -> None:
    for magic, message in _MAGIC:
        if head.startswith(magic):
            raise not_a_table(message)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_MARKUP):
        raise not_a_table(_("This is a web page or an XML document, even if its name ends with xls or csv. Open it in "
                            "a spreadsheet program, save it as XLSX and choose that file."))


def _refuse_noise(head: bytes, encoding: str) -> None:
    """Bytes that are no text in the chosen character set: too many control or unknown characters."""
    text = head[:len(head) // 2 * 2].decode(encoding, "replace")
    noise = sum(char < " " and char not in "\t\n\r\x0b\x0c\x1f" or char == "\ufffd" for char in text)
    if noise > len(text) * 0.05 + 1:
        raise not_a_table()


def _open_workbook(file: Path, limits: Limits, sheet: int | str | None, header_row: int | None,
                   spool_dir: str | os.PathLike[str] | None) -> Table:
    table = Table(file, limits, "xlsx")
    workbook.examine(file, limits)
    book = workbook.open_workbook(file)
    table.sheets = workbook.list_sheets(book, limits)
    # Without a choice the first sheet with anything in it is taken: an empty cover sheet often comes first.
    for candidate in table.sheets[:10] if sheet is None else [_choose_sheet(table.sheets, sheet)]:
        table.close()
        table.sheet = candidate.index
        table._spool, table._spool_is_ours = _spool_path(file, candidate, spool_dir), spool_dir is None
        if spool_dir is None or not _is_fresh(table._spool, file):
            workbook.spool_sheet(book, candidate.index, table._spool)
        if any(not is_blank_row(row) for row in islice(workbook.read_spool(table._spool), SEARCHED_ROWS)):
            break
    table._settle(header_row)
    return table


def _spool_path(file: Path, sheet: Sheet, spool_dir: str | os.PathLike[str] | None) -> Path:
    if spool_dir is not None:
        return Path(spool_dir) / f"{file.name}.{sheet.index}.rows"
    handle, name = tempfile.mkstemp(suffix=".rows")
    os.close(handle)
    return Path(name)


def _is_fresh(spool: Path, source: Path) -> bool:
    return spool.exists() and spool.stat().st_mtime >= source.stat().st_mtime


def _choose_sheet(sheets: Sequence[Sheet], wanted: int | str | None) -> Sheet:
    if wanted is None:
        return sheets[0]
    for sheet in sheets:
        if wanted in (sheet.index, sheet.name):
            return sheet
    raise BadFile(_("The workbook has no sheet {name}.", name=wanted))
