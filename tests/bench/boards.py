"""The board of leads, 100,000 cards and more in ten columns, beside the same columns by hand-written SQL in bare Flask."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial

import flask
from sqlalchemy import text

from core import upkeep
from core.installation import Installation
from core.security.actor import SYSTEM, Actor
from core.testing.browser import Visitor
from tests.bench import world
from tests.bench.measure import Figure, figure, statements, timed

COLUMNS = ("raw", "new", "contacted", "nurturing", "mal", "mql", "sal", "sql", "ready", "recycle")
CARDS = 20
SEEN = """l.deleted_at IS NULL AND NOT l.archived AND (l.owner_id IN ({owners}) OR l.id IN (SELECT record_id FROM leads_lead_co_owners
 WHERE other_id = {me}) OR l.id IN (SELECT record_id FROM sys_share WHERE record = 'leads.lead' AND principal IN ({principals})
 AND (expires_at IS NULL OR expires_at > :now)))"""
HEADS = "SELECT l.status, count(*) FROM leads_lead l WHERE {seen} GROUP BY l.status"
FIRST = """SELECT * FROM (SELECT l.id, l.status FROM leads_lead l WHERE {seen} AND l.status = '{status}'
 ORDER BY l.created_at DESC, l.id DESC LIMIT {cards})"""
CARDS_OF = """SELECT l.id, l.status, l.name, l.company, l.rating, l.last_touch_at, u.name AS owner_name
 FROM ({first}) f JOIN leads_lead l ON l.id = f.id LEFT JOIN base_user u ON u.id = l.owner_id
 ORDER BY l.status, l.created_at DESC, l.id DESC"""
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Leads</title></head><body>
{% for status, cards in columns %}<section><h2>{{ status }} {{ counts.get(status, 0) }}</h2><ul>
{% for r in cards %}<li><a href="/leads/{{ r.id }}">{{ r.name }}</a><dl><dd>{{ r.company or "" }}</dd><dd>{{ r.rating }}</dd>
<dd>{{ r.last_touch_at }}</dd></dl>{{ r.owner_name }}</li>
{% endfor %}</ul></section>{% endfor %}</body></html>"""


def bare_board(inst: Installation, actor: Actor) -> flask.Flask:
    """The hand-written board: two statements, one small template."""
    app = flask.Flask("bare_board")
    template = app.jinja_env.from_string(PAGE)
    ids = ",".join(str(i) for i in sorted({actor.id, *actor.reach["leads.lead"].read_owners}))
    seen = SEEN.format(owners=ids, me=actor.id, principals=",".join(f"'{p}'" for p in actor.principals))
    named = inst.engine.dialect.name == "postgresql"
    first = " UNION ALL ".join(FIRST.format(seen=seen, status=s, cards=CARDS + 1) + (f" AS c{i}" if named else "")
                               for i, s in enumerate(COLUMNS))
    heads, cards = text(HEADS.format(seen=seen)), text(CARDS_OF.format(first=first))

    @app.get("/")
    def page() -> str:
        with inst.engine.connect() as connection:
            connection = connection.execution_options(sarnakh_write=False)
            values = {"now": dt.datetime.now(dt.UTC).replace(tzinfo=None)}
            counts = dict(connection.execute(heads, values).tuples().all())
            rows = connection.execute(cards, values).all()
        return template.render(counts=counts, columns=[(s, [r for r in rows if r.status == s][:CARDS]) for s in COLUMNS])

    return app


def boards(inst: Installation, database: str, login: str) -> Iterator[Figure]:
    """The whole request for the board of the manager at the top, who sees every lead."""
    with inst.env(SYSTEM) as env:
        cases = " ".join(f"WHEN {i} THEN '{s}'" for i, s in enumerate(COLUMNS))
        env.execute(text(f"UPDATE leads_lead SET status = CASE id % {len(COLUMNS)} {cases} END"))  # noqa: S608 - constants
        env.connection.commit()
        upkeep.analyze(env, None)
    actor = world.person(inst, login)
    visitor, bare = Visitor(inst, actor.id), bare_board(inst, actor).test_client()
    url = "/r/leads.lead/board"
    page = visitor.get(url)
    assert page.status_code == 200 and page.text.count("data-card-id") == CARDS * len(COLUMNS), page.status_code
    assert bare.get("/").text.count("<li>") == CARDS * len(COLUMNS)
    median, p95 = timed(partial(visitor.get, url), times=30, warm=3)
    floor, floor_p95 = timed(partial(bare.get, "/"), times=30, warm=3)
    yield figure("board_page", database, median, "ms", floor, p95=round(p95, 2), floor_p95=round(floor_p95, 2),
                 queries=statements(inst, partial(visitor.get, url)), bytes=len(page.data))
