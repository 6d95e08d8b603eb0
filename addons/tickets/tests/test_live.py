"""What pages that stay open hear of tickets: who waits for me, that something came, and nothing of others' tickets."""

from __future__ import annotations

from typing import Any

import pytest

from addons.tickets import receiving
from addons.tickets.tests.test_ticket_access import make
from core.testing.browser import Visitor
from core.testing.plugin import query_budget, user_id

pytestmark = [pytest.mark.addons("tickets")]
TICKET = "tickets.ticket"


def live(visitor: Visitor) -> dict[str, Any]:
    return visitor.get("/notifications/count").json["live"].get("tickets", {})  # type: ignore[no-any-return]


def test_who_waits_and_that_something_came(installation: Any, env_as: Any, desk: dict[str, Any]) -> None:
    sara, omid, stranger = (Visitor(installation, desk[name]) if name in desk else Visitor(installation) for name in ("sara", "omid", "x"))
    before = live(sara), live(omid)
    assert before[0]["count"] == 0 and before[0]["text"] == ""
    with env_as("sara") as env:
        key = make(env, desk, owner=desk["sara"], requester_email="nima@pars.example")
    came = live(sara)
    assert came["stamp"] != before[0]["stamp"] and came["count"] == 0
    with env_as("admin") as env:
        number = env.get(TICKET, key, "number").number
        receiving.receive(env, "nima@pars.example", f"Re: [{number}] x", "Are you there?")
    assert live(sara)["count"] == 1 and live(sara)["stamp"] != came["stamp"]
    assert live(omid) == before[1]
    assert stranger.get("/notifications/count").status_code in (302, 303, 401, 403)


def test_whoever_sees_no_tickets_is_told_nothing(installation: Any, desk: dict[str, Any], env_as: Any) -> None:
    with env_as("admin") as env:
        make(env, desk)
    assert live(Visitor(installation, user_id(installation, "nobody"))) == {}


def test_the_desk_without_its_frame(installation: Any, env_as: Any, desk: dict[str, Any]) -> None:
    with env_as("admin") as env:
        key = make(env, desk, subject="<b>Burns</b>", owner=desk["sara"])
    sara = Visitor(installation, desk["sara"])
    text = sara.get(f"/x/tickets/desk?t={key}", headers={"X-Fragment": "desk"}).text
    assert text.count("data-desk") == 1 and "<html" not in text and "&lt;b&gt;Burns" in text and 'data-say="public"' in text
    hidden = Visitor(installation, desk["omid"]).get(f"/x/tickets/desk?t={key}", headers={"X-Fragment": "desk"})
    assert hidden.status_code == 404 and "Burns" not in hidden.text


def test_asking_costs_two_statements_more(installation: Any, env_as: Any, desk: dict[str, Any]) -> None:
    sara = Visitor(installation, desk["sara"])
    with env_as("admin") as env:
        env.create(TICKET, [{"subject": str(n), "requester_email": "a@b.example", "owner": desk["sara"]} for n in range(120)])
        with env.elevated("test") as sudo:
            sudo.update(TICKET, sudo.query(TICKET), {"last_from": "in"})
    live(sara)
    with query_budget(installation, 12):
        found = live(sara)
    assert found["count"] > 99 and "99+" in found["text"]
