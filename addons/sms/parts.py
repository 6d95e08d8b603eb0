"""How many parts a text is sent in, and in which encoding: what a provider charges for.

Alphabets are those of 3GPP TS 23.038: the default one (6.2.1) with its extension (6.2.1.1), and the Turkish tables by single shift
(A.2.1) and locking shift (A.3.1). What fits into none of them goes as UCS-2, two octets a character and four for those beyond the
basic plane.

A part has 140 octets (TS 23.040, 9.2.3.24). What it says of itself at its beginning takes room: 1 octet for the header's length, 5
for "part 2 of 3", 3 for each named table. Seven bits a character, begun at a whole one, leave

    header                    alone        one of several parts
    no table                  160          (140 - 6)  * 8 / 7 = 153
    one table                 155          (140 - 9)  * 8 / 7 = 149
    both tables               152          (140 - 12) * 8 / 7 = 146
    UCS-2 (16-bit units)      70           67

A character of an extension is an escape and a second septet, and both stand in the same part; so do the halves of a surrogate pair.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from addons.messaging.contract import Measure

GSM, TURKISH, TURKISH_LOCKING, TURKISH_BOTH, UCS2 = "GSM-7", "GSM-7 TR", "GSM-7 TR locking", "GSM-7 TR locking+single", "UCS-2"

_BASIC = ("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
          "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà")
_EXTENSION = "\f^{}\\[~]|€"
_TURKISH_EXTENSION = _EXTENSION + "ĞİŞçğış"
_TURKISH_BASIC = _BASIC.translate(str.maketrans("èìØøÆæ¡¿", "€ıĞğŞşİç"))


@dataclass(frozen=True)
class Encoding:
    """`cost`: units of each character it has, None for any character; `alone` and `joined`: units in a part."""

    name: str
    cost: Mapping[str, int] | None
    alone: int
    joined: int


def _septets(basic: str, extension: str) -> dict[str, int]:
    return {**dict.fromkeys(extension, 2), **dict.fromkeys(basic, 1)}


USUAL: Sequence[Encoding] = (
    Encoding(GSM, _septets(_BASIC, _EXTENSION), 160, 153),
    Encoding(TURKISH, _septets(_BASIC, _TURKISH_EXTENSION), 155, 149),
    Encoding(UCS2, None, 70, 67))
"""What gateways do: those in Türkiye send Turkish letters by single shift, each counted twice."""

ALL: Sequence[Encoding] = (
    *USUAL[:2],
    Encoding(TURKISH_LOCKING, _septets(_TURKISH_BASIC, _EXTENSION), 155, 149),
    Encoding(TURKISH_BOTH, _septets(_TURKISH_BASIC, _TURKISH_EXTENSION), 152, 146),
    USUAL[2])
"""With locking shift, too, by which a Turkish letter takes one septet; few gateways have it."""


def measure(text: str, encodings: Sequence[Encoding] = USUAL) -> Measure:
    """Parts, encoding and characters left in the last part (of the cheapest kind) of a text as it goes best."""
    if not text:
        return Measure(0, encodings[0].name, encodings[0].alone)
    made = [(encoding, _divided(text, encoding)) for encoding in encodings if fits(text, encoding)]
    encoding, pieces = min(made, key=lambda m: len(m[1]))  # of equals the first, which more phones understand
    cost = _cost(encoding)
    room = encoding.alone if len(pieces) == 1 else encoding.joined
    return Measure(len(pieces), encoding.name, room - sum(cost(char) for char in pieces[-1]))


def split(text: str, encodings: Sequence[Encoding] = USUAL) -> list[str]:
    """The text of each part; joined they are the text."""
    if not text:
        return []
    return min((_divided(text, e) for e in encodings if fits(text, e)), key=len)


def fits(text: str, encoding: Encoding) -> bool:
    """Whether an encoding has every character of a text."""
    return encoding.cost is None or not set(text) - encoding.cost.keys()


def _cost(encoding: Encoding) -> Callable[[str], int]:
    return encoding.cost.__getitem__ if encoding.cost is not None else _units


def _units(char: str) -> int:
    """16-bit units of a character: two beyond the basic plane."""
    return 2 if ord(char) > 0xFFFF else 1


def _divided(text: str, encoding: Encoding) -> list[str]:
    """A text in parts of whole characters."""
    cost = _cost(encoding)
    if sum(map(cost, text)) <= encoding.alone:
        return [text]
    pieces, start, used = [], 0, 0
    for at, char in enumerate(text):
        takes = cost(char)
        if used + takes > encoding.joined:
            pieces.append(text[start:at])
            start, used = at, 0
        used += takes
    return [*pieces, text[start:]]
