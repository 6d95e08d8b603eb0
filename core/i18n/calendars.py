"""Calendars: the one place that knows days, months and years of people. Stored dates are always Gregorian.

    calendar("jalali").format(date(2026, 9, 27), "medium", "fa", "arabext")   # ۵ مهر ۱۴۰۵
    calendar("gregorian").parse("۱۴۰۵/۷/۵", "fa")                              # date(2026, 9, 27): the year tells

Everything that groups or bounds by month, quarter or year asks the user's calendar here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date as Date
from datetime import timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from persiantools.jdatetime import JalaliDate

from core.i18n import calendar_names as names
from core.i18n.messages import _
from core.i18n.text import fold, persian_digits

_NUMERIC: Final = re.compile(r"(\d{1,4}) ?([/.,-]| ) ?(\d{1,2}) ?(?:\2) ?(\d{1,4})")
_COMPACT: Final = re.compile(r"(\d{4})(\d\d)(\d\d)")
_TOKENS: Final = re.compile(r"\d+|[^\W\d_]+")
_RELATIVE: Final = re.compile(r"(?:(in) )?([+-]?) ?(\d{1,4}) ?([^\W\d_]+)(?: ([^\W\d_]+))?")


class Calendar:
    """One calendar; get it with :func:`calendar`. Months and days count from 1, weekdays from Monday = 0.

    Impossible days raise ValueError with a translatable message, and so do dates outside of the calendar's reach.
    """

    name: str
    first_weekday: int
    _pivot: int  # a two-digit year below it belongs to `_century`, others to the hundred years before
    _century: int

    def parts(self, day: Date) -> tuple[int, int, int]:
        """(year, month, day) of a date in this calendar."""
        raise NotImplementedError

    def date(self, year: int, month: int, day: int) -> Date:
        """The date of a day of this calendar; ValueError when there is no such day."""
        raise NotImplementedError

    def days_in_month(self, year: int, month: int) -> int:
        """28 to 31."""
        return (self._next_month(year, month) - self.date(year, month, 1)).days

    def month_names(self, lang: str) -> tuple[str, ...]:
        """Twelve names; English ones for an unknown language."""
        raise NotImplementedError

    def short_month_names(self, lang: str) -> tuple[str, ...]:
        """Twelve names, abbreviated where that is usual."""
        return self.month_names(lang)

    def weekday_names(self, lang: str, short: bool = False) -> tuple[str, ...]:
        """Seven names, Monday first (index them by `date.weekday()`)."""
        return _for(names.WEEKDAYS_SHORT if short else names.WEEKDAYS, lang)

    # -- showing

    def format(self, day: Date, style: str = "medium", lang: str = "en", digits: str = "latn") -> str:
        """A date as text. `parse` reads "short", "medium" and "long" back.

        Styles: "short" (1405/07/05), "medium" (5 Mehr 1405), "long" (with the weekday), "day" (5 Mehr), "month"
        (Mehr 1405), "year". `digits`: "latn" or "arabext". A date before this calendar began is shown in ISO form.
        """
        try:
            year, month, number = self.parts(day)
        except ValueError:
            text = day.isoformat()
        else:
            text = self._text(day, style, lang, year, month, number)
        return persian_digits(text) if digits == "arabext" else text

    def _text(self, day: Date, style: str, lang: str, year: int, month: int, number: int) -> str:
        if style == "short":
            return self._short(lang, year, month, number)
        if style == "medium":
            return f"{number} {self.short_month_names(lang)[month - 1]} {year}"
        name = self.month_names(lang)[month - 1]
        if style == "long":
            weekday = self.weekday_names(lang)[day.weekday()]
            if lang[:2] == "tr":
                return f"{number} {name} {year} {weekday}"
            return f"{weekday}{'' if lang[:2] == 'fa' else ','} {number} {name} {year}"
        if style == "day":
            return f"{number} {self.short_month_names(lang)[month - 1]}"
        if style == "month":
            return f"{name} {year}"
        if style == "year":
            return str(year)
        raise ValueError(f"no date style {style!r}")

    def _short(self, lang: str, year: int, month: int, number: int) -> str:
        return f"{year:04d}/{month:02d}/{number:02d}"

    # -- reading

    def parse(self, text: str, lang: str = "en", today: Date | None = None) -> Date:
        """The date somebody typed, in any of the ways people do; ValueError with a translatable message otherwise.

        Any digits; 1405/7/5, 5.7.1405, 14050705, 05/07/05, 5 Mehr, 5 Oct 2026, Oct 5, ۵ مهر ۱۴۰۵, tomorrow, فردا, dün,
        +3d, -2w, +1m, +1y, in 3 days, ۳ روز پیش. The typed year tells the calendar: 1200–1500 is Jalali and from 1800
        on Gregorian, whatever the user's calendar is. In 7/5/2026 the day is first, unless it can't be.
        """
        key = fold(text)
        if not key:
            raise ValueError(_("Enter a date."))
        today = today or Date.today()
        if key in names.OFFSET_WORDS:
            return today + timedelta(days=names.OFFSET_WORDS[key])
        try:
            found = self._parse_numeric(key) or self._parse_relative(key, today) or self._parse_named(key, today)
        except OverflowError as error:
            raise ValueError(_("“{text}” is too far away.", text=text)) from error
        if found is None:
            raise ValueError(_("“{text}” is not a date.", text=text))
        return found

    def _parse_numeric(self, key: str) -> Date | None:
        if match := _COMPACT.fullmatch(key):
            return self._typed(*map(int, match.groups()))
        if not (match := _NUMERIC.fullmatch(key)):
            return None
        first, middle, last = match[1], int(match[3]), match[4]
        if len(first) <= 2 and (len(last) == 4 or int(last) > 31 >= int(first) and self.name == "gregorian"):
            day = int(first)
            if middle > 12 >= day:
                day, middle = middle, day
            return self._typed(int(last), middle, day, len(last))
        if len(first) <= 2 and len(last) <= 2 and self.name == "gregorian" and int(first) <= 31:
            return self._typed(int(last), middle, int(first), len(last))
        if len(last) > 2:
            return None
        return self._typed(int(first), middle, int(last), len(first))

    def _parse_relative(self, key: str, today: Date) -> Date | None:
        if not (match := _RELATIVE.fullmatch(key)):
            return None
        before, sign, number, word, after = match.groups()
        unit = names.UNITS.get(word)
        if unit is None or (after and after not in names.AHEAD | names.BACK) or not (before or sign or after):
            return None
        count = -int(number) if sign == "-" or after in names.BACK else int(number)
        if unit in "dw":
            return today + timedelta(days=count * (7 if unit == "w" else 1))
        return self.add_months(today, count * (12 if unit == "y" else 1))

    def _parse_named(self, key: str, today: Date) -> Date | None:
        """A day with the month's name, with or without year and weekday."""
        month: tuple[str, int] | None = None
        numbers: list[str] = []
        for token in _TOKENS.findall(key):
            if token.isdigit():
                numbers.append(token)
            elif month is None and token in names.MONTH_WORDS:
                month = names.MONTH_WORDS[token]
            elif token not in names.SKIPPED_WORDS:
                return None
        if month is None or not 1 <= len(numbers) <= 2 or max(map(len, numbers)) > 4:
            return None
        named = calendar(month[0])
        if len(numbers) == 1:
            return named.date(named.parts(today)[0], month[1], int(numbers[0]))
        day, year = reversed(numbers) if len(numbers[0]) > 2 else numbers
        return named.date(named._full_year(int(year), len(year)), month[1], int(day))

    def _full_year(self, year: int, written: int) -> int:
        if written > 2:
            return year
        return self._century + year - (0 if year < self._pivot else 100)

    def _typed(self, year: int, month: int, day: int, written: int = 4) -> Date:
        year = self._full_year(year, written)
        if 1200 <= year <= 1500:
            return calendar("jalali").date(year, month, day)
        if year >= 1800:
            return calendar("gregorian").date(year, month, day)
        return self.date(year, month, day)

    # -- periods

    def add_months(self, day: Date, months: int) -> Date:
        """The same day so many months on (or back), or the last day of a shorter month."""
        year, month, number = self.parts(day)
        years, month0 = divmod(month - 1 + months, 12)
        return self.date(year + years, month0 + 1, min(number, self.days_in_month(year + years, month0 + 1)))

    def week_bounds(self, day: Date, week_start: int | None = None) -> tuple[Date, Date]:
        """First and last day of the week; `week_start` is a weekday (Monday = 0), by default the calendar's usual."""
        start = self.first_weekday if week_start is None else week_start
        first = day - timedelta(days=(day.weekday() - start) % 7)
        return first, first + timedelta(days=6)

    def month_bounds(self, day: Date) -> tuple[Date, Date]:
        """First and last day of the month."""
        year, month, _number = self.parts(day)
        return self._span(year, month, 1)

    def quarter_bounds(self, day: Date) -> tuple[Date, Date]:
        """First and last day of the quarter (three months; Farvardin to Khordad is the Jalali year's first)."""
        year, month, _number = self.parts(day)
        return self._span(year, month - (month - 1) % 3, 3)

    def year_bounds(self, day: Date) -> tuple[Date, Date]:
        """First and last day of the year."""
        return self._span(self.parts(day)[0], 1, 12)

    def _span(self, year: int, month: int, months: int) -> tuple[Date, Date]:
        return self.date(year, month, 1), self._next_month(year, month + months - 1) - timedelta(days=1)

    def _next_month(self, year: int, month: int) -> Date:
        return self.date(year + 1, 1, 1) if month == 12 else self.date(year, month + 1, 1)

    def month_grid(self, year: int, month: int, week_start: int | None = None) -> list[list[Date]]:
        """Whole weeks that cover a month, for a picker: lists of seven dates, those at the edges of other months."""
        first, last = self._span(year, month, 1)
        start, end = self.week_bounds(first, week_start)[0], self.week_bounds(last, week_start)[1]
        days = [start + timedelta(days=offset) for offset in range((end - start).days + 1)]
        return [days[index:index + 7] for index in range(0, len(days), 7)]


class Gregorian(Calendar):
    """The calendar of `datetime.date`."""

    name = "gregorian"
    first_weekday = 0
    _pivot = 70
    _century = 2000

    def parts(self, day: Date) -> tuple[int, int, int]:
        return day.year, day.month, day.day

    def date(self, year: int, month: int, day: int) -> Date:
        try:
            return Date(year, month, day)
        except ValueError as error:
            raise ValueError(_("There is no day {day} of month {month} in {year}.", day=day, month=month,
                               year=year)) from error

    def _next_month(self, year: int, month: int) -> Date:
        if (year, month) == (9999, 12):
            raise ValueError(_("There is no day {day} of month {month} in {year}.", day=1, month=1, year=10000))
        return super()._next_month(year, month)

    def month_names(self, lang: str) -> tuple[str, ...]:
        return _for(names.GREGORIAN_MONTHS, lang)

    def short_month_names(self, lang: str) -> tuple[str, ...]:
        return _for(names.GREGORIAN_SHORT, lang)

    def _short(self, lang: str, year: int, month: int, number: int) -> str:
        if lang[:2] == "tr":
            return f"{number:02d}.{month:02d}.{year:04d}"
        return f"{year:04d}{'/' if lang[:2] == 'fa' else '-'}{month:02d}{'/' if lang[:2] == 'fa' else '-'}{number:02d}"


class Jalali(Calendar):
    """The solar calendar of Iran: weeks start on Saturday, years on the first day of spring."""

    name = "jalali"
    first_weekday = 5
    _pivot = 50
    _century = 1400

    def parts(self, day: Date) -> tuple[int, int, int]:
        return _jalali_parts(day)

    def date(self, year: int, month: int, day: int) -> Date:
        try:
            return JalaliDate(year, month, day).to_gregorian()  # type: ignore[no-untyped-call]
        except (ValueError, OverflowError) as error:
            raise ValueError(_("There is no day {day} of month {month} in {year}.", day=day, month=month,
                               year=year)) from error

    def month_names(self, lang: str) -> tuple[str, ...]:
        return _for(names.JALALI_MONTHS, lang)


@lru_cache(maxsize=8192)  # a conversion costs ten times a look-up, and lists show the same days over and over
def _jalali_parts(day: Date) -> tuple[int, int, int]:
    found = JalaliDate(Date(day.year, day.month, day.day))  # type: ignore[no-untyped-call]
    return found.year, found.month, found.day


def _for(table: Mapping[str, tuple[str, ...]], lang: str) -> tuple[str, ...]:
    return table.get(lang[:2]) or table["en"]


_CALENDARS: Final[Mapping[str, Calendar]] = MappingProxyType({"gregorian": Gregorian(), "jalali": Jalali()})
CALENDARS: Final = tuple(_CALENDARS)


def calendar(name: str) -> Calendar:
    """The calendar of that name: "gregorian" or "jalali" (KeyError otherwise)."""
    return _CALENDARS[name]
