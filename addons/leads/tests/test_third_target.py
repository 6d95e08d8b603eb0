"""Another addon's target in the dialog of conversion: its fields are asked for, checked, mapped, and taken back."""

from __future__ import annotations

import pytest

from addons.contacts.merging import merge, take_back
from addons.leads.conversion import Decision, convert
from core.api import SYSTEM, SarnakhError

pytestmark = [pytest.mark.addons("bargains"), pytest.mark.folders("tests/fixtures/addons")]
LEAD, ACCOUNT, CONTACT, DEAL = "leads.lead", "contacts.account", "contacts.contact", "bargains.bargain"


@pytest.fixture
def numbers(env_as):
    """Numbers of pipelines, stages and Sara by name."""
    with env_as("sara") as env:
        found = {r["name"]: r["id"] for name in ("bargains.pipeline", "bargains.stage")
                 for r in env.query(name).select("name").rows()}
        return found | {"sara": env.actor.id}


def choices(numbers, **values):
    asked = {"pipeline": numbers["Sales"], "stage": numbers["Offer"], "amount": "۱٬۲۵۰٬۰۰۰", "closes_on": "2030-03-01",
             "owner": numbers["sara"]} | values
    return {ACCOUNT: "create", CONTACT: "create", DEAL: "create", "keep_rest": "1",
            **{f"{DEAL}.{name}": value for name, value in asked.items()}}


def test_the_dialog_asks_with_defaults_and_makes_the_third_record(browser, env_as, lead, numbers):
    key = lead(bargains_wish="delivery in spring")
    sara = browser("sara")
    page = sara.get(f"/x/leads/{key}/convert").text
    assert f'name="{DEAL}" value="skip" checked' in page
    assert f'name="{DEAL}.pipeline" value="{numbers["Sales"]}"' in page, "what the addon proposes is chosen"
    for name in ("amount", "closes_on", "stage__label", "owner"):
        assert f'name="{DEAL}.{name}' in page
    answer = sara.post(f"/x/leads/{key}/convert", choices(numbers))
    assert answer.status_code == 303
    with env_as("sara") as env:
        deal = env.query(DEAL).first()
        assert (deal.name, int(deal.amount), deal.closes_on.isoformat()) == ("Pars Tech", 1_250_000, "2030-03-01")
        assert (deal.stage.id, deal.owner.id, deal.wish) == (numbers["Offer"], numbers["sara"], "delivery in spring")
        found = env.get(LEAD, key)
        assert (found.bargains_result.id, found.converted_account.id) == (deal.id, deal.account.id)
        assert deal.contact.id == found.converted_contact.id
    assert answer.headers["Location"] == f"/r/{DEAL}/{deal.id}"
    assert sara.post(f"/x/leads/{key}/unconvert", {}).status_code == 303
    with env_as("sara") as env:
        assert not env.query(DEAL).exists()
        assert env.get(LEAD, key, "bargains_result").bargains_result is None


def test_mistakes_are_told_at_the_field_and_nothing_is_made(browser, env_as, lead, numbers):
    key = lead()
    sara = browser("sara")
    for values, reason in (({"stage": numbers["Asked"]}, "belongs to another pipeline"), ({"stage": ""}, "“Stage” is required."),
                           ({"amount": "many"}, "number"), ({"closes_on": "not a day"}, "date")):
        answer = sara.post(f"/x/leads/{key}/convert", choices(numbers, **values))
        assert answer.status_code == 422, values
        assert reason.lower() in answer.text.lower(), values
        assert f'name="{DEAL}.pipeline" value="{numbers["Sales"]}"' in answer.text, "what was chosen is still there"
    with env_as("sara") as env:
        assert not env.query(ACCOUNT).exists()
        assert env.get(LEAD, key, "status").status == "new"


def test_left_out_it_asks_nothing(browser, env_as, lead, numbers):
    key = lead()
    answer = browser("sara").post(f"/x/leads/{key}/convert", choices(numbers, stage="", amount="x") | {DEAL: "skip"})
    assert answer.status_code == 303
    with env_as("sara") as env:
        assert not env.query(DEAL).exists()


def test_programs_are_refused_with_the_reason(env_as, lead):
    key = lead()
    with env_as("sara") as env, pytest.raises(SarnakhError, match="Bargain cannot be created: Stage"):
        convert(env, key, {ACCOUNT: Decision(), DEAL: Decision()})


def test_a_merge_moves_links_of_addons_that_contacts_does_not_know(env_as, installation, numbers):
    with installation.env(SYSTEM) as env:
        keep, gone = env.create(ACCOUNT, [{"name": "Pars", "owner": numbers["sara"]}, {"name": "Pars Co", "owner": numbers["sara"]}])
        person = env.create(CONTACT, {"last_name": "P", "owner": numbers["sara"]})
        deal = env.create(DEAL, {"name": "D", "account": gone, "contact": person, "pipeline": numbers["Sales"],
                                 "stage": numbers["Offer"], "owner": numbers["sara"]})
    with installation.env(SYSTEM) as env:
        done = merge(env, ACCOUNT, keep, [gone])
        assert env.get(DEAL, deal, "account").account.id == keep
    with installation.env(SYSTEM) as env:
        take_back(env, done.merge)
        assert env.get(DEAL, deal, "account").account.id == gone
