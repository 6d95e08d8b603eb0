"""What the stage of a deal decides: whether it is open, how likely, how sure, and when it is stale."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.api import Change, Env, F, Invalid, _

from .choices import LOST, OPEN, OPEN_TO_ME, WON

PIPELINE, STAGE, DEAL = "deals.pipeline", "deals.stage", "deals.deal"
CERTAIN = {WON: Decimal(100), LOST: Decimal(0)}
FOLLOWING = "stages"
"""Source of changes with which deals follow an edited stage."""


@dataclass(frozen=True)
class Step:
    """A stage as the rules of deals need it."""

    id: int
    pipeline: int
    position: int
    category: str
    probability: Decimal
    idle_days: int | None

    @property
    def status(self) -> str:
        """What a deal on this stage is."""
        return self.category if self.category in CERTAIN else OPEN

    def stale_on(self, day: dt.date) -> dt.date | None:
        """The day from which a deal is stale on which something happened on this day."""
        return None if self.idle_days is None or self.status != OPEN else day + dt.timedelta(days=self.idle_days)


def steps(env: Env, *, ids: Iterable[int] | None = None, pipelines: Iterable[int] | None = None) -> dict[int, Step]:
    """Stages by number, in the order of their pipelines: those named, those of pipelines, or all."""
    with env.elevated("the stage decides what a deal is") as sudo:
        query = sudo.query(STAGE).archived(None).order("pipeline", "position", "id")
        if ids is not None:
            query = query.with_ids(ids)
        if pipelines is not None:
            query = query.holding("pipeline", pipelines)
        rows = query.select("pipeline", "position", "category", "probability", "idle_days").rows()
    return {r["id"]: Step(r["id"], r["pipeline"].id, r["position"], r["category"], r["probability"], r["idle_days"])
            for r in rows if r["pipeline"] is not None}


def first_pipeline(env: Env) -> int | None:
    """The pipeline in which a new deal begins: the first that is open to the person's teams."""
    return next(iter(env.query(PIPELINE).where(F.active & OPEN_TO_ME).order("position", "name").ids(1)), None)


def first_open(found: Iterable[Step]) -> dict[int, int]:
    """By pipeline the stage in which its deals begin."""
    begin: dict[int, int] = {}
    for step in found:
        if step.status == OPEN:
            begin.setdefault(step.pipeline, step.id)
    return begin


def ending(env: Env, pipelines: Iterable[int], category: str) -> dict[int, int]:
    """By pipeline its stage of deals that were won (or lost)."""
    found: dict[int, int] = {}
    for step in steps(env, pipelines=pipelines).values():
        if step.category == category:
            found.setdefault(step.pipeline, step.id)
    return found


# ---------------------------------------------------------------- deals follow their stage
def fill(env: Env, change: Change) -> None:
    """Fill in the stage, and what follows from it: status, category, probability, moments."""
    if change.action not in ("create", "update"):
        return
    known = _begin(env, change)
    for record in change.records:
        step = known.get(record.stage.id) if record.stage else None
        if step is None:
            continue
        moved = change.was(record, "stage") != step.id
        if moved:
            change.set(record, "status", step.status)
            change.set(record, "category", step.category)
            change.set(record, "stage_since", env.now)
            change.set(record, "furthest", _furthest(record, step, known))
        _probability(change, record, step, moved)
        if change.source != FOLLOWING:
            change.set(record, "stale_on", step.stale_on(env.today))


def _begin(env: Env, change: Change) -> dict[int, Step]:
    """The stages that these deals need; those without one get the first of their pipeline."""
    moving = change.action == "create" or change.touches("stage", "pipeline")
    ids = {r.stage.id for r in change.records if r.stage} | {r.furthest.id for r in change.records if r.furthest}
    if not moving:
        return steps(env, ids=ids)
    known = steps(env, pipelines={r.pipeline.id for r in change.records if r.pipeline})
    known |= steps(env, ids=ids - set(known)) if ids - set(known) else {}
    begin = first_open(known.values())
    for record in change.records:
        if record.pipeline is None:
            continue
        stale = change.action == "update" and not change.touches("stage") and record.stage is not None \
            and record.stage.id in known and known[record.stage.id].pipeline != record.pipeline.id
        if record.stage is None or stale:
            change.set(record, "stage", begin.get(record.pipeline.id))
    return known


def _furthest(record: Any, step: Step, known: dict[int, Step]) -> int | None:
    """The stage furthest along the pipeline on which the deal ever stood; being lost is no progress."""
    before = known.get(record.furthest.id) if record.furthest else None
    if before is None or before.pipeline != step.pipeline:
        return step.id if step.status != LOST else None
    return step.id if step.status != LOST and step.position > before.position else before.id


def _probability(change: Change, record: Any, step: Step, moved: bool) -> None:
    """The stage's, until somebody writes another; closed deals have none of their own."""
    if step.status != OPEN:
        change.set(record, "probability", step.probability)
        change.set(record, "own_probability", False)
        return
    typed = "probability" in change.fields and change.was(record, "probability") != record.probability \
        and change.source != FOLLOWING
    if typed and record.probability is not None:
        change.set(record, "own_probability", record.probability != step.probability)
    elif record.probability is None or not record.own_probability or (moved and change.was(record, "status") not in (None, OPEN)):
        change.set(record, "probability", step.probability)
        change.set(record, "own_probability", False)


# ---------------------------------------------------------------- stages that are edited
def certain(change: Change) -> None:
    """Closed stages have the probability of their end and never grow stale; being lost is off the path."""
    if change.action in ("create", "update"):
        for record in change.records:
            change.set(record, "exit", record.category == LOST)
            if record.category in CERTAIN:
                change.set(record, "probability", CERTAIN[record.category])
                change.set(record, "idle_days", None)


def closed_from_afar(env: Env, records: Sequence[Any]) -> Iterator[Invalid]:
    """A stage with deals on it stays open or closed: otherwise they would be won or lost without anybody saying so."""
    known = [r for r in records if r.get("id")]
    if not known:
        return
    before = steps(env, ids=[r.id for r in known])
    turned = [r for r in known if r.id in before and before[r.id].status != (r.category if r.category in CERTAIN else OPEN)]
    if not turned:
        return
    with env.elevated("whether deals stand on a stage") as sudo:
        rows = sudo.query(DEAL).archived(None).deleted(None).holding("stage", [r.id for r in turned]).aggregate(["stage"])
    taken = {row["stage"].id for row in rows}
    for record in turned:
        if record.id in taken:
            yield Invalid(record, "category", _("Deals stand on this stage: move them first, or make another stage."))


def carry_over(env: Env, change: Change) -> None:
    """Probability, category and idle limit of an edited stage reach the deals on it."""
    if change.action != "update" or not change.touches("probability", "category", "idle_days"):
        return
    edited = {r.id: r for r in change.changed("probability", "category", "idle_days")}
    if not edited:
        return
    with env.elevated("deals follow their stage") as sudo:
        rows = sudo.query(DEAL).archived(None).holding("stage", list(edited)).where(F.status == OPEN).select(
            "stage", "stage_since", "stale_on").rows()
        known = steps(env, ids=list(edited))
        values = {row["id"]: {"category": edited[row["stage"].id].category, "stale_on": _shifted(
            change, edited[row["stage"].id], row, known[row["stage"].id], env)} for row in rows}
        if values:
            sudo.update_each(DEAL, values, source=FOLLOWING)


def _shifted(change: Change, record: Any, row: dict[str, Any], step: Step, env: Env) -> dt.date | None:
    """The day of growing stale under the new limit, counted from the same last event."""
    old = change.was(record, "idle_days")
    last = row["stale_on"] - dt.timedelta(days=old) if row["stale_on"] and old else row["stage_since"].astimezone(env.tz).date()
    return step.stale_on(last)
