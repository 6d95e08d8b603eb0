"""Field types that hold a value: texts, numbers, days and moments, choices, addresses and numbers of telephones."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar
from urllib.parse import urlsplit

import nh3
from email_validator import EmailNotValidError, validate_email
from sqlalchemy import BigInteger, Boolean, Date, Text

from core.errors import DefinitionError
from core.i18n.formats import parse_phone
from core.i18n.messages import _
from core.i18n.text import clean as clean_text
from core.i18n.text import latin_digits
from core.records.field import Depends, Field, Option
from core.records.types import DECIMAL_SCALE, MONEY_SCALE, PERCENT_SCALE, Fixed, JsonType, Moment, Span
from core.sealing import Sealed, SealedText

Number = TypeVar("Number", int, Decimal)

_PLAIN_EMAIL = re.compile(r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}")
"""Addresses that need no closer look: a part of what the library accepts, thirty times as fast."""
BLOCK = re.compile(r"</?(?:p|div|h[1-6]|[uo]l|li|d[ltd]|table|caption|t[rdh]|br|hr|pre|blockquote|figure|figcaption)\b", re.IGNORECASE)
"""Where one word ends and the next begins, though nothing stands between them in formatted text."""
MOST_DIGITS = 18
"""Digits of whole numbers beyond the first."""
_MOBILE = re.compile(r"(?:\+989[0-39]\d{8}|\+905[0-5]\d{8})")
"""Mobiles of Iran and Turkey in their stored form: the bulk of an import, not parsed again."""


class TextField(Field):
    """One line of text. `spoken` names a field of type `Names` of the same record: links, lists, pickers and documents show
    readers of another language what stands there, and this text where nothing does."""

    type_name = "text"

    def __init__(self, label: str = "", *, size: int | None = 255, spoken: str = "", **options: Any) -> None:
        super().__init__(label, **options)
        self.size, self.spoken = size, spoken

    def clean(self, value: Any, env: Any) -> str | None:
        if not isinstance(value, str):
            if isinstance(value, (dict, list, tuple, set, bytes)):
                raise ValueError(_("Write a text here."))
            value = str(value)
        text = clean_text(value)
        if self.size and len(text) > self.size:
            raise ValueError(_("At most {size} characters; this has {count}.", size=self.size, count=len(text)))
        return text or None


class LongTextField(TextField):
    """Several lines of plain text."""

    type_name = "longtext"
    sortable = False

    def __init__(self, label: str = "", *, size: int | None = 100_000, **options: Any) -> None:
        super().__init__(label, size=size, **options)

    def column_type(self) -> Any:
        return Text()


class RichTextField(LongTextField):
    """Formatted text; whatever HTML comes in, only harmless elements are kept."""

    type_name = "richtext"

    def clean(self, value: Any, env: Any) -> str | None:
        text = super().clean(value, env)
        return nh3.clean(text, link_rel="noopener noreferrer nofollow") if text else None

    def text_of(self, value: Any) -> str:
        return html.unescape(nh3.clean(BLOCK.sub(r" \g<0>", value), tags=set())) if value else ""


class SecretField(Field):
    """A password, key or token: sealed in the database, typed in but never shown again, opened by `env.unseal` in
    elevated code alone. It is in no expression, list, search, history, clone, import or export."""

    type_name = "secret"
    sortable = False
    filterable = False
    opaque = True

    def __init__(self, label: str = "", *, size: int = 4000, help: str = "", required: bool = False,  # noqa: A002
                 readonly: bool = False) -> None:
        super().__init__(label, help=help, required=required, readonly=readonly, copyable=False, sensitive=True)
        self.size = size

    def column_type(self) -> Any:
        return SealedText()

    def clean(self, value: Any, env: Any) -> Sealed | None:
        if isinstance(value, Sealed):
            return value
        if not isinstance(value, str):
            raise ValueError(_("Write a text here."))
        if len(value) > self.size:
            raise ValueError(_("At most {size} characters; this has {count}.", size=self.size, count=len(value)))
        sealed: Sealed | None = env.installation.vault.seal(value) if value else None
        return sealed

    def text_of(self, value: Any) -> str:
        return ""


class IntegerField(Field):
    """A whole number (64 bit)."""

    type_name = "integer"

    def __init__(self, label: str = "", *, minimum: int | None = None, maximum: int | None = None,
                 **options: Any) -> None:
        super().__init__(label, **options)
        self.minimum, self.maximum = bound(label, minimum), bound(label, maximum)

    def column_type(self) -> Any:
        return BigInteger()

    def clean(self, value: Any, env: Any) -> int | None:
        if type(value) is not int:
            try:
                number = Decimal(latin_digits(str(value)).replace("٬", "").replace(",", "").strip())
                if number != number.to_integral_value():
                    raise ValueError(_("Write a whole number."))
                if number.is_finite() and number.adjusted() > MOST_DIGITS:  # 1e999999999 would take all memory as a whole number
                    raise ValueError(_("This number is too large."))
                value = int(number)
            except (InvalidOperation, OverflowError):
                raise ValueError(_("Write a whole number.")) from None
        if not -(2**63) <= value < 2**63:
            raise ValueError(_("This number is too large."))
        return check_bounds(int(value), self.minimum, self.maximum)


def bound(label: str, given: Any) -> Any:
    """A smallest or largest value as a number, however it was written down; DefinitionError for what is none."""
    if given is None or isinstance(given, int | Decimal) and not isinstance(given, bool):
        return given
    try:
        found = Decimal(str(given))
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise DefinitionError(_("“{field}”: minimum and maximum are numbers, not {value}."), field=label, value=repr(given))
    return found


def check_bounds(value: Number, minimum: Any, maximum: Any) -> Number:
    """The value, or a ValueError saying the bound it breaks."""
    if minimum is not None and value < minimum:
        raise ValueError(_("At least {minimum}.", minimum=minimum))
    if maximum is not None and value > maximum:
        raise ValueError(_("At most {maximum}.", maximum=maximum))
    return value


class DecimalField(Field):
    """An exact decimal number."""

    type_name = "decimal"
    scale = DECIMAL_SCALE

    def __init__(self, label: str = "", *, places: int = 2, minimum: Any = None, maximum: Any = None,
                 **options: Any) -> None:
        super().__init__(label, **options)
        self.places, self.minimum, self.maximum = places, bound(label, minimum), bound(label, maximum)

    def column_type(self) -> Any:
        return Fixed(self.scale)

    def clean(self, value: Any, env: Any) -> Decimal | None:
        if not isinstance(value, Decimal):
            if isinstance(value, bool):
                raise ValueError(_("Write a number."))
            text = latin_digits(str(value)).replace("٬", "").replace("٫", ".").replace(",", "").strip().rstrip("%٪")
            try:
                value = Decimal(text)
            except InvalidOperation:
                raise ValueError(_("Write a number.")) from None
        if not value.is_finite() or value.copy_abs() >= Decimal(10) ** (18 - self.scale):  # abs() raises for the largest exponents
            raise ValueError(_("This number is too large."))
        bounded: Decimal = check_bounds(value, self.minimum, self.maximum)
        return bounded


class MoneyField(DecimalField):
    """An amount; `currency` names the link field that holds its currency, otherwise the base currency is meant."""

    type_name = "money"
    scale = MONEY_SCALE

    def __init__(self, label: str = "", *, currency: str | None = None, **options: Any) -> None:
        super().__init__(label, **options)
        self.currency = currency


class PercentField(DecimalField):
    """A percentage: 12.5 means 12.5 %."""

    type_name = "percent"
    scale = PERCENT_SCALE


class FlagField(Field):
    """Yes or no; never empty."""

    type_name = "flag"
    _true = frozenset({"1", "true", "yes", "on", "y", "بله", "evet"})
    _false = frozenset({"0", "false", "no", "off", "n", "", "خیر", "hayır"})

    def __init__(self, label: str = "", *, default: Any = False, **options: Any) -> None:
        super().__init__(label, default=default, **options)

    def column_type(self) -> Any:
        return Boolean()

    def clean(self, value: Any, env: Any) -> bool:
        if isinstance(value, bool):
            return value
        text = str(value).strip().lower()
        if text in self._true:
            return True
        if text in self._false:
            return False
        raise ValueError(_("Choose yes or no."))


class DateField(Field):
    """A calendar day, without a time zone."""

    type_name = "date"

    def column_type(self) -> Any:
        return Date()

    def clean(self, value: Any, env: Any) -> dt.date | None:
        if isinstance(value, dt.datetime):
            value = value.astimezone(env.tz).date() if value.tzinfo else value.date()
        elif isinstance(value, str):
            value = env.format.parse_date(value, env.now)
        if not isinstance(value, dt.date):
            raise ValueError(_("Write a date."))
        return value


class DateTimeField(Field):
    """A point in time; text is read in the user's time zone."""

    type_name = "datetime"

    def column_type(self) -> Any:
        return Moment()

    def clean(self, value: Any, env: Any) -> dt.datetime | None:
        if isinstance(value, str):
            value = env.format.parse_datetime(value, env.now)
        if not isinstance(value, dt.datetime):
            raise ValueError(_("Write a date and a time."))
        return value.replace(tzinfo=env.tz).astimezone(dt.UTC) if value.tzinfo is None else value


class DurationField(Field):
    """A length of time, in whole seconds."""

    type_name = "duration"

    def column_type(self) -> Any:
        return Span()

    def clean(self, value: Any, env: Any) -> dt.timedelta | None:
        if isinstance(value, str):
            value = env.format.parse_duration(value)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            value = dt.timedelta(seconds=value)
        if not isinstance(value, dt.timedelta):
            raise ValueError(_("Write a length of time, such as 1:30."))
        return value


class ChoiceField(Field):
    """A picklist. Admins may relabel, recolour, reorder, retire and add options; stored values stay.

    `exits` name options that leave the path (lost, junk): the status path shows one only while a record is in it.
    """

    type_name = "choice"
    depends: Depends | None = None
    """Which options are offered as long as another choice has a certain value."""

    def __init__(self, label: str = "", *, options: Sequence[Any] = (), transitions: dict[str, Sequence[str]] | None = None,
                 exits: Sequence[str] = (), size: int = 64, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.exits = frozenset(exits)
        self.options: tuple[Option, ...] = tuple(Option(*o) if not isinstance(o, Option) else o for o in options)
        self.transitions = transitions
        self.size = size

    @property
    def beside(self) -> list[str]:
        """The choice on which the options hang."""
        return [self.depends.field] if self.depends is not None else []

    @property
    def labels(self) -> dict[str, str]:
        """Label by value, retired options included."""
        return {o.value: o.label for o in self.options}

    def clean(self, value: Any, env: Any) -> str | None:
        if value not in self._values():
            raise ValueError(_("Choose one of the options."))
        return str(value)

    def _values(self) -> frozenset[str]:
        known = self.__dict__.get("_value_set")
        if known is None:
            known = self.__dict__["_value_set"] = frozenset(o.value for o in self.options)
        return known

    def offered(self, env: Any) -> Sequence[Option]:
        """The options as pages offer and show them to whoever acts."""
        return self.options

    def called(self, env: Any) -> dict[str, str]:
        """Label by value, as whoever acts may see them."""
        return {o.value: o.label for o in self.offered(env)}

    def with_options(self, options: Sequence[Option]) -> None:
        """Replace the options (registry only)."""
        self.options = tuple(options)
        self.__dict__.pop("_value_set", None)


class MultiChoiceField(ChoiceField):
    """Several options of a picklist at once."""

    type_name = "multichoice"
    sortable = False

    def column_type(self) -> Any:
        return JsonType

    def clean(self, value: Any, env: Any) -> list[str] | None:  # type: ignore[override]  # several instead of one
        values = [value] if isinstance(value, str) else list(value)
        known = self._values()
        if any(not isinstance(v, str) or v not in known for v in values):
            raise ValueError(_("Choose from the options."))
        return list(dict.fromkeys(values)) or None


class EmailField(TextField):
    """An e-mail address, checked for its form and stored in lower case."""

    type_name = "email"

    def clean(self, value: Any, env: Any) -> str | None:
        text = super().clean(value, env)
        if text is None:
            return None
        if len(text) < 200 and text.isascii() and _PLAIN_EMAIL.fullmatch(text) and text.index("@") <= 64:
            return text.lower()
        try:
            return validate_email(text, check_deliverability=False, test_environment=True).normalized.lower()
        except EmailNotValidError:
            raise ValueError(_("This is not an e-mail address.")) from None


class PhoneField(TextField):
    """A telephone number, stored as E.164 (+989121234567); digits of any script and local forms are read."""

    type_name = "phone"

    def __init__(self, label: str = "", *, size: int = 32, **options: Any) -> None:
        super().__init__(label, size=size, **options)

    def clean(self, value: Any, env: Any) -> str | None:
        text = super().clean(value, env)
        if text is None or _MOBILE.fullmatch(text):
            return text
        return parse_phone(text, env.region)

    def text_of(self, value: Any) -> str:
        return f"{value} 0{value[3:]}" if value and value.startswith(("+98", "+90")) else value or ""


class UrlField(TextField):
    """A web address; only http and https are accepted."""

    type_name = "url"

    def __init__(self, label: str = "", *, size: int = 2000, **options: Any) -> None:
        super().__init__(label, size=size, **options)

    def clean(self, value: Any, env: Any) -> str | None:
        text = super().clean(value, env)
        if text is None:
            return None
        if "://" not in text:
            text = "https://" + text
        try:
            parts = urlsplit(text)
        except ValueError:
            parts = urlsplit("")
        if parts.scheme not in ("http", "https") or not parts.hostname or any(c.isspace() for c in text):
            raise ValueError(_("This is not a web address."))
        return text
