"""Numbers, money, dates, times and phones as one person reads and types them.

    show = formatter("fa", "Asia/Tehran", "jalali", "arabext")
    show.money(Decimal("12500000"), "IRR")     # ۱۲٬۵۰۰٬۰۰۰ ریال
    show.parse_datetime("فردا ۱۴:۳۰")           # aware UTC

A list page formats hundreds of cells: everything that depends on the person is worked out once per :class:`Formatter`,
babel is asked only then. Showing None gives "". Reading raises ValueError whose argument is a translatable message.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from babel.core import Locale, UnknownLocaleError
from babel.numbers import (
    get_currency_name,
    get_currency_precision,
    get_currency_symbol,
    get_decimal_symbol,
    get_group_symbol,
)

from core.i18n import reading
from core.i18n.calendar_names import DAY_WORDS
from core.i18n.calendars import calendar as calendar_named
from core.i18n.catalogs import direction
from core.i18n.reading import format_phone, parse_duration, parse_phone
from core.i18n.text import persian_digits

__all__ = ["Formatter", "Number", "format_phone", "formatter", "parse_duration", "parse_phone", "region_of"]

Number = Decimal | int | float
_THIN: Final = "\u202f"
_WIDE: Final = "\u00a0"  # before words and codes, which touch a digit after a thin space
_LRM: Final = "\u200e"  # keeps the minus on the left of the digits in right-to-left text
_TOMAN: Final = {"fa": "تومان", "tr": "Toman", "en": "Toman"}
_AND: Final = {"fa": ("، ", " و "), "tr": (", ", " ve "), "en": (", ", " and ")}
_UNITS: Final = {"fa": ("روز", "ساعت", "دقیقه", "ثانیه"), "tr": ("gün", "sa", "dk", "sn"), "en": ("d", "h", "min", "s")}
_SIZES: Final = {"fa": ("بایت", "کیلوبایت", "مگابایت", "گیگابایت", "ترابایت"), "en": ("B", "KB", "MB", "GB", "TB")}
_IN_DAYS: Final = {"fa": ("{} روز دیگر", "{} روز پیش"), "tr": ("{} gün sonra", "{} gün önce"),
                   "en": ("in {} days", "{} days ago")}
_SHORT: Final = {"fa": (" هزار", " میلیون", " میلیارد", " هزار میلیارد"), "tr": (" B", " Mn", " Mr", " Tn"), "en": ("K", "M", "B", "T")}
_EXTENSION: Final = {"fa": "داخلی", "tr": "dahili"}
_SYMBOLS: Final = {"TRY": "₺"}  # outside of Turkish the CLDR has only the code
_REGIONS: Final = {"Asia/Tehran": "IR", "Iran": "IR", "Europe/Istanbul": "TR", "Asia/Istanbul": "TR", "Turkey": "TR",
                   "fa": "IR", "tr": "TR"}


def region_of(lang: str, tz: str) -> str:
    """The country (two letters) whose local phone numbers a person means; "" when language and zone do not tell."""
    return _REGIONS.get(tz) or _REGIONS.get(lang[:2], "")


class Formatter:
    """How one person sees and types values; get it with :func:`formatter`, which keeps one per set of settings.

    `digits` is "latn" or "arabext" (۰-۹), `currency_display` "symbol", "code" or "name", `region` the country of local
    phone numbers (by default of language and zone), with `toman` Rials are shown as Toman where nothing else is said.
    """

    def __init__(self, lang: str = "en", tz: str | dt.tzinfo = "UTC", calendar: str = "gregorian", digits: str = "latn",
                 currency_display: str = "symbol", region: str | None = None, toman: bool = False) -> None:
        self.lang = lang
        self.tz: dt.tzinfo = ZoneInfo(tz) if isinstance(tz, str) else tz
        self.calendar = calendar_named(calendar)
        self.digits = digits
        self.currency_display = currency_display
        self.region = region_of(lang, str(tz)) if region is None else region
        self.toman = toman
        self._native = digits == "arabext"
        locale = _locale(lang)
        self.group: str = get_group_symbol(locale, numbering_system=digits)
        self.decimal: str = get_decimal_symbol(locale, numbering_system=digits)
        self._minus = f"{_LRM}-" if direction(lang) == "rtl" else "-"
        self._symbols = str.maketrans({",": self.group, ".": self.decimal, "-": self._minus} | (
            dict(zip("0123456789", "۰۱۲۳۴۵۶۷۸۹", strict=True)) if self._native else {}))
        self._plain = lang == "en" and not self._native
        self._percent = ("٪" if self._native else "%")
        self._currencies: dict[str, tuple[int, str]] = {}
        self._toman = _TOMAN.get(lang[:2], "Toman")
        self._day_words = DAY_WORDS.get(lang[:2]) or DAY_WORDS["en"]
        self._two_digits = tuple(self._digits(f"{number:02d}") for number in range(60))
        self._day = lru_cache(maxsize=4096)(self._day_text)

    def _day_text(self, day: dt.date, style: str = "medium") -> str:
        return self.calendar.format(day, style, self.lang, self.digits)

    def _digits(self, text: str) -> str:
        return persian_digits(text) if self._native else text

    # -- numbers

    def number(self, value: Number | None, places: int | None = None) -> str:
        """1,234.5 in the person's way; `places` fixes the decimals (half to even), None shows those that are there."""
        if value is None:
            return ""
        if places is None:
            text = f"{value:,}" if isinstance(value, int) else _natural(value)
        else:
            text = f"{value:,.{places}f}"
        return text if self._plain else text.translate(self._symbols)

    def percent(self, value: Number | None, places: int | None = None) -> str:
        """A percentage: 12.5 is shown as 12.5% (not 1,250%)."""
        if value is None:
            return ""
        text = self.number(value, places)
        return f"{self._percent}{text}" if self.lang[:2] == "tr" else f"{text}{self._percent}"

    def money(self, amount: Decimal | int | None, currency: str, toman: bool | None = None) -> str:
        """An amount with its currency and as many decimals as the currency has; with `toman` Rials as tens of them.

        For None the person's own setting counts; :meth:`money_exact` is what to show on hover then.
        """
        if amount is None:
            return ""
        if currency == "IRR" and (self.toman if toman is None else toman):
            return f"{self.number(Decimal(amount).scaleb(-1))}{_WIDE}{self._toman}"
        known = self._currencies.get(currency)
        if known is None:
            known = self._currencies[currency] = self._currency(currency)
        text = f"{amount:,.{known[0]}f}"
        return f"{text if self._plain else text.translate(self._symbols)}{known[1]}"

    def short(self, value: Number | None) -> str:
        """A number with three digits that count: 1.25M, ۱٫۲۵ میلیون. For axes and the heads of columns."""
        if value is None:
            return ""
        size = abs(Decimal(value))
        power = min((size.adjusted() // 3) if size >= 1 else 0, 4)
        if power and round(size.scaleb(-3 * power), 1) >= 1000 and power < 4:
            power += 1
        shown = Decimal(value).scaleb(-3 * power)
        text = _natural(round(shown, max(0, 2 - shown.adjusted()) if shown else 0))
        text = text if self._plain else text.translate(self._symbols)
        return text + ((_SHORT.get(self.lang[:2]) or _SHORT["en"])[power - 1] if power else "")

    def short_money(self, amount: Decimal | int | None, currency: str) -> str:
        """An amount as :meth:`short` writes it, with its currency; Rials as Toman where the person chose that."""
        if amount is None:
            return ""
        if currency == "IRR" and self.toman:
            return f"{self.short(Decimal(amount).scaleb(-1))}\u00a0{self._toman}"
        return f"{self.short(amount)}\u00a0{self._currency(currency)[1].lstrip(_THIN + _WIDE)}"

    def money_exact(self, amount: Decimal | int | None, currency: str) -> str:
        """Every decimal that is stored, in the currency itself: the tooltip of a rounded or Toman amount."""
        if amount is None:
            return ""
        return f"{self.number(Decimal(amount))}{self._currency(currency)[1]}"

    def _currency(self, code: str) -> tuple[int, str]:
        locale = _locale(self.lang)
        if self.currency_display == "code":
            shown = code
        elif self.currency_display == "name":
            shown = get_currency_name(code, locale=locale)
        else:
            shown = _SYMBOLS.get(code) or get_currency_symbol(code, locale)
        return get_currency_precision(code), f"{_WIDE if shown.isalpha() else _THIN}{shown}"

    def filesize(self, size: int | None) -> str:
        """Bytes in the fitting unit (1 KB = 1,024 bytes), with one decimal when below ten."""
        if size is None:
            return ""
        units = _SIZES.get(self.lang[:2]) or _SIZES["en"]
        value, unit = float(size), 0
        while value >= 1023.5 and unit < len(units) - 1:
            value, unit = value / 1024, unit + 1
        return f"{self.number(round(value, 1) if unit and value < 9.95 else round(value))} {units[unit]}"

    # -- dates and times

    def date(self, value: dt.date | None, style: str = "medium") -> str:
        """A date in the person's calendar; styles as in :meth:`core.i18n.calendars.Calendar.format`."""
        return "" if value is None else self._day(dt.date(value.year, value.month, value.day), style)

    def local(self, value: dt.datetime) -> dt.datetime:
        """A moment (aware, or naive in UTC) in the person's time zone."""
        return (value if value.tzinfo else value.replace(tzinfo=dt.UTC)).astimezone(self.tz)

    def time(self, value: dt.datetime | dt.time | None, seconds: bool = False) -> str:
        """14:30 of a moment in the person's zone, or of a bare time as it is."""
        if value is None:
            return ""
        clock = self.local(value) if isinstance(value, dt.datetime) else value
        text = f"{self._two_digits[clock.hour]}:{self._two_digits[clock.minute]}"
        return f"{text}:{self._two_digits[clock.second]}" if seconds else text

    def datetime(self, value: dt.datetime | None, style: str = "medium", seconds: bool = False) -> str:
        """Date and time of a moment in the person's zone and calendar."""
        if value is None:
            return ""
        local = self.local(value)
        return f"{self.date(local.date(), style)} {self.time(local.time(), seconds)}"

    def relative(self, value: dt.datetime | dt.date | None, now: dt.datetime | None = None) -> str:
        """"today 14:30", "in 3 days", "4 days ago"; from a week on the date. A bare date has no time."""
        if value is None:
            return ""
        if isinstance(value, dt.datetime):
            return self.told(value, self.today(now))[0]
        return self._near(value, (value - self.today(now)).days, "")

    def told(self, value: dt.datetime, today: dt.date) -> tuple[str, str]:
        """A moment as :meth:`relative` and as :meth:`datetime` tell it, for lists of them: `today` is the person's."""
        local = self.local(value)
        day = local.date()
        clock = f" {self._two_digits[local.hour]}:{self._two_digits[local.minute]}"
        return self._near(day, (day - today).days, clock), f"{self._day(day)}{clock}"

    def _near(self, day: dt.date, days: int, clock: str) -> str:
        if -1 <= days <= 1:
            return self._day_words[days + 1] + clock
        if -7 < days < 7:
            ahead, back = _IN_DAYS.get(self.lang[:2]) or _IN_DAYS["en"]
            return (ahead if days > 0 else back).format(self._digits(str(abs(days))))
        return self._day(day)

    def today(self, now: dt.datetime | None = None) -> dt.date:
        """The date in the person's zone."""
        return self.local(now or dt.datetime.now(dt.UTC)).date()

    def duration(self, value: dt.timedelta | int | None) -> str:
        """A length of time (timedelta or seconds): "1 d 2 h 30 min". `parse_duration` reads it back."""
        if value is None:
            return ""
        total = int(value.total_seconds()) if isinstance(value, dt.timedelta) else int(value)
        left, parts = abs(total), []
        units = _UNITS.get(self.lang[:2]) or _UNITS["en"]
        for size, unit in zip((86400, 3600, 60, 1), units, strict=True):
            count, left = divmod(left, size)
            if count or (size == 60 and not total):
                parts.append(f"{self.number(count)} {unit}")
        return (self._minus if total < 0 else "") + (" و " if self.lang[:2] == "fa" else " ").join(parts)

    # -- others

    def phone(self, value: str | None) -> str:
        """A stored number: as at home for the own country, internationally for others. Draw it left to right."""
        if not value:
            return ""
        number, _sep, extension = value.partition(";ext=")
        word = _EXTENSION.get(self.lang[:2], "ext.")
        return self._digits(format_phone(number, self.region) + (f" {word} {extension}" if extension else ""))

    def list(self, items: Iterable[str]) -> str:
        """"a, b and c"."""
        texts = [str(item) for item in items]
        comma, last = _AND.get(self.lang[:2]) or _AND["en"]
        return last.join([comma.join(texts[:-1]), texts[-1]]) if len(texts) > 1 else "".join(texts)

    def name(self, first: str | None, last: str | None) -> str:
        """A person's full name from its parts, of which either may be missing."""
        return " ".join(part.strip() for part in (first, last) if part and part.strip())

    # -- reading

    def parse_number(self, text: str) -> Decimal:
        """The number somebody typed; which of , and . groups follows the language where it can't be told otherwise."""
        return reading.parse_number(text, comma_decimal=get_decimal_symbol(_locale(self.lang)) == ",")

    def parse_date(self, text: str, now: dt.datetime | None = None) -> dt.date:
        """The date somebody typed; see :meth:`core.i18n.calendars.Calendar.parse`."""
        return self.calendar.parse(text, self.lang, self.today(now))

    def parse_datetime(self, text: str, now: dt.datetime | None = None) -> dt.datetime:
        """The moment somebody typed in their own zone, as aware UTC. A day without a time means its first minute."""
        return reading.parse_datetime(text, self.calendar, self.lang, self.tz, now or dt.datetime.now(dt.UTC))

    def parse_duration(self, text: str) -> dt.timedelta:
        """See :func:`core.i18n.reading.parse_duration`."""
        return parse_duration(text)

    def parse_phone(self, text: str, region: str | None = None) -> str:
        """See :func:`core.i18n.reading.parse_phone`; the region is the person's own if not given."""
        return parse_phone(text, self.region if region is None else region)


def _natural(value: Decimal | float) -> str:
    """Grouped, with the decimals that are there and no trailing zeros (floats: at most six)."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@lru_cache(maxsize=64)
def _locale(lang: str) -> Locale:
    try:
        return Locale.parse(lang.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


formatter: Callable[..., Formatter] = lru_cache(maxsize=512)(Formatter)
"""The :class:`Formatter` for these settings (same arguments), made once; `tz` by its name."""
