"""Dates and times of a column: Jalali or Gregorian, day or month first, texts, Excel's dates and its bare numbers."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from core.exchange.fields import ParseOptions
from core.i18n.calendars import calendar
from core.i18n.messages import _
from core.i18n.text import fold, latin_digits

_NUMERIC: Final = re.compile(r"(\d{1,4})\s?([/.\-\\])\s?(\d{1,2})\s?[/.\-\\]\s?(\d{1,4})")
_COMPACT: Final = re.compile(r"((?:1[2-4]|19|20)\d\d)(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?")
_TIME: Final = re.compile(
    r"(?:t|saat|ساعت|at)?\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(am|pm|a\.m\.?|p\.m\.?|ق\.?ظ\.?|ب\.?ظ\.?|oo|os|صبح"
    r"|عصر|بعد از ظهر|بعدازظهر|شب)?\s*(z|utc|gmt|[+-]\d{2}:?\d{2})?")
_AFTERNOON: Final = frozenset({"pm", "p.m", "ب.ظ", "بظ", "os", "عصر", "بعد از ظهر", "بعدازظهر", "شب"})
_SERIAL: Final = re.compile(r"\d{5}(?:\.\d+)?")
_EPOCH: Final = dt.datetime(1899, 12, 30)
_SERIALS: Final = (10_000, 110_000)
_JALALI_YEARS: Final = range(1200, 1600)


@dataclass(frozen=True, slots=True)
class DateStyle:
    """How the dates of a column are written. `certain` is False when `order` is a default that nothing proves.

    `calendar` is None when there are dates of both or none with a telling year. `mixed` warns that some dates can
    only be day first and others only month first.
    """

    order: str
    calendar: str | None
    certain: bool
    mixed: bool = False


def detect_date_style(values: Iterable[Any], default: str = "DMY") -> DateStyle:
    """The order and the calendar of a column by all the values given (the sample or the whole column)."""
    orders: Counter[str] = Counter()
    calendars: set[str] = set()
    for value in values:
        found = _NUMERIC.search(latin_digits(value)) if isinstance(value, str) else None
        if not found:
            continue
        first, middle, last = found[1], int(found[3]), found[4]
        if len(first) > 2 or (len(last) <= 2 and int(first) > 31):
            orders["YMD"] += 1
        elif int(first) > 12:
            orders["DMY"] += 1
        elif middle > 12:
            orders["MDY"] += 1
        year = int(first) if len(first) == 4 else int(last) if len(last) == 4 else 0
        if year:
            calendars.add("jalali" if year in _JALALI_YEARS else "gregorian")
    rivals = {order for order in ("DMY", "MDY") if orders[order]}
    only = calendars.pop() if len(calendars) == 1 else None
    if len(rivals) == 1:
        return DateStyle(rivals.pop(), only, True)
    if rivals:
        return DateStyle(default, only, False, mixed=True)
    return DateStyle("YMD", only, True) if orders["YMD"] else DateStyle(default, only, False)


def parse_day(value: Any, options: ParseOptions) -> dt.date:
    """The calendar day in a cell; ValueError with a translatable reason."""
    found = _native(value)
    if found is None:
        text = fold(str(value))
        return _iso(text, options) or _day_of(_without_time(text)[0] or text, str(value), options)
    if isinstance(found, dt.datetime):
        return found.astimezone(options.tz).date() if found.tzinfo else found.date()
    return found


def parse_moment(value: Any, options: ParseOptions) -> dt.datetime:
    """The point in time in a cell, aware and in UTC; a time without a zone is read in the options' zone."""
    found = _native(value)
    if found is None:
        found = _moment_of(str(value), options)
    if not isinstance(found, dt.datetime):
        found = dt.datetime.combine(found, dt.time())
    aware = found if found.tzinfo else found.replace(tzinfo=options.tz)
    try:
        return aware.astimezone(dt.UTC)
    except OverflowError:
        raise ValueError(_("“{text}” is too far away.", text=str(value))) from None


def _native(value: Any) -> dt.date | dt.datetime | None:
    """A workbook's own date, or its bare number; a date of the years 1200 to 1599 was typed as a Jalali one."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if _SERIALS[0] <= value < _SERIALS[1]:
            return _of_serial(float(value))
        if float(value).is_integer() and (found := _COMPACT.fullmatch(str(int(value)))):
            return _compact(found)
        raise ValueError(_("“{text}” is not a date.", text=value))
    if isinstance(value, dt.date) and value.year in _JALALI_YEARS:
        day = calendar("jalali").date(value.year, value.month, value.day)
        return dt.datetime.combine(day, value.time()) if isinstance(value, dt.datetime) else day
    return value if isinstance(value, dt.date) else None


def _of_serial(number: float) -> dt.date | dt.datetime:
    moment = _EPOCH + dt.timedelta(seconds=round(number * 86400))
    return moment.date() if float(number).is_integer() else moment


def _compact(found: re.Match[str]) -> dt.date | dt.datetime:
    year, month, day = int(found[1]), int(found[2]), int(found[3])
    date = calendar("jalali" if year in _JALALI_YEARS else "gregorian").date(year, month, day)
    if not found[4]:
        return date
    return dt.datetime.combine(date, _clock(int(found[4]), int(found[5]), int(found[6] or 0)))


def _iso(text: str, options: ParseOptions) -> dt.date | None:
    """The quick way for 2026-11-23 and what follows it."""
    if len(text) < 10 or text[4] != "-" or text[:2] not in ("19", "20"):
        return None
    try:
        moment = dt.datetime.fromisoformat(text.upper())
    except ValueError:
        return None
    return (moment.astimezone(options.tz) if moment.tzinfo else moment).date()


def _moment_of(original: str, options: ParseOptions) -> dt.date | dt.datetime:
    text = fold(original)
    if text[:2] in ("19", "20") and len(text) >= 10 and text[4] == "-":
        try:
            return dt.datetime.fromisoformat(text.upper())
        except ValueError:
            pass
    if found := _COMPACT.fullmatch(text):
        return _compact(found)
    if _SERIAL.fullmatch(text):
        return _of_serial(float(text))
    rest, time = _without_time(text)
    day = _day_of(rest, original, options)
    return dt.datetime.combine(day, time) if time is not None else day


def _without_time(text: str) -> tuple[str, dt.time | None]:
    """The text without its time of day (before or after the date), and that time."""
    found = _TIME.search(text)
    if not found:
        return text, None
    hour, half, zone = int(found[1]), (found[4] or "").rstrip("."), found[5]
    if half and hour <= 12:
        hour = hour % 12 + (12 if half in _AFTERNOON else 0)
    time = _clock(hour, int(found[2]), int(found[3] or 0))
    if zone:
        time = time.replace(tzinfo=_zone(zone))
    rest = text[:found.start()] + " " + text[found.end():]
    return rest.strip(" -,t"), time


def _clock(hour: int, minute: int, second: int) -> dt.time:
    try:
        return dt.time(hour, minute, second)
    except ValueError:
        raise ValueError(_("There is no time {time}.", time=f"{hour}:{minute:02d}")) from None


def _zone(text: str) -> dt.timezone:
    if text in ("z", "utc", "gmt"):
        return dt.UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    if minutes >= 24 * 60:
        raise ValueError(_("There is no time {time}.", time=text))
    return dt.timezone(dt.timedelta(minutes=-minutes if text[0] == "-" else minutes))


def _day_of(text: str, original: str, options: ParseOptions) -> dt.date:
    found = _NUMERIC.fullmatch(text.strip())
    if found:
        return _numeric_day(found[1], int(found[3]), found[4], options)
    if compact := _COMPACT.fullmatch(text):
        made = _compact(compact)
        return made.date() if isinstance(made, dt.datetime) else made
    if _SERIAL.fullmatch(text):
        return (_EPOCH + dt.timedelta(days=int(float(text)))).date()
    # Words ("5 Mehr 1405", "5 Oct 2026"), but nothing that hangs on the day of the import ("tomorrow", "+3d").
    if not re.search(r"\d{4}", text) or not re.search(r"[^\W\d_]{2,}", text):
        raise ValueError(_("“{text}” is not a date.", text=original[:60]))
    return calendar(options.calendar or "gregorian").parse(text, options.lang)


def _numeric_day(first: str, middle: int, last: str, options: ParseOptions) -> dt.date:
    order = options.date_order
    if len(first) > 2:
        order = "YMD"
    elif len(last) > 2 and order == "YMD":
        order = "DMY"
    elif len(last) <= 2 and (options.calendar == "jalali" or int(first) > 31):
        order = "YMD"
    if order == "YMD":
        year, month, day, written = int(first), middle, int(last), len(first)
    else:
        year, written = int(last), len(last)
        day, month = (int(first), middle) if order == "DMY" else (middle, int(first))
        # A day beyond 12 tells the order by itself.
        if month > 12 >= day:
            day, month = month, day
    if written <= 2:
        year += _CENTURIES[options.calendar or "gregorian"](year)
    if written == 3:
        raise ValueError(_("“{text}” is not a year.", text=year))
    name = "jalali" if year in _JALALI_YEARS else "gregorian"
    return calendar(name).date(year, month, day)


_CENTURIES: Final[Mapping[str, Any]] = MappingProxyType({
    "jalali": lambda year: 1400 if year < 50 else 1300,
    "gregorian": lambda year: 2000 if year < 70 else 1900,
})
