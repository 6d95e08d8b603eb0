"""Working time at scale: a clock's answers per second, 50,000 due times, and what a cold start of the calendars costs."""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Callable, Iterator

from addons.worktime import service
from core.addons import lifecycle
from core.installation import Installation
from core.security.actor import SYSTEM
from tests.bench.measure import Figure, figure, statements, timed

TICKETS = 50_000


def clocks(inst: Installation, database: str) -> Iterator[Figure]:
    """Add and measure over five years, from and to moments at random."""
    lifecycle.enable(inst, ["worktime"])
    pick = random.Random(7)  # noqa: S311 - no secret
    start = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    moments = [start + dt.timedelta(minutes=pick.randrange(5 * 525_600)) for _n in range(TICKETS)]
    targets = [pick.choice((3600, 4 * 3600, 8 * 3600, 40 * 3600)) for _n in range(TICKETS)]
    with inst.env(SYSTEM, write=False) as env:
        clock = service.clock(env)
        clock.between(moments[0], max(moments))

        def due() -> list[dt.datetime]:
            return [clock.add(moment, seconds) for moment, seconds in zip(moments, targets, strict=True)]

        found = due()
        yield figure("worktime_add", database, _rate(due), "calls/s", rows=TICKETS)
        yield figure("worktime_between", database, _rate(
            lambda: [clock.between(one, two) for one, two in zip(moments, found, strict=True)]), "calls/s", rows=TICKETS)
        median, p95 = timed(due, times=5, warm=1)
        yield figure("worktime_50000_due", database, median, "ms", p95=round(p95, 2), queries=statements(inst, due), rows=TICKETS)

        def cold() -> None:
            env.registry.memo.clear()
            service.clock(env).add(start, 3600)

        median, p95 = timed(cold, times=9, warm=1)
        yield figure("worktime_clocks_cold", database, median, "ms", p95=round(p95, 2), queries=statements(inst, cold))


def _rate(run: Callable[[], object]) -> float:
    before = time.perf_counter()
    run()
    return TICKETS / (time.perf_counter() - before)
