"""What a file may be before it is refused: the bounds that keep one upload from taking the server's memory or time."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import SarnakhError
from core.i18n.messages import Message, _

MEGABYTE = 1024 * 1024


class BadFile(SarnakhError):
    """The file cannot be imported; the message says what is wrong with it and what the person can do."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one import. The defaults let 100,000 rows of 60 columns through in under 500 MB of memory.

    A workbook's sheet is held in memory while it is copied to a spool file (about 75 bytes a cell and its texts), so
    `max_cells` and `max_unpacked_bytes` bound that; a CSV file is streamed and only its longest record is held.
    """

    max_bytes: int = 200 * MEGABYTE
    max_columns: int = 500
    max_rows: int = 1_048_576
    max_cells: int = 6_000_000
    max_line_chars: int = MEGABYTE
    max_record_chars: int = 4 * MEGABYTE
    max_unpacked_bytes: int = 700 * MEGABYTE
    max_pack_ratio: int = 200
    max_sheets: int = 200


def too_big(size: int, limit: int) -> BadFile:
    """The refusal of a file of `size` bytes."""
    return BadFile(_("The file has {size} MB, more than the {limit} MB allowed. Split it into several files.",
                     size=round(size / MEGABYTE, 1), limit=limit // MEGABYTE))


def too_many_columns(count: int, limit: int) -> BadFile:
    """The refusal of a table of `count` columns."""
    return BadFile(_("The file has {count} columns, more than the {limit} allowed. Remove the columns you do not need; "
                     "if it should have fewer, the delimiter or the quotes are wrong.", count=count, limit=limit))


def empty_file() -> BadFile:
    """The refusal of a file without a single filled cell."""
    return BadFile(_("The file is empty. Choose a file with a header row and at least one row below it."))


def not_a_table(hint: Message | None = None) -> BadFile:
    """The refusal of a file that is neither text nor a workbook; `hint` names what it seems to be."""
    return BadFile(hint or _("This is not a CSV or XLSX file. Save the table as XLSX or as CSV (UTF-8) and choose "
                             "that file."))
