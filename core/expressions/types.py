"""What the language knows about values: their types, what a field is, and the circumstances of an evaluation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from core.i18n.messages import Message, _


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True)
class Context:
    """Who asks, when, and in which calendar. `now` is aware; `week_start` is a weekday with Monday = 0."""

    user_id: int | None = None
    team_ids: tuple[int, ...] = ()
    company_ids: tuple[int, ...] = ()
    role_ids: tuple[int, ...] = ()
    subordinate_ids: tuple[int, ...] = ()
    now: dt.datetime = field(default_factory=_now)
    tz: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    calendar: str = "gregorian"
    lang: str = "en"
    week_start: int = 0

    @cached_property
    def today(self) -> dt.date:
        """The date it is for this user."""
        return self.now.astimezone(self.tz).date()


@dataclass(frozen=True)
class FieldInfo:
    """What an expression must know of a field: its type name, the record it leads to, the options of a choice."""

    type: str
    target: str | None = None
    options: tuple[str, ...] | None = None


Schema = Callable[[str, str], FieldInfo | None]
"""`schema(record_name, field_name)`: the field, or None when there is none (or it may not be known of)."""


@dataclass(frozen=True)
class Type:
    """The type of a value. `target` is the record of a link, ids, collection or of a record's own number (None: not known)."""

    kind: str
    target: str | None = None
    options: tuple[str, ...] | None = None


NULL: Final = Type("null")
FLAG: Final = Type("flag")
INTEGER: Final = Type("integer")
NUMBER: Final = Type("number")
TEXT: Final = Type("text")
DATE: Final = Type("date")
DATETIME: Final = Type("datetime")
RANGE: Final = Type("range")

KINDS: Final[Mapping[str, Message]] = MappingProxyType({
    "null": _("empty"), "flag": _("yes/no"), "integer": _("whole number"), "number": _("number"), "text": _("text"),
    "choice": _("choice"), "multichoice": _("several choices"), "date": _("date"), "datetime": _("date and time"),
    "range": _("range of dates"), "link": _("link"), "ids": _("list of records"), "collection": _("list of records"),
    "opaque": _("value without operations"), "any": _("any value"), "constant": _("fixed whole number"),
})

_FIELD_KINDS: Final[Mapping[str, str]] = MappingProxyType({
    "text": "text", "longtext": "text", "richtext": "text", "email": "text", "phone": "text", "url": "text",
    "autonumber": "text", "integer": "integer", "duration": "integer", "decimal": "number", "money": "number",
    "percent": "number", "flag": "flag", "date": "date", "datetime": "datetime", "choice": "choice",
    "multichoice": "multichoice", "link": "link", "many": "collection", "children": "collection",
    "tags": "collection", "file": "link", "image": "link",
})


def field_type(info: FieldInfo) -> Type:
    """The type of a field's values. A field type the language does not know can only be tested with `is null`."""
    return Type(_FIELD_KINDS.get(info.type, "opaque"), info.target, info.options)
