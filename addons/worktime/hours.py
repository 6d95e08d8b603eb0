"""Hours of a day as people write them: "8-12, 13:00-17:30". Inside they are pairs of minutes after midnight.

    read("8-12, 13-17")       # ((480, 720), (780, 1020))
    read("22-6")              # ((1320, 1800),): until six in the next morning
    write(((480, 720),))      # "08:00–12:00"
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from core.api import _, latin_digits

DAY = 1440
Spans = tuple[tuple[int, int], ...]
_TIME = re.compile(r"(\d{1,2})(?:[:.٫](\d{2}))?")
_JOIN = re.compile(r"\s*(?:-|–|—|−|\bto\b|\bتا\b)\s*")
_PARTS = re.compile(r"\s*(?:[,;،؛\n]|\band\b|\bve\b|\bو\b)\s*")


def read_time(text: str) -> int:
    """Minutes after midnight of "8", "8:30", "۸:۳۰" or "24:00"; ValueError otherwise."""
    found = _TIME.fullmatch(latin_digits(text).strip())
    minutes = int(found[1]) * 60 + int(found[2] or 0) if found else -1
    if not found or int(found[2] or 0) > 59 or not 0 <= minutes <= DAY:
        raise ValueError(_("“{text}” is not a time of day: write it as 08:30.", text=text.strip()))
    return minutes


def write_time(minutes: int) -> str:
    """Minutes after midnight as 08:30; past midnight it is the time of the next day."""
    minutes = minutes if minutes == DAY else minutes % DAY
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def clean_time(value: str | None) -> str | None:
    """A time as it is stored, 08:30; ValueError when it is none."""
    return None if value is None or not value.strip() else write_time(read_time(value))


def span(begins: int, ends: int) -> tuple[int, int]:
    """An interval: an end that is not after the beginning is meant on the next day."""
    return (begins, ends if ends > begins else ends + DAY)


def read(text: str | None) -> Spans:
    """Intervals of a day, in order; ValueError with what to mend."""
    found = []
    for part in _PARTS.split((text or "").strip()):
        if not part:
            continue
        ends = _JOIN.split(part)
        if len(ends) != 2:
            raise ValueError(_("“{text}” is not an interval: write it as 08:00-12:00.", text=part))
        begins, until = read_time(ends[0]), read_time(ends[1])
        if begins == DAY:
            raise ValueError(_("“{text}” is not a time of day: write it as 08:30.", text=ends[0].strip()))
        found.append(span(begins, until))
    return ordered(found)


def ordered(spans: Iterable[tuple[int, int]]) -> Spans:
    """Intervals in order; ValueError when two overlap."""
    made = tuple(sorted(spans))
    for one, two in zip(made, made[1:], strict=False):
        if two[0] < one[1]:
            raise ValueError(_("{one} and {two} overlap.", one=write([one]), two=write([two])))
    return made


def write(spans: Sequence[tuple[int, int]]) -> str:
    """Intervals as text that :func:`read` understands."""
    return ", ".join(f"{write_time(begins)}–{write_time(ends)}" for begins, ends in spans)


def seconds(spans: Iterable[tuple[int, int]]) -> int:
    """How long intervals are together on the wall, in seconds."""
    return sum(ends - begins for begins, ends in spans) * 60
