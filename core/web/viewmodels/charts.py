"""Charts: figures that one would rather see than read. `core.web.charts.chart` makes them; themes draw what is in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from core.web.viewmodels.parts import EmptyState


@dataclass(slots=True)
class Mark:
    """One bar, column, point or stage. `x`, `y`, `width`, `height` are hundredths of the plot, mirrored already where
    the reader reads from the right; `points` is the outline of a stage of a funnel."""

    label: str                       # "Farvardin, won: 12"
    text: str                        # "12"
    url: str = ""                    # the records behind it
    detail: str = ""
    colour: str = "1"                # class mark-<colour>: 1 to 8, or the name of a tint
    x: float = 0
    y: float = 0
    width: float = 0
    height: float = 0
    points: str = ""
    brief: str = ""                  # the value with few letters, to stand over the mark
    empty: bool = False              # there is no value here


@dataclass(slots=True)
class Chart:
    """A chart with its geometry. `kind`: bars | columns | stacked | line | funnel. `rows` holds for each category its
    marks, one per series; `lines` are the segments (x1, y1, x2, y2, colour) of a line chart."""

    kind: str
    title: str
    categories: list[str] = field(default_factory=list)
    category_label: str = ""         # what the categories are: "Month"
    legend: list[tuple[str, str]] = field(default_factory=list)      # label, colour
    rows: list[list[Mark]] = field(default_factory=list)
    lines: list[tuple[float, float, float, float, str]] = field(default_factory=list)
    ticks: list[tuple[float, str]] = field(default_factory=list)     # y, text
    base: float = 100                # y of zero
    mirrored: bool = False
    told: bool = False               # the values stand over the marks
    size: str = ""                   # "" | "wide" | "wider": how much room the categories need
    note: str = ""
    empty: EmptyState | None = None


@dataclass(slots=True)
class Series:
    """The values of one series, one per category (None: no value), with what they are written as and what they open."""

    label: str
    values: list[Any]
    urls: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    details: list[str] = field(default_factory=list)
    colour: str = ""                 # "" goes by position; or the name of a tint, of a stage's colour for instance
    colours: list[str] = field(default_factory=list)                 # one per category
