"""Field types: what a record type is made of.

A `Field` is inert: it describes. The registry copies it for one installation, gives it a name and a record type, and
asks it for a column; the record layer asks it to clean values. Reading a field on a record that was not loaded raises
:class:`NotLoaded`, naming what to ask for, so a forgotten fetch is an error and never a query in a loop.
"""

from __future__ import annotations

import copy
import datetime as dt
import json
import re
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import nh3
from email_validator import EmailNotValidError, validate_email
from sqlalchemy import BigInteger, Boolean, Date, String, Text

from core.errors import SarnakhError
from core.i18n.formats import parse_phone
from core.i18n.messages import Message, _
from core.i18n.text import clean as clean_text
from core.i18n.text import latin_digits
from core.records.types import DECIMAL_SCALE, MONEY_SCALE, PERCENT_SCALE, BigId, Fixed, JsonType, Moment, Span

_PLAIN_EMAIL = re.compile(r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}")
"""Addresses that need no closer look: a part of what the library accepts, thirty times as fast."""
_MOBILE = re.compile(r"(?:\+989[0-39]\d{8}|\+905[0-5]\d{8})")
"""Mobiles of Iran and Turkey in their stored form: the bulk of an import, not parsed again."""

USER = "base.user"
"""The record type that acting people are; the addon of that name must provide it."""


class NotLoaded(SarnakhError):
    """A field was read that the query did not ask for."""


class Link(NamedTuple):
    """The value of a link field: `label` is None when the target is hidden from the reader or was not asked for."""

    id: int
    label: str | None
    record: str

    def __str__(self) -> str:
        return self.label or ""


class Option(NamedTuple):
    """One choice of a picklist; `colour` is a token name (grey, blue, green, amber, red, purple, teal, pink)."""

    value: str
    label: str
    colour: str = "grey"
    active: bool = True


class Field:
    """Base of all field types; see docs/developer/fields.md for each argument.

    `default` is a constant, a function of env, or an expression node; `readonly` fields are written by code only;
    `index` adds an index, `search` puts the text into the search box's reach, `tracked` into history,
    `copyable` says whether a clone keeps it, `sensitive` values never reach history or logs.
    """

    type_name = ""
    stored = True
    sortable = True
    filterable = True
    system = False

    def __init__(self, label: str = "", *, help: str = "", required: bool = False, unique: bool = False,  # noqa: A002
                 default: Any = None, readonly: bool = False, index: bool = False, search: bool = False,
                 tracked: bool = True, copyable: bool = True, sensitive: bool = False, semantic: str = "",
                 aliases: Sequence[str] = ()) -> None:
        self.label = label
        self.help = help
        self.required = required
        self.unique = unique
        self.default = default
        self.readonly = readonly
        self.index = index
        self.search = search
        self.tracked = tracked
        self.copyable = copyable
        self.sensitive = sensitive
        self.semantic = semantic
        self.aliases = tuple(aliases)
        self.name = ""
        self.record = ""
        self.addon = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, record: Any, owner: type | None = None) -> Any:
        if record is None:
            return self
        raise NotLoaded("{record}.{field} was not loaded: ask for it in select() or records().",
                        record=self.record or type(record).__name__, field=self.name)

    def bound(self, name: str, record: str, addon: str) -> Field:
        """A copy for one registry."""
        made = copy.copy(self)
        made.name, made.record, made.addon = name, record, addon
        if not made.label:
            made.label = Message(name.replace("_", " ").capitalize())
        return made

    @property
    def column_name(self) -> str:
        """The database column that holds the value."""
        return self.name

    def column_type(self) -> Any:
        """The SQLAlchemy type of the column."""
        return String(self.size) if getattr(self, "size", None) else Text()

    def clean(self, value: Any, env: Any) -> Any:
        """The value in its stored form; raises ValueError with a translatable reason. None and "" mean empty."""
        return value

    def text_of(self, value: Any) -> str:
        """The part of a stored value that the search box should find."""
        return "" if value is None else str(value)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.record}.{self.name}>"


class TextField(Field):
    """One line of text."""

    type_name = "text"

    def __init__(self, label: str = "", *, size: int | None = 255, **options: Any) -> None:
        super().__init__(label, **options)
        self.size = size

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
        return nh3.clean(value, tags=set()) if value else ""


class IntegerField(Field):
    """A whole number (64 bit)."""

    type_name = "integer"

    def __init__(self, label: str = "", *, minimum: int | None = None, maximum: int | None = None,
                 **options: Any) -> None:
        super().__init__(label, **options)
        self.minimum, self.maximum = minimum, maximum

    def column_type(self) -> Any:
        return BigInteger()

    def clean(self, value: Any, env: Any) -> int | None:
        if type(value) is not int:
            try:
                number = Decimal(latin_digits(str(value)).replace("٬", "").replace(",", "").strip())
                if number != number.to_integral_value():
                    raise ValueError(_("Write a whole number."))
                value = int(number)
            except (InvalidOperation, OverflowError):
                raise ValueError(_("Write a whole number.")) from None
        if not -(2**63) <= value < 2**63:
            raise ValueError(_("This number is too large."))
        return check_bounds(value, self.minimum, self.maximum)


def check_bounds(value: Any, minimum: Any, maximum: Any) -> Any:
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
        self.places, self.minimum, self.maximum = places, minimum, maximum

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
        if not value.is_finite() or abs(value) >= Decimal(10) ** (18 - self.scale):
            raise ValueError(_("This number is too large."))
        return check_bounds(value, self.minimum, self.maximum)


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
    """A picklist. Admins may relabel, recolour, reorder, retire and add options; stored values stay."""

    type_name = "choice"

    def __init__(self, label: str = "", *, options: Sequence[Any] = (), transitions: dict[str, Sequence[str]] | None = None,
                 size: int = 64, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.options: tuple[Option, ...] = tuple(Option(*o) if not isinstance(o, Option) else o for o in options)
        self.transitions = transitions
        self.size = size

    @property
    def labels(self) -> dict[str, str]:
        """Label by value, retired options included."""
        return {o.value: o.label for o in self.options}

    def clean(self, value: Any, env: Any) -> str | None:
        if value not in self._values():
            raise ValueError(_("Choose one of the options."))
        return value

    def _values(self) -> frozenset[str]:
        known = self.__dict__.get("_value_set")
        if known is None:
            known = self.__dict__["_value_set"] = frozenset(o.value for o in self.options)
        return known

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

    def clean(self, value: Any, env: Any) -> list[str] | None:
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


class LinkField(Field):
    """A link to one record. `on_delete`: restrict (refuse), clear (empty the link), cascade (delete along)."""

    type_name = "link"

    def __init__(self, target: str, label: str = "", *, on_delete: str = "clear", where: Any = None, **options: Any) -> None:
        options.setdefault("index", True)
        super().__init__(label, **options)
        self.target, self.on_delete, self.where = target, on_delete, where

    @property
    def column_name(self) -> str:
        return self.name + "_id"

    def column_type(self) -> Any:
        return BigId

    def __get__(self, record: Any, owner: type | None = None) -> Any:
        if record is None:
            return self
        if self.column_name in record.__dict__:
            key = record.__dict__[self.column_name]
            return None if key is None else Link(key, None, self.target)
        return super().__get__(record, owner)

    def clean(self, value: Any, env: Any) -> int | None:
        key = getattr(value, "id", value)
        if isinstance(key, str):
            key = int(latin_digits(key)) if latin_digits(key).strip().isdigit() else None
        if isinstance(key, bool) or not isinstance(key, int) or not 0 < key < 2**62:
            raise ValueError(_("Choose a record."))
        return key

    def text_of(self, value: Any) -> str:
        return ""


class FileField(LinkField):
    """A stored file (a `base.file`)."""

    type_name = "file"

    def __init__(self, label: str = "", **options: Any) -> None:
        super().__init__("base.file", label, **options)


class ImageField(FileField):
    """A stored picture."""

    type_name = "image"


class AnyLinkField(Field):
    """A link to a record of one of several types (all types when `targets` is empty); value `(record, id)`."""

    type_name = "anylink"
    sortable = False

    def __init__(self, label: str = "", *, targets: Sequence[str] = (), **options: Any) -> None:
        super().__init__(label, **options)
        self.targets = tuple(targets)

    @property
    def column_name(self) -> str:
        return self.name + "_id"

    @property
    def type_column(self) -> str:
        """The column with the target's record type."""
        return self.name + "_type"

    def column_type(self) -> Any:
        return BigId

    def __get__(self, record: Any, owner: type | None = None) -> Any:
        if record is None:
            return self
        if self.column_name in record.__dict__:
            key = record.__dict__[self.column_name]
            return None if key is None else Link(key, None, record.__dict__[self.type_column])
        return super().__get__(record, owner)

    def clean(self, value: Any, env: Any) -> tuple[str, int] | None:
        if isinstance(value, Link):
            value = (value.record, value.id)
        if isinstance(value, str) and ":" in value:
            value = tuple(value.split(":", 1))
        try:
            name, key = value
            key = int(key)
        except (TypeError, ValueError):
            raise ValueError(_("Choose a record.")) from None
        if name not in env.registry.records or (self.targets and name not in self.targets):
            raise ValueError(_("Records of this kind cannot be linked here."))
        return name, key

    def text_of(self, value: Any) -> str:
        return ""


class ManyField(Field):
    """Links to many records, each pair once; value: list of :class:`Link`."""

    type_name = "many"
    stored = False
    sortable = False

    def __init__(self, target: str, label: str = "", *, inverse: str | None = None, **options: Any) -> None:
        super().__init__(label, **options)
        self.target, self.inverse = target, inverse

    def clean(self, value: Any, env: Any) -> list[int]:
        values = [value] if isinstance(value, (str, int, Link)) else value
        keys = []
        for one in values:
            key = getattr(one, "id", one)
            try:
                keys.append(int(latin_digits(str(key))))
            except ValueError:
                raise ValueError(_("Choose records.")) from None
        return list(dict.fromkeys(keys))


class TagsField(ManyField):
    """Free labels (`base.tag`)."""

    type_name = "tags"

    def __init__(self, label: str = "", **options: Any) -> None:
        super().__init__("base.tag", label, **options)


class ChildrenField(Field):
    """The records of another type that link here through their field `by`; `owned` ones die with the parent."""

    type_name = "children"
    stored = False
    sortable = False

    def __init__(self, target: str, label: str = "", *, by: str, owned: bool = False, **options: Any) -> None:
        super().__init__(label, **options)
        self.target, self.by, self.owned = target, by, owned
        self.readonly = True


class AutoNumberField(TextField):
    """A number in a series, given at creation; `format` is a pattern such as "LD-{number:05d}"."""

    type_name = "autonumber"

    def __init__(self, label: str = "", *, format: str = "{number}", **options: Any) -> None:  # noqa: A002
        options.setdefault("unique", True)
        super().__init__(label, size=64, readonly=True, copyable=False, **options)
        self.format = format


class FormulaField(Field):
    """A value computed by the database from an expression; `type` is the type of the result."""

    type_name = "formula"
    stored = False

    def __init__(self, expression: Any, label: str = "", *, type: str = "text", **options: Any) -> None:  # noqa: A002
        super().__init__(label, **options)
        self.expression, self.result_type = expression, type
        self.readonly = True
        self.tracked = False


class RollupField(Field):
    """A stored sum, count, min, max or average over children, kept up to date by the database."""

    type_name = "rollup"

    def __init__(self, children: str, function: str, expression: Any = None, label: str = "", *, type: str = "integer",  # noqa: A002
                 where: Any = None, **options: Any) -> None:
        super().__init__(label, **options)
        self.children, self.function, self.expression, self.where = children, function, expression, where
        self.result_type = "integer" if function == "count" else type
        self.readonly = True
        self.tracked = False
        self.copyable = False

    def column_type(self) -> Any:
        return RESULT_TYPES[self.result_type]()


class DataField(Field):
    """Anything JSON can hold, for code; never filtered or sorted by."""

    type_name = "data"
    sortable = False
    filterable = False

    def column_type(self) -> Any:
        return JsonType

    def clean(self, value: Any, env: Any) -> Any:
        try:
            json.dumps(value)
        except (TypeError, ValueError):
            raise ValueError(_("This is not valid JSON.")) from None
        return value

    def text_of(self, value: Any) -> str:
        return ""


RESULT_TYPES: dict[str, Callable[[], Any]] = {
    "text": Text, "integer": BigInteger, "decimal": lambda: Fixed(DECIMAL_SCALE), "money": lambda: Fixed(MONEY_SCALE),
    "percent": lambda: Fixed(PERCENT_SCALE), "flag": Boolean, "date": Date, "datetime": Moment, "duration": Span,
}


class SystemId(IntegerField):
    """The record's number."""

    def column_type(self) -> Any:
        return BigId


def system_fields() -> dict[str, Field]:
    """The fields that every record type has; none of them is written by users."""
    made: dict[str, Field] = {
        "id": SystemId(_("Number"), readonly=True, copyable=False, tracked=False),
        "created_at": DateTimeField(_("Created"), readonly=True, copyable=False, tracked=False),
        "created_by": LinkField(USER, _("Created by"), readonly=True, copyable=False, tracked=False, index=False),
        "updated_at": DateTimeField(_("Changed"), readonly=True, copyable=False, tracked=False),
        "updated_by": LinkField(USER, _("Changed by"), readonly=True, copyable=False, tracked=False, index=False),
        "version": IntegerField(_("Version"), readonly=True, copyable=False, tracked=False),
        "archived": FlagField(_("Archived"), readonly=True, copyable=False),
        "deleted_at": DateTimeField(_("Deleted"), readonly=True, copyable=False, tracked=False),
    }
    for field in made.values():
        field.system = True
    return made
