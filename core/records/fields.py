"""Field types: what a record type is made of. All of them are found here.

Those that hold a value of their own are written in :mod:`core.records.value_fields`; here are the ones that lead to
other records or are made by code.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, Boolean, Date, Text

from core.expressions import as_node, fn
from core.i18n.messages import _
from core.i18n.text import clean, latin_digits
from core.records.field import FILE, USER, Depends, Field, Link, NotLoaded, Option
from core.records.types import DECIMAL_SCALE, MONEY_SCALE, PERCENT_SCALE, BigId, Fixed, JsonType, Moment, Span
from core.records.value_fields import (
    ChoiceField,
    DateField,
    DateTimeField,
    DecimalField,
    DurationField,
    EmailField,
    FlagField,
    IntegerField,
    LongTextField,
    MoneyField,
    MultiChoiceField,
    PercentField,
    PhoneField,
    RichTextField,
    SecretField,
    TextField,
    UrlField,
    check_bounds,
)

__all__ = [
    "AnyLinkField", "AutoNumberField", "CasesField", "ChildrenField", "ChoiceField", "DataField", "DateField", "DateTimeField",
    "DecimalField", "Depends", "DurationField", "EmailField", "FILE", "Field", "FileField", "FlagField", "FormulaField", "ImageField",
    "IntegerField", "Link", "LinkField", "LongTextField", "ManyField", "MoneyField", "MultiChoiceField", "NamesField",
    "NotLoaded", "Option", "PercentField", "PhoneField", "RESULT_TYPES", "RichTextField", "RollupField", "SecretField", "SystemId",
    "TagsField", "TextField", "USER", "UrlField", "check_bounds", "system_fields",
]


class LinkField(Field):
    """A link to one record. `on_delete`: restrict (refuse), clear (empty the link), cascade (delete along). `within`: the
    target's fields that must hold what fields of this record hold, `{"pipeline": "pipeline"}` (own field: the target's), or
    what a linked record holds, `{"product.unit_group": "unit_group"}`; as long as that link is empty, anything fits."""

    type_name = "link"

    def __init__(self, target: str, label: str = "", *, on_delete: str = "clear", where: Any = None,
                 within: Mapping[str, str] | None = None, **options: Any) -> None:
        options.setdefault("index", True)
        super().__init__(label, **options)
        self.target, self.on_delete, self.where, self.within = target, on_delete, where, dict(within or {})

    @property
    def beside(self) -> list[str]:
        """The record's own fields that `within` begins with."""
        return list(dict.fromkeys(own.partition(".")[0] for own in self.within))

    @property
    def column_name(self) -> str:
        return self.name + "_id"

    def column_type(self) -> Any:
        return BigId

    def pointing(self, table: Any, record: str) -> tuple[Any, ...]:
        """What must hold beside the number for a row to link to a record of this type."""
        return ()

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
        super().__init__(FILE, label, **options)


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

    def pointing(self, table: Any, record: str) -> tuple[Any, ...]:
        """What must hold beside the number for a row to link to a record of this type."""
        return (table.c[self.type_column] == record,)

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
    """The records of another type that link here through their field `by` (a link, or one to any of several types);
    `owned` ones die with the parent."""

    type_name = "children"
    stored = False
    sortable = False

    def __init__(self, target: str, label: str = "", *, by: str, owned: bool = False, **options: Any) -> None:
        super().__init__(label, **options)
        self.target, self.by, self.owned = target, by, owned
        self.readonly = True

    def holding(self, link: Any, table: Any, key: Any) -> list[Any]:
        """Conditions that a row of the children's `table` links, by its field `link`, to the record numbered `key`."""
        return [table.c[link.column_name] == key, *link.pointing(table, self.record)]


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
    inferred = False
    """Whether the registry finds out the type of the result (own formulas)."""

    def __init__(self, expression: Any, label: str = "", *, type: str = "text", **options: Any) -> None:  # noqa: A002
        super().__init__(label, **options)
        self.expression, self.result_type = expression, type
        self.readonly = True
        self.tracked = False


class CasesField(FormulaField, ChoiceField):
    """A choice that the database works out: of the cases (value, label, colour, condition) the one that holds, such as
    overdue, today or planned. Conditions exclude each other; None as the last one stands for all the rest."""

    def __init__(self, label: str = "", *, cases: Sequence[tuple[str, str, str, Any]], **options: Any) -> None:
        ChoiceField.__init__(self, label, options=[case[:3] for case in cases], **options)
        self.conditions = {value: condition for value, _label, _colour, condition in cases}
        found: Any = None
        for value, condition in reversed(self.conditions.items()):
            found = value if condition is None else fn.if_(as_node(condition), value, found)
        self.expression, self.result_type = found, "choice"
        self.readonly, self.tracked, self.copyable = True, False, False


class RollupField(Field):
    """A stored sum, count, min, max or average over children, kept up to date by the database."""

    type_name = "rollup"
    inferred = False

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


class NamesField(DataField):
    """A name in further languages, `{"tr": "Adet"}`, beside the text field that names it as `spoken`."""

    type_name = "names"
    size = 255

    def clean(self, value: Any, env: Any) -> dict[str, str] | None:
        try:
            given = json.loads(value) if isinstance(value, str) else dict(value)
        except (TypeError, ValueError):
            raise ValueError(_("Write a name for each language.")) from None
        if not isinstance(given, dict) or set(given) - set(env.installation.catalogs.languages()):
            raise ValueError(_("Write a name for each language."))
        found = {lang: clean(str(text or "")) for lang, text in sorted(given.items())}
        if any(len(text) > self.size for text in found.values()):
            raise ValueError(_("At most {size} characters; this has {count}.", size=self.size, count=max(map(len, found.values()))))
        return {lang: text for lang, text in found.items() if text} or None

    def text_of(self, value: Any) -> str:
        return " ".join((value or {}).values())


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
        "created_at": DateTimeField(_("Created on"), readonly=True, copyable=False, tracked=False),
        "created_by": LinkField(USER, _("Created by"), readonly=True, copyable=False, tracked=False, index=False),
        "updated_at": DateTimeField(_("Changed on"), readonly=True, copyable=False, tracked=False),
        "updated_by": LinkField(USER, _("Changed by"), readonly=True, copyable=False, tracked=False, index=False),
        "version": IntegerField(_("Version"), readonly=True, copyable=False, tracked=False),
        "archived": FlagField(_("Archived"), readonly=True, copyable=False),
        "deleted_at": DateTimeField(_("Deleted"), readonly=True, copyable=False, tracked=False),
    }
    for field in made.values():
        field.system = True
    return made
