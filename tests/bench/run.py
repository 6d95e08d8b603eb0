"""`python3 run.py bench`: all figures of both databases in one table.

    python -m tests.bench.run [--quick] [--json FILE] [--database sqlite|postgresql]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from core import upkeep
from core.cli.main import unhurried_collector
from core.exchange import importing, running
from core.exchange.plan import CREATE, Options, load
from core.installation import Installation
from core.logs import setup_logs
from core.query.paging import encode
from core.security.actor import SYSTEM
from core.settings import Log
from core.testing.browser import Visitor
from core.testing.plugin import postgres_problem
from tests.bench import (
    api,
    boards,
    calendars,
    catalogue,
    customising,
    deals,
    floors,
    knowledge,
    mail,
    messaging,
    rules,
    sales,
    templating,
    tickets,
    worktime,
    world,
)
from tests.bench.measure import Figure, figure, statements, timed

ROOT = Path(__file__).resolve().parents[2]
FULL, QUICK = 200_000, 60_000
BATCH = 5000
SELLER, MANAGER, TOP = "p31", "p1", "p0"


def tell(text: str) -> None:
    """Progress, on standard error."""
    print(f"  {text}", file=sys.stderr, flush=True)


def create(inst: Installation, database: str, count: int) -> Figure:
    """Bulk create with validation, permissions and history, as an ordinary importing user would."""
    owners = world.owners(inst)
    with inst.env(SYSTEM) as env:
        env.update("base.profile", env.query("base.profile").where('name == "Standard"').ids()[0],
                   {"record_rights": {"leads.lead": {"create": True, "transfer": True, "import": True}}})
    actor = world.person(inst, SELLER)
    rows, taken = world.leads(count, owners), 0.0
    for start in range(0, count, BATCH):
        batch = [row for _i, row in zip(range(min(BATCH, count - start)), rows, strict=False)]
        with inst.env(actor) as env:
            before = time.perf_counter()
            env.create("leads.lead", batch)
            env.connection.commit()
            taken += time.perf_counter() - before
        if start % 50_000 == 0:
            tell(f"{database}: {start + len(batch):,} leads")
    floor = floors.core_insert(inst, min(count, 20_000))
    return figure("create", database, count / taken, "rows/s", floor, more_is_better=True, rows=count)


def lists(inst: Installation, database: str) -> Iterator[Figure]:
    """The list of 80 at page 1 and page 1,000, whole request in process, beside the hand-written page."""
    for login, kind in ((SELLER, "seller"), (MANAGER, "manager")):
        actor = world.person(inst, login)
        visitor = Visitor(inst, actor.id)
        bare = floors.bare_app(inst, actor).test_client()
        with inst.env(actor, write=False) as env:
            deep = env.query("leads.lead").order("-created_at").select("created_at").rows(limit=80 * 999 + 80)
        last = deep[max(0, len(deep) - 161)] if len(deep) < 80 * 999 else deep[80 * 999 - 1]
        token = encode([last["created_at"], last["id"]])
        for name, url, floor_url in (
                ("list_page_1", "/r/leads.lead?order=-created_at&view=", "/"),
                ("list_page_1000", f"/r/leads.lead?order=-created_at&view=&after={token}",
                 f"/?created={last['created_at'].replace(tzinfo=None).isoformat(sep=' ')}&id={last['id']}")):
            page = visitor.get(url)
            assert page.status_code == 200, (url, page.status_code)
            median, p95 = timed(partial(visitor.get, url))
            floor, floor_p95 = timed(partial(bare.get, floor_url))
            yield figure(f"{name}_{kind}", database, median, "ms", floor, p95=round(p95, 2), floor_p95=round(floor_p95, 2),
                         queries=statements(inst, partial(visitor.get, url)), bytes=len(page.data))


def reads(inst: Installation, database: str) -> Iterator[Figure]:
    """Record page, counting, searching and grouping over all leads that a manager sees."""
    actor = world.person(inst, MANAGER)
    visitor = Visitor(inst, actor.id)
    with inst.env(actor, write=False) as env:
        key = env.query("leads.lead").ids(limit=1)[0]
        jobs: list[tuple[str, Callable[[], object]]] = [
            ("record_page", lambda: visitor.get(f"/r/leads.lead/{key}")),
            ("count_capped", lambda: env.query("leads.lead").count()),
            ("count_exact", lambda: env.query("leads.lead").count(cap=None)),
            ("search_rare", lambda: env.query("leads.lead").search("lead7x777").select("name").rows(limit=20)),
            ("search_common", lambda: env.query("leads.lead").search("پارس گستر").order("-created_at").select("name").rows(limit=20)),
            ("group_by_status_with_sum", lambda: env.query("leads.lead").aggregate(["status"], sums=["annual_revenue"])),
        ]
        for name, run in jobs:
            median, p95 = timed(run, times=15, warm=2)
            yield figure(name, database, median, "ms", p95=round(p95, 2), queries=statements(inst, run))


def imports(inst: Installation, database: str, folder: Path, count: int) -> Iterator[Figure]:
    """A CSV through the whole import, in the background job's code."""
    path = folder / f"import-{database}.csv"
    names = ("first_name", "last_name", "company", "email", "mobile", "status", "rating", "annual_revenue", "city")
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(names) + "\n")
        for row in world.leads(count, [1], seed=23):
            file.write(",".join(str(row[n]) for n in names) + "\n")
    actor = world.person(inst, SELLER)
    with inst.env(actor) as env, path.open("rb") as stream:
        key = importing.receive(env, "leads.lead", path.name, importing.file_chunks(stream))
        importing.set_mapping(env, key, {t.column: t.field for t in load(env, key).mapping})
        importing.set_options(env, key, Options(CREATE))
    before = time.perf_counter()
    with inst.env(actor) as env:
        importing.start(env, key, background=False)
        env.commit()
        done = running.run(env, key, lambda _plan: env.commit())
    taken = time.perf_counter() - before
    assert done.counts["created"] == count, done.counts
    yield figure("import", database, count / taken, "rows/s", 5000, more_is_better=True, rows=count)


def cold_start(folder: Path) -> Iterator[Figure]:
    """From the command to the first page, second start, and the memory of an idle process."""
    data = folder / "cold"
    for name in ("first_start", "cold_start"):
        port = 18500 + os.getpid() % 1000
        before = time.perf_counter()
        process = subprocess.Popen([sys.executable, "-m", "core.cli.main", "--data", str(data), "serve", "--no-browser", "--port",
                                    str(port)], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            while time.perf_counter() - before < 60:
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/login", timeout=5).read()
                    break
                except OSError:
                    time.sleep(0.01)
            taken = time.perf_counter() - before
            time.sleep(1.0)
            memory = resident(process.pid)
        finally:
            process.terminate()
            process.wait(15)
        yield figure(name, "sqlite", taken * 1000, "ms", 1500 if name == "cold_start" else None)
    yield figure("idle_memory", "sqlite", memory, "MB", 120)


def resident(pid: int) -> float:
    """Resident memory of a process in megabytes."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def measure(databases: list[str], count: int, folder: Path) -> Iterator[Figure]:
    """Every figure."""
    for database in databases:
        with world.world(database, folder, tell) as inst:
            yield create(inst, database, count)
            with inst.env(SYSTEM) as env:
                upkeep.analyze(env, None)
            yield from lists(inst, database)
            yield from reads(inst, database)
            yield from api.programs(inst, database, SELLER)
            yield from rules.rules(inst, database, SELLER)
            yield from boards.boards(inst, database, TOP)
            yield from imports(inst, database, folder, min(count, 100_000) // 2)
            yield from catalogue.pricing(inst, database)
            yield from deals.forecasts(inst, database, TOP)
            yield from sales.papers(inst, database)
            yield from tickets.tickets(inst, database, TOP)
            yield from knowledge.help_centre(inst, database, count < FULL)
            yield from worktime.clocks(inst, database)
            yield from messaging.campaign(inst, database, count < FULL)
            yield from templating.texts(inst, database, count < FULL)
            yield from mail.reading(inst, database, count < FULL)
            yield from customising.fields(inst, database, count < FULL)
        yield from calendars.calendars(database, folder, count * 5, tell)
    yield from cold_start(folder)


def show(figures: list[Figure]) -> None:
    """The table, databases side by side."""
    names = list(dict.fromkeys(f.name for f in figures))
    print(f"{'':28}{'SQLite':>34}   {'PostgreSQL':>34}")
    for name in names:
        cells = []
        for database in ("sqlite", "postgresql"):
            one = next((f for f in figures if f.name == name and f.database == database), None)
            text = "" if one is None else f"{one.value:,.1f} {one.unit}" + (
                f" (floor {one.floor:,.1f}, ×{one.ratio})" if one.ratio else "") + (
                f" q{one.details['queries']}" if "queries" in one.details else "")
            cells.append(f"{text:>34}")
        print(f"{name:28}{'   '.join(cells)}")


def main(arguments: list[str] | None = None) -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer leads; ends within ten minutes")
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--database", choices=("sqlite", "postgresql"))
    parser.add_argument("--leads", type=int)
    options = parser.parse_args(arguments)
    setup_logs(Log(level="warning"))
    unhurried_collector()  # as in every process of the program
    problem = postgres_problem()
    databases = [options.database] if options.database else ["sqlite", *([] if problem else ["postgresql"])]
    if problem and not options.database:
        tell(f"PostgreSQL is left out: {problem}")
    found: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder:
        for one in measure(databases, options.leads or (QUICK if options.quick else FULL), Path(folder)):
            tell(f"{one.name} [{one.database}] {one.value:,.1f} {one.unit}" + (f" ×{one.ratio}" if one.ratio else ""))
            found.append(one)
    show(found)
    if options.json:
        Path(options.json).write_text(json.dumps([f.row() for f in found], indent=2), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
