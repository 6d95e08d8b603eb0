"""Names of months, weekdays and days like "tomorrow" in Persian, Turkish and English, to show and to read.

Own tables: the CLDR data in babel prints Gregorian months for Persian, and knows no Jalali names in Turkish.
Weekdays start with Monday, as `date.weekday()` counts.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from core.i18n.text import fold

JALALI_MONTHS: Final = MappingProxyType({
    "fa": ("فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"),
    "en": ("Farvardin", "Ordibehesht", "Khordad", "Tir", "Mordad", "Shahrivar", "Mehr", "Aban", "Azar", "Dey",
           "Bahman", "Esfand"),
    "tr": ("Ferverdin", "Ordibeheşt", "Hordad", "Tir", "Mordad", "Şehriver", "Mehr", "Aban", "Azer", "Dey",
           "Behmen", "İsfend"),
})
GREGORIAN_MONTHS: Final = MappingProxyType({
    "fa": ("ژانویه", "فوریه", "مارس", "آوریل", "مه", "ژوئن", "ژوئیه", "اوت", "سپتامبر", "اکتبر", "نوامبر", "دسامبر"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December"),
    "tr": ("Ocak", "Şubat", "Mart", "Nisan", "Mayıs", "Haziran", "Temmuz", "Ağustos", "Eylül", "Ekim", "Kasım",
           "Aralık"),
})
GREGORIAN_SHORT: Final = MappingProxyType({
    "fa": GREGORIAN_MONTHS["fa"],
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "tr": ("Oca", "Şub", "Mar", "Nis", "May", "Haz", "Tem", "Ağu", "Eyl", "Eki", "Kas", "Ara"),
})
WEEKDAYS: Final = MappingProxyType({
    "fa": ("دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه", "یکشنبه"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "tr": ("Pazartesi", "Salı", "Çarşamba", "Perşembe", "Cuma", "Cumartesi", "Pazar"),
})
WEEKDAYS_SHORT: Final = MappingProxyType({
    "fa": ("د", "س", "چ", "پ", "ج", "ش", "ی"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "tr": ("Pzt", "Sal", "Çar", "Per", "Cum", "Cmt", "Paz"),
})
DAY_WORDS: Final = MappingProxyType({
    "fa": ("دیروز", "امروز", "فردا"), "en": ("yesterday", "today", "tomorrow"), "tr": ("dün", "bugün", "yarın"),
})
_OTHER_SPELLINGS: Final = MappingProxyType({  # read, never shown: (calendar, month number)
    "امرداد": ("jalali", 5), "farwardin": ("jalali", 1), "khurdad": ("jalali", 3), "shahriwar": ("jalali", 6),
    "مهرماه": ("jalali", 7), "azer": ("jalali", 9), "day": ("jalali", 10), "ژولای": ("gregorian", 7),
    "جولای": ("gregorian", 7), "می": ("gregorian", 5), "آگوست": ("gregorian", 8), "اپریل": ("gregorian", 4),
    "sept": ("gregorian", 9),
})
UNITS: Final = MappingProxyType({fold(word): unit for unit, written in {
    "d": "d day days gün gun روز", "w": "w week weeks hafta هفته", "m": "m month months ay ماه",
    "y": "y year years yıl sene سال"}.items() for word in written.split()})
AHEAD: Final = frozenset(map(fold, ("in", "later", "sonra", "دیگر", "بعد")))
BACK: Final = frozenset(map(fold, ("ago", "önce", "پیش", "قبل")))


def _month_words() -> dict[str, tuple[str, int]]:
    found = {fold(word): meant for word, meant in _OTHER_SPELLINGS.items()}
    for name, tables in (("jalali", (JALALI_MONTHS,)), ("gregorian", (GREGORIAN_SHORT, GREGORIAN_MONTHS))):
        for table in tables:
            for months in table.values():
                found |= {fold(month): (name, number) for number, month in enumerate(months, 1)}
    return found


MONTH_WORDS: Final = MappingProxyType(_month_words())
"""Folded month name → (calendar, month number); no name means two months."""
OFFSET_WORDS: Final = MappingProxyType({fold(word): offset - 1 for names in DAY_WORDS.values()
                                        for offset, word in enumerate(names)})
"""Folded "yesterday", "today", "tomorrow" → -1, 0, 1."""
# The Persian names may be written with a space: their parts are skipped one by one.
SKIPPED_WORDS: Final = frozenset(part for table in (WEEKDAYS, WEEKDAYS_SHORT) for days in table.values() for day in days
                                 for part in fold(day).split()) | frozenset(
    map(fold, ("یک", "دو", "سه", "چهار", "پنج", "ام", "م", "ماه", "سال", "مورخ", "of", "st", "nd", "rd", "th", "the")))
