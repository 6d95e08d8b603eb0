"""Every route, with every kind of person, against records they may not see. New routes and types are in it by themselves.

Sara owns a private record of every type that has an owner (or hangs under one); every text of it holds a marker. Reza, a
peer with the same rights, a person without rights, and a visitor then try each route of the application in every way the
route's arguments allow. The marker must not come out, nothing may change, and nothing may answer with a server error.
"""

from __future__ import annotations

import itertools

import pytest
from werkzeug.test import Client

from addons.api import tokens
from core.security.actor import SYSTEM
from core.testing.browser import Visitor, host_of
from core.testing.factories import make
from core.testing.plugin import user_id
from tests.attack.addresses import addresses

MARKER = "Zqxvictim"
WORDS, ANY = ["owner", "lines", "notes", "convert"], ["x"]
TEXTS = {**dict.fromkeys(("name", "action", "field"), WORDS), **dict.fromkeys(("path", "version", "kind", "token"), ANY)}
PEOPLE = ("reza", "nobody", None)
THINNED = {"sqlite": 1, "postgresql": 5}
"""Of so many addresses one is tried: all on SQLite, and of each route some on PostgreSQL, other record types with every route. That
rights are the same conditions on both is what tests/core/security holds."""
API_THINNED = 5
"""All routes of the API go through the same few functions, so of its addresses fewer are tried, other types with each."""
PUBLIC_OK = {200, 204, 302, 303, 304, 400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 429}


class Program:
    """A program that may do whatever its person may."""

    def __init__(self, installation, person, host):
        key = user_id(installation, person)
        with installation.env(installation.load_actor(key)) as env:
            token = tokens.make(env, key, "attack", ["*:write", "admin"])[1]
        self.client, self.headers = Client(host), {"Authorization": f"Bearer {token}"}

    def get(self, path):
        return self.client.get(path, headers=self.headers)

    def post(self, path, values, method="POST"):
        return self.client.open(path, method=method, json=values, headers=self.headers)


class Field:
    """The battlefield of one database: the installation, Sara's records, the routes."""

    def __init__(self, installation):
        self.inst = installation
        self.host = host_of(installation)
        sara = user_id(installation, "sara")
        self.victims = {}
        with installation.env(SYSTEM) as env:
            for name, rtype in env.registry.records.items():
                if rtype.owned:
                    self.victims[name] = make(env, name, MARKER, owner=sara)
            for name, rtype in env.registry.records.items():
                if rtype.parent and self.private(env, rtype):
                    self.victims[name] = self.child(env, name, rtype)
            for name, key in self.victims.items():
                if env.registry.records[name].owned:
                    env.create("base.note", {"about": (name, key), "body": f"<p>{MARKER} note</p>"})
        self.rules = list(self.host.app.url_map.iter_rules())
        self.people = {p: Visitor(installation, user_id(installation, p) if p else None, self.host) for p in PEOPLE}
        self.programs = {p: Program(installation, p, self.host) for p in PEOPLE if p}

    def callers(self, rule):
        """Who tries a route: people, and programs with their tokens where only these come in."""
        if not rule.rule.startswith("/api"):
            return self.people
        return {**{f"{p}'s program": program for p, program in self.programs.items()}, None: self.people[None]}

    def private(self, env, rtype):
        """Whether somebody owns it, or what it hangs under; prices of a list that is for all are no secret."""
        field = rtype.fields[rtype.parent] if rtype.parent else None
        if rtype.owned or field is None or field.type_name == "anylink":
            return rtype.owned or field is not None
        return self.private(env, env.registry.records[field.target])

    def child(self, env, name, rtype):
        field = rtype.fields[rtype.parent]
        if field.type_name == "anylink":
            target = next(t for t in (field.targets or self.victims) if t in self.victims and t != name)
            return make(env, name, MARKER, **{field.name: (target, self.victims[target])})
        if field.target not in self.victims:
            self.victims[field.target] = make(env, field.target, MARKER)
        return make(env, name, MARKER, **{field.name: self.victims[field.target]})

    def ways(self, rule):
        """All sensible fillings of a route's arguments, with Sara's numbers in them; thinned out where `THINNED` says so."""
        every = THINNED[self.inst.engine.dialect.name] * (API_THINNED if rule.rule.startswith("/api") else 1)
        first = self.rules.index(rule) % every
        return (path for n, path in enumerate(addresses(self.host.app, rule, self.victims, TEXTS)) if n % every == first or n == 0)

    def state(self):
        """What must stay as it is."""
        with self.inst.env(SYSTEM, write=False) as env:
            found = {}
            for name, key in self.victims.items():
                table = env.registry.record(name).table
                found[name] = env.execute(table.select().where(table.c.id == key)).mappings().one()
            return {n: {k: v for k, v in row.items() if k != "updated_at"} for n, row in found.items()}


def text_of(answer):
    """What came, pictures too."""
    return answer.get_data().decode("utf-8", "replace")


@pytest.fixture
def field(installation):
    return Field(installation)


def test_no_private_type_is_left_out(field):
    """Every type with an owner, or under one, is attacked, those of selling too; were they not made, nothing would leak."""
    with field.inst.env(SYSTEM, write=False) as env:
        private = {n for n, r in env.registry.records.items() if r.owned or r.parent and field.private(env, r)}
    assert private == {n for n in private if n in field.victims}
    assert {n.partition(".")[0] for n in private} >= {"base", "contacts", "leads", "deals", "sales", "worktime"}
    assert {"deals.deal", "deals.line", "sales.quote_line", "sales.invoice", "sales.allocation"} <= private


def test_nothing_comes_out(field):
    leaks, tried = [], 0
    for rule in field.rules:
        if "GET" not in rule.methods:
            continue
        for path in field.ways(rule):
            for person, visitor in field.callers(rule).items():
                tried += 1
                answer = visitor.get(path)
                body = text_of(answer)
                if MARKER.lower() in body.lower() or answer.status_code not in PUBLIC_OK:
                    leaks.append(f"{person} GET {path} -> {answer.status_code}")
    assert tried > 100
    assert not leaks, "\n".join(leaks[:40])


@pytest.mark.database("sqlite")
def test_the_owner_does_see_it(field):
    """Otherwise the tests above would prove nothing."""
    sara = Visitor(field.inst, user_id(field.inst, "sara"), field.host)
    for record in ("leads.lead", "contacts.account", "contacts.contact"):
        for path in (f"/r/{record}", f"/r/{record}/{field.victims[record]}", f"/search?q={MARKER}"):
            assert f"{MARKER} " in text_of(sara.get(path)), path


def test_asking_in_other_ways(field):
    """Search, filters, sorting, grouping and exporting by query string."""
    leaks = []
    for record in sorted(field.victims)[::THINNED[field.inst.engine.dialect.name]]:
        key = field.victims[record]
        queries = [f"q={MARKER}", f"order=name&q={MARKER}", "group=owner", "group=created_by", f"where=name contains '{MARKER}'",
                   f"ids={key}", "archived=1", "deleted=1", "after=AAAA", "view=1"]
        paths = [f"/r/{record}?{query}" for query in queries]
        paths += [f"/r/{record}/{face}{query}" for face in ("export?", "board?", "calendar?", f"board/moves?id={key}&")
                  for query in (queries[0], queries[4], queries[6])]  # faces read the list that the query means
        for person, visitor in field.people.items():
            for path in paths:
                answer = visitor.get(path)
                text = text_of(answer).replace(f"q={MARKER}", "").replace(f'value="{MARKER}"', "")
                if "note</p>" in text or f"{MARKER} " in text or answer.status_code >= 500:
                    leaks.append(f"{person} {path} -> {answer.status_code}")
    for person, visitor in field.people.items():
        for path in (f"/search?q={MARKER}", f"/palette?q={MARKER}"):
            text = text_of(visitor.get(path))
            if f"{MARKER} " in text:
                leaks.append(f"{person} {path}")
    assert not leaks, "\n".join(leaks[:40])


def test_nothing_changes(field):
    before = field.state()
    wrong = []
    values = {"name": "broken", "body": "broken", "owner": "1", "confirm": "1", "ids": "1", "value": "broken",
              "from": "vnew", "to": "vcontacted", "column": "vnew", "folded": "1", "begin": "2026-11-26"}
    for rule in field.rules:
        if "POST" not in rule.methods or rule.rule in ("/logout",) or rule.rule.startswith("/api"):
            continue
        for path in field.ways(rule):
            for person, visitor in field.people.items():
                own = str(field.victims.get(path.split("/")[2] if path.startswith("/r/") else "", 1))
                answer = visitor.post(path, {**values, "ids": str(next(iter(field.victims.values()))), "id": own})
                if answer.status_code not in PUBLIC_OK or MARKER in text_of(answer):
                    wrong.append(f"{person} POST {path} -> {answer.status_code}")
    assert not wrong, "\n".join(wrong[:40])
    after = field.state()
    changed = {n: {k: (before[n][k], v) for k, v in row.items() if v != before[n][k]} for n, row in after.items() if row != before[n]}
    assert not changed


def test_programs_change_nothing(field):
    """The API in every way of writing, with the values of a thief and with none."""
    before, wrong = field.state(), []
    thief = user_id(field.inst, "reza")
    values = [{}, {"owner": thief}, {"name": "broken"}, {"body": "broken"}, {"access": "write"},
              {"id": 1, "ids": list(field.victims.values())}]
    for rule in field.rules:
        if not rule.rule.startswith("/api"):
            continue
        for method in sorted(rule.methods & {"POST", "PUT", "PATCH", "DELETE"}):
            for path in field.ways(rule):
                victim = field.victims.get(path.split("/")[4] if path.count("/") > 3 else "", 1)
                rows = [{"operation": op, "mode": "each", "key": "external:x", "rows": [{"id": victim, "owner": thief, "external:x": "1"}]}
                        for op in ("update", "delete", "restore", "upsert")] if path.endswith("/bulk") else values
                for person, program in field.programs.items():
                    for row in rows:
                        answer = program.post(path, row, method)
                        if answer.status_code not in {*PUBLIC_OK, 201} or MARKER in text_of(answer):
                            wrong.append(f"{person} {method} {path} {row} -> {answer.status_code}")
    assert not wrong, "\n".join(wrong[:40])
    after = field.state()
    changed = {n: {k: (before[n][k], v) for k, v in row.items() if v != before[n][k]} for n, row in after.items() if row != before[n]}
    assert not changed


@pytest.mark.database("sqlite")
def test_a_form_without_its_token_is_refused(field):
    visitor = field.people["reza"]
    refused = []
    for rule in field.rules:
        if "POST" not in rule.methods or rule.endpoint.startswith("public"):
            continue
        for path in itertools.islice(field.ways(rule), 2):
            answer = visitor.client.post(path, data={"name": "x"})
            if answer.status_code not in (400, 401, 403, 404, 405) and not path.startswith(("/x/leads/form", "/login")):
                refused.append(f"POST {path} without a token -> {answer.status_code}")
    assert not refused, "\n".join(refused)


@pytest.mark.database("sqlite")
def test_a_visitor_sees_only_public_doors(field):
    visitor = field.people[None]
    open_doors = set()
    for rule in field.rules:
        if "GET" not in rule.methods:
            continue
        for path in itertools.islice(field.ways(rule), 2):
            answer = visitor.get(path)
            if answer.status_code == 200:
                open_doors.add(rule.rule)
    assert open_doors <= {"/login", "/forgot", "/static/<kind>/<version>/<path:path>", "/offline", "/health",
                          "/x/leads/form/<token>", "/favicon.ico", "/x/help/<any(en, fa, tr):lang>",
                          "/x/help/<any(en, fa, tr):lang>/search", "/x/help/sitemap.xml", "/x/help/sitemap/<int:part>.xml",
                          "/x/mail/o/<token>.gif", "/.well-known/oauth-authorization-server"}, open_doors
