"""What hooks contribute to pages, as plain data: the web layer turns these into view models."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class MenuItem:
    """An app in the navigation, or (with `app`) an entry under one. `record` makes it a list of that record type."""

    name: str
    label: str
    icon: str = "circle"
    record: str = ""
    url: str = ""
    app: str = ""
    order: int = 100
    area: str = ""


@dataclass(frozen=True)
class ActionLink:
    """A button that opens an addon's page (or posts to it, with `post`); `bulk` ones get chosen records as `ids`."""

    label: str
    url: str
    icon: str = ""
    primary: bool = False
    post: bool = False
    bulk: bool = False
    confirm: str = ""
    help: str = ""


@dataclass(frozen=True)
class Panel:
    """A block on a record's page, its HTML rendered by the addon from its own template."""

    title: str
    html: str
    icon: str = ""
    order: int = 100


@dataclass(frozen=True)
class Figure:
    """A number with its meaning, shown over a list or on a record's header."""

    label: str
    value: str
    help: str = ""
    url: str = ""


@dataclass(frozen=True)
class Tile:
    """A block of the home page: a figure, rows of (text, url, detail), or both."""

    title: str
    value: str = ""
    rows: Sequence[tuple[str, str, str]] = ()
    url: str = ""
    icon: str = ""
    order: int = 100
    empty: str = ""


@dataclass(frozen=True)
class HealthCheck:
    """One line of the health page."""

    name: str
    ok: bool
    message: str = ""
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ConversionTarget:
    """A kind of record that a lead (or another record) can be converted into, offered in the dialog of conversion.

    `record`: the record type. `order`: small ones are made first. `wanted`: chosen unless the person says otherwise.
    `needs`: fields of the source of which one must be filled, or this target is not offered (a lead without a company
    gives no account). `links`: link fields of the new record, each with the record type of an earlier target whose
    result is filled in. `ask`: fields of the new record that the dialog shows for filling in (a deal's stage).
    `result`: link field of the source that remembers what it became. `values(env, source)`: further values of the new
    record. `matches(env, values)`: records that may be the same, to be picked instead, the likeliest first, as
    (number, name, reason) with a last part that is True when it is surely the same.
    """

    record: str
    label: str
    icon: str = ""
    order: int = 100
    wanted: bool = True
    needs: Sequence[str] = ()
    links: Mapping[str, str] = field(default_factory=dict)
    ask: Sequence[str] = ()
    result: str = ""
    values: Callable[[Any, Any], Mapping[str, Any]] | None = None
    matches: Callable[[Any, Mapping[str, Any]], Sequence[tuple[int, str, str, bool]]] | None = None
