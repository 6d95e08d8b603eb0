"""What records are called in packages, both ways: from their numbers here to names, and from names to numbers here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from core.errors import SarnakhError
from core.i18n.messages import _
from core.records import portable
from core.records.audit import plain
from core.records.fields import AnyLinkField, Field, LinkField, ManyField
from core.records.portable import Portable
from core.registry.compose import RecordType

if TYPE_CHECKING:
    from core.env import Env

NEVER = frozenset({"secret", "file", "image", "formula", "children", "autonumber", "rollup", "anylink"})
"""Types of fields that do not travel: secrets never, what is worked out is worked out there."""
NUMBER = "#"
"""Part of the key that tells records apart whose key is the same: the second one has 2."""


class NotHere(SarnakhError):
    """A package names a record that is not here."""

    def __init__(self, name: str) -> None:
        super().__init__(_("{name} is neither here nor in the package."), name=name)
        self.name = name


def portable_of(rtype: RecordType) -> Portable | None:
    """How records of a type travel, if they do."""
    found: Portable | None = rtype.cls.record_portable
    return found


def travelling(env: Env, rtype: RecordType) -> list[Field]:
    """The fields of a type whose values go into packages, as far as the actor reads them."""
    declared = portable_of(rtype)
    assert declared is not None
    return [f for n, f in rtype.fields.items() if not (f.system or f.readonly or f.sensitive or f.opaque)
            and n not in declared.without and f.type_name not in NEVER and (f.stored or isinstance(f, ManyField))
            and _can_be_named(env, f) and env.access.readable(rtype.name, n)]


def _can_be_named(env: Env, field: Field) -> bool:
    if isinstance(field, AnyLinkField):
        return False
    return not isinstance(field, (LinkField, ManyField)) or portable_of(env.registry.record(field.target)) is not None


class Names:
    """Names of configuration records as the actor sees them, each type read once."""

    def __init__(self, env: Env) -> None:
        self.env = env
        self.unnamed: set[tuple[str, int]] = set()
        """Records that something exported points at although nothing names them."""
        self._names: dict[str, dict[int, str]] = {}
        self._numbers: dict[str, dict[str, int]] = {}

    def names(self, record: str) -> dict[int, str]:
        """The names of all records of a type by number."""
        if record not in self._names:
            self._names[record] = self._read(record)
            self._numbers[record] = {name: number for number, name in self._names[record].items()}
        return self._names[record]

    def numbers(self, record: str) -> dict[str, int]:
        """The numbers of all records of a type by name."""
        self.names(record)
        return self._numbers[record]

    def forget(self, record: str) -> None:
        """Read the names of a type anew next time."""
        self._names.pop(record, None)

    def _read(self, record: str) -> dict[int, str]:
        rtype = self.env.registry.records.get(record)
        declared = portable_of(rtype) if rtype is not None else None
        if rtype is None or declared is None or not self.env.can("read", record):
            return {}
        parts = [n for n in (*declared.key, declared.word) if n and self.env.access.readable(record, n)]
        query = self.env.query(record).where(declared.only) if declared.only is not None else self.env.query(record)
        rows = query.archived(None).order("id").select(*parts).rows()
        return _Naming(self, rtype, declared, {row["id"]: row for row in rows}).all()

    def name(self, record: str, number: Any) -> Any:
        """The name of a record; the number itself where it has none, which is noted."""
        key = int(number) if str(number).isdecimal() else 0
        found = self.names(record).get(key)
        if found is None and key:
            self.unnamed.add((record, key))
        return number if found is None else found

    def number(self, name: str) -> int:
        """The number here of a record that a package names. NotHere when there is none."""
        try:
            record, _key = portable.read(name)
        except ValueError:
            raise NotHere(name[:200]) from None
        found = self.numbers(record).get(name)
        if found is None:
            raise NotHere(name[:200])
        return found

    def resolve(self, record: str, value: Any) -> Any:
        """The way in of :meth:`name`: a name becomes the number here, in the form the value had; anything else stays."""
        return str(self.number(value)) if portable.is_name(value) else value

    def data(self, rtype: RecordType, row: Mapping[str, Any], fields: list[Field]) -> dict[str, Any]:
        """A record's values as a package holds them, besides those of its key; empty ones are left out."""
        declared = portable_of(rtype)
        assert declared is not None
        found: dict[str, Any] = {}
        for field in fields:
            value = row.get(field.name)
            if isinstance(field, ManyField):
                value = sorted(n for link in value or () if (n := self.names(field.target).get(link.id))) or None
            elif isinstance(field, LinkField):
                value = self.names(field.target).get(value.id) if value is not None else None
            if value is not None:
                found[field.name] = plain(value)
        if declared.numbers is not None:
            found = declared.numbers(self.env, found, self.name)
        return {name: value for name, value in found.items() if name not in declared.key}


class _Naming:
    """The names of one type's records, some of which may be named by others of the same type (what they are under)."""

    def __init__(self, names: Names, rtype: RecordType, declared: Portable, rows: dict[int, Mapping[str, Any]]) -> None:
        self.names, self.rtype, self.declared, self.rows = names, rtype, declared, rows
        self.made: dict[int, str | None] = {}
        self.seen: dict[str, int] = {}

    def all(self) -> dict[int, str]:
        """All names, the older records' first."""
        return {number: name for number in self.rows if (name := self.of(number)) is not None}

    def of(self, number: int) -> str | None:
        """One name; None where it would go round in a circle or stands below one that is not seen."""
        if number not in self.made:
            self.made[number] = None
            row = self.rows.get(number)
            if row is not None:
                self.made[number] = self._numbered(self._key(row))
        return self.made[number]

    def _key(self, row: Mapping[str, Any]) -> dict[str, Any]:
        if self.declared.word and row.get(self.declared.word):
            return {self.declared.word: row[self.declared.word]}
        key = {name: self._part(name, row.get(name)) for name in self.declared.key}
        return self.declared.numbers(self.names.env, key, self.names.name) if self.declared.numbers is not None else key

    def _part(self, name: str, value: Any) -> Any:
        field = self.rtype.fields[name]
        if value is None or not isinstance(field, LinkField):
            return value
        return self.of(value.id) if field.target == self.rtype.name else self.names.names(field.target).get(value.id)

    def _numbered(self, key: dict[str, Any]) -> str:
        name = portable.written(self.rtype.name, key)
        count = self.seen[name] = self.seen.get(name, 0) + 1
        return name if count == 1 else portable.written(self.rtype.name, {**key, NUMBER: count})
