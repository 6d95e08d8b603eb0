"""What people type for numbers, moments, lengths of time and phones, made into values.

Everything takes any digits and raises ValueError whose argument is a translatable message. Dates are read by
:mod:`core.i18n.calendars`; the person's own way is added by :class:`core.i18n.formats.Formatter`.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from functools import lru_cache
from typing import Final

import phonenumbers

from core.i18n.calendars import Calendar
from core.i18n.messages import _
from core.i18n.text import fold, latin_digits

# -- numbers

_LONGEST: Final = 60
_SIGNED: Final = re.compile(r"([+-]?)([\d.,]+)([+-]?)")
_GROUPED: Final = re.compile(r"\d{1,3}(?:,\d{2,3})*,\d{3}")
# direction marks, and what groups digits somewhere: spaces, apostrophes, the Persian separator
_NOISE: Final = str.maketrans("", "", "\u200e\u200f\u061c\u202a\u202b\u202c\u2066\u2067\u2068\u2069\u200c"
                                      " \u00a0\u202f\u2009'’_٬")


def parse_number(text: str, comma_decimal: bool = False) -> Decimal:
    """A number with any digits and separators: 1,234.5, 1.234,5, 1 234,5, ۱۲٬۳۴۵٫۶, (12), 12-, 15%.

    With both `,` and `.` the last one is the decimal sign; one that repeats groups. A single one followed by three
    digits is read as the language has it: `comma_decimal` says that the comma is the decimal sign there.
    """
    key = latin_digits(text).translate(_NOISE).replace("٫", "\ue000").replace("،", ",").replace("−", "-")
    key = key.strip().rstrip("%٪").lstrip("%٪")
    negative = key.startswith("(") and key.endswith(")")
    match = _SIGNED.fullmatch(key.strip("()").replace("\ue000", "." if "." not in key else "x"))
    if len(key) > _LONGEST or not match or (match[1] and match[3]):
        raise ValueError(_("“{text}” is not a number.", text=text[:_LONGEST]))
    digits = match[2]
    decimal = "." if "\ue000" in key else _decimal_sign(digits, "," if comma_decimal else ".")
    group = "," if decimal == "." else "."
    whole, _sign, fraction = digits.rpartition(decimal) if decimal in digits else (digits, "", "")
    grouped = whole.replace(group, ",")
    wrong = decimal in whole or group in fraction or ("," in grouped and not _GROUPED.fullmatch(grouped))
    whole = grouped.replace(",", "")
    if wrong or not (whole or fraction):
        raise ValueError(_("“{text}” is not a number.", text=text[:_LONGEST]))
    value = Decimal(f"{whole or '0'}.{fraction}" if fraction else whole)
    return -value if negative or "-" in (match[1], match[3]) else value


def _decimal_sign(digits: str, usual: str) -> str:
    """Which of , and . is the decimal sign of a number."""
    commas, dots = digits.count(","), digits.count(".")
    if commas and dots:
        return "," if digits.rfind(",") > digits.rfind(".") else "."
    if commas + dots != 1:
        return "." if commas else "," if dots else usual
    sign = "," if commas else "."
    before, _sign, after = digits.partition(sign)
    groups = sign != usual and len(after) == 3 and 1 <= len(before) <= 3 and before != "0"
    return ("." if sign == "," else ",") if groups else sign


# -- moments

_CLOCK: Final = re.compile(r"(?:(.*?)(?:[t ,]| saat | ساعت | at )+)?(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)? ?"
                           r"(am|pm|ق\.? ?ظ\.?|ب\.? ?ظ\.?|صبح|عصر|بعد از ظهر|oo|os)? ?(z|[+-]\d\d:?\d\d)?")
_AHEAD: Final = re.compile(r"([+-]) ?(\d{1,5}) ?(h|hour|hours|saat|ساعت|min|minute|minutes|dk|dakika|دقیقه)")
_AFTERNOON: Final = frozenset({"pm", "بظ", "عصر", "بعدازظهر", "os"})
_NOW: Final = frozenset(map(fold, ("now", "اکنون", "الان", "şimdi")))


def parse_datetime(text: str, calendar: Calendar, lang: str, tz: dt.tzinfo, now: dt.datetime) -> dt.datetime:
    """A moment typed by somebody in `tz`, as aware UTC.

    A date in any form followed by 14:30, 14:30:15 or 2:30 pm; a time alone is today's, a date alone its first minute;
    `now`, `+2h`, `-30min`; ISO with Z or an offset is taken as it says.
    """
    key = fold(text)
    if key in _NOW:
        return now.astimezone(dt.UTC)
    if match := _AHEAD.fullmatch(key):
        count = int(match[2]) * (3600 if match[3] in ("h", "hour", "hours", "saat", "ساعت") else 60)
        return (now + dt.timedelta(seconds=-count if match[1] == "-" else count)).astimezone(dt.UTC)
    today = now.astimezone(tz).date()
    match = _CLOCK.fullmatch(key)
    if not match:
        return _moment(calendar.parse(text, lang, today), dt.time(0), tz)
    before, hours, minutes, seconds, half, offset = match.groups()
    hour = int(hours)
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if re.sub(r"[. ]", "", half) in _AFTERNOON else 0)
    day = calendar.parse(before, lang, today) if before else today
    try:
        clock = dt.time(hour, int(minutes), int(seconds or 0))
    except ValueError as error:
        raise ValueError(_("“{text}” is not a time of day.", text=text)) from error
    return _moment(day, clock, _offset(offset) if offset else tz)


def _offset(text: str) -> dt.tzinfo:
    if text == "z":
        return dt.UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    if minutes >= 24 * 60:
        raise ValueError(_("“{text}” is not a time of day.", text=text))
    return dt.timezone(dt.timedelta(minutes=-minutes if text[0] == "-" else minutes))


def _moment(day: dt.date, clock: dt.time, tz: dt.tzinfo) -> dt.datetime:
    try:
        return dt.datetime.combine(day, clock, tz).astimezone(dt.UTC)
    except OverflowError as error:
        raise ValueError(_("“{text}” is too far away.", text=day.isoformat())) from error


# -- lengths of time

_COLONS: Final = re.compile(r"(\d{1,6}):(\d\d)(?::(\d\d))?")
_PIECE: Final = re.compile(r"(\d+(?:\.\d+)?) ?([^\W\d_]+)")
_SECONDS: Final = {word: seconds for seconds, written in {
    604800: "w week weeks hafta هفته", 86400: "d day days gun g روز", 3600: "h hr hrs hour hours saat sa ساعت",
    60: "m min mins minute minutes dakika dk دقیقه", 1: "s sec secs second seconds saniye sn ثانیه",
}.items() for word in written.split()}


def parse_duration(text: str) -> dt.timedelta:
    """A length of time: 1:30 and 1:30:15 (hours first), 90m, 2h, 1d 4h, 1.5h, ۲ ساعت و ۳۰ دقیقه, 2 sa 30 dk.

    A bare number means minutes; a day is 24 hours.
    """
    key = fold(text)
    sign = -1 if key.startswith("-") else 1
    key = key.lstrip("+-").strip()
    seconds: Decimal | int | None = None
    try:
        if match := _COLONS.fullmatch(key):
            if int(match[2]) < 60 and int(match[3] or 0) < 60:
                seconds = int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3] or 0)
        elif re.fullmatch(r"\d{1,9}(\.\d+)?", key):
            seconds = Decimal(key) * 60
        elif key and not _PIECE.sub("", key).replace("و", "").replace("and", "").strip(" ,") and len(key) < _LONGEST:
            pieces = _PIECE.findall(re.sub(r" (و|and|ve) ", " ", key))
            if pieces and all(unit in _SECONDS for _count, unit in pieces):
                seconds = sum(Decimal(count) * _SECONDS[unit] for count, unit in pieces)
        if seconds is not None:
            return sign * dt.timedelta(seconds=round(seconds))
    except OverflowError:
        pass
    raise ValueError(_("“{text}” is not a length of time; write it like 1:30, 90m or 2h.", text=text[:_LONGEST]))


# -- phones

_EXTENSION: Final = re.compile(r"\s*(?:داخلی|dahili)\s*[:.]?\s*(\d{1,7})\s*$", re.IGNORECASE)


_MOBILES: Final = {"IR": re.compile(r"0?(9[0-39]\d{8})"), "TR": re.compile(r"0?(5[0-5]\d{8})")}
# Whole numbers that are surely in use: what was read once is not parsed again.
_WHOLE: Final = re.compile(r"\+98(?:9(?:0[1-5]|1\d|2[0-1]|3\d|9[0-2])\d{7}|(?:21|26|31|41|51|71)[2-8]\d{7})|"
                           r"\+90(?:5(?:0[5-7]|3\d|4\d|5[1-5])\d{7}|(?:21[26]|312|232)[2-8]\d{6})")
_PREFIXES: Final = {"IR": "+98", "TR": "+90"}


def parse_phone(text: str, region: str = "") -> str:
    """A phone number in international form (+989121234567; an extension is kept: `;ext=12`).

    `region` is the country (two letters) whose local forms are understood; without it only international numbers are.
    """
    if _WHOLE.fullmatch(text):
        return text
    typed = _EXTENSION.sub(r" ext \1", latin_digits(text).strip())
    bare = re.sub(r"\D", "", typed)
    if region in _MOBILES and (mobile := _MOBILES[region].fullmatch(bare)) and not typed.startswith("+") and "ext" not in typed:
        return _PREFIXES[region] + mobile[1]  # most of what comes in, at a hundredth of the price
    candidates = [(typed, region or None)]
    if not typed.startswith(("+", "0")) and len(bare) >= 10:
        candidates.append((f"+{typed}", None))  # a spreadsheet that lost the plus
    if typed.startswith("00"):
        candidates.append((f"+{typed[2:]}", None))
    for candidate, country in candidates:
        try:
            number = phonenumbers.parse(candidate, country)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            found = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
            return f"{found};ext={number.extension}" if number.extension else found
    raise ValueError(_("“{text}” is not a phone number; write it with the country code, like +98 912 123 4567.",
                       text=text[:_LONGEST]))


@lru_cache(maxsize=8192)
def format_phone(value: str, region: str = "") -> str:
    """A stored number (without extension) as people write it: nationally for `region`, else internationally."""
    try:
        number = phonenumbers.parse(value, None)
    except phonenumbers.NumberParseException:
        return value
    own = region and phonenumbers.country_code_for_region(region) == number.country_code
    style = phonenumbers.PhoneNumberFormat.NATIONAL if own else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    shown: str = phonenumbers.format_number(number, style)
    return shown
