"""What hooks contribute to pages, as plain data: the web layer turns these into view models."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class MenuItem:
    """An app in the navigation, or (with `app`) an entry under one. `record` makes it a list of that record type. `live`: the
    count of the hook `live_counts` that stands beside it."""

    name: str
    label: str
    icon: str = "circle"
    record: str = ""
    url: str = ""
    app: str = ""
    order: int = 100
    area: str = ""
    live: str = ""


@dataclass(frozen=True)
class ActionLink:
    """A button that opens an addon's page (or posts to it, with `post`); `bulk` ones get chosen records as `ids`. With
    `sheet` the page (of `core.web_api.dialog`) comes into a side sheet."""

    label: str
    url: str
    icon: str = ""
    primary: bool = False
    post: bool = False
    bulk: bool = False
    confirm: str = ""
    help: str = ""
    sheet: bool = False

    @property
    def kind(self) -> str:
        """What pressing it does, as actions of pages say it."""
        return "post" if self.post else "sheet" if self.sheet else "link"


@dataclass(frozen=True)
class ProgramAction:
    """Something that other programs may do with records of a type in one call, where people are led over pages.

    `run(env, ids, given)` does it as the caller and returns plain values; `right` is the operation that it needs, `given` what
    was sent, of the form that `parameters` (a JSON schema of an object) describes.
    """

    name: str
    label: str
    run: Callable[[Any, list[int], dict[str, Any]], Any]
    right: str = "update"
    parameters: Mapping[str, Any] = field(default_factory=dict)


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
class CalendarDay:
    """What calendars show of a day: `label` a holiday's name, `off` whether it is free (None: as its weekday usually is), `hours`
    the stretches of working time as pairs of aware moments (None: nobody knows, so that nothing is shaded)."""

    label: str = ""
    off: bool | None = None
    hours: Sequence[tuple[dt.datetime, dt.datetime]] | None = None


@dataclass(frozen=True)
class ConversionTarget:
    """A kind of record that a lead (or another record) can be converted into, offered in the dialog of conversion.

    `record`: the record type. `order`: small ones are made first. `wanted`: chosen unless the person says otherwise.
    `needs`: fields of the source of which one must be filled, or this target is not offered (a lead without a company
    gives no account). `links`: link fields of the new record, each with the record type of an earlier target whose
    result is filled in. `ask`: fields of the new record that the dialog shows for filling in, with their defaults, pickers
    and checks (a deal's pipeline, stage, amount, owner). `opens`: the page of its result follows the conversion; of
    several, the last. `result`: link field of the source that remembers what it became. `values(env, source)`: further values of the new
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
    opens: bool = False
    result: str = ""
    values: Callable[[Any, Any], Mapping[str, Any]] | None = None
    matches: Callable[[Any, Mapping[str, Any]], Sequence[tuple[int, str, str, bool]]] | None = None


@dataclass(frozen=True)
class MacroStep:
    """Something that macros may do with records, beside setting fields and the like. `run(env, record_name, ids, value)` does it as
    the acting person to all of them, or raises a SarnakhError: then nothing of the macro stays. `choices(env)`: what `value` may
    be, as (value, label) pairs; without it, a text."""

    name: str
    label: str
    run: Callable[[Any, str, Sequence[int], str], None]
    choices: Callable[[Any], Sequence[tuple[str, str]]] | None = None


@dataclass(frozen=True)
class TimelineSource:
    """A kind of entries on the timeline of records, which the reader may filter by.

    `fetch(env, record_name, record_id, before, limit)`: at most `limit` pairs of a moment and a TimelineEntry (of
    core.web_api), newest first, all earlier than `before` unless that is None. `planned(env, record_name, record_id)`: entries
    of what is to come, the next one first. `composers(env, record_name, record_id)`: Actions beside the field for notes.
    All of them see what their reader may see.
    """

    kind: str
    label: str
    fetch: Callable[[Any, str, int, Any, int], Sequence[tuple[Any, Any]]]
    planned: Callable[[Any, str, int], Sequence[Any]] | None = None
    composers: Callable[[Any, str, int], Sequence[Any]] | None = None


@dataclass(frozen=True)
class OptionSpec:
    """One option of a kind of block. `kind`: text, words (by language), rich (marked-up texts by language), record (a record type,
    to which the options after it refer), where (an expression over it), field, fields, order, measure ("count", "sum:field",
    "avg:field"), choice (of `choices`, pairs of a value and a label), number (from `least` to `most`) or links."""

    name: str
    label: str
    kind: str = "text"
    required: bool = False
    choices: Sequence[tuple[str, str]] = ()
    help: str = ""
    least: int = 1
    most: int = 1000


@dataclass(frozen=True)
class BlockKind:
    """A kind of block that may be put on record pages and home pages (`places`).

    `draw(env, block, shown)` gives a Panel (of core.web_api) or None for nothing: `block` has "id", "widget", "label", "icon" and
    "options", `shown` is the record on whose page it stands. It is called only for who may read the record type that an option of
    kind "record" names. A `lazy` one is fetched when it comes into sight, one with `charts` gets their style sheet.
    `check(env, record_type, options)` gives further faults.
    """

    name: str
    label: str
    draw: Callable[..., Any]
    icon: str = "square"
    help: str = ""
    options: Sequence[OptionSpec] = ()
    places: Sequence[str] = ("record", "home")
    lazy: bool = False
    check: Callable[..., Any] | None = None
    charts: bool = False
