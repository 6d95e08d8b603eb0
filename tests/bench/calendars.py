"""The calendar month of a team of twenty in a table of a million appointments, beside the same month by hand-written SQL in bare Flask."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import flask
from sqlalchemy import insert, text

from core import upkeep
from core.installation import Installation
from core.security.actor import SYSTEM
from core.testing.browser import Visitor
from core.testing.plugin import drop_postgres, new_postgres, open_installation
from tests.bench.measure import Figure, figure, statements, timed
from tests.bench.world import Tell

NAME, FOLDERS = "diary.appointment", ("tests/fixtures/addons",)
TEAM, OTHERS, YEARS, A_MONTH = 20, 30, 4, 80
FIRST = dt.datetime(2024, 12, 1, 6, tzinfo=dt.UTC)
BATCH = 20_000
MONTH = "2026-11-15"
OWN = """SELECT a.id, a.subject, a.kind, a.starts_at, a.ends_at, u.name AS owner FROM diary_appointment a
 LEFT JOIN base_user u ON u.id = a.owner_id WHERE a.deleted_at IS NULL AND NOT a.archived AND a.owner_id IN ({owners})
 AND a.starts_at >= :first AND a.starts_at < :after ORDER BY a.starts_at LIMIT 2000"""
PAGE = """<!doctype html><html lang="en"><body>{% for day, some in days %}<section><h2>{{ day }}</h2><ul>{% for r in some[:3] %}
<li><a href="/a/{{ r.id }}">{{ r.starts_at }} {{ r.subject }}</a> {{ r.owner }}</li>{% endfor %}</ul>{{ some|length }}</section>
{% endfor %}</body></html>"""


def people(inst: Installation) -> tuple[int, list[int], list[int]]:
    """A manager, the twenty below, and others."""
    with inst.env(SYSTEM) as env:
        profile = env.query("base.profile").where('name == "Standard"').ids()[0]
        chief = env.create("base.role", {"name": "Chief"})
        below = env.create("base.role", {"name": "Below", "parent": chief})
        made = env.create("base.user", [{"login": f"c{i}", "name": f"Person {i}", "profile": profile, "time_zone": "Asia/Tehran",
                                         "language": "fa", "calendar": "jalali", "digits": "arabext",
                                         **({"role": chief if i == 0 else below} if i <= TEAM else {})} for i in range(1 + TEAM + OTHERS)])
        return made[0], made[1:1 + TEAM], made[1 + TEAM:]


def rows(count: int, team: list[int], others: list[int]) -> Iterator[dict[str, Any]]:
    """Four years of appointments, one after the other: eighty a month of each of the team, the rest of others."""
    chance, quarters = random.Random(3), YEARS * 365 * 24 * 4
    every = max(1, round(count / (len(team) * YEARS * 12 * A_MONTH)))
    for i in range(count):
        owner = team[i // every % len(team)] if i % every == 0 else others[i % len(others)]
        start = FIRST + dt.timedelta(minutes=15 * (i * quarters // count))
        yield {"created_at": FIRST, "updated_at": FIRST, "subject": f"Meeting {i}", "kind": chance.choice(("call", "meeting")),
               "starts_at": start, "ends_at": start + dt.timedelta(minutes=chance.choice((15, 30, 60, 120))), "owner_id": owner}


def fill(inst: Installation, count: int, team: list[int], others: list[int]) -> None:
    """Put the rows into the table, as no record layer needs to be measured here."""
    with inst.env(SYSTEM) as env:
        table, all_rows = env.registry.record(NAME).table, rows(count, team, others)
        for start in range(0, count, BATCH):
            batch = [{"id": start + i + 1, **row} for i, row in zip(range(min(BATCH, count - start)), all_rows, strict=False)]
            env.connection.execute(insert(table), batch)
        env.connection.commit()
        upkeep.analyze(env, None)


def bare_month(inst: Installation, team: list[int], first: dt.date) -> flask.Flask:
    """The hand-written month: one statement, one small template."""
    app = flask.Flask("bare_month")
    template = app.jinja_env.from_string(PAGE)
    own = text(OWN.format(owners=",".join(map(str, team))))
    days = [first + dt.timedelta(days=i) for i in range(35)]
    bounds = {"first": dt.datetime.combine(first, dt.time()), "after": dt.datetime.combine(days[-1], dt.time())}

    @app.get("/")
    def page() -> str:
        with inst.engine.connect() as connection:
            found = connection.execution_options(sarnakh_write=False).execute(own, bounds).all()
        by_day: dict[str, list[Any]] = {str(d): [] for d in days}
        for row in found:
            by_day.setdefault(str(row.starts_at)[:10], []).append(row)
        return template.render(days=by_day.items())

    return app


def calendars(database: str, folder: Path, count: int, tell: Tell) -> Iterator[Figure]:
    """The whole request for the manager's Jalali month, and for a month of years ago; an installation of its own."""
    url = f"sqlite:///{folder / uuid.uuid4().hex}.sqlite3" if database == "sqlite" else new_postgres()
    inst = open_installation(url, folder / f"diary-{database}", ("diary",), FOLDERS)
    try:
        chief, team, others = people(inst)
        tell(f"{database}: {count:,} appointments")
        fill(inst, count, team, others)
        visitor, bare = Visitor(inst, chief), bare_month(inst, [chief, *team], dt.date(2026, 10, 24)).test_client()
        floor, floor_p95 = timed(partial(bare.get, "/"), times=15, warm=3)
        for name, day in (("calendar_month", MONTH), ("calendar_month_old", "2025-03-01")):
            address = f"/r/{NAME}/calendar?date={day}"
            page = visitor.get(address)
            assert page.status_code == 200 and page.text.count("data-id=") > 50, page.status_code
            median, p95 = timed(partial(visitor.get, address), times=15, warm=3)
            yield figure(name, database, median, "ms", floor, p95=round(p95, 2), floor_p95=round(floor_p95, 2), rows=count,
                         queries=statements(inst, partial(visitor.get, address)), bytes=len(page.data))
    finally:
        inst.close()
        if database == "postgresql":
            drop_postgres(url)
