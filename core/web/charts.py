"""From values to a drawn chart: scales, places and texts. No markup here; the theme's `partials/charts.html` draws it.

    chart(env, "columns", title, months, [Series(won, amounts, urls=addresses)], show=lambda v: env.format.money(v, "IRR"))

Everything is in hundredths of the plot, so that a chart fits any width without a script and without a style attribute,
and categories run from the right for those who read from there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from core.env import Env
from core.i18n.catalogs import direction
from core.i18n.messages import _
from core.web.viewmodels import Chart, EmptyState, Mark, Series

PALETTE = 8
MOST_TOLD = 60
"""So many letters of values have room over the columns of half a page."""
LEAST_SLOTS = 6
"""Few categories do not make columns as wide as walls."""
FILLED = 0.7
TICKS = 4
STEPS = (1, 1.5, 2, 2.5, 3, 4, 5, 7.5, 10)
Show = Callable[[Any], str]


def chart(env: Env, kind: str, title: str, categories: Sequence[str], series: Sequence[Series], *, show: Show | None = None,
          short: Show | None = None, category_label: str = "", note: str = "", empty: EmptyState | None = None) -> Chart:
    """A chart of kind bars, columns, stacked, line or funnel. `show` writes values, `short` those of the axis."""
    made = Chart(kind, title, list(categories), category_label, note=note, mirrored=direction(env.lang) == "rtl")
    told = show or env.format.number
    if not any(v for s in series for v in s.values):
        made.empty = empty or EmptyState(env.t(_("Nothing to show yet")), env.t(_("There are no figures for this choice.")),
                                         "bar-chart")
        return made
    made.legend = [(s.label, s.colour or str(i % PALETTE + 1)) for i, s in enumerate(series)]
    made.rows = [[_mark(made, s, at, row, told) for at, s in enumerate(series)] for row in range(len(categories))]
    made.size = "wider" if len(categories) > 18 else "wide" if len(categories) > 8 else ""
    DRAWN[kind](made, [[_value(s.values[row]) for s in series] for row in range(len(categories))], short or env.format.short)
    if made.mirrored:
        _mirror(made)
    return made


def _value(value: Any) -> float:
    return float(value) if value is not None else 0.0


def _at(values: Sequence[str], index: int) -> str:
    return values[index] if index < len(values) else ""


def _mark(made: Chart, series: Series, at: int, row: int, show: Show) -> Mark:
    value = series.values[row]
    text = _at(series.texts, row) or ("" if value is None else show(value))
    names = [made.categories[row], *([series.label] if len(made.legend) > 1 else [])]
    colour = _at(series.colours, row) or made.legend[at][1]
    return Mark(f"{', '.join(names)}: {text}", text, _at(series.urls, row), _at(series.details, row), colour,
                empty=value is None)


def _mirror(made: Chart) -> None:
    for row in made.rows:
        for mark in row:
            mark.x = round(100 - mark.x - mark.width, 3)
    made.lines = [(100 - a, b, 100 - c, d, colour) for a, b, c, d, colour in made.lines]


# ---------------------------------------------------------------- scales
def scale(low: float, high: float, whole: bool = False) -> tuple[float, float, float]:
    """(lowest, highest, step) of an axis with round steps that reaches from zero over both; `whole` things are not counted in parts."""
    low, high = min(low, 0.0), max(high, 0.0)
    rough = (high - low) / TICKS or 1.0
    power = 10.0 ** (len(str(int(rough))) - 1 if rough >= 1 else -len(f"{1 / rough:.0f}"))
    step = next((m * power for m in STEPS if m * power >= rough), 10 * power)
    step = max(step, 1.0) if whole else step
    return -step * -(low // step), step * -(-high // step), step


def _axis(made: Chart, low: float, high: float, short: Show, values: list[list[float]]) -> Callable[[float], float]:
    """The ticks of a chart; returns the function from a value to its place from above."""
    first, last, step = scale(low, high, all(value.is_integer() for row in values for value in row))
    span = last - first

    def place(value: float) -> float:
        return round((last - value) / span * 100, 3)

    count = round(span / step)
    made.ticks = [(place(first + step * i), short(_plain(first + step * i))) for i in range(count + 1)]
    made.base = place(0.0)
    return place


def _plain(value: float) -> Decimal:
    return Decimal(repr(round(value, 6)))


# ---------------------------------------------------------------- kinds
def _columns(made: Chart, values: list[list[float]], short: Show) -> None:
    place = _axis(made, min(map(min, values)), max(map(max, values)), short, values)
    slot, several = 100 / len(values), len(values[0])
    width = min(slot, 100 / LEAST_SLOTS) * FILLED / several
    texts = [short(_plain(row[0])) for row in values]
    made.told = several == 1 and len(values) * max(map(len, texts)) <= MOST_TOLD
    for marks, text in zip(made.rows, texts, strict=True):
        marks[0].brief = text
    for at, row in enumerate(values):
        start = slot * (at + 0.5) - width * several / 2
        for i, value in enumerate(row):
            _upright(made.rows[at][i], start + width * i, width, place(max(value, 0)), place(min(value, 0)))


def _stacked(made: Chart, values: list[list[float]], short: Show) -> None:
    tall = [[max(v, 0.0) for v in row] for row in values]
    place = _axis(made, 0, max(map(sum, tall)), short, values)
    slot = 100 / len(values)
    width = min(slot, 100 / LEAST_SLOTS) * FILLED
    for at, row in enumerate(tall):
        below = 0.0
        for i, value in enumerate(row):
            _upright(made.rows[at][i], slot * (at + 0.5) - width / 2, width, place(below + value), place(below))
            below += value


def _upright(mark: Mark, x: float, width: float, top: float, bottom: float) -> None:
    mark.x, mark.width, mark.y, mark.height = round(x, 3), round(width, 3), top, round(bottom - top, 3)


def _line(made: Chart, values: list[list[float]], short: Show) -> None:
    place = _axis(made, min(map(min, values)), max(map(max, values)), short, values)
    slot = 100 / len(values)
    for i, (_label, colour) in enumerate(made.legend):
        before: Mark | None = None
        for at, row in enumerate(values):
            mark = made.rows[at][i]
            mark.x, mark.y = round(slot * (at + 0.5), 3), place(row[i])
            if before is not None and not mark.empty and not before.empty:
                made.lines.append((before.x, before.y, mark.x, mark.y, colour))
            before = mark


def _bars(made: Chart, values: list[list[float]], short: Show) -> None:
    most = max(max(map(abs, row)) for row in values) or 1.0
    for marks, row in zip(made.rows, values, strict=True):
        for mark, value in zip(marks, row, strict=True):
            mark.width, mark.height = round(abs(value) / most * 100, 3), 100


def _funnel(made: Chart, values: list[list[float]], short: Show) -> None:
    """Stages as tapering bands, each as wide as its value, and as the next one at its end."""
    most = max(row[0] for row in values) or 1.0
    wide = [max(row[0], 0.0) / most * 100 for row in values]
    for at, row in enumerate(made.rows):
        above, below = wide[at], min(wide[at], wide[at + 1]) if at + 1 < len(wide) else wide[at]
        corners = ((50 - above / 2, 0), (50 + above / 2, 0), (50 + below / 2, 10), (50 - below / 2, 10))
        row[0].points = " ".join(f"{x:.2f},{y}" for x, y in corners)
        row[0].width = 100


DRAWN: dict[str, Callable[[Chart, list[list[float]], Show], None]] = {
    "columns": _columns, "stacked": _stacked, "line": _line, "bars": _bars, "funnel": _funnel}
