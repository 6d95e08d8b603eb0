"""Deals at scale, 100,000 open ones in ten pipelines of a tree of fifty people: the forecast of a month and a quarter, its
page, the board of a pipeline and the board of months over all of them."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from functools import partial

from sqlalchemy import literal, select, text

from addons.deals.figures import Chosen
from addons.deals.forecast import forecast
from addons.deals.forecast_page import period_of
from core import upkeep
from core.addons import lifecycle
from core.api import Env
from core.installation import Installation
from core.security.actor import SYSTEM
from core.testing.browser import Visitor
from tests.bench import world
from tests.bench.measure import Figure, figure, statements, timed

DEALS, FIRST, PIPELINES = 100_000, 5_000, 10
MONTH = """SELECT d.owner_id, d.category, count(*), sum(d.amount_base), sum(d.weighted) FROM deals_deal d
 WHERE d.deleted_at IS NULL AND NOT d.archived AND d.category <> 'lost' AND d.closes_on BETWEEN :first AND :last
 AND d.owner_id IN ({owners}) GROUP BY d.owner_id, d.category"""


def stock(inst: Installation) -> None:
    """Deals of all sellers that close within two years; the first ones made by the product, the others copies of them."""
    chance = random.Random(7)  # noqa: S311 - the same deals every time
    owners = world.owners(inst)
    with inst.env(SYSTEM) as env:
        account = env.create("contacts.account", {"name": "Bench customer", "owner": owners[0]})
        _pipelines(env)
        stages = [(r["pipeline"].id, r["id"]) for r in env.query("deals.stage").order("position").select("category", "pipeline").rows()
                  if r["category"] not in ("won", "lost")]
        keys = env.create("deals.deal", [{
            "name": f"Deal {i}", "account": account, "owner": owners[i % len(owners)],
            **dict(zip(("pipeline", "stage"), chance.choice(stages), strict=True)),
            "amount": chance.randrange(1, 900) * 1000, "closes_on": env.today + dt.timedelta(days=chance.randint(-365, 365))}
            for i in range(FIRST)])
        table = env.registry.record("deals.deal").table
        for turn in range(1, DEALS // FIRST):
            changed = {"id": table.c.id + turn * (max(keys) + 1), "number": table.c.number + literal(f"-{turn}")}
            columns = [changed.get(c.name, c) for c in table.c]
            env.execute(table.insert().from_select([c.name for c in table.c], select(*columns).where(table.c.id.in_(keys))))
        env.connection.commit()
        upkeep.analyze(env, None)
    if inst.engine.dialect.name == "postgresql":  # as autovacuum leaves a table that is not all new
        with inst.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM deals_deal")


def _pipelines(env: Env) -> None:
    """As many pipelines as are measured, each with the stages of the first one."""
    shipped = env.query("deals.stage").order("position").select("name", "position", "category", "probability").rows()
    for i in range(1, PIPELINES):
        pipeline = env.create("deals.pipeline", {"name": f"Pipeline {i}", "position": 10 + i})
        env.create("deals.stage", [{n: r[n] for n in ("name", "position", "category", "probability")} | {"pipeline": pipeline}
                                   for r in shipped])


def forecasts(inst: Installation, database: str, login: str) -> Iterator[Figure]:
    """What the director sees, beside the one statement that must be run for it."""
    lifecycle.enable(inst, ["deals"])
    stock(inst)
    actor = world.person(inst, login)
    people = ",".join(str(i) for i in sorted({actor.id, *actor.subordinate_ids}))
    for kind in ("month", "quarter"):
        with inst.env(actor, write=False) as env:
            shown = period_of(env, kind, env.today)
            bare = text(MONTH.format(owners=people))
            values = {"first": shown.first, "last": shown.last}
            floor, _p95 = timed(lambda: env.execute(bare, values).all(), times=15, warm=2)  # noqa: B023 - run at once
            run = partial(forecast, env, Chosen(shown))
            assert run().whole.sums
            median, p95 = timed(run, times=15, warm=2)
            yield figure(f"forecast_{kind}", database, median, "ms", floor, p95=round(p95, 2), queries=statements(inst, run),
                         deals=DEALS, people=len(people.split(",")))
    visitor = Visitor(inst, actor.id)
    for name, url in (("forecast_page", "/x/deals/forecast"), ("deals_board", "/r/deals.deal/board"),
                      ("deals_board_months", "/r/deals.deal/board?by=closes_on")):
        assert visitor.get(url).status_code == 200
        median, p95 = timed(partial(visitor.get, url), times=10, warm=2)
        yield figure(name, database, median, "ms", p95=round(p95, 2), queries=statements(inst, partial(visitor.get, url)))
