"""Figures, health of queues, try it: what they count, that each number opens its tickets, and who sees what."""

import datetime as dt
import re
from html import unescape

import pytest

from addons.tickets import reports
from addons.tickets.tests.test_service_levels import TICKET, WEDNESDAY, at, status, tehran, ticket
from core.api import SYSTEM
from core.testing.browser import Visitor
from core.testing.plugin import query_budget
from core.web_api import Period

__all__ = ["tehran"]
pytestmark = pytest.mark.addons("tickets")
PAGES = ("/x/service/figures", "/x/service/queues", "/x/service/try")


@pytest.fixture
def history(installation, tehran, desk):
    """Four tickets of Wed 25 Nov: answered in time and resolved; missed; reopened and resolved without an answer ever; open."""
    with installation.env(SYSTEM) as env:
        keys = [ticket(at(env, WEDNESDAY), owner=desk["sara"], priority=p) for p in ("normal", "urgent", "normal", "normal")]
        hour = at(env, WEDNESDAY + dt.timedelta(hours=1))
        hour.create("tickets.message", {"ticket": keys[0], "kind": "public", "body": "x", "author": desk["sara"]})
        for key, days in ((keys[0], 0.1), (keys[1], 3), (keys[2], 0.05)):
            at(env, WEDNESDAY + dt.timedelta(days=days)).update(TICKET, key, {"status": status(env, "resolved")})
        at(env, WEDNESDAY + dt.timedelta(days=4)).update(TICKET, keys[2], {"status": status(env, "open")})
        at(env, WEDNESDAY + dt.timedelta(days=4.1)).update(TICKET, keys[2], {"status": status(env, "resolved")})
        env.update(TICKET, keys[0], {"satisfaction": 4, "satisfaction_at": WEDNESDAY + dt.timedelta(days=1)})
        return keys


def period(env):
    return Period("", "", dt.date(2026, 11, 1), dt.date(2026, 12, 31))


def test_figures(installation, history):
    with installation.env(SYSTEM) as env:
        chosen = reports.Chosen(period(env))
        one = reports.together(reports.results(env, chosen, "owner"))
        assert {n: one.count(n) for n in ("opened", "answered", "resolved", "promised", "missed", "reopened", "rated", "backlog")} == {
            "opened": 4, "answered": 1, "resolved": 3, "promised": 3, "missed": 2, "reopened": 1, "rated": 1, "backlog": 1}
        assert one.mean("answered") == 3600 and one.mean("rated") == 4
        for name in (*reports.CONDITIONS, *reports.STANDING):   # what a figure counts is what its link shows
            assert chosen.tickets(env, *reports.conditions(chosen, name)).count() == one.count(name), name
        months = reports.over_time(env, chosen, [Period("", "", dt.date(2026, 11, 1), dt.date(2026, 11, 30)),
                                                 Period("", "", dt.date(2026, 12, 1), dt.date(2026, 12, 31))])
        assert [(m.opened, m.resolved, m.backlog) for m in months] == [(4, 3, 1), (0, 0, 1)]
        assert chosen.tickets(env, *reports.open_at(env, dt.date(2026, 11, 30))).count() == 1


def test_pages_come_and_their_numbers_lead_to_tickets(installation, desk, history):
    visitor = Visitor(installation, desk["mina"])
    for page in PAGES:
        assert visitor.get(page).status_code == 200, page
    text = visitor.get("/x/service/figures?period=2026-11-01..2026-12-31").get_data(as_text=True)
    links = {unescape(u) for u in re.findall(r'href="(/r/tickets\.ticket\?[^"]+)"', text)}
    assert len(links) > 15
    for url in sorted(links)[:12]:
        assert visitor.get(url).status_code == 200, url
    with installation.env(SYSTEM) as env:
        number = env.get(TICKET, history[1], "number").number
    tried = visitor.get(f"/x/service/try?ticket={number}").get_data(as_text=True)
    assert "It is the default: none of the others counts." in tried and "How its time is counted" in tried
    assert "There is no such ticket" in visitor.get("/x/service/try?ticket=T-99999").get_data(as_text=True)
    assert visitor.get("/x/service/try?at=nonsense").status_code == 200


def test_a_fixed_number_of_statements(installation, desk, history):
    visitor = Visitor(installation, desk["mina"])
    for page, most in (("/x/service/figures", 40), ("/x/service/queues", 30)):
        visitor.get(page)
        with query_budget(installation, most):
            visitor.get(page)


def test_who_sees_nothing_learns_nothing(installation, env_as, desk, history):
    with env_as("reza") as env:
        chosen = reports.Chosen(period(env), people=(desk["sara"],))
        assert not reports.together(reports.results(env, chosen, "owner")).counts
        assert reports.promises(env, chosen) == {}
    with installation.env(SYSTEM) as env:
        number = env.get(TICKET, history[0], "number").number
        nobody = env.query("base.user").where('login == "nobody"').ids()[0]
    assert "There is no such ticket" in Visitor(installation, desk["reza"]).get(f"/x/service/try?ticket={number}").get_data(as_text=True)
    for page in PAGES:
        assert Visitor(installation, nobody).get(page).status_code == 403, page
