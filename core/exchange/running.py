"""Running an import: batch after batch, each with its checkpoint in one transaction, so that a killed run goes on exactly.

The place in the file is a column of the import's row, changed together with the records of the batch and only where it
still stands where this run left it: a second run of the same import stops at its first batch and writes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from core import upkeep
from core.errors import Conflict, SarnakhError
from core.exchange import importing
from core.exchange import plan as plans
from core.exchange.batches import Outcome, Writer
from core.exchange.converting import Converters, Row
from core.exchange.detect import Table
from core.exchange.headers import is_blank_row
from core.exchange.plan import CREATE, Import, SetAside
from core.exchange.reasons import dump_message
from core.exchange.savepoints import tried

if TYPE_CHECKING:
    from core.env import Env

BATCH = 2000
CELLS = 60_000
Committed = Callable[[Import], None]


def run(env: Env, key: int, committed: Committed) -> Import:
    """Run an import (or a check) from where it is to its end; `committed` has to commit and is told after each batch.

    What is wrong with the whole (the file is gone, the right to import was taken away) ends the import as failed; what
    a database refuses for a moment is raised, to be tried again.
    """
    plan = plans.load(env, key)
    if plan.state not in ("running", "checking"):
        return plan
    try:
        with _Run(env, plan) as work:
            while _attempted(env, plan, work.step):
                committed(plan)
    except _Over:
        return plans.load(env, key)
    except SarnakhError as error:  # the file or a permission is gone before the first batch
        _give_up(env, plan, error)
        return plans.load(env, key)
    _finish(env, plan, plan.state == "checking")
    return plans.load(env, key)


class _Over(Exception):
    """The run has ended before the end of the file; what there is to say about it is written."""


def _attempted(env: Env, plan: Import, step: Callable[[], bool]) -> bool:
    """One step; what is wrong for good is noted and ends the run, what another run or a person did just ends it."""
    try:
        return step()
    except Conflict:
        env.connection.rollback()
    except SarnakhError as error:
        _give_up(env, plan, error)
    raise _Over


def _give_up(env: Env, plan: Import, error: SarnakhError) -> None:
    env.connection.rollback()
    dry = plan.state == "checking"
    plans.save(env, plan.id, states=(plan.state,), state="ready" if dry else "failed", error=dump_message(error.message),
               finished_at=None if dry else _now())


def _finish(env: Env, plan: Import, dry: bool) -> None:
    if dry:
        plans.save(env, plan.id, states=("checking",), at=plan.position, state="ready", checked=plan.counts,
                   counts={}, position=0)
        return
    plans.save(env, plan.id, states=("running",), at=plan.position, state="done", finished_at=_now())
    env.log("import", plan.file_name, record=plan.record, changes=dict(plan.counts))
    if sum(plan.counts.get(name, 0) for name in ("created", "updated")) >= upkeep.MANY:
        env.enqueue(upkeep.TOPIC, {}, dedupe=upkeep.TOPIC)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _batches(table: Table, plan: Import) -> Iterator[tuple[list[tuple[int, list[Any]]], int]]:
    """The rows from the import's position in batches, each with the position behind it."""
    size = max(100, min(BATCH, CELLS // max(len(plan.headers), 1)))
    numbered = enumerate(table.rows(plan.position), plan.position)
    while part := list(islice(numbered, size)):
        yield part, part[-1][0] + 1


class _Run:
    """One run of an import over its file. Use it in a `with`."""

    def __init__(self, env: Env, plan: Import) -> None:
        env.require("import", plan.record)
        self.env, self.plan, self.dry = env, plan, plan.state == "checking"
        self.converters = Converters(env, plan)
        self.writer = Writer(env, plan, self.converters, self.dry)
        self.table = importing.table_of(env, plan)
        self._rows = _batches(self.table, plan)
        self._begun = False
        env.batch = plan.batch

    def __enter__(self) -> _Run:
        return self

    def __exit__(self, *_error: object) -> None:
        self.table.close()

    def step(self) -> bool:
        """Write the next batch; False when there is none."""
        if not self._begun:
            self._begun = True
            self.recall()
            # Nothing was written: whoever waits for the lock goes first while the first rows are read.
            self.env.commit()
        found = next(self._rows, None)
        if found is not None:
            self.batch(*found)
        return found is not None

    def recall(self) -> None:
        """After an interruption: learn again which keys were in the rows already done, by reading them once more."""
        plan, matcher = self.plan, self.writer.matcher
        if not plan.position or plan.options.duplicates == CREATE or matcher is None:
            return
        without_effect = importing.rows_set_aside(self.env, plan.id)
        names = {name for names in plan.options.keys for name in names}
        numbered = islice(enumerate(self.table.rows()), plan.position)
        while part := list(islice(numbered, BATCH)):
            rows = self.converters.convert([(i, cells) for i, cells in part if i not in without_effect], names)
            self.converters.resolve(rows, self.writer.links)
            for row in rows:
                self.writer.seen.check(matcher.keys(row.values), row.index)

    def batch(self, rows: list[tuple[int, list[Any]]], position: int) -> None:
        """Write one batch and its checkpoint; the caller commits both."""
        converted = self.converters.convert([(i, cells) for i, cells in rows if not is_blank_row(cells)])
        with tried(self.env, keep=not self.dry):
            outcome = self.writer.write(converted, self.table.row_number)
        plan = self.plan
        plans.set_aside(self.env, plan.id, [*self._aside(outcome.bad, "error"), *self._aside(outcome.known, "duplicate")])
        counts = _added(plan.counts, outcome)
        plans.save(self.env, plan.id, states=("checking" if self.dry else "running",), at=plan.position,
                   counts=counts, position=position)
        plan.counts, plan.position = counts, position

    def _aside(self, rows: Iterable[Row], kind: str) -> list[SetAside]:
        return [SetAside(row.index, self.table.row_number(row.index), kind, row.reasons, row.cells) for row in rows]


def _added(counts: dict[str, int], outcome: Outcome) -> dict[str, int]:
    new = {"created": len(outcome.made), "updated": len(outcome.changed), "skipped": len(outcome.known),
           "rejected": len(outcome.bad)}
    return {name: counts.get(name, 0) + number for name, number in new.items()}

