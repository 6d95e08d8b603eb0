"""Values as the API writes and reads them: plain JSON, exact and without a place or calendar of its own.

    text, choice ...   a string                  date, datetime   "2026-03-21", "2026-03-21T08:30:00Z"
    integer, duration  a number (of seconds)     money            {"amount": "12.50", "currency": "EUR"}
    decimal, percent   "12.5", a string          link             {"id": 7, "record": "contacts.account", "label": "Pars"}
    flag               true or false             many, tags       a list of links
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from core.api import Env, Link, Message, _, fields

Writer = Callable[[Any], Any]


def kind_of(field: fields.Field) -> str:
    """The type of a field's values; of a formula or roll-up that of its result."""
    return str(getattr(field, "result_type", None) or field.type_name)


def link_out(link: Link) -> dict[str, Any]:
    """A link; its label is null when the reader may not see what it leads to."""
    return {"id": link.id, "record": link.record, "label": link.label}


def number_out(value: Decimal) -> str:
    """An exact number, never with an exponent and without zeros that say nothing."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def moment_out(value: dt.datetime) -> str:
    """A moment in UTC."""
    return value.astimezone(dt.UTC).replace(tzinfo=None).isoformat(timespec="microseconds" if value.microsecond else "seconds") + "Z"


def plain_out(value: Any) -> Any:
    """A value of any field but money."""
    if isinstance(value, Link):
        return link_out(value)
    if isinstance(value, Decimal):
        return number_out(value)
    if isinstance(value, dt.datetime):
        return moment_out(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        return int(value.total_seconds())
    if isinstance(value, (list, tuple)):
        return [plain_out(one) for one in value]
    return value


# ---------------------------------------------------------------- what comes in
def value_in(env: Env, field: fields.Field, value: Any) -> Any:
    """A value from JSON in a form that records take; ValueError with a message for one of another form."""
    if value is None:
        return None
    reader = READERS.get(field.type_name)
    return value if reader is None else reader(value)


def _fail(message: Message) -> Any:
    raise ValueError(message)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else _fail(_("Write a text here."))


def _integer(value: Any) -> int:
    return value if type(value) is int else _fail(_("Write a whole number."))


def _number(value: Any) -> Decimal:
    if type(value) is int or isinstance(value, Decimal):
        return Decimal(value)
    try:
        found = Decimal(value) if isinstance(value, str) and value.isascii() and len(value) < 60 else Decimal("NaN")
    except InvalidOperation:
        found = Decimal("NaN")
    return found if found.is_finite() else _fail(_("Write a number."))


def _flag(value: Any) -> bool:
    return value if isinstance(value, bool) else _fail(_("Choose yes or no."))


def _date(value: Any) -> dt.date:
    try:
        return dt.date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else _fail(_("Write a date as 2026-03-21."))
    except ValueError:
        return _fail(_("Write a date as 2026-03-21."))  # type: ignore[no-any-return]


def moment_in(value: Any) -> dt.datetime:
    """A moment of JSON; ValueError for what is none, or has no offset."""
    try:
        found = dt.datetime.fromisoformat(value) if isinstance(value, str) and len(value) > 10 else None
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or not 1 < found.year < 9999:
        return _fail(_("Write a moment with its offset, as 2026-03-21T08:30:00Z."))  # type: ignore[no-any-return]
    return found


def _seconds(value: Any) -> dt.timedelta:
    if type(value) is not int or abs(value) > 10**11:
        return _fail(_("Write a number of seconds."))  # type: ignore[no-any-return]
    return dt.timedelta(seconds=value)


def _key(value: Any) -> int:
    found = value.get("id") if isinstance(value, dict) else value
    return found if type(found) is int else _fail(_("Give a record by its number."))


def _any_key(value: Any) -> tuple[str, int]:
    record, key = (value.get("record"), value.get("id")) if isinstance(value, dict) else (None, None)
    if not isinstance(record, str) or type(key) is not int or not 0 < key < 2**62:
        return _fail(_("Give a record by its type and number."))  # type: ignore[no-any-return]
    return record, key


def _keys(value: Any) -> list[int]:
    if not isinstance(value, list):
        return _fail(_("Give a list."))  # type: ignore[no-any-return]
    found = [_key(one) for one in value]
    return found if all(0 < key < 2**62 for key in found) else _fail(_("Choose records."))


def _texts(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        return _fail(_("Give a list."))  # type: ignore[no-any-return]
    return value


def _json(value: Any) -> Any:
    """Anything; numbers become what JSON has for them."""
    if isinstance(value, dict):
        return {name: _json(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_json(one) for one in value]
    return float(value) if isinstance(value, Decimal) else value


READERS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("text", "longtext", "richtext", "choice", "email", "phone", "url", "secret"), _text), "integer": _integer,
    **dict.fromkeys(("decimal", "percent", "money"), _number), "flag": _flag, "date": _date, "datetime": moment_in,
    "duration": _seconds, **dict.fromkeys(("link", "file", "image"), _key), "anylink": _any_key,
    **dict.fromkeys(("many", "tags"), _keys), "multichoice": _texts, "data": _json, "names": _json}
