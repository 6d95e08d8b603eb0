"""What all field types have in common, and the small values that fields speak of.

A `Field` is inert: it describes. The registry copies it for one installation, gives it a name and a record type, and
asks it for a column; the record layer asks it to clean values. Reading a field on a record that was not loaded raises
:class:`NotLoaded`, naming what to ask for, so a forgotten fetch is an error and never a query in a loop.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import String, Text

from core.errors import SarnakhError
from core.i18n.messages import Message

USER = "base.user"
"""The record type that acting people are; the addon of that name must provide it."""
FILE = "base.file"
"""The record type that files are kept as."""


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


class Depends(NamedTuple):
    """On which other choice of the record the options of a choice hang, and which go with each of its values."""

    field: str
    allowed: dict[str, frozenset[str]]


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
    opaque = False
    """Whether only elevated code may know the value: no expression, list, search, import or export does."""

    def __init__(self, label: str = "", *, help: str = "", required: bool = False, unique: bool = False,  # noqa: A002
                 default: Any = None, readonly: bool = False, index: bool = False, search: bool = False,
                 tracked: bool = True, copyable: bool = True, sensitive: bool = False, semantic: str = "",
                 aliases: Sequence[str] = (), further: str = "") -> None:
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
        self.further = further
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
        size = getattr(self, "size", None)
        return String(size) if size else Text()

    def clean(self, value: Any, env: Any) -> Any:
        """The value in its stored form; raises ValueError with a translatable reason. None and "" mean empty."""
        return value

    def text_of(self, value: Any) -> str:
        """The part of a stored value that the search box should find."""
        return "" if value is None else str(value)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.record}.{self.name}>"
