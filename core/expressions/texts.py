"""Text operations that give the same answer in Python, SQLite and PostgreSQL, whatever the database's locale."""

from __future__ import annotations

from typing import Final

MAX_RESULT: Final = 10_000
DIGITS: Final = "0123456789۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩"
MAX_REPLACEMENT: Final = 1_000
SPACES: Final = " \t\n\r\v\f\xa0\u200c\u200e\u200f\u3000"

# Latin, Greek and Cyrillic: the scripts with two cases that people here write. Letters whose other case is more than
# one letter (ß) stay as they are, but for İ, whose small letter is i.
_BLOCKS: Final = (range(0x41, 0x5B), range(0xC0, 0x180), range(0x370, 0x400), range(0x400, 0x530))
_UPPER: Final = "".join(chr(code) for block in _BLOCKS for code in block
                        if len(chr(code).lower()) == 1 and chr(code).lower() != chr(code))
_LOWER: Final = "".join(chr(code) for block in (range(0x61, 0x7B), *_BLOCKS[1:]) for code in block
                        if len(chr(code).upper()) == 1 and chr(code).upper() != chr(code))
UPPER_FROM: Final = _LOWER
UPPER_TO: Final = "".join(char.upper() for char in _LOWER)
LOWER_FROM: Final = _UPPER + "İ"
LOWER_TO: Final = "".join(char.lower() for char in _UPPER) + "i"
_TO_UPPER: Final = str.maketrans(UPPER_FROM, UPPER_TO)
_TO_LOWER: Final = str.maketrans(LOWER_FROM, LOWER_TO)


def lower(text: str) -> str:
    """Capital letters made small."""
    return text.translate(_TO_LOWER)


def upper(text: str) -> str:
    """Small letters made capital."""
    return text.translate(_TO_UPPER)


def trim(text: str) -> str:
    """Without spaces, tabs, line breaks and half-spaces at both ends."""
    return text.strip(SPACES)


def left(text: str, count: int) -> str:
    """The first characters."""
    return text[:max(count, 0)]


def right(text: str, count: int) -> str:
    """The last characters."""
    return text[-count:] if count > 0 else ""


def digit(text: str, place: int) -> int | None:
    """The digit at a place counted from 1, in any of the three scripts; None where there is none."""
    found = DIGITS.find(text[place - 1]) if 0 < place <= len(text) else -1
    return found % 10 if found >= 0 else None


def concat(*texts: str | None) -> str:
    """All that are not empty, one after the other, up to MAX_RESULT characters."""
    return "".join(text for text in texts if text is not None)[:MAX_RESULT]


def replace(text: str, old: str, new: str) -> str:
    """Each `old` replaced, up to MAX_RESULT characters; nothing is done for an empty `old`."""
    return text[:MAX_RESULT].replace(old, new[:MAX_REPLACEMENT])[:MAX_RESULT] if old else text[:MAX_RESULT]
