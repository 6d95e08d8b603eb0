"""Reading XLSX with bounded memory: examined before it is opened, copied once to a spool file, streamed from there.

The reader (calamine) is fast, but it holds a sheet as a full rectangle and stops the whole process when there is no
memory for it: a file of 2 KB with one cell at XFD1048576 asks for 549 GB. So every part is first unpacked piece by
piece and thrown away (true sizes, checksums, no document type), and the corners of the filled cells are measured.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeVar
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from core.exchange.limits import MEGABYTE, BadFile, Limits, too_many_columns
from core.i18n.messages import _

Result = TypeVar("Result")
Cell = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None
_STRICT_CELL = re.compile(rb'<(?:\w+:)?c r="([A-Z]{1,3}[0-9]{1,7})"(?: [a-z]+="\w*")*(/?)>')
_ANY_CELL = re.compile(rb"<(?:[^\s<>/]+:)?c(?=[\s/>])")
_UNSAFE = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
# The reader sets aside memory for whatever count the shared strings claim, and aborts when it cannot. Texts may hold
# such words too, so they count inside of a tag only; the second form is a tag with a ">" among its attributes.
_COUNT = re.compile(rb"""ount\s*=\s*["']\s*\+?\d{8,}""")
_FALSE_COUNT = re.compile(rb"""<(?:[^<>]*|(?:[^\s<>/]+:)?sst\s[^<]*)ount\s*=\s*["']\s*\+?\d{8,}""")
_CHUNK = MEGABYTE


def _damaged() -> BadFile:
    return BadFile(_("The workbook is damaged and cannot be opened. Open it in a spreadsheet program, save it again "
                     "as XLSX and choose the new file."))


def _bomb() -> BadFile:
    return BadFile(_("The workbook unpacks to far more data than its size suggests, which is how harmful files are "
                     "made. Copy the rows you need into a new workbook and choose that one."))


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook by its position among all sheets; hidden ones are offered last."""

    index: int
    name: str
    hidden: bool


def examine(path: Path, limits: Limits) -> None:
    """Refuse a file that would take too much memory or time, before any part of it is given to the reader."""
    try:
        with zipfile.ZipFile(path) as package:
            _examine_directory(package, path.stat().st_size, limits)
            for part in package.infolist():
                if not part.is_dir():
                    _examine_part(package, part, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError,
            KeyError, UnicodeError):
        raise _damaged() from None


def _examine_directory(package: zipfile.ZipFile, size: int, limits: Limits) -> None:
    parts = package.infolist()
    names = {part.filename.lower() for part in parts}
    if "xl/workbook.xml" not in names:
        if "xl/workbook.bin" in names or "content.xml" in names or "mimetype" in names:
            raise BadFile(_("This kind of workbook is not supported. Save it as XLSX and choose that file."))
        raise BadFile(_("This is an archive or another kind of document, not an XLSX workbook. Save the table as XLSX "
                        "or CSV and choose that file."))
    if len(parts) > 10_000 or len(names) != len(parts):
        raise _bomb()
    unpacked = sum(part.file_size for part in parts)
    if unpacked > limits.max_unpacked_bytes:
        raise BadFile(_("The workbook holds {size} MB of data, more than the {limit} MB allowed. Split it into several "
                        "files.", size=unpacked // MEGABYTE, limit=limits.max_unpacked_bytes // MEGABYTE))
    # A sheet of repeated values packs well (40 times or so), and a small file can do no harm at any ratio.
    if unpacked > 20 * MEGABYTE and unpacked > size * limits.max_pack_ratio:
        raise _bomb()
    if any(part.flag_bits & 1 for part in parts):
        raise _locked()


def _locked() -> BadFile:
    return BadFile(_("The workbook is protected by a password. Remove the password and choose the file again."))


def _examine_part(package: zipfile.ZipFile, part: zipfile.ZipInfo, limits: Limits) -> None:
    """Unpack one part to its end (its checksum is compared) and measure its cells.

    What is a sheet is said by other parts, so every part that begins like XML is looked at, whatever its name.
    """
    corners = _Corners(limits)
    is_xml: bool | None = None
    with package.open(part) as stream:
        tail = b""
        while chunk := stream.read(_CHUNK):
            if is_xml is None:
                is_xml = chunk.lstrip(b"\xef\xbb\xbf \t\r\n\0").startswith(b"<")
            if not is_xml:
                continue
            data = tail + chunk
            if _UNSAFE.search(data):
                raise BadFile(_("The workbook contains document type declarations, which spreadsheets never need. "
                                "Save it again with a spreadsheet program."))
            if _COUNT.search(data) and _FALSE_COUNT.search(data):
                raise _damaged()
            cut = data.rfind(b"<")
            if cut < 0 or len(data) - cut > 4 * MEGABYTE:
                cut = len(data)
            data, tail = data[:cut], data[cut:]
            corners.see(data)
    if corners.irregular:
        with package.open(part) as stream:
            corners = _parsed_corners(stream, limits)
    corners.check()


class _Corners:
    """The rectangle of the filled cells of one sheet, measured from its XML as spreadsheet programs write it."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.columns: set[bytes] = set()
        self.width = 0
        self.last_row = 0
        self.cells = 0
        self.irregular = False

    def see(self, data: bytes) -> None:
        """Take in whole tags; when they are not written the usual way, a real parser has to look: `irregular`."""
        if self.irregular:
            return
        found = _STRICT_CELL.findall(data)
        if len(found) != len(_ANY_CELL.findall(data)):
            self.irregular = True
            return
        filled = b" ".join([ref for ref, closed in found if not closed])
        if filled:
            letters = filled.translate(None, b"0123456789").split()
            self.cells += len(letters)
            self.columns.update(letters)
            numbers = filled.translate(None, b"ABCDEFGHIJKLMNOPQRSTUVWXYZ").split()
            self.last_row = max(self.last_row, max(map(int, numbers)))

    def add(self, column: int, row: int) -> None:
        """Take in one cell by its 1-based position."""
        self.cells += 1
        self.width = max(self.width, column)
        self.last_row = max(self.last_row, row)
        if self.cells > self.limits.max_cells:
            self.check()

    def check(self) -> None:
        """Refuse what is beyond the limits."""
        width = max(map(_column_number, self.columns), default=self.width)
        if self.last_row > self.limits.max_rows:
            raise BadFile(_("The sheet has {count} rows, more than the {limit} allowed. Split it into several files.",
                            count=self.last_row, limit=self.limits.max_rows))
        if width > self.limits.max_columns:
            raise too_many_columns(width, self.limits.max_columns)
        if self.cells > self.limits.max_cells or width * self.last_row > 2 * self.limits.max_cells:
            raise BadFile(_("The sheet has more than {limit} cells. Remove the columns you do not need or split it "
                            "into several files.", limit=self.limits.max_cells))


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _parsed_corners(stream: IO[bytes], limits: Limits) -> _Corners:
    """The same rectangle by a real parser: slower, and for any XML."""
    corners = _Corners(limits)
    place = [0, 0]

    def start(name: str, attributes: dict[str, str]) -> None:
        kind = name.rpartition(":")[2]
        if kind == "row":
            row = attributes.get("r", "")
            place[:] = [0, int(row) if row.isascii() and row.isdigit() else place[1] + 1]
        elif kind == "c":
            found = re.fullmatch(r"\s*([A-Za-z]{1,7})(\d{1,10})\s*", attributes.get("r", ""), re.ASCII)
            if found:
                place[:] = [_column_number(found[1].encode()), int(found[2])]
            else:
                place[0] += 1
            corners.add(place[0], place[1])

    # Always UTF-8, whatever the part claims: the reader takes it so, and both have to see the same.
    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = start
    try:
        parser.ParseFile(stream)
    except (expat.ExpatError, LookupError, ValueError):
        raise _damaged() from None
    return corners


def open_workbook(path: Path) -> CalamineWorkbook:
    """The workbook in the reader; call :func:`examine` first."""
    return _guarded(lambda: CalamineWorkbook.from_path(str(path)))


def _guarded(action: Callable[[], Result]) -> Result:
    """Run the reader; whatever it dislikes (also its panics, which are no `Exception`) is a damaged file."""
    try:
        return action()
    except PasswordError:
        raise _locked() from None
    except (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError):
        raise
    except (CalamineError, OSError, ValueError, OverflowError):
        raise _damaged() from None
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise _damaged() from None
        raise


def list_sheets(book: CalamineWorkbook, limits: Limits) -> list[Sheet]:
    """The sheets with cells, the visible ones first."""
    found = [Sheet(index, meta.name, meta.visible != SheetVisibleEnum.Visible)
             for index, meta in enumerate(book.sheets_metadata) if meta.typ == SheetTypeEnum.WorkSheet]
    if not found or len(found) > limits.max_sheets:
        raise _damaged()
    return sorted(found, key=lambda sheet: sheet.hidden)


def spool_sheet(book: CalamineWorkbook, index: int, spool: Path) -> None:
    """Copy the sheet to a file of one JSON list a line, beginning with its merged areas; atomic."""
    sheet = _guarded(lambda: book.get_sheet_by_index(index))
    part = spool.with_name(spool.name + ".part")
    merged = [[*start, *end] for start, end in (sheet.merged_cell_ranges or ())][:10_000]
    with part.open("w", encoding="utf-8") as stream:
        stream.write(json.dumps(merged) + "\n")
        if sheet.height:
            rows = iter(_guarded(sheet.iter_rows))
            while (row := _guarded(lambda: next(rows, None))) is not None:
                stream.write(json.dumps(row, default=_tagged, ensure_ascii=False) + "\n")
    os.replace(part, spool)


def _tagged(value: object) -> dict[str, str | float]:
    """The JSON form of the cell types that JSON does not have."""
    if isinstance(value, dt.timedelta):
        return {"delta": value.total_seconds()}
    return {type(value).__name__: value.isoformat()}  # type: ignore[attr-defined]


def _untagged(pair: dict[str, Any]) -> Cell:
    (kind, value), = pair.items()
    if kind == "delta":
        return dt.timedelta(seconds=value)
    return _READERS[kind](value)


_READERS: Mapping[str, Callable[[str], Cell]] = {
    "date": dt.date.fromisoformat, "datetime": dt.datetime.fromisoformat, "time": dt.time.fromisoformat}


def read_merged(spool: Path) -> list[list[int]]:
    """The merged areas of a spooled sheet: first row, first column, last row, last column, from 0."""
    with spool.open(encoding="utf-8") as stream:
        return json.loads(stream.readline())  # type: ignore[no-any-return]


def read_spool(spool: Path, start: int = 0) -> Iterator[list[Cell]]:
    """The rows of a spooled sheet from the 0-based row `start`; only the current row is held."""
    decode = json.JSONDecoder(object_hook=_untagged).decode
    with spool.open(encoding="utf-8") as stream:
        for number, line in enumerate(stream, -1):
            if number >= start:
                yield [value if value != "" else None for value in decode(line)]
