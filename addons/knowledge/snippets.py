"""The piece of a text in which words that were searched for stand, with the words marked."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.api import fold

_WORD = re.compile(r"[^\W_]+(?:\u200c[^\W_]+)*")
GAP = "\x01"
"""Stands between words, in no word, and folding leaves it alone."""
BEFORE, AFTER = 10, 24
"""Words shown before the first word found, and after it."""


def snippet(text: str, terms: Sequence[str]) -> list[tuple[str, bool]]:
    """Pieces of the text round the first place where most of the words are near, each with whether it is to be marked; the
    beginning of the text where none is found. Words are compared folded, by their beginnings, as the search does."""
    spans = [(m.start(), m.end()) for m in _WORD.finditer(text)]
    if not spans:
        return []
    hits = _hits([text[a:b] for a, b in spans], terms) if terms else []
    first = _densest(hits) if hits else 0
    low, high = max(0, first - BEFORE), min(len(spans), first + AFTER)
    marked = set(hits)
    begin = 0 if low == 0 else spans[low][0]
    end = len(text) if high == len(spans) else spans[high - 1][1]
    pieces: list[tuple[str, bool]] = [("… ", False)] if begin else []
    at = begin
    for i in range(low, high):
        if i in marked:
            a, b = spans[i]
            pieces += [(text[at:a], False), (text[a:b], True)]
            at = b
    pieces.append((text[at:end], False))
    if end < len(text):
        pieces.append((" …", False))
    return [(piece, mark) for piece, mark in pieces if piece]


def _hits(words: Sequence[str], terms: Sequence[str]) -> list[int]:
    """Places of the words that begin as one of the terms does, or of which a part does; folded in one go."""
    starts = tuple(terms)
    folded = fold(GAP.join(words)).split(GAP)
    return [i for i, word in enumerate(folded) if word.startswith(starts) or (" " in word and any(
        part.startswith(starts) for part in word.split()))]


def _densest(hits: Sequence[int]) -> int:
    """The hit after which most others follow within the piece that is shown."""
    return max(hits, key=lambda i: (sum(i <= j < i + AFTER for j in hits), -i))
