"""Numbers that states and banks give to people and companies: is this one possible?

Every function takes the text as typed (Persian or Latin digits, spaces and dashes allowed) and answers yes or no.
`digits` gives the form to store.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from stdnum import iban, luhn
from stdnum.iso7064 import mod_97_10
from stdnum.tr import tckimlik, vkn

from core.i18n.text import fold

Check = Callable[[str], bool]
_LEGAL_WEIGHTS: Final = (29, 27, 23, 19, 17, 29, 27, 23, 19, 17)
_SEPARATORS: Final = re.compile(r"[\s\-./_]+")


def digits(s: str) -> str:
    """The number without spaces and dashes, in Latin digits and capital letters: the form to store and compare."""
    return _SEPARATORS.sub("", fold(s)).upper()


def _number(s: str, length: int) -> str | None:
    """The digits, when there are exactly so many and not all the same."""
    found = digits(s)
    return found if found.isdecimal() and len(found) == length and len(set(found)) > 1 else None


def valid_national_id(s: str) -> bool:
    """An Iranian person's national number (کد ملی, 10 digits; leading zeros lost in a spreadsheet are put back)."""
    found = digits(s)
    number = _number(found.zfill(10), 10) if 8 <= len(found) <= 10 else None
    if number is None:
        return False
    rest = sum(int(number[place]) * (10 - place) for place in range(9)) % 11
    return int(number[9]) == (rest if rest < 2 else 11 - rest)


def valid_legal_id(s: str) -> bool:
    """An Iranian company's national number (شناسه ملی, 11 digits)."""
    number = _number(s, 11)
    if number is None:
        return False
    extra = int(number[9]) + 2
    total = sum((int(digit) + extra) * weight for digit, weight in zip(number, _LEGAL_WEIGHTS, strict=False))
    return total % 11 % 10 == int(number[10])


def valid_economic_code(s: str) -> bool:
    """An Iranian taxpayer's number (کد اقتصادی): 12 digits, a company's national number, or the person's 14 digits.

    Those of 12 and 14 digits have no published check digit.
    """
    return _number(s, 12) is not None or _number(s, 14) is not None or valid_legal_id(s)


def valid_sheba(s: str) -> bool:
    """An Iranian bank account (شبا): IR and 24 digits; the IR may be missing."""
    found = digits(s)
    if found.isdecimal() and len(found) == 24:
        found = f"IR{found}"
    return found.startswith("IR") and found[2:].isdecimal() and len(found) == 26 \
        and bool(mod_97_10.is_valid(found[4:] + found[:4]))


def valid_iban(s: str) -> bool:
    """A bank account of any country; Iranian ones by the rule of :func:`valid_sheba`."""
    found = digits(s)
    return valid_sheba(found) if found.startswith("IR") else bool(iban.is_valid(found))


def valid_card(s: str) -> bool:
    """A bank card (16 digits)."""
    number = _number(s, 16)
    return number is not None and bool(luhn.is_valid(number))


def valid_postal_code(s: str) -> bool:
    """An Iranian postal code (10 digits, no check digit; it does not begin with 0)."""
    number = _number(s, 10)
    return number is not None and number[0] != "0"


def valid_tckn(s: str) -> bool:
    """A Turkish person's number (T.C. kimlik no, 11 digits)."""
    return bool(tckimlik.is_valid(digits(s)))


def valid_vkn(s: str) -> bool:
    """A Turkish tax number (VKN, 10 digits)."""
    return bool(vkn.is_valid(digits(s)))
