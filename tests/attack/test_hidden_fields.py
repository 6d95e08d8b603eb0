"""Every route, by somebody who sees all records but not all fields. New routes, types and fields are in it by themselves.

Every record type's texts hold a marker, but for those that name a record; the profile hides all that hold it. Whatever
Reza asks then, the marker must not come out: not on pages, in lists, cards, exports, history, pickers or messages.
"""

from __future__ import annotations

import pytest

from core.security.actor import SYSTEM
from core.security.grants import OPERATIONS
from core.testing.browser import Visitor
from core.testing.factories import make
from core.testing.plugin import user_id
from core.web.host import Host
from tests.attack.addresses import addresses

MARKER = "Zqxhidden"
WORDS, KINDS = ["name", "notes", "lines", "contacts", "leads", "description", "email"], ["account", "contact", "x"]
TEXTS = {**dict.fromkeys(("name", "action", "field"), WORDS), **dict.fromkeys(("path", "version", "kind", "token"), KINDS)}
NAMING = ("name", "first_name", "last_name", "company", "subject", "title", "code", "login", "summary", "about", "label")
"""Fields that records are called by, or that names are computed from: they stay visible and hold no marker."""


class House:
    """One record of every type with an owner or a parent, all open to Reza, the fields with the marker hidden from him."""

    def __init__(self, installation):
        self.inst = installation
        self.host = Host(installation)
        self.host.gate.limit = 0
        self.records = {}
        with installation.env(SYSTEM) as env:
            for name, rtype in env.registry.records.items():
                if rtype.owned:
                    self.records[name] = make(env, name, MARKER, **self.plain(rtype), owner=user_id(installation, "sara"))
            for name, rtype in env.registry.records.items():
                if rtype.parent:
                    self.child(env, name, rtype)
            self.hidden = {(n, f) for n in self.records for f in self.holding(env, n)}
            self.change(env)
            rights, fields = {n: dict.fromkeys(OPERATIONS, True) for n in env.registry.records}, {}
            for name, field in self.hidden:
                fields.setdefault(name, {})[field] = "hidden"
            profile = env.query("base.profile").where('name == "Standard"').ids()[0]
            env.update("base.profile", profile, {"sets": list(env.registry.permission_sets), "record_rights": rights,
                                                 "field_rights": fields})
        self.reza = Visitor(installation, user_id(installation, "reza"), self.host)

    def plain(self, rtype):
        names = [n for n in NAMING if n in rtype.fields and rtype.fields[n].type_name == "text" and not rtype.fields[n].readonly]
        return {n: f"Plain {n}" for n in names}

    def child(self, env, name, rtype):
        field = rtype.fields[rtype.parent]
        target = field.target if field.type_name == "link" else "leads.lead"
        if target not in self.records:
            return
        value = self.records[target] if field.type_name == "link" else (target, self.records[target])
        links = {f.name: self.records[f.target] for f in rtype.fields.values()
                 if f.type_name == "link" and f.required and f.target in self.records}
        lead = ("leads.lead", self.records["leads.lead"])
        links |= {f.name: lead for f in rtype.fields.values() if f.type_name == "anylink" and f.required}
        self.records[name] = make(env, name, MARKER, **{**self.plain(rtype), **links, field.name: value})

    def holding(self, env, name):
        """Names of the stored fields that hold the marker."""
        rtype = env.registry.record(name)
        row = env.execute(rtype.table.select().where(rtype.table.c.id == self.records[name])).mappings().one()
        return [f.name for f in rtype.fields.values() if f.stored and not f.system
                and MARKER.lower() in str(row.get(f.column_name)).lower()]

    def change(self, env):
        """Give history something to tell of."""
        for name, field in self.hidden:
            kind = env.registry.record(name).fields[field]
            if kind.type_name in ("text", "longtext", "richtext") and not kind.readonly:
                env.update(name, self.records[name], {field: f"{MARKER} again"})

    def paths(self):
        """Every GET route with every record in it."""
        for rule in self.host.app.url_map.iter_rules():
            if "GET" not in rule.methods or rule.endpoint == "static":
                continue
            yield from addresses(self.host.app, rule, self.records, TEXTS)


@pytest.fixture
def house(installation):
    return House(installation)


@pytest.mark.database("sqlite")
def test_nothing_hidden_comes_out(house):
    assert len(house.hidden) > 30, house.hidden
    leaks, tried, seen = [], 0, 0
    with house.inst.env(SYSTEM) as env:
        twins = {n: make(env, f"contacts.{n}", MARKER, name="Plain", first_name="Plain", last_name="Twin") if n == "contact"
                 else make(env, f"contacts.{n}", MARKER, name="Plain") for n in ("account", "contact")}
    more = [f"/x/contacts/merge/{n}?ids={house.records[f'contacts.{n}']}&ids={twin}" for n, twin in twins.items()]
    more += [f"/x/contacts/similar/{n}?{f}={MARKER}" for n in twins for f in ("email", "phone", "name", "website", "value")]
    for path in dict.fromkeys([*house.paths(), *more]):
        tried += 1
        answer = house.reza.get(path)
        body = answer.get_data().decode("utf-8", "replace")
        seen += answer.status_code == 200
        if MARKER.lower() in body.replace(f"={MARKER}", "").lower() or answer.status_code >= 500:
            leaks.append(f"GET {path} -> {answer.status_code}")
    assert tried > 100 and seen > 80
    assert not leaks, "\n".join(leaks[:40])


@pytest.mark.database("sqlite")
def test_no_question_tells_what_is_hidden(house):
    """Search, quick filters, criteria, order, groups, columns and exports by every hidden field."""
    leaks = []
    for record, field in sorted(house.hidden):
        key = house.records[record]
        for query in (f"s=1&q={MARKER}", f"s=1&filter.{field}={MARKER}", f"s=1&order={field}", f"group={field}&s=1",
                      f"s=1&columns={field}",
                      f"s=1&criteria=%7B%22op%22%3A%22is+null%22%2C%22operand%22%3A%7B%22field%22%3A%22{field}%22%7D%7D"):
            for path in (f"/r/{record}?{query}", f"/r/{record}/export?{query}", f"/r/{record}/board?{query}",
                         f"/r/{record}/calendar?{query}"):
                answer = house.reza.get(path)
                text = answer.get_data(as_text=True)
                if answer.status_code >= 500 or f"{MARKER} " in text or f"{MARKER.lower()}" in text.replace(MARKER, "").lower():
                    leaks.append(f"{path} -> {answer.status_code}")
        sent = house.reza.post(f"/r/{record}/export", {"s": "1", "columns": [field, "id"], "fields": [field, "id"], "format": "csv"})
        if sent.status_code >= 500 or MARKER.lower() in sent.get_data(as_text=True).lower():
            leaks.append(f"POST export {record} {field} -> {sent.status_code}")
        for path in (f"/r/{record}/{key}/field/{field}", f"/r/{record}/{key}/edit"):
            sent = house.reza.post(path, {field: "overwritten", "value": "overwritten", "version": "2"})
            if sent.status_code >= 500 or MARKER.lower() in sent.get_data(as_text=True).lower():
                leaks.append(f"POST {path} -> {sent.status_code}")
    assert not leaks, "\n".join(leaks[:40])
    with house.inst.env(SYSTEM, write=False) as env:
        assert {(n, f) for n in house.records for f in house.holding(env, n)} == house.hidden  # nothing was overwritten
