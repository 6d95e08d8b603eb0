"""Deals are closed in one call, as the page of closing does it."""

from __future__ import annotations

import pytest

from addons.api.tests.calling import Caller
from core.api import SYSTEM

pytestmark = pytest.mark.addons("api", "deals")
DEALS = "/records/deals.deal"


@pytest.fixture
def made(installation):
    """Sara, and what makes an open deal of hers."""
    with installation.env(SYSTEM) as env:
        lost = env.create("deals.reason", {"name": "Too dear", "kind": "lost"})
        rival = env.create("deals.competitor", {"name": "Rival"})
    sara = Caller(installation, "sara")
    account = sara.post("/records/contacts.account", {"name": "Pars"}, 201)["id"]

    def deal(name):
        return sara.post(DEALS, {"name": name, "account": account, "amount": "100"}, 201)["id"]
    return sara, deal, lost, rival


def test_deals_are_won_and_lost(installation, made):
    sara, deal, reason, rival = made
    one, two, three = deal("One"), deal("Two"), deal("Three")
    assert sara.post(f"{DEALS}/{one}/actions/win", {"actual_amount": "120.5", "close_note": "Well done"}, 200)["result"] == {"closed": 1}
    won = sara.get(f"{DEALS}/{one}")
    assert (won["status"], won["actual_amount"]["amount"], won["close_note"]) == ("won", "120.5", "Well done") and won["closed_on"]
    refused = sara.post(f"{DEALS}/actions/lose", {"ids": [two, three]}, 422)
    assert refused["errors"][0]["field"] == "reason" and sara.get(f"{DEALS}/{two}")["status"] == "open"
    done = sara.post(f"{DEALS}/actions/lose", {"ids": [two, three], "reason": reason, "lost_to": rival, "closed_on": "2026-03-21"}, 200)
    lost = sara.get(f"{DEALS}/{three}?fields=status,lost_to,closed_on")
    assert done["result"] == {"closed": 2} and lost["lost_to"]["label"] == "Rival" and lost["closed_on"] == "2026-03-21"
    sara.post(f"{DEALS}/{one}/actions/lose", {"reason": reason}, 422)
    names = {a["name"]: a["parameters"] for a in sara.get(f"{DEALS}/actions")["actions"]}
    assert names["lose"]["required"] == ["reason"] and "actual_amount" in names["win"]["properties"]


def test_what_makes_no_sense_closes_nothing(installation, made):
    sara, deal, reason, rival = made
    one = deal("One")
    for given in ({"closed_on": "yesterday"}, {"closed_on": 5}, {"actual_amount": "NaN"}, {"actual_amount": []}, {"reason": True},
                  {"reason": reason}, {"lost_to": rival}, {"stage": 1}, {"owner": 1}, {"actual_amount": "1e999999999"}):
        problem = sara.post(f"{DEALS}/{one}/actions/win", given, 422)
        assert problem["errors"][0]["field"] == next(iter(given)), given
    assert sara.get(f"{DEALS}/{one}")["status"] == "open"
    Caller(installation, "omid").post(f"{DEALS}/{one}/actions/win", {}, 404)
    Caller(installation, "sara", "*:read").post(f"{DEALS}/{one}/actions/win", {}, 403)
