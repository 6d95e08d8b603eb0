"""What the history of deals tells: time on stages, the funnel, velocity, win rate and reasons. Few statements for any number of deals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from core.api import Env, F

from . import stages
from .choices import LOST, OPEN, WON
from .figures import ZERO, Chosen, between, ratio

STAY = "deals.stay"
DIMENSIONS = ("owner", "source", "pipeline", "type", "account")
"""By what deals are compared."""
MOST = 2000
DAY = 86400


@dataclass
class Results:
    """Closed deals: how many were won and lost, for how much, how long it took."""

    key: Any = None
    label: str = ""
    open: int = 0
    won: int = 0
    lost: int = 0
    won_amount: Decimal = ZERO
    lost_amount: Decimal = ZERO
    cycle_days: int = 0
    lead_days: Decimal = ZERO
    from_leads: int = 0

    @property
    def closed(self) -> int:
        """How many ended."""
        return self.won + self.lost

    @property
    def win_rate(self) -> Decimal | None:
        """Won ones among those that ended, in percent."""
        return ratio(self.won, self.closed)

    @property
    def average(self) -> Decimal | None:
        """What a won deal comes to."""
        return self.won_amount / self.won if self.won else None

    @property
    def cycle(self) -> Decimal | None:
        """Days from the making of a deal to its being won."""
        return Decimal(self.cycle_days) / self.won if self.won else None

    @property
    def velocity(self) -> Decimal | None:
        """What comes in a day: open deals × win rate × average amount ÷ days of the cycle."""
        if self.win_rate is None or self.average is None or not self.cycle:
            return None
        return Decimal(self.open) * self.win_rate / 100 * self.average / self.cycle

    @property
    def lead_to_cash(self) -> Decimal | None:
        """Days from the first touch of a lead to the won deal, of those that came from leads."""
        return self.lead_days / self.from_leads if self.from_leads else None


def results(env: Env, chosen: Chosen, by: str = "") -> list[Results]:
    """Deals closed in the period and those open now, together or by a dimension, those that won most first."""
    group = [by] if by else []
    found: dict[Any, Results] = {}

    def of(row: dict[str, Any]) -> Results:
        value = row[by] if by else None
        key = getattr(value, "id", value)
        return found.setdefault(key, Results(key, str(getattr(value, "label", value) or "")))

    for row in chosen.deals(env, F.status != OPEN, chosen.within("closed_on")).aggregate(
            [*group, "status"], ["amount_base", "cycle_days"], limit=MOST):
        one = of(row)
        if row["status"] == WON:
            one.won, one.won_amount, one.cycle_days = row["count"], row["sum:amount_base"] or ZERO, row["sum:cycle_days"] or 0
        else:
            one.lost, one.lost_amount = row["count"], row["sum:amount_base"] or ZERO
    for row in chosen.deals(env, F.status == OPEN).aggregate(group, limit=MOST):
        of(row).open = row["count"]
    for row in chosen.deals(env, F.status == WON, F.lead_days.not_null(), chosen.within("closed_on")).aggregate(
            group, ["lead_days"], limit=MOST):
        one = of(row)
        one.from_leads, one.lead_days = row["count"], row["sum:lead_days"] or ZERO
    if not by:
        return list(found.values()) or [Results()]
    return sorted(found.values(), key=lambda r: (-r.won_amount, -r.closed, -r.open, r.label))


def average_discount(env: Env, chosen: Chosen) -> Decimal | None:
    """What was let off the won deals that have product lines, in percent; none without such deals, or without the catalogue."""
    if "lines_discount" not in env.registry.record("deals.deal").fields:
        return None
    row = chosen.deals(env, F.status == WON, F.lines_count > 0, chosen.within("closed_on")).order("id").aggregate(
        [], ["lines_net", "lines_discount"])[0]
    off = row["sum:lines_discount"] or ZERO
    return ratio(off, off + (row["sum:lines_net"] or ZERO))


@dataclass
class Step:
    """A stage of the funnel: how many deals came so far, how many of those came further, how long they stayed."""

    id: int
    name: str
    colour: str
    reached: int = 0
    conversion: Decimal | None = None
    stays: int = 0
    seconds: int = 0
    here: int = 0
    onward: list[int] = field(default_factory=list)

    @property
    def days(self) -> Decimal | None:
        """The mean of finished stays, in days."""
        return Decimal(self.seconds) / self.stays / DAY if self.stays else None


def funnel(env: Env, chosen: Chosen) -> list[Step]:
    """The stages of a pipeline with the deals made in the period that came so far, and the stays that ended in it.

    A deal that skipped a stage came past it, so each stage has at least as many as the next; lost ones count as far as
    they came.
    """
    rows = [r for r in env.query(stages.STAGE).holding("pipeline", [chosen.pipeline or 0]).order("position", "id").select(
        "name", "colour", "category").rows() if r["category"] != LOST]
    steps = [Step(r["id"], r["name"], r["colour"]) for r in rows]
    at = {s.id: s for s in steps}
    for row in chosen.deals(env, chosen.within("created_at")).aggregate(["furthest"], limit=MOST):
        if row["furthest"] and row["furthest"].id in at:
            at[row["furthest"].id].reached = row["count"]
    for row in chosen.deals(env, F.status == OPEN).aggregate(["stage"], limit=MOST):
        if row["stage"].id in at:
            at[row["stage"].id].here = row["count"]
    for row in _stays(env, chosen):
        if row["stage"].id in at:
            span = row["sum:seconds"]
            at[row["stage"].id].stays, at[row["stage"].id].seconds = row["count"], int(span.total_seconds()) if span else 0
    _accumulate(steps)
    return steps


def _accumulate(steps: list[Step]) -> None:
    """From how many stopped at a stage to how many came so far."""
    for i in range(len(steps) - 1, -1, -1):
        steps[i].onward = [s.id for s in steps[i:]]
        if i + 1 < len(steps):
            steps[i].reached += steps[i + 1].reached
            steps[i].conversion = ratio(steps[i + 1].reached, steps[i].reached)


def stay_conditions(chosen: Chosen) -> list[Any]:
    """Conditions on the stays that ended in the period."""
    return [*chosen.conditions("deal"), between("left_at", chosen.period.first, chosen.period.last)]


def _stays(env: Env, chosen: Chosen) -> list[dict[str, Any]]:
    return env.query(STAY).where(*stay_conditions(chosen)).aggregate(["stage"], ["seconds"], limit=MOST)


@dataclass
class Cause:
    """Why deals were won or lost."""

    key: int | None
    label: str
    count: int
    amount: Decimal


def causes(env: Env, chosen: Chosen, status: str, by: str = "reason") -> list[Cause]:
    """Reasons of the deals that were won (or lost) in the period; or the competitors they were lost to, the most first."""
    rows = chosen.deals(env, F.status == status, chosen.within("closed_on")).aggregate([by], ["amount_base"], limit=MOST)
    made = [Cause(r[by].id if r[by] else None, (r[by].label or "") if r[by] else "", r["count"], r["sum:amount_base"] or ZERO)
            for r in rows]
    return sorted(made, key=lambda c: (-c.count, -c.amount, c.label))


@dataclass
class Stretch:
    """What was won and lost in a month."""

    won: Decimal = ZERO
    won_count: int = 0
    lost_count: int = 0


def over_time(env: Env, chosen: Chosen, starts: Iterable[Any]) -> list[Stretch]:
    """What was won and lost in each of the stretches that begin on these days: one statement."""
    begins = list(starts)
    made = [Stretch() for _start in begins]
    for row in chosen.deals(env, F.status != OPEN, chosen.within("closed_on")).aggregate(
            ["status"], ["amount_base"], spans=("closed_on", begins)):
        if not row["span"]:
            continue
        one = made[row["span"] - 1]
        if row["status"] == WON:
            one.won, one.won_count = row["sum:amount_base"] or ZERO, row["count"]
        else:
            one.lost_count = row["count"]
    return made
