"""What an importer must know of a field, without knowing the record it belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a choice field and its label in each language (`{"en": "New", "fa": "جدید"}`)."""

    value: str
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ImportField:
    """A field that a column can be imported into.

    `type` is one of the type names of :mod:`core.records.fields`. `semantic` names its meaning ("mobile",
    "first_name", see :mod:`core.exchange.synonyms`); without it the field's own name is tried as one. `aliases` are
    further column headers that mean it. `target` is the record a link points to. `size` is the longest text it takes
    and `scale` the digits after the point of a decimal or money field.
    """

    name: str
    label: str
    type: str = "text"
    labels_by_lang: Mapping[str, str] = field(default_factory=dict)
    semantic: str | None = None
    aliases: Sequence[str] = ()
    required: bool = False
    options: Sequence[Option] = ()
    target: str | None = None
    size: int | None = None
    scale: int | None = None

    def all_labels(self) -> list[str]:
        """The label in every language it has, the default one first."""
        return list(dict.fromkeys([str(self.label), *map(str, self.labels_by_lang.values())]))


@dataclass(frozen=True, slots=True)
class ParseOptions:
    """How the values of a file are written.

    `calendar` is "gregorian", "jalali" or None (decided by the year: 1200 to 1599 is Jalali). `date_order` is "DMY",
    "MDY" or "YMD" and decides only dates that could be read in two ways. `decimal` is "." or "," and decides only
    numbers that could be read in two ways ("1.234"). `region` is the country of phones written without one. `tz` is
    where the wall-clock times of the file are. `currency` is the code of the amounts' currency: tomans in a file for
    "IRR" are multiplied by ten, and an amount in another currency is refused.
    """

    lang: str = "en"
    tz: ZoneInfo = ZoneInfo("UTC")
    calendar: str | None = None
    region: str = "IR"
    decimal: str | None = None
    date_order: str = "DMY"
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Lookup:
    """A link written as text (a name or a unique key): resolved for all rows of a batch at once, later."""

    text: str
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Several:
    """A cell that holds more values than the field takes: `first` is used, `rest` is offered to the record's note."""

    first: str
    rest: tuple[str, ...]
