"""Values of records as Python has them: dates, moments, exact decimals, money, links."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Any, NamedTuple


class Money(NamedTuple):
    """An amount with its currency's code."""

    amount: Decimal
    currency: str | None = None

    def __str__(self) -> str:
        return f"{self.amount} {self.currency or ''}".strip()


@dataclass(frozen=True)
class Link:
    """What a link leads to. `label` is None when you may not see it; `values` is there where the link was expanded."""

    id: int
    record: str
    label: str | None = None
    values: Record | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return self.label or f"#{self.id}"


class Record(dict[str, Any]):
    """A record as a dictionary of its values; it knows its type."""

    def __init__(self, record: str, values: Mapping[str, Any]) -> None:
        super().__init__(values)
        self.record = record

    @property
    def id(self) -> int:
        """Its number."""
        return int(self["id"])

    @property
    def version(self) -> int:
        """Counts its changes; an update that is given the record checks that nobody changed it meanwhile."""
        return int(self["version"])


class Children(list[Record]):
    """The first records that a field of children holds, where it was expanded; `more` when there are further ones."""

    def __init__(self, record: str, records: Iterable[Record], more: bool = False) -> None:
        super().__init__(records)
        self.record, self.more = record, more


@dataclass(frozen=True)
class Group:
    """One group of figures."""

    values: dict[str, Any]
    count: int
    sums: dict[str, Any]


def _decimal(value: Any) -> Any:
    return Decimal(value)


def _money(value: Any) -> Any:
    return Money(Decimal(value["amount"]), value.get("currency")) if isinstance(value, Mapping) else Money(Decimal(value))


def _seconds(value: Any) -> Any:
    return dt.timedelta(seconds=value)


READERS: dict[str, Callable[[Any], Any]] = {
    "date": dt.date.fromisoformat, "datetime": dt.datetime.fromisoformat, "decimal": _decimal, "percent": _decimal, "money": _money,
    "duration": _seconds}
"""How values are read, by the type of their field; links by their form, all others are as JSON has them."""


def from_json(record: str, row: Mapping[str, Any], kind: Callable[[str, str], str]) -> Record:
    """A record of a JSON row; `kind` gives the type of a field, by record type and name."""
    return Record(record, {name: _value(kind(record, name), value, kind) for name, value in row.items()})


def _value(kind: str, value: Any, types: Callable[[str, str], str]) -> Any:
    if value is None:
        return None
    if kind in READERS:
        return READERS[kind](value)
    if isinstance(value, list):
        return [_value(kind, one, types) for one in value]
    if isinstance(value, Mapping) and {"id", "record"} <= value.keys():
        inner = value.get("values")
        return Link(int(value["id"]), str(value["record"]), value.get("label"),
                    None if inner is None else from_json(str(value["record"]), inner, types))
    if isinstance(value, Mapping) and {"record", "records"} <= value.keys():
        target = str(value["record"])
        return Children(target, (from_json(target, row, types) for row in value["records"]), bool(value.get("more")))
    return value


def group_of(record: str, row: Mapping[str, Any], kind: Callable[[str, str], str]) -> Group:
    """A group of a JSON row; sums of money are bare numbers, since their currency is the base currency."""
    kinds = {name: kind(record, name) for name in row["sums"]}
    return Group(dict(from_json(record, row["values"], kind)), int(row["count"]),
                 {name: _value("decimal" if kinds[name] == "money" else kinds[name], value, kind) for name, value in row["sums"].items()})


def to_json(value: Any) -> Any:
    """A Python value as the interface takes it."""
    for known, write in WRITERS:
        if isinstance(value, known):
            return write(value)
    if isinstance(value, Mapping):
        return {str(name): to_json(one) for name, one in value.items()}
    if isinstance(value, Iterable):
        return [to_json(one) for one in value]
    return str(value)


def _as_it_is(value: Any) -> Any:
    return value


def _reference(value: Link | Record) -> dict[str, Any]:
    return {"id": value.id, "record": value.record}


def _moment(value: dt.datetime) -> str:
    """A moment without a zone is one of this computer."""
    return (value if value.tzinfo else value.astimezone()).isoformat()


WRITERS: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    (Enum, lambda value: to_json(value.value)),
    ((str, bool, int, float, type(None)), _as_it_is),
    (Money, lambda value: {"amount": str(value.amount), **({"currency": value.currency} if value.currency else {})}),
    ((Link, Record), _reference),
    ((Decimal, uuid.UUID), str),
    (dt.datetime, _moment),
    (dt.date, dt.date.isoformat),
    (dt.timedelta, lambda value: int(value.total_seconds())),
)
"""In this order: a moment is a date too, money is a tuple, an enumeration may be a text."""


def values_out(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of one record that is sent."""
    return {str(name): to_json(value) for name, value in values.items()}
