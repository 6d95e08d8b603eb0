"""The pages of deals: closing, forecast, analysis."""

from __future__ import annotations

import re
from html import unescape

import pytest

from core.api import ValidationFailed
from core.testing.plugin import query_budget

pytestmark = [pytest.mark.addons("deals"), pytest.mark.usefixtures("manager")]
DEAL = "deals.deal"


def test_a_deal_is_lost_in_one_dialog_with_the_reason(browser, env_as, deal, at):
    key = deal(amount=1000)
    sara = browser("sara")
    with env_as("sara") as env:
        rival = env.create("deals.competitor", {"name": "Rival"})
    page = sara.get(f"/x/deals/{key}/lost").text
    assert "Chose a competitor" in page and "Best fit" not in page and "Rival" in page
    assert sara.post(f"/x/deals/{key}/lost", {"reason": "", "closed_on": "2026-11-20"}).status_code == 422
    answer = sara.post(f"/x/deals/{key}/lost", {"reason": str(at["Price"]), "lost_to": str(rival), "closed_on": "today",
                                                "close_note": "cheap"})
    assert answer.status_code == 303
    with env_as("sara") as env:
        found = env.get(DEAL, key)
        assert (found.status, found.reason.id, found.lost_to.id, found.close_note) == ("lost", at["Price"], rival, "cheap")
    assert "This deal is closed" in sara.get(f"/r/{DEAL}/{key}").text


def test_several_deals_are_won_together(browser, env_as, deal, at):
    keys = [deal(amount=n, company=f"C{n}") for n in (10, 20)]
    sara = browser("sara")
    answer = sara.post("/x/deals/close/won", {"reason": str(at["Best fit"]), "closed_on": "today", "ids": [str(k) for k in keys]})
    assert answer.status_code == 303
    with env_as("sara") as env:
        assert [r["actual_amount"] for r in env.query(DEAL).order("id").select("actual_amount").rows()] == [10, 20]


def test_a_gate_is_told_on_the_path_and_refused_at_every_door(browser, env_as, deal, at, installation):
    from core.api import SYSTEM
    key = deal()
    with installation.env(SYSTEM) as env:
        env.create("base.move", {"record_type": DEAL, "field_name": "stage", "to_value": str(at["Proposal"]),
                                 "required_fields": ["amount"], "condition": 'any(people, role == "decision_maker")',
                                 "message": "Who decides, and on how much?"})
    sara = browser("sara")
    page = sara.get(f"/r/{DEAL}/{key}").text
    assert "Who decides" in page, "the path says what is missing"
    assert f"/x/deals/{key}/won" in page, "won is decided in the dialog"
    board = sara.get(f"/r/{DEAL}/board").text
    assert f'data-card-id="{key}"' in board
    with env_as("sara") as env:
        version = env.get(DEAL, key, "version").version
        with pytest.raises(ValidationFailed, match="Who decides"):
            env.update(DEAL, key, {"stage": at["Proposal"]})
    refused = sara.post(f"/r/{DEAL}/board/move", {"id": str(key), "version": str(version), "from": f"v{at['Qualification']}",
                                                  "to": f"v{at['Proposal']}"})
    assert refused.status_code in (409, 422) and "Who decides" in refused.text
    with env_as("sara") as env:
        contact = env.create("contacts.contact", {"last_name": "Karimi"})
        env.create("deals.contact_role", {"deal": key, "contact": contact, "role": "decision_maker"})
        env.update(DEAL, key, {"stage": at["Proposal"], "amount": 5})
        assert env.get(DEAL, key).stage.id == at["Proposal"]


def test_a_gate_is_judged_when_the_form_has_saved_its_lines(browser, env_as, deal, at, installation):
    from core.api import SYSTEM
    key = deal(amount=5)
    with installation.env(SYSTEM) as env:
        env.create("base.move", {"record_type": DEAL, "field_name": "stage", "to_value": str(at["Proposal"]),
                                 "condition": 'any(people, role == "decision_maker")', "message": "Who decides?"})
    with env_as("sara") as env:
        contact, account = env.create("contacts.contact", {"last_name": "Karimi"}), env.get(DEAL, key).account.id
    sara, url = browser("sara"), f"/r/{DEAL}/{key}/edit"

    def post(stage, line, **person):
        with env_as("sara") as env:
            version = env.get(DEAL, key, "version").version
        return sara.post(url, {"version": str(version), "stage": str(at[stage]), "people-known": line, "people-0-id": line,
                               "people-0-contact": str(contact), **{f"people-0-{n}": v for n, v in person.items()}})

    refused = post("Proposal", "", role="user")
    assert refused.status_code == 422 and "Who decides?" in refused.text
    with env_as("sara") as env:
        assert not env.query("deals.contact_role").exists(), "nothing half done"
    assert post("Proposal", "", role="decision_maker").status_code == 303, "one save is enough"
    with env_as("sara") as env:
        assert env.get(DEAL, key).stage.id == at["Proposal"]
        line = env.query("deals.contact_role").ids()[0]
    assert post("Qualification", str(line), role="decision_maker").status_code == 303
    refused = post("Proposal", str(line), role="user")
    assert refused.status_code == 422 and "Who decides?" in refused.text, "who leaves with the same save does not count"
    new = {"name": "New", "account": str(account), "pipeline": str(at["Sales"]), "stage": str(at["Proposal"]), "people-known": "",
           "people-0-id": ""}
    assert sara.post(f"/r/{DEAL}/new", new).status_code == 422
    assert sara.post(f"/r/{DEAL}/new", {**new, "people-0-contact": str(contact), "people-0-role": "decision_maker"}).status_code == 303


def test_others_cannot_close_a_deal(browser, deal):
    key = deal()
    assert browser("omid").post(f"/x/deals/{key}/won", {"reason": ""}).status_code == 404


def figures(text):
    """The addresses of the deals behind each number of the forecast's table."""
    return [unescape(u) for u in re.findall(r'<td class="end num"><a href="([^"]+)"', text)]


def test_each_number_of_the_forecast_opens_its_deals(browser, env_as, deal, installation):
    with env_as("sara") as env:
        today = env.today
    deal(amount=1000, closes_on=today)
    deal("reza", amount=500, closes_on=today, company="R")
    mina = browser("mina")
    page = mina.get("/x/deals/forecast").text
    assert "Sara Seller" in page and "1,500" in page
    links = figures(page)
    assert links
    for url in links:
        assert mina.get(url).status_code == 200
    assert any("2" in mina.get(url).text for url in links)
    with query_budget(installation, 60):
        mina.get("/x/deals/forecast?kind=quarter")


def test_a_manager_adjusts_and_the_deals_stay(browser, env_as, deal, installation):
    with env_as("sara") as env:
        sara, today = env.actor.id, env.today
    key = deal(amount=1000, closes_on=today)
    mina = browser("mina")
    url = f"/x/deals/forecast/adjust?kind=month&line=user:{sara}&category=pipeline"
    assert mina.get(url).status_code == 200
    assert mina.post(url, {"amount": "700", "note": "careful"}).status_code == 303
    page = mina.get("/x/deals/forecast").text
    assert "careful" in page and "700" in page and "1,000" in page
    with env_as("mina") as env:
        assert env.get(DEAL, key).amount == 1000
        row = env.query("deals.adjustment").select("amount", "was").rows()[0]
        assert (row["amount"], row["was"]) == (700, 1000)
    assert "careful" not in browser("sara").get("/x/deals/forecast").text, "it is the manager's own figure"
    assert browser("sara").get(f"/x/deals/forecast/adjust?line=user:{sara + 1}&category=commit").status_code in (403, 404)
    assert mina.post(url, {"amount": "700", "remove": "1"}).status_code == 303
    assert "careful" not in mina.get("/x/deals/forecast").text


def test_the_analysis_comes_for_everybody_and_opens_what_it_counts(browser, deal, at, env_as):
    key = deal(amount=1000)
    browser("sara").post(f"/x/deals/{key}/won", {"reason": str(at["Best fit"]), "closed_on": "today", "actual_amount": "900"})
    for login in ("sara", "mina", "boss", "admin"):
        for by in ("owner", "source", "pipeline", "type", "account"):
            answer = browser(login).get(f"/x/deals/analysis?period=this_year&by={by}")
            assert answer.status_code == 200
    page = browser("sara").get("/x/deals/analysis?period=this_month").text
    assert "Best fit" in page and "900" in page and "100%" in page
    for url in set(re.findall(r'href="(/r/deals\.[^"]+)"', page)):
        assert browser("sara").get(unescape(url)).status_code == 200
    assert browser("nobody").get("/x/deals/analysis").status_code == 403


def test_the_form_of_an_open_deal_asks_nothing_about_its_end(browser, deal, at):
    key = deal(amount=1000)
    page = browser("sara").get(f"/r/{DEAL}/{key}/edit").text
    assert 'data-field="next_step"' in page and 'data-field="people"' in page
    assert 'data-field="lost_to"' not in page and 'data-field="lead_days"' not in page, "nothing in this form could show them"
    assert '<span class="affix">%</span>' in page and not re.search(r'<span class="affix">\d+</span>', page), "no number for a currency"
