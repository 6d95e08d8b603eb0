"""What other programs do most, over the whole REST interface in process, with a seller's permissions: a list of 100, one record, a
creation, 1,000 creations at once. Held against the same rows by hand-written SQL in bare Flask, and by plain inserts."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from itertools import count
from typing import Any

from sqlalchemy import insert, select

from addons.api.tests.calling import Caller
from core.addons import lifecycle
from core.installation import Installation
from core.security.actor import SYSTEM
from tests.bench import floors, world
from tests.bench.measure import Figure, figure, statements, timed

LEADS = "/records/leads.lead"
TOLD = "fields=name,company,status,rating,email,mobile,annual_revenue,city,owner,created_at"
BULK, TIMES = 1000, 8


def programs(inst: Installation, database: str, seller: str) -> Iterator[Figure]:
    """Every figure of the API."""
    lifecycle.enable(inst, ["api"])
    actor = world.person(inst, seller)
    bare = floors.bare_app(inst, actor).test_client()
    caller, wide = Caller(inst, seller), Caller(inst, seller)
    key = caller.get(f"{LEADS}?limit=1&sort=-created_at&fields=id")["records"][0]["id"]
    assert len(caller.get(f"{LEADS}?limit=100&sort=-created_at&{TOLD}")["records"]) == 100
    for name, path, floor_path in (("api_list_100", f"{LEADS}?limit=100&sort=-created_at&{TOLD}", "/json"),
                                   ("api_list_100_all_fields", f"{LEADS}?limit=100&sort=-created_at", "/json"),
                                   ("api_get", f"{LEADS}/{key}", f"/json/{key}")):
        ask = partial(wide.get, path)
        median, p95 = timed(ask)
        floor, floor_p95 = timed(partial(bare.get, floor_path))
        yield figure(name, database, median, "ms", floor, p95=round(p95, 2), floor_p95=round(floor_p95, 2), queries=statements(inst, ask))
    yield from _writes(inst, database, caller, seller)


def _writes(inst: Installation, database: str, caller: Caller, seller: str) -> Iterator[Figure]:
    """One creation, and a thousand in one request: validated, allowed, logged, indexed and committed."""
    turn = count()

    def create() -> None:
        caller.post(LEADS, {"last_name": "Bench", "email": f"api{next(turn)}@example.com"}, 201, Idempotency_Key=f"bench-{next(turn)}")

    def made() -> None:
        with inst.env(inst.load_actor(person)) as env:
            env.create("leads.lead", {"last_name": "Bench", "email": f"api{next(turn)}@example.com"})
            env.commit()

    person = world.person(inst, seller).id
    floor, floor_p95 = timed(_one_insert(inst))
    layer, _p95 = timed(made)
    median, p95 = timed(create)
    yield figure("api_create", database, median, "ms", floor, p95=round(p95, 2), floor_p95=round(floor_p95, 2),
                 record_layer=round(layer, 2), queries=statements(inst, create))
    rows, taken = world.leads(BULK * (TIMES + 1), [1], seed=31), []
    for _turn in range(TIMES):
        batch = [{**next(rows), "first_touch_at": None, "owner": None} for _row in range(BULK)]
        sent = [{name: value for name, value in row.items() if value is not None} for row in batch]
        before = time.perf_counter()
        done = caller.post(f"{LEADS}/bulk", {"operation": "create", "rows": sent}, 200)
        taken.append(time.perf_counter() - before)
        assert done["succeeded"] == BULK
    yield figure("api_bulk_1000", database, BULK / sorted(taken)[len(taken) // 2], "rows/s", floors.core_insert(inst, 10_000),
                 more_is_better=True, slowest=round(max(taken), 3))


def _one_insert(inst: Installation) -> Any:
    """One complete row by Core, committed: what no interface can be faster than. The rows are taken away again."""
    table = inst.registry.record("leads.lead").table
    with inst.env(SYSTEM, write=False) as env:
        row = dict(env.execute(select(table).limit(1)).mappings().one())
    turn = count(50_000_000)

    def run() -> None:
        key = next(turn)
        with inst.env(SYSTEM) as env:
            env.execute(insert(table), [{**row, "id": key, "number": f"F-{key}", "deleted_at": env.now}])
            env.connection.commit()

    return run
