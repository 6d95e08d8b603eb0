"""Pipelines and stages that are kept for teams: what pickers, paths and boards offer, and what is refused."""

from __future__ import annotations

import pytest

from core.api import SYSTEM, ValidationFailed
from core.testing.plugin import user_id

pytestmark = [pytest.mark.addons("deals"), pytest.mark.usefixtures("manager")]
DEAL = "deals.deal"


@pytest.fixture
def tender(installation):
    """A pipeline for Reza's team, and a stage of the usual pipeline for it."""
    with installation.env(SYSTEM) as env:
        team = env.create("base.team", {"name": "T", "members": [user_id(installation, "reza")]})
        tenders = env.create("deals.pipeline", {"name": "Tenders", "teams": [team], "position": 0})
        env.create("deals.stage", {"name": "Asked", "pipeline": tenders})
        sales = env.query("deals.pipeline").where('name == "Sales"').ids()[0]
        return {"tenders": tenders, "legal": env.create("deals.stage", {
            "name": "Legal check", "pipeline": sales, "teams": [team], "position": 35, "probability": 60})}


def offered(browser, login, field, **beside):
    """What a picker of deals shows somebody."""
    within = "".join(f"&within.{name}={value}" for name, value in beside.items())
    found = browser(login).get(f"/lookup/deals.{field}?for=deals.deal.{field}{within}")
    return {item["label"] for item in found.json["items"]}


def test_pickers_offer_what_is_open_to_ones_teams(browser, at, tender):
    assert offered(browser, "sara", "pipeline") == {"Sales"}
    assert offered(browser, "reza", "pipeline") == {"Sales", "Tenders"}
    assert "Legal check" not in offered(browser, "sara", "stage", pipeline=at["Sales"])
    assert "Legal check" in offered(browser, "reza", "stage", pipeline=at["Sales"])


def test_new_deals_begin_where_the_person_may_put_them(env_as, deal, at, tender):
    mine, his = deal(), deal("reza", company="R")
    with env_as("sara") as env:
        assert env.get(DEAL, mine).pipeline.id == at["Sales"]
    with env_as("reza") as env:
        assert env.get(DEAL, his).pipeline.id == tender["tenders"]


def test_a_stage_of_others_stays_on_the_path_and_is_refused_with_the_reason(browser, env_as, deal, tender):
    key = deal()
    page = browser("sara").get(f"/r/{DEAL}/{key}").text
    assert "Legal check" in page and "this one is not open to you" in page
    with env_as("sara") as env:
        told = env.moves(DEAL, [key], "stage")[key]
        assert [str(m) for m in told[str(tender["legal"])]] and not told[str(env.get(DEAL, key).stage.id + 1)]
        with pytest.raises(ValidationFailed, match="stage is for other teams"):
            env.update(DEAL, key, {"stage": tender["legal"]})
        version, stage = env.get(DEAL, key).version, env.get(DEAL, key).stage.id
    answer = browser("sara").post(f"/r/{DEAL}/board/move", {
        "id": str(key), "version": str(version), "from": f"v{stage}", "to": f"v{tender['legal']}"})
    assert answer.status_code in (409, 422) and "other teams" in answer.text


def test_an_administrator_keeps_to_the_teams_as_to_the_gates(env_as, tender):
    with env_as("admin") as env:
        account = env.create("contacts.account", {"name": "A"})
        with pytest.raises(ValidationFailed, match="other teams"):
            env.create(DEAL, {"name": "X", "account": account, "pipeline": tender["tenders"]})
