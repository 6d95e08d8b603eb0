"""Numbers as people write them: ۱٬۲۳۴٬۵۶۷ ریال, 1.234,56 TL, $1,200, (500), 12/5 (a Persian half), ۲ میلیون تومان."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any, Final

from core.exchange.fields import ParseOptions
from core.i18n.messages import _
from core.i18n.text import fold, latin_digits

_CURRENCIES: Final[Mapping[str, str]] = MappingProxyType({
    "ریال": "IRR", "﷼": "IRR", "rial": "IRR", "rials": "IRR", "irr": "IRR", "تومان": "IRT", "تومن": "IRT", "ت": "IRT",
    "toman": "IRT", "tomans": "IRT", "irt": "IRT", "tl": "TRY", "₺": "TRY", "try": "TRY", "lira": "TRY", "لیر": "TRY",
    "$": "USD", "us$": "USD", "usd": "USD", "dollar": "USD", "dollars": "USD", "dolar": "USD", "دلار": "USD",
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "یورو": "EUR", "£": "GBP", "gbp": "GBP", "پوند": "GBP",
    "aed": "AED", "درهم": "AED", "dirham": "AED", "cny": "CNY", "یوان": "CNY", "rub": "RUB", "₽": "RUB",
})
_MULTIPLIERS: Final[Mapping[str, int]] = MappingProxyType({
    "هزار": 10**3, "میلیون": 10**6, "ملیون": 10**6, "میلیارد": 10**9, "k": 10**3, "thousand": 10**3, "bin": 10**3,
    "m": 10**6, "mn": 10**6, "million": 10**6, "milyon": 10**6, "bn": 10**9, "billion": 10**9, "milyar": 10**9,
})
_SPACES: Final = re.compile(r"[\s\u00a0\u202f\u2009'’_]+")
_SIGNS: Final = str.maketrans({"−": "-", "–": "-", "—": "-", "٬": "'", "٫": ".", "،": ",", "＋": "+"})
_EXPONENT: Final = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d{1,3}")
_BODY: Final = re.compile(r"[+-]?[\d.,]*\d[\d.,]*")
_EDGE: Final = re.compile(r"^(?P<before>[^\d.,()+-]*)(?P<sign>[+-]?)\s*(?P<mid>[^\d.,()+-]*)(?P<body>[\d.,]*\d)"
                          r"(?P<after>[^\d]*)$")
_PERSIAN_SLASH: Final = re.compile(r"[+-]?\d+/\d{1,4}")
_PERSIAN_DIGIT: Final = re.compile(r"[۰-۹٠-٩]")


def parse_decimal(value: Any, options: ParseOptions, *, words: bool = False) -> Decimal:
    """The number in a cell; ValueError with a translatable reason.

    With `words` a currency ("TL", "تومان") and a multiplier ("میلیون", "k") may stand beside it.
    """
    if isinstance(value, bool):
        raise ValueError(_("“{text}” is not a number.", text=value))
    if isinstance(value, (int, float, Decimal)):
        return _native(value)
    original = str(value).strip()
    text = latin_digits(original).translate(_SIGNS)
    plain = _SPACES.sub("", text)
    if plain.isascii() and plain.isdigit():
        return Decimal(plain)
    if _EXPONENT.fullmatch(plain):
        return _native(Decimal(plain.replace(",", ".")))
    if _PERSIAN_SLASH.fullmatch(plain) and _PERSIAN_DIGIT.search(original):
        return Decimal(plain.replace("/", "."))
    negative = False
    if text.startswith("(") and text.endswith(")"):
        text, negative = text[1:-1], True
    elif plain.endswith("-"):
        text, negative = text.rstrip()[:-1], True
    try:
        number = _worded(text, options) if words else _bare(_SPACES.sub("", text), options)
    except (InvalidOperation, LookupError):
        raise ValueError(_("“{text}” is not a number.", text=original[:60])) from None
    return -number if negative else number


def _native(value: float | Decimal) -> Decimal:
    number = value if isinstance(value, Decimal) else Decimal(repr(value))
    if not number.is_finite() or abs(number) >= Decimal(10) ** 30:
        raise ValueError(_("This number is too large."))
    return number


def _worded(text: str, options: ParseOptions) -> Decimal:
    found = _EDGE.match(_SPACES.sub(" ", text).strip())
    if not found:
        # Digits in groups of spaces: "1 234 567 TL".
        found = _EDGE.match(re.sub(r"(?<=\d) (?=\d)", "", _SPACES.sub(" ", text).strip()))
    if not found:
        raise LookupError
    number = _bare(found["sign"] + found["body"], options)
    for word in fold(f"{found['before']} {found['mid']} {found['after']}").split():
        bare = word.strip(".,-")
        if not bare:
            continue
        if bare in _MULTIPLIERS:
            number *= _MULTIPLIERS[bare]
        else:
            number *= _currency_factor(_CURRENCIES[bare], options)
    return number


def _currency_factor(found: str, options: ParseOptions) -> int:
    wanted = options.currency
    if wanted is None or found == wanted:
        return 1
    if (found, wanted) == ("IRT", "IRR"):
        return 10
    raise ValueError(_("The amount is in {found}, but {wanted} is expected.", found=found, wanted=wanted))


def _bare(text: str, options: ParseOptions) -> Decimal:
    """A number of digits, points and commas."""
    if not _BODY.fullmatch(text):
        raise LookupError
    points, commas = text.count("."), text.count(",")
    if points and commas:
        decimal = "." if text.rfind(".") > text.rfind(",") else ","
        if text.count(decimal) > 1:
            raise LookupError
        group = "," if decimal == "." else "."
        return Decimal(_ungrouped(text, group, decimal))
    if points + commas == 0:
        return Decimal(text)
    mark = "." if points else ","
    if points + commas > 1:
        return Decimal(_ungrouped(text, mark, ""))
    if decimal_mark_of(text, options) == mark:
        return Decimal(text.replace(mark, ".").rstrip(".") or "x")
    return Decimal(_ungrouped(text, mark, ""))


def _ungrouped(text: str, group: str, decimal: str) -> str:
    """Without the group marks, which have to stand before three digits (or two, as in India)."""
    whole, _mark, rest = text.partition(decimal) if decimal else (text, "", "")
    first, *groups = whole.lstrip("+-").split(group)
    if not groups or not all(len(one) in (2, 3) for one in groups) or len(groups[-1]) != 3 or not 1 <= len(first) <= 3:
        raise LookupError
    return whole.replace(group, "") + ("." + rest if rest else "")


def decimal_mark_of(text: str, options: ParseOptions) -> str:
    """Which mark a single one in the text is read as: only "1.234" and "1,234" are open to doubt."""
    mark = "." if "." in text else ","
    before, _mark, after = text.lstrip("+-").partition(mark)
    if len(after) != 3 or not 1 <= len(before) <= 3 or before.startswith("0"):
        return mark
    return options.decimal or ("," if options.lang == "tr" else ".")


def detect_decimal(values: Iterable[Any]) -> str | None:
    """The decimal mark that the texts of a column prove ("." or ","); None when nothing is proved or both are."""
    found: set[str] = set()
    for value in values:
        if not isinstance(value, str):
            continue
        digits = re.search(r"\d[\d.,]*", _SPACES.sub("", latin_digits(value).translate(_SIGNS)))
        text = digits[0].rstrip(".,") if digits else ""
        points, commas = text.count("."), text.count(",")
        if points and commas:
            found.add("." if text.rfind(".") > text.rfind(",") else ",")
        elif points + commas > 1:
            found.add("," if points else ".")
        elif points + commas == 1:
            mark = "." if points else ","
            before, _mark, after = text.partition(mark)
            if len(after) != 3 or len(before) > 3 or before.startswith("0"):
                found.add(mark)
    return found.pop() if len(found) == 1 else None
