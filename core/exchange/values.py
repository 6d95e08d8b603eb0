"""From the cell of a file to the value of a field, with a reason that a person understands when it cannot be.

    convert = converter(field, ParseOptions(lang="fa", region="IR"))
    convert("۰۹۱۲ ۱۲۳ ۴۵۶۷")                # "+989121234567"
    convert("abc")                          # ValueError(Message(...))

A converter is made once per column and called for each row. None means empty. Links come back as
:class:`~core.exchange.fields.Lookup` and cells with several e-mail addresses or phones as
:class:`~core.exchange.fields.Several`; both are resolved by the importer.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlsplit

from rapidfuzz import fuzz, process

from core.exchange.contacts import read_email, read_phone
from core.exchange.dates import DateStyle, detect_date_style, parse_day, parse_moment
from core.exchange.fields import ImportField, Lookup, ParseOptions
from core.exchange.headers import is_blank
from core.exchange.numbers import detect_decimal, parse_decimal
from core.exchange.writing import FORMULA_STARTS
from core.i18n.messages import _
from core.i18n.reading import parse_duration
from core.i18n.text import clean, fold, latin_digits

Converter = Callable[[Any], Any]
_NOTHING: Final = frozenset({"-", "--", "---", "n/a", "na", "null", "none", "nil", "#n/a", "#value!", "#ref!", "#null!",
                             "#div/0!", "#name?", "ندارد", "نامشخص", "خالی", "yok", "bilinmiyor", "bos", "?", ".", "—"})
_LONGEST_NOTHING: Final = 20
_YES: Final = frozenset({"1", "true", "yes", "y", "on", "x", "✓", "✔", "☑", "✅", "t", "بله", "بلی", "اری", "درست",
                         "دارد", "فعال", "هست", "evet", "e", "var", "dogru", "aktif", "active", "ok"})
_NO: Final = frozenset({"0", "false", "no", "n", "off", "f", "✗", "✘", "☐", "❌", "خیر", "نه", "نادرست", "ندارد",
                        "غیرفعال", "غیر فعال", "نیست", "hayir", "h", "yok", "yanlis", "pasif", "inactive", "-"})
_SEPARATORS: Final = re.compile(r"[;,،؛|\n]")
_PARTS: Final = re.compile(r'(?:^|(?<=[;,،؛|\n]))\s*"((?:[^"]|"")*)"(?=\s*(?:[;,،؛|\n]|$))|[^;,،؛|\n]+')
_BEFORE_FORMULA: Final = "' \u00a0\u200e\u200f\ufeff"
_BIG: Final = Decimal(2**63)
_REMEMBERED: Final = 4096
NEARLY: Final = 88
_TEXTS: Final = frozenset({"text", "longtext", "richtext"})


def converter(field: ImportField, options: ParseOptions | None = None) -> Converter:
    """The function that turns a cell into the field's value, or raises ValueError with a translatable Message."""
    chosen = options or ParseOptions()
    make = _MAKERS.get(field.type)
    if make is None:
        raise ValueError(_("Fields of this kind cannot be imported: {label}.", label=field.label))
    convert = make(field, chosen)
    keeps_words = field.type in _TEXTS or field.type == "flag"

    known: dict[str, Any] = {}

    def cell(value: Any) -> Any:
        # Cities, sources, names and dates repeat: a column remembers some of what it has read.
        if isinstance(value, str) and value in known:
            return known[value]
        result = read(value)
        if isinstance(value, str) and len(known) < _REMEMBERED and len(value) < 100 and type(result) is not list:
            known[value] = result
        return result

    def read(value: Any) -> Any:
        # The apostrophe that makes an exported cell harmless is not part of what it says.
        if isinstance(value, str) and value[:1] == "'" and value.lstrip(_BEFORE_FORMULA).startswith(FORMULA_STARTS):
            value = value[1:]
        empty = is_blank(value) or (not keeps_words and isinstance(value, str) and len(value) <= _LONGEST_NOTHING
                                    and fold(value) in _NOTHING)
        result = None if empty else convert(value)
        if result is None and field.required:
            raise ValueError(_("{label} is required.", label=field.label))
        return result

    return cell


def tuned(field: ImportField, values: list[Any], options: ParseOptions) -> tuple[ParseOptions, DateStyle | None]:
    """The options for one column, with what its cells prove about the order of dates or the decimal mark.

    The style is given for a date column, so that an order which nothing proves can be put to the person.
    """
    if field.type in ("date", "datetime"):
        style = detect_date_style(values, options.date_order)
        return replace(options, date_order=style.order, calendar=options.calendar or style.calendar), style
    if field.type in ("decimal", "money", "percent", "integer"):
        return replace(options, decimal=options.decimal or detect_decimal(values)), None
    return options, None


def as_text(value: Any) -> str:
    """A cell as text: whole numbers without a point, dates in ISO form."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e17 else repr(value)
    return value.isoformat() if isinstance(value, (dt.date, dt.time)) else str(value)


def _text(field: ImportField, options: ParseOptions) -> Converter:
    multiline = field.type != "text"
    size = field.size

    def convert(value: Any) -> str | None:
        text = clean(as_text(value), multiline)
        if size and len(text) > size:
            raise ValueError(_("At most {size} characters; this has {count}.", size=size, count=len(text)))
        return text or None

    return convert


def _integer(field: ImportField, options: ParseOptions) -> Converter:
    def convert(value: Any) -> int:
        number = parse_decimal(value, options)
        if number != number.to_integral_value():
            raise ValueError(_("“{text}” is not a whole number.", text=as_text(value)))
        if abs(number) >= _BIG:
            raise ValueError(_("This number is too large."))
        return int(number)

    return convert


def _decimal(field: ImportField, options: ParseOptions) -> Converter:
    words = field.type == "money"
    scale = field.scale

    def convert(value: Any) -> Decimal:
        number = parse_decimal(value, options, words=words)
        if abs(number) >= Decimal(10) ** 14:
            raise ValueError(_("This number is too large."))
        return number if scale is None else number.quantize(Decimal(1).scaleb(-scale))

    return convert


def _percent(field: ImportField, options: ParseOptions) -> Converter:
    def convert(value: Any) -> Decimal:
        if isinstance(value, str):
            return parse_decimal(re.sub(r"[%٪]|درصد", "", value).strip(), options)
        return parse_decimal(value, options)

    return convert


def _flag(field: ImportField, options: ParseOptions) -> Converter:
    def convert(value: Any) -> bool:
        if isinstance(value, bool):
            return value
        text = fold(as_text(value))
        if text in _YES:
            return True
        if text in _NO:
            return False
        raise ValueError(_("“{text}” is neither yes nor no.", text=as_text(value)[:60]))

    return convert


def _date(field: ImportField, options: ParseOptions) -> Converter:
    return lambda value: parse_day(value, options)


def _datetime(field: ImportField, options: ParseOptions) -> Converter:
    return lambda value: parse_moment(value, options)


def _duration(field: ImportField, options: ParseOptions) -> Converter:
    def convert(value: Any) -> dt.timedelta:
        if isinstance(value, dt.timedelta):
            return value
        if isinstance(value, dt.datetime):
            return value - dt.datetime(1899, 12, 31 if value.year == 1899 else 30)
        if isinstance(value, dt.time):
            return dt.timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)
        found: dt.timedelta = parse_duration(as_text(value))
        return found

    return convert


def _choices(field: ImportField) -> dict[str, str]:
    """Folded value and labels to value; a label never hides another option's value."""
    known = {fold(label): option.value for option in field.options for label in option.labels.values()}
    return known | {fold(option.value): option.value for option in field.options}


def _choose(text: str, known: Mapping[str, str], field: ImportField) -> str:
    key = fold(text)
    if key in known:
        return known[key]
    # 1.0 for "1", and "in-progress" for "in progress".
    loose = re.sub(r"[\W_]+", "", key)
    for label, value in known.items():
        if re.sub(r"[\W_]+", "", label) == loose and loose:
            return value
    near = process.extractOne(key, known.keys(), scorer=fuzz.ratio, score_cutoff=60)
    shown = clean(text, False)[:60]
    if near:
        raise ValueError(_("“{text}” is not an option of {label}. Is it “{near}”?", text=shown, label=field.label,
                           near=_shown_option(known[near[0]], near[0], field)))
    raise ValueError(_("“{text}” is not an option of {label}.", text=shown, label=field.label))


def nearest_choice(field: ImportField, text: str) -> str | None:
    """The option of which a label is all but what the text says (“contacted” for “contactd”); None when there is none."""
    known = _choices(field)
    near = process.extractOne(fold(text), known.keys(), scorer=fuzz.ratio, score_cutoff=NEARLY) if len(text) > 3 else None
    return known[near[0]] if near else None


def _shown_option(value: str, folded: str, field: ImportField) -> str:
    """The label that the person's text resembles, as it is written."""
    labels = next(option.labels for option in field.options if option.value == value)
    return next((label for label in labels.values() if fold(label) == folded), value)


def _choice(field: ImportField, options: ParseOptions) -> Converter:
    known = _choices(field)
    return lambda value: _choose(as_text(value), known, field)


def _multichoice(field: ImportField, options: ParseOptions) -> Converter:
    known = _choices(field)

    def convert(value: Any) -> list[str] | None:
        text = as_text(value)
        # An option may itself contain a comma.
        parts = [text] if fold(text) in known else split_list(text)
        return list(dict.fromkeys(_choose(part, known, field) for part in parts)) or None

    return convert


def split_list(text: str) -> list[str]:
    """The parts of a cell with several values (separated by ; , ، | or a line break), without empty ones.

    A part that holds a separator stands within quotation marks, as :func:`core.exchange.writing.quoted` writes it.
    """
    if '"' in text:
        parts = [found[1].replace('""', '"') if found[1] is not None else found[0] for found in _PARTS.finditer(text)]
    else:
        parts = _SEPARATORS.split(text)
    return [part.strip() for part in parts if part.strip()]


def _email(field: ImportField, options: ParseOptions) -> Converter:
    return lambda value: read_email(as_text(value))


def _phone(field: ImportField, options: ParseOptions) -> Converter:
    return lambda value: read_phone(value if isinstance(value, (int, float)) else as_text(value), options.region)


def _url(field: ImportField, options: ParseOptions) -> Converter:
    def convert(value: Any) -> str:
        text = latin_digits(clean(as_text(value), False))
        address = text if "://" in text else "https://" + text
        try:
            parts = urlsplit(address)
            host = parts.hostname or ""
        except ValueError:
            parts, host = urlsplit(""), ""
        if parts.scheme not in ("http", "https") or "." not in host or any(char.isspace() for char in address):
            raise ValueError(_("“{text}” is not a web address.", text=text[:60]))
        return address

    return convert


def _link(field: ImportField, options: ParseOptions) -> Converter:
    def convert(value: Any) -> Lookup | None:
        text = clean(as_text(value), False)
        return Lookup(text, field.target) if text else None

    return convert


def _many(field: ImportField, options: ParseOptions) -> Converter:
    def convert(value: Any) -> list[Lookup] | None:
        parts = dict.fromkeys(clean(part, False) for part in split_list(as_text(value)))
        return [Lookup(part, field.target) for part in parts if part] or None

    return convert


def _tags(field: ImportField, options: ParseOptions) -> Converter:
    def convert(value: Any) -> list[Lookup] | None:
        parts = {fold(part): part for part in reversed([clean(part.lstrip("#"), False)
                                                        for part in split_list(as_text(value))])}
        return [Lookup(part, field.target) for part in reversed(parts.values()) if part] or None

    return convert


_MAKERS: Final[Mapping[str, Callable[[ImportField, ParseOptions], Converter]]] = MappingProxyType({
    "text": _text, "longtext": _text, "richtext": _text, "integer": _integer, "decimal": _decimal, "money": _decimal,
    "percent": _percent, "flag": _flag, "date": _date, "datetime": _datetime, "duration": _duration,
    "choice": _choice, "multichoice": _multichoice, "email": _email, "phone": _phone, "url": _url, "link": _link,
    "many": _many, "tags": _tags,
})
IMPORTABLE: Final = frozenset(_MAKERS)
"""The type names of fields that a column can be imported into."""
