"""Which character set a text file is in.

A byte order mark and valid UTF-8 are certain. For the rest the choice is between Windows-1256 (Persian, Arabic) and
Windows-1254 (Turkish), and it is made by the look of the words: in Persian text a word consists of bytes above 127
only, in Turkish text one such byte stands among plain letters. The general detectors know no better (Turkish comes
back as cp1250), so the person is offered the alternatives with a preview of each.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

SAMPLE_BYTES = 256 * 1024
CHUNK = 1024 * 1024

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_HIGH_WORD = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")
_HIGH = re.compile(rb"[\x80-\xff]")
_NON_ASCII = re.compile(rb"[\x80-\xff]+")
# The commonest Persian and Arabic letters as they stand in Windows-1256 text (its yeh and kaf are the Arabic ones).
_PERSIAN_LETTERS = frozenset("اآأإئؤءبپتثجچحخدذرزژسشصضطظعغفقکكگلمنوهةيىی")
_TURKISH_LETTERS = frozenset("çğıöşüÇĞİÖŞÜâîûÂÎÛ")
_WESTERN_LETTERS = frozenset("äàáãåæéèêëíìïñóòôõøßúùýÿÄÀÁÃÅÆÉÈÊËÍÌÏÑÓÒÔÕØÚÙÝ")
# Offered when the automatic choice is not right, in this order.
OFFERED = ("utf-8", "cp1256", "cp1254", "iso8859-9", "cp1252", "utf-16-le", "utf-16-be")


@dataclass(frozen=True, slots=True)
class Encoding:
    """One candidate: Python's codec `name`, how sure the choice is (0 to 1) and the start of the text read with it."""

    name: str
    confidence: float
    preview: str


def detect_encoding(path: Path) -> Encoding:
    """The most likely character set of the whole file (its UTF-8 is checked to the last byte, in constant memory)."""
    with path.open("rb") as stream:
        head = stream.read(SAMPLE_BYTES)
    for mark, name in _BOMS:
        if head.startswith(mark):
            return _candidate(name, 1.0, head)
    if (wide := _wide_without_mark(head)) is not None:
        return _candidate(wide, 0.9, head)
    good, bad, sample = _weigh_utf8(path, head)
    if bad == 0:
        return _candidate("utf-8", 1.0, head)
    if good > 20 * bad:
        return _candidate("utf-8", 0.7, head)
    scores = _scores(sample)
    best = max(scores, key=lambda name: scores[name])
    return _candidate(best, scores[best], head)


def alternatives(path: Path, preview_chars: int = 400) -> list[Encoding]:
    """Every character set on offer, the likeliest first, each with the lines that show whether it is right."""
    found = detect_encoding(path)
    lines = _telling_lines(path)
    scores = {found.name: found.confidence + 1}
    scores.update({name: score for name, score in _scores(lines).items() if name != found.name})
    offered = dict.fromkeys([found.name, *OFFERED])
    if "utf-8-sig" in offered:
        offered.pop("utf-8")
    wide = found.name.startswith("utf-16")
    if not wide:
        offered.pop("utf-16-le")
        offered.pop("utf-16-be")
    order = sorted(offered, key=lambda name: -scores.get(name, 0.0))
    shown = _head(path) if wide else lines
    return [_candidate(name, min(scores.get(name, 0.0), 1.0), shown, preview_chars) for name in order]


def _candidate(name: str, confidence: float, sample: bytes, preview_chars: int = 400) -> Encoding:
    text = sample[:preview_chars * 4].decode(name, "replace").lstrip("\ufeff")
    return Encoding(name, round(confidence, 3), text[:preview_chars])


def _head(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(4096)


def _telling_lines(path: Path, wanted: int = 8) -> bytes:
    """The first lines with a byte above 127 (plain ASCII reads the same everywhere and shows nothing)."""
    with path.open("rb") as stream:
        lines = stream.read(SAMPLE_BYTES).splitlines()
    telling = [line[:300] for line in lines if _HIGH.search(line)]
    return b"\n".join((telling or lines)[:wanted])


def _wide_without_mark(head: bytes) -> str | None:
    """UTF-16 whose mark was lost: one byte of most pairs is the zero (or the Arabic page, 6) of common letters."""
    if len(head) < 4 or head.count(0) < 2:
        return None
    even, odd = Counter(head[0::2]), Counter(head[1::2])
    pairs = len(head) // 2
    low_first = (odd[0] + odd[6]) / pairs
    high_first = (even[0] + even[6]) / pairs
    if low_first > 0.7 and even[0] < pairs * 0.02:
        return "utf-16-le"
    if high_first > 0.7 and odd[0] < pairs * 0.02:
        return "utf-16-be"
    return None


def _weigh_utf8(path: Path, head: bytes) -> tuple[int, int, bytes]:
    """Count well and badly formed multi-byte runs; the third value is a sample with bytes above 127 to judge by."""
    good = bad = 0
    sample = head if _HIGH.search(head) else b""
    rest = b""
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            data = rest + chunk
            # A letter may be cut by the chunk's end: its bytes wait for the next one.
            tail = _NON_ASCII.search(data, max(len(data) - 4, 0))
            cut = tail.start() if tail and tail.end() == len(data) and len(chunk) == CHUNK else len(data)
            data, rest = data[:cut], data[cut:]
            if data.isascii():
                continue
            if not sample:
                start = max(_HIGH.search(data).start() - 1000, 0)  # type: ignore[union-attr]
                sample = data[start:start + SAMPLE_BYTES]
            found = _weigh_chunk(data)
            good, bad = good + found[0], bad + found[1]
            if bad > 1000 and bad > good:
                break
    return good, bad, sample


def _weigh_chunk(data: bytes) -> tuple[int, int]:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
        bad = text.count("\ufffd")
        return sum(1 for char in text if char > "\x7f") - bad, bad
    return 1, 0


def _scores(sample: bytes) -> dict[str, float]:
    """How well the words fit each single-byte set, each between 0 and 1."""
    words = Counter(_HIGH_WORD.findall(sample[:SAMPLE_BYTES]))
    persian = turkish = western = total = 0.0
    for word, count in words.most_common(3000):
        weight = min(count, 5)
        total += weight
        high = _HIGH.findall(word)
        if len(high) == len(word) and len(word) > 1:
            letters = word.decode("cp1256")
            persian += weight * sum(char in _PERSIAN_LETTERS for char in letters) / len(letters)
        letters = b"".join(high).decode("cp1254", "replace")
        mixed = 1.0 if len(high) < len(word) else 0.5 if len(word) == 1 else 0.2
        turkish += weight * mixed * sum(char in _TURKISH_LETTERS for char in letters) / len(letters)
        western += weight * mixed * sum(char in _WESTERN_LETTERS for char in letters) / len(letters)
    if not total:
        return {"cp1256": 0.1, "cp1254": 0.2, "iso8859-9": 0.1, "cp1252": 0.1}
    control = len(re.findall(rb"[\x80-\x9f]", sample)) > 0
    return {"cp1256": persian / total, "cp1254": turkish / total,
            "iso8859-9": turkish / total * (0.5 if control else 0.98), "cp1252": western / total * 0.9}
