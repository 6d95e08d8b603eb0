"""Tickets at scale: 200,000 of which 50,000 are open. Their list, the desk, a report; all due times counted again; the sweep over
escalations with nothing to do, and when every open ticket escalates at once."""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Iterator
from functools import partial

from sqlalchemy import literal, select

from addons.tickets import alerts, escalating, sla
from core import upkeep
from core.addons import lifecycle
from core.api import Env, F
from core.installation import Installation
from core.security.actor import SYSTEM
from core.testing.browser import Visitor
from tests.bench import world
from tests.bench.measure import Figure, figure, statements, timed

TICKETS, FIRST = 200_000, 4_000
OPEN_SHARE = 4
"""Every so many-th ticket is open."""
TICKET = "tickets.ticket"
PAGES = (("ticket_list", "/r/tickets.ticket?view="), ("ticket_list_by_due", "/r/tickets.ticket?order=next_due&view="),
         ("service_figures", "/x/service/figures?period=last_12"), ("queues_now", "/x/service/queues"), ("ticket_desk", "/x/tickets/desk"))


def stock(inst: Installation) -> None:
    """Tickets of all agents over half a year; the first ones made by the product, the others copies of them."""
    chance = random.Random(4)  # noqa: S311 - the same tickets every time
    owners = world.owners(inst)
    with inst.env(SYSTEM) as env:
        account = env.create("contacts.account", {"name": "Bench customer", "owner": owners[0]})
        queues = env.create("tickets.queue", [{"name": f"Queue {i}", "members": owners[i::8]} for i in range(8)])
        resolved = env.query("tickets.status").where('category == "resolved"').ids(1)[0]
        keys: list[int] = []
        for day in range(0, 200, 10):
            then = env.back_then(env.now - dt.timedelta(days=day, minutes=chance.randrange(600)), None)
            made = then.create(TICKET, [{
                "subject": f"Ticket {i}", "account": account, "owner": chance.choice(owners), "queue": chance.choice(queues),
                "priority": chance.choice(("low", "normal", "high", "urgent")), "requester_name": f"Customer {i}"}
                for i in range(FIRST // 20)])
            later = env.back_then(then.now + dt.timedelta(minutes=chance.randrange(30, 4000)), None)
            later.update(TICKET, [k for i, k in enumerate(made) if i % OPEN_SHARE], {"status": resolved})
            keys += made
        table = env.registry.record(TICKET).table
        for turn in range(1, TICKETS // FIRST):
            changed = {"id": table.c.id + turn * (max(keys) + 1), "number": table.c.number + literal(f"-{turn}"),
                       "token": table.c.token + literal(f"-{turn}")}
            columns = [changed.get(c.name, c) for c in table.c]
            env.execute(table.insert().from_select([c.name for c in table.c], select(*columns).where(table.c.id.in_(keys))))
        env.connection.commit()
        upkeep.analyze(env, None)
    if inst.engine.dialect.name == "postgresql":  # as autovacuum leaves a table that is not all new
        with inst.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM tickets_ticket")


def recount(env: Env) -> int:
    """All open tickets again, as the job does it, with a commit after each part."""
    changed, last = 0, 0
    while True:
        last, found = sla.recount(env, choose=True, after=last)
        if not last:
            return changed
        changed += found
        env.commit()


def tickets(inst: Installation, database: str, top: str) -> Iterator[Figure]:
    """Every figure of tickets."""
    lifecycle.enable(inst, ["tickets"])
    stock(inst)
    with inst.env(SYSTEM) as env:
        level = env.query("tickets.policy").ids(1)[0]
        count = env.query(TICKET).where(F.resolved_at.is_null()).count(cap=None)
        targets = env.query("tickets.target").where(F.policy == level).ids()
        env.update("tickets.target", targets, {"resolution": 30 * 3600, "response": 7200})
    with inst.env(SYSTEM) as env:
        before = time.perf_counter()
        changed = recount(env)
        yield figure("sla_recount_50000", database, time.perf_counter() - before, "s", rows=count, changed=changed)
    yield from _sweeps(inst, database)
    visitor = Visitor(inst, world.person(inst, top).id)
    for name, url in PAGES:
        if visitor.get(url).status_code == 200:
            median, p95 = timed(partial(visitor.get, url), times=5, warm=1)
            yield figure(name, database, median, "ms", p95=round(p95, 2), queries=statements(inst, partial(visitor.get, url)), rows=TICKETS)


def _sweeps(inst: Installation, database: str) -> Iterator[Figure]:
    """Every open ticket reaches a level at once, and somebody is told; then a minute in which nothing happens."""
    with inst.env(SYSTEM) as env:
        env.update("tickets.escalation", env.query("tickets.escalation").ids(), {"active": False})
        rule = env.create("tickets.escalation", {"name": "Bench", "aim": "resolution"})
        env.create("tickets.escalation_level", {"rule": rule, "name": "Level", "side": "before", "offset": 720 * 3600,
                                                "tell": world.owners(inst)[:1]})
    for name in ("escalation_sweep_all_50000", "escalation_sweep_idle_50000"):
        with inst.env(SYSTEM) as env:
            before, done = time.perf_counter(), 0
            for found in escalating.sweep(env):
                done += found
                env.commit()
            alerts.send(env)
            yield figure(name, database, time.perf_counter() - before, "s", 60, escalated=done)
