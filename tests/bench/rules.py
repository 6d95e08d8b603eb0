"""What rules of moves, locks and exchange rates cost where many records are written or asked about at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from addons.base import demo, money
from core.installation import Installation
from core.security.actor import SYSTEM
from tests.bench import world
from tests.bench.measure import Figure, figure, statements, timed

LEAD = "leads.lead"


def rules(inst: Installation, database: str, login: str) -> Iterator[Figure]:
    """A page of 80 cards asked where each may go; 1,000 leads moved; 10,000 amounts put into the base currency."""
    actor = world.person(inst, login)
    with inst.env(actor, write=False) as env:
        ids = env.query(LEAD).for_operation("update").where('status == "new"').order("-id").ids(1000)

        def moves() -> None:
            env.moves(LEAD, ids[:80])
        median, worst = timed(moves, times=20)
        yield figure("open_moves_80", database, median, "ms", p95=round(worst, 1), queries=statements(inst, moves))

    def move() -> None:
        with inst.env(actor) as env:
            env.update(LEAD, ids, {"status": "contacted"})
            env.connection.rollback()
    median, worst = timed(move, times=5, warm=1)
    yield figure("move_1000", database, median, "ms", p95=round(worst, 1))

    with inst.env(SYSTEM) as env:
        demo.create_rates(env)
        euro = env.query(money.CURRENCY).where('code == "EUR"').ids()[0]
    with inst.env(actor, write=False) as env:
        amounts = [(Decimal(i), euro, env.today - dt.timedelta(days=i % 300)) for i in range(10_000)]
        median, worst = timed(lambda: money.in_base(env, amounts), times=10, warm=1)
        yield figure("in_base_10000", database, median, "ms", p95=round(worst, 1))
