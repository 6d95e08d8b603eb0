"""Timing: medians and 95th percentiles of many runs, and the statements behind one."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from core.installation import Installation
from core.testing.plugin import query_budget


@dataclass
class Figure:
    """One line of the table. `ratio` is value to floor, or floor to value where more is better: smaller is better."""

    name: str
    database: str
    value: float
    unit: str
    floor: float | None = None
    ratio: float | None = None
    details: dict[str, Any] = field(default_factory=dict)

    def row(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


def figure(name: str, database: str, value: float, unit: str, floor: float | None = None, *, more_is_better: bool = False,
           **details: Any) -> Figure:
    """A figure with its ratio worked out."""
    ratio = None if not floor or not value else round(floor / value if more_is_better else value / floor, 2)
    return Figure(name, database, round(value, 2), unit, None if floor is None else round(floor, 2), ratio, details)


def timed(run: Callable[[], Any], times: int = 60, warm: int = 5) -> tuple[float, float]:
    """Median and 95th percentile in milliseconds."""
    for _once in range(warm):
        run()
    taken = []
    for _once in range(times):
        before = time.perf_counter()
        run()
        taken.append((time.perf_counter() - before) * 1000)
    taken.sort()
    return statistics.median(taken), taken[min(len(taken) - 1, int(len(taken) * 0.95))]


def statements(inst: Installation, run: Callable[[], Any]) -> int:
    """How many statements one run makes."""
    with query_budget(inst, 10_000) as seen:
        run()
    return len(seen)
