"""What the history of tickets tells: backlog, times in working hours, missed promises, reopened ones, satisfaction.

A fixed number of statements, whatever is chosen and however many tickets there are; each figure knows the conditions of the
records it counts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from core.api import NOW, Env, F, Query
from core.web_api import Period, list_link

from .sla_choices import LIVE, TICKET

DIMENSIONS = ("owner", "queue", "category", "priority", "channel", "account", "policy")
"""By what tickets are compared."""
MOST = 5000
DAY = dt.timedelta(days=1)
OPEN = F.state.isin(LIVE)
PROMISED = F.response_target.not_null() | F.resolution_target.not_null()


def begins(env: Env, day: dt.date) -> dt.datetime:
    """The moment at which a day begins where the reader is."""
    return dt.datetime.combine(day, dt.time(), env.tz).astimezone(dt.UTC)


def within(field: str, first: dt.date, last: dt.date) -> str:
    """The condition that a moment lies within these days of the reader."""
    return f'{field} in days(date("{first.isoformat()}"), date("{last.isoformat()}"))'


@dataclass(frozen=True)
class Chosen:
    """Of which tickets, and of which time figures are asked for."""

    period: Period
    queue: int | None = None
    category: str = ""
    people: tuple[int, ...] | None = None
    priority: str = ""

    def conditions(self) -> list[Any]:
        """The conditions on tickets, of all times."""
        found: list[Any] = []
        if self.queue is not None:
            found.append(F.queue == self.queue)
        if self.category:
            found.append((F.category.path == self.category) | F.category.path.startswith(self.category + " / "))
        if self.people is not None:
            found.append(F.owner.isin(list(self.people)) if self.people else F.owner.is_null())
        if self.priority:
            found.append(F.priority == self.priority)
        return found

    def tickets(self, env: Env, *conditions: Any) -> Query:
        """The tickets."""
        return env.query(TICKET).where(*self.conditions(), *conditions)

    def url(self, env: Env, *conditions: Any) -> str:
        """The list of the same tickets."""
        return list_link(env, TICKET, *self.conditions(), *conditions)

    def within(self, field: str) -> str:
        """The condition that a moment lies in the period."""
        return within(field, self.period.first, self.period.last)


CONDITIONS: dict[str, tuple[str, tuple[Any, ...]]] = {
    "opened": ("created_at", ()),
    "answered": ("first_responded_at", (F.response_used.not_null(),)),
    "resolved": ("resolved_at", ()),
    "promised": ("resolved_at", (PROMISED,)),
    "missed": ("resolved_at", (PROMISED, F.breach_at.not_null())),
    "reopened": ("resolved_at", (F.reopened > 0,)),
    "rated": ("satisfaction_at", (F.satisfaction.not_null(),)),
}
"""What is counted of the period: by which moment, and under which further conditions."""
STANDING: dict[str, tuple[Any, ...]] = {"backlog": (OPEN,), "late": (OPEN, F.breach_at <= NOW), "unowned": (OPEN, F.owner.is_null())}
"""What is counted as it stands now."""
SUMS = {"answered": "response_used", "resolved": "resolution_used", "rated": "satisfaction"}


def conditions(chosen: Chosen, name: str) -> list[Any]:
    """The conditions of the tickets behind a figure."""
    if name in STANDING:
        return list(STANDING[name])
    moment, more = CONDITIONS[name]
    return [chosen.within(moment), *more]


@dataclass
class Results:
    """Counts and sums of some tickets."""

    key: Any = None
    label: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    sums: dict[str, Decimal] = field(default_factory=dict)

    def add(self, name: str, count: int, total: Decimal | None = None) -> None:
        """Count some more."""
        self.counts[name] = self.counts.get(name, 0) + count
        if total is not None:
            self.sums[name] = self.sums.get(name, Decimal(0)) + total

    def count(self, name: str) -> int:
        """How many."""
        return self.counts.get(name, 0)

    def mean(self, name: str) -> Decimal | None:
        """Of times (in seconds) and ratings."""
        return self.sums.get(name, Decimal(0)) / self.count(name) if self.count(name) else None

    def share(self, part: str, whole: str) -> Decimal | None:
        """In percent; none of nothing."""
        return Decimal(100 * self.count(part)) / self.count(whole) if self.count(whole) else None


SPLIT = {"resolved": ("sla_state", "reopened"), "backlog": ("sla_state",)}
"""What is counted along in the same statement, by these fields."""


def _further(name: str, row: dict[str, Any]) -> Iterator[str]:
    """The further figures that a group of tickets belongs to."""
    if name == "backlog" and row["sla_state"] == "breached":
        yield "late"
    if name == "resolved":
        if row["sla_state"] != "none":
            yield "promised"
        if row["sla_state"] == "breached":
            yield "missed"
        if row["reopened"]:
            yield "reopened"


def results(env: Env, chosen: Chosen, by: str) -> list[Results]:
    """All figures by a dimension: six statements. The busiest first."""
    found: dict[Any, Results] = {}
    for name in ("opened", "answered", "resolved", "rated", "backlog", "unowned"):
        summed, split = SUMS.get(name), SPLIT.get(name, ())
        for row in chosen.tickets(env, *conditions(chosen, name)).aggregate(
                [by, *(s for s in split if s != by)], [summed] if summed else [], limit=MOST):
            key = getattr(row[by], "id", row[by])
            one = found.setdefault(key, Results(key, str(getattr(row[by], "label", row[by]) or "")))
            one.add(name, row["count"], _number(row[f"sum:{summed}"]) if summed else None)
            for further in _further(name, row):
                one.add(further, row["count"])
    return sorted(found.values(), key=lambda r: (-r.count("backlog") - r.count("resolved"), r.label))


def together(found: Sequence[Results]) -> Results:
    """The figures of all groups as one."""
    made = Results()
    for one in found:
        for name, count in one.counts.items():
            made.add(name, count, one.sums.get(name))
    return made


def _number(value: Any) -> Decimal:
    return Decimal(int(value.total_seconds())) if isinstance(value, dt.timedelta) else Decimal(value or 0)


@dataclass
class Month:
    """What happened in a month, and what was open at its end."""

    opened: int = 0
    resolved: int = 0
    missed: int = 0
    backlog: int = 0
    response: Decimal | None = None
    resolution: Decimal | None = None


def over_time(env: Env, chosen: Chosen, spans: Sequence[Period]) -> list[Month]:
    """The months of a period: three statements."""
    first, last = spans[0].first, spans[-1].last
    starts, end = [begins(env, s.first) for s in spans], begins(env, last + DAY)
    made = [Month() for _span in spans]
    before = [0, 0]
    for row in chosen.tickets(env, F.created_at < end).aggregate(spans=("created_at", starts)):
        if row["span"]:
            made[row["span"] - 1].opened = row["count"]
        else:
            before[0] += row["count"]
    seconds = [Decimal(0)] * len(made)
    for row in chosen.tickets(env, F.resolved_at < end).aggregate(["sla_state"], ["resolution_used"], spans=("resolved_at", starts)):
        if not row["span"]:
            before[1] += row["count"]
            continue
        one = made[row["span"] - 1]
        one.resolved += row["count"]
        one.missed += row["count"] if row["sla_state"] == "breached" else 0
        seconds[row["span"] - 1] += _number(row["sum:resolution_used"])
    for row in chosen.tickets(env, within("first_responded_at", first, last), F.response_used.not_null()).aggregate(
            sums=["response_used"], spans=("first_responded_at", starts)):
        if row["span"]:
            made[row["span"] - 1].response = _number(row["sum:response_used"]) / row["count"]
    for one, total in zip(made, seconds, strict=True):
        one.resolution = total / one.resolved if one.resolved else None
    standing = before[0] - before[1]
    for one in made:
        standing += one.opened - one.resolved
        one.backlog = standing
    return made


def open_at(env: Env, last: dt.date) -> list[Any]:
    """The conditions of the tickets that were open at the end of a day."""
    end = begins(env, last + DAY)
    return [F.created_at < end, F.resolved_at.is_null() | (F.resolved_at >= end)]


def promises(env: Env, chosen: Chosen) -> dict[str, int]:
    """How the promises of open tickets stand now."""
    rows = chosen.tickets(env, OPEN).aggregate(["sla_state"])
    return {row["sla_state"]: row["count"] for row in rows}
