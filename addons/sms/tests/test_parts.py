"""Counting parts: the figures of the standard, and that nothing is cut in two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.messaging.contract import Measure
from addons.sms.parts import (
    ALL,
    GSM,
    TURKISH,
    TURKISH_BOTH,
    TURKISH_LOCKING,
    UCS2,
    USUAL,
    fits,
    measure,
    split,
)

LETTERS = st.text(st.one_of(st.sampled_from("abz @£€[]~^\\{}ğışçĞİŞÇöüйلغو۱\u200c😀🇮🇷\n\x00"), st.characters(exclude_categories=["Cs"])),
                  max_size=700)


@pytest.mark.parametrize(("text", "parts", "encoding", "left"), [
    ("", 0, GSM, 160), ("a", 1, GSM, 159), ("a" * 160, 1, GSM, 0), ("a" * 161, 2, GSM, 145), ("a" * 306, 2, GSM, 0),
    ("a" * 307, 3, GSM, 152),
    ("€" * 80, 1, GSM, 0), ("€" * 81, 2, GSM, 143),  # 76 pairs fit into 153: the escape stays with its character
    ("ğ", 1, TURKISH, 153), ("ç" + "a" * 153, 1, TURKISH, 0), ("ç" + "a" * 154, 2, TURKISH, 142), ("Çok öz üst", 1, GSM, 150),
    ("سلام", 1, UCS2, 66), ("س" * 70, 1, UCS2, 0), ("س" * 71, 2, UCS2, 63), ("س" * 134, 2, UCS2, 0), ("س" * 135, 3, UCS2, 66),
    ("😀" * 35, 1, UCS2, 0), ("😀" * 36, 2, UCS2, 61),  # 33 pairs in 67 units: one unit stays empty
    ("a" * 159 + "س", 3, UCS2, 41), ("\u200c", 1, UCS2, 69), ("`", 1, UCS2, 69),
])
def test_figures_of_the_standard(text, parts, encoding, left):
    assert measure(text) == Measure(parts, encoding, left)


def test_locking_shift_where_a_gateway_has_it():
    assert measure("ğ" * 155, ALL) == Measure(1, TURKISH_LOCKING, 0)
    assert measure("ğ" * 156, ALL) == Measure(2, TURKISH_LOCKING, 149 - 7)
    assert measure("ğ" * 155, USUAL).parts == 3
    assert measure("ıĞğŞşİç€" * 19, ALL).encoding == TURKISH_LOCKING, "the locking table has them, and the euro sign"
    assert fits("è", ALL[0]) and not fits("è", ALL[2]), "è gave its place to € in the locking table"
    text = "Ğ" * 150 + "["
    assert fits(text, ALL[2]) and measure(text, ALL).encoding in (TURKISH_LOCKING, TURKISH_BOTH)


@given(LETTERS, st.sampled_from([USUAL, ALL]))
def test_parts_are_the_text_and_hold_whole_characters(text, encodings):
    pieces, counted = split(text, encodings), measure(text, encodings)
    assert "".join(pieces) == text and len(pieces) == counted.parts and all(pieces)
    encoding = next(e for e in encodings if e.name == counted.encoding)
    room = encoding.alone if len(pieces) <= 1 else encoding.joined
    for piece in pieces:
        units = sum(encoding.cost[c] for c in piece) if encoding.cost is not None else len(piece.encode("utf-16-le")) // 2
        assert units <= room, "an escape or surrogate would stand in the next part"
        piece.encode("utf-16-le")
    assert 0 <= counted.left <= room
    if len(pieces) > 1:
        sizes = [sum(encoding.cost[c] for c in p) if encoding.cost is not None else len(p.encode("utf-16-le")) // 2 for p in pieces]
        assert all(size >= room - 1 for size in sizes[:-1]), "no part is left emptier than one unit"


@given(LETTERS)
def test_further_tables_never_cost_more(text):
    assert measure(text, ALL).parts <= measure(text, USUAL).parts
