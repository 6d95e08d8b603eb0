"""Amounts in words, as invoices and receipts carry them: in Persian, Turkish and English."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from babel.core import Locale
from babel.numbers import get_currency_name

from core.i18n.text import persian_digits
from core.lazy import Later

library = Later("num2words")

UNITS = {
    "fa": {"IRR": ("ریال", ""), "IRT": ("تومان", "ریال"), "TRY": ("لیر ترکیه", "قروش"),
           "USD": ("دلار آمریکا", "سنت"), "EUR": ("یورو", "سنت"),
           "GBP": ("پوند", "پنس"), "AED": ("درهم امارات", "فلس")},
    "tr": {"IRR": ("İran riyali", ""), "IRT": ("İran tomanı", "İran riyali"), "TRY": ("Türk lirası", "kuruş"),
           "USD": ("ABD doları", "sent"), "EUR": ("euro", "sent"), "GBP": ("İngiliz sterlini", "peni"), "AED": ("BAE dirhemi", "fils")},
    "en": {"IRR": ("Iranian rials", ""), "IRT": ("Iranian tomans", "rials"), "TRY": ("Turkish lira", "kuruş"),
           "USD": ("US dollars", "cents"), "EUR": ("euros", "cents"), "GBP": ("pounds sterling", "pence"), "AED": ("UAE dirhams", "fils")},
}
AND = {"fa": " و ", "tr": " ", "en": " and "}
MINUS = {"fa": "منفی ", "tr": "eksi ", "en": "minus "}


def amount_in_words(amount: Decimal, currency: str, places: int = 2, lang: str = "en") -> str:
    """`twelve US dollars and fifty cents`; parts of a unit without a name of their own are hundredths: `25/100`.

    `IRT` is the Toman, ten rials: with one decimal its tenths are rials.
    """
    lang = lang if lang in UNITS else "en"
    step = Decimal(1).scaleb(-places)
    rounded = abs(amount).quantize(step, ROUND_HALF_UP)
    whole = int(rounded)
    part = int((rounded - whole).scaleb(places))
    unit, small = UNITS[lang].get(currency) or (get_currency_name(currency, locale=Locale(lang)), "")
    text = f"{_number(whole, lang)} {unit}"
    if part and small and places == (1 if currency == "IRT" else 2):
        text += f"{AND[lang]}{_number(part, lang)} {small}"
    elif part:
        text += AND[lang] + _own_digits(f"{part}/{10 ** places}", lang)
    return (MINUS[lang] if amount < 0 and (whole or part) else "") + text


def _own_digits(text: str, lang: str) -> str:
    return persian_digits(text) if lang == "fa" else text


def _number(value: int, lang: str) -> str:
    return str(library.num2words(value, lang=lang))
