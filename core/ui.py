"""What hooks contribute to pages, as plain data: the web layer turns these into view models."""

from __future__ import annotations

from collections.abc import Sequence
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
