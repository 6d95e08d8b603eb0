"""What the figures are held against: the same rows by SQLAlchemy Core, the same page by hand-written SQL in bare Flask."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

import flask
from sqlalchemy import insert, select, text

from core.installation import Installation
from core.query.search import index_new
from core.security.actor import SYSTEM, Actor
from tests.bench.world import leads, owners

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Leads</title></head><body><table>
<tr><th>Name</th><th>Company</th><th>Status</th><th>Rating</th><th>E-mail</th><th>Mobile</th><th>Revenue</th><th>City</th><th>Owner</th><th>Created</th></tr>
{% for r in rows %}<tr><td><a href="/leads/{{ r.id }}">{{ r.name }}</a></td><td>{{ r.company or "" }}</td><td>{{ r.status }}</td>
<td>{{ r.rating }}</td><td>{{ r.email }}</td><td>{{ r.mobile }}</td><td>{{ "{:,}".format((r.annual_revenue or 0) // 10000) }}</td>
<td>{{ r.city }}</td><td>{{ r.owner_name }}</td><td>{{ r.created_at }}</td></tr>
{% endfor %}</table></body></html>"""

SQL = """SELECT l.id, l.name, l.company, l.status, l.rating, l.email, l.mobile, l.annual_revenue, l.city, u.name AS owner_name,
 l.created_at FROM leads_lead l LEFT JOIN base_user u ON u.id = l.owner_id
 WHERE l.deleted_at IS NULL AND NOT l.archived AND (l.owner_id IN ({owners}) OR l.id IN (SELECT record_id FROM leads_lead_co_owners
 WHERE other_id = {me}) OR l.id IN (SELECT record_id FROM sys_share WHERE record = 'leads.lead' AND principal IN ({principals})
 AND (expires_at IS NULL OR expires_at > :now)){rules}) {after}
 ORDER BY l.created_at DESC, l.id DESC LIMIT {limit}"""


def core_insert(inst: Installation, count: int) -> float:
    """Rows per second of a plain Core insert of complete rows into the same table, indexes and all."""
    table = inst.registry.record("leads.lead").table
    with inst.env(SYSTEM) as env:
        made = env.create("leads.lead", list(leads(1000, owners(inst), seed=11)))
        rows = [dict(r) for r in env.execute(select(table).where(table.c.id.in_(made))).mappings()]
        base = max(made) + 1_000_000
        copies: list[dict[str, Any]] = []
        for i in range(count):
            copies.append({**rows[i % len(rows)], "id": base + i, "number": f"F-{i}"})
        before = time.perf_counter()
        for start in range(0, count, 5000):
            env.execute(insert(table), copies[start:start + 5000])
            index_new(env, inst.registry.record("leads.lead"), copies[start]["id"], copies[min(start + 5000, count) - 1]["id"])
        taken = time.perf_counter() - before
        env.connection.rollback()
    return count / taken


def bare_app(inst: Installation, actor: Actor) -> flask.Flask:
    """The hand-written page: one statement with the same visibility (the rule by criteria of `world.people`), one small
    template; and the same rows as JSON."""
    app = flask.Flask("bare")
    template = app.jinja_env.from_string(PAGE)
    reach = actor.reach["leads.lead"]
    ids = ",".join(str(i) for i in sorted({actor.id, *reach.read_owners}))
    principals = ",".join(f"'{p}'" for p in actor.principals)

    rules = "".join(" OR (l.rating = 'hot' AND l.status = 'sql')" for _rule in reach.read_where)

    def found(after: str, limit: int, **values: Any) -> Any:
        statement = text(SQL.format(owners=ids, principals=principals, me=actor.id, rules=rules, after=after, limit=limit))
        with inst.engine.connect() as connection:
            connection = connection.execution_options(sarnakh_write=False)
            return connection.execute(statement, {"now": dt.datetime.now(dt.UTC).replace(tzinfo=None), **values}).all()

    @app.get("/")
    def page() -> str:
        created, key = flask.request.args.get("created"), flask.request.args.get("id")
        after = "AND l.created_at <= :c AND (l.created_at < :c OR l.id < :i)" if created else ""
        rows = found(after, 81, **({"c": created, "i": int(key or 0)} if created else {}))
        return template.render(rows=rows[:80])

    @app.get("/json")
    def listing() -> flask.Response:
        return flask.jsonify([row._asdict() for row in found("", 101)[:100]])

    @app.get("/json/<int:key>")
    def one(key: int) -> flask.Response:
        return flask.jsonify(found("AND l.id = :i", 1, i=key)[0]._asdict())

    return app
