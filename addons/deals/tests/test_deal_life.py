"""A deal's life: where it begins, what follows from its stage, its history, its end and its return."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from addons.deals import closing
from core.api import SYSTEM, F, SarnakhError, ValidationFailed
from core.testing.plugin import query_budget, user_id

pytestmark = [pytest.mark.addons("deals"), pytest.mark.usefixtures("manager")]
DEAL, STAY, ACCOUNT = "deals.deal", "deals.stay", "contacts.account"


def one(env, key, *names):
    return env.get(DEAL, key, *names)


def test_a_deal_begins_on_the_first_stage_of_the_first_pipeline(env_as, deal, at):
    key = deal(amount=1000)
    with env_as("sara") as env:
        found = one(env, key)
        assert (found.pipeline.id, found.stage.id) == (at["Sales"], at["Qualification"])
        assert (found.status, found.category, found.probability) == ("open", "pipeline", 10)
        assert (found.amount_base, found.weighted) == (1000, 100)
        assert found.stale_on == env.today + dt.timedelta(days=14)
        assert found.furthest.id == at["Qualification"]


def test_probability_follows_the_stage_until_somebody_writes_another(env_as, deal, at):
    key = deal(amount=1000)
    with env_as("sara") as env:
        env.update(DEAL, key, {"probability": 35})
        assert (one(env, key).own_probability, one(env, key).weighted) == (True, 350)
        env.update(DEAL, key, {"stage": at["Proposal"]})
        assert one(env, key).probability == 35, "what was written stays"
        env.update(DEAL, key, {"probability": None})
        assert (one(env, key).own_probability, one(env, key).probability) == (False, 50), "given back"
        assert one(env, key).category == "best_case"


def test_the_way_through_the_stages_is_kept_with_its_durations(env_as, deal, at, installation):
    with env_as("sara") as env:
        account = env.create(ACCOUNT, {"name": "Pars"})
        start, owner = env.now - dt.timedelta(days=30), env.actor.id
    with installation.env(SYSTEM) as env, env.elevated("test") as sudo:
        then = sudo.back_then(start, owner)
        keys = then.create(DEAL, [{"name": f"D{i}", "account": account, "owner": owner} for i in range(20)])
        later = sudo.back_then(start + dt.timedelta(days=10), owner)
        later.update(DEAL, keys, {"stage": at["Negotiation"]})
    with env_as("sara") as env:
        stays = env.query(STAY).where(F.deal == keys[0]).order("entered_at").select(
            "stage", "left_at", "seconds", "next_stage", "entered_by").rows()
        assert [s["stage"].id for s in stays] == [at["Qualification"], at["Negotiation"]]
        assert stays[0]["seconds"] == dt.timedelta(days=10)
        assert (stays[0]["next_stage"].id, stays[1]["left_at"]) == (at["Negotiation"], None)
        assert stays[0]["entered_by"].id == owner
        with query_budget(installation, 45) as few:
            env.update(DEAL, keys[:2], {"stage": at["Proposal"]})
        two = len(few)
        with query_budget(installation, two) as _many:
            env.update(DEAL, keys[2:], {"stage": at["Proposal"]})
        assert one(env, keys[0]).furthest.id == at["Negotiation"], "going back does not undo how far it came"


def test_lost_asks_why_and_won_takes_its_amount_over(env_as, deal, at):
    key, other, third = deal(amount=1000), deal(amount=50, company="Other"), deal(company="Third")
    with env_as("sara") as env:
        with pytest.raises(ValidationFailed, match="Say why"):
            env.update(DEAL, key, {"stage": at["Closed lost"]})
        with pytest.raises(ValidationFailed, match="not one of deals that are lost"):
            env.update(DEAL, key, {"stage": at["Closed lost"], "reason": at["Best fit"]})
        closing.close(env, [key], "won", {"actual_amount": 900, "reason": at["Best fit"]})
        found = one(env, key)
        assert (found.status, found.probability, found.amount_base, found.weighted) == ("won", 100, 900, 900)
        assert (found.amount, found.closed_on, found.closes_on, found.cycle_days) == (1000, env.today, env.today, 0)
        closing.close(env, [other], "lost", {"reason": at["Price"]})
        assert (one(env, other).status, one(env, other).weighted, one(env, other).amount_base) == ("lost", 0, 50)
        with pytest.raises(ValidationFailed, match="before its day"):
            closing.close(env, [third], "won", {"closed_on": env.today + dt.timedelta(days=1)})


def test_a_closed_deal_is_read_only_until_it_is_reopened(env_as, deal, at):
    key = deal(amount=1000)
    with env_as("sara") as env:
        env.update(DEAL, key, {"stage": at["Proposal"]})
        closing.close(env, [key], "won", {})
    with env_as("sara") as env:
        with pytest.raises(SarnakhError, match="closed"):
            env.update(DEAL, key, {"amount": 5})
        with pytest.raises(SarnakhError, match="closed"):
            env.update(DEAL, key, {"stage": at["Proposal"]})
        assert not env.can_run(DEAL, "reopen")
        with pytest.raises(SarnakhError):
            env.run_action(DEAL, "reopen", [key])
    with env_as("mina") as env:
        env.run_action(DEAL, "reopen", [key])
        found = one(env, key)
        assert (found.status, found.stage.id, found.closed_on, found.actual_amount) == ("open", at["Proposal"], None, None)
        assert (found.reopened, found.probability) == (1, 50)
    with env_as("sara") as env:
        assert env.update(DEAL, key, {"amount": 5}) == 1


def test_the_first_won_deal_makes_a_customer_and_the_last_one_undoes_it(env_as, deal, at):
    first = deal(amount=1)
    with env_as("sara") as env:
        account = one(env, first).account.id
        second = env.create(DEAL, {"name": "Second", "account": account, "amount": 2})
        assert env.get(ACCOUNT, account).type == "prospect"
        closing.close(env, [first, second], "won", {})
        assert env.get(ACCOUNT, account).type == "customer"
        assert env.get(ACCOUNT, account).deals_customer_since == env.today
    with env_as("mina") as env:
        env.run_action(DEAL, "reopen", [first])
        assert env.get(ACCOUNT, account).type == "customer", "the other won deal stands"
        with pytest.raises(SarnakhError, match="closed"):
            env.delete(DEAL, second)
        with env.elevated("test") as sudo:
            sudo.delete(DEAL, second)
        assert env.get(ACCOUNT, account).type == "prospect"
        with env.elevated("test") as sudo:
            sudo.restore(DEAL, [second])
        assert env.get(ACCOUNT, account).type == "customer"


def test_who_was_a_customer_before_stays_one(env_as, at):
    with env_as("sara") as env:
        account = env.create(ACCOUNT, {"name": "Old", "type": "customer"})
        key = env.create(DEAL, {"name": "D", "account": account})
        closing.close(env, [key], "won", {})
    with env_as("mina") as env:
        env.run_action(DEAL, "reopen", [key])
        assert env.get(ACCOUNT, account).type == "customer"


def test_stages_belong_to_their_pipeline_and_teams(env_as, deal, at, installation):
    with env_as("mina") as env:
        other = env.create("deals.pipeline", {"name": "Tenders"})
        stage = env.create("deals.stage", {"name": "Asked", "pipeline": other})
    with installation.env(SYSTEM) as env:
        team = env.create("base.team", {"name": "T", "members": [user_id(installation, "reza")]})
    key = deal()
    with env_as("sara") as env:
        with pytest.raises(ValidationFailed, match="belongs to"):
            env.update(DEAL, key, {"stage": stage})
        env.update(DEAL, key, {"pipeline": other})
        assert one(env, key).stage.id == stage, "the first stage of the new pipeline"
    with env_as("mina") as env:
        env.update("deals.pipeline", other, {"teams": [team]})
    with env_as("sara") as env, pytest.raises(ValidationFailed, match="other teams"):
        env.create(DEAL, {"name": "X", "account": one(env, key).account.id, "pipeline": other})
    with env_as("reza") as env:
        account = env.create(ACCOUNT, {"name": "R"})
        assert env.create(DEAL, {"name": "X", "account": account, "pipeline": other})


def test_deals_follow_an_edited_stage(env_as, deal, at):
    free, own = deal(amount=1000), deal(amount=1000, company="B")
    with env_as("sara") as env:
        env.update(DEAL, own, {"probability": 80})
    with env_as("mina") as env:
        env.update("deals.stage", at["Qualification"], {"probability": 20, "category": "commit", "idle_days": 3})
    with env_as("sara") as env:
        assert (one(env, free).probability, one(env, free).weighted, one(env, free).category) == (20, 200, "commit")
        assert (one(env, own).probability, one(env, own).category) == (80, "commit")
        assert one(env, free).stale_on == env.today + dt.timedelta(days=3)
    with env_as("mina") as env, pytest.raises(ValidationFailed, match="Deals stand"):
        env.update("deals.stage", at["Qualification"], {"category": "won"})


def test_money_is_added_up_in_the_base_currency_by_the_rate_of_the_day(env_as, deal, at, installation):
    from addons.base.money import base
    with installation.env(SYSTEM) as env:
        own = base(env).code
        code = "EUR" if own != "EUR" else "USD"
        today = env.today
    with env_as("sara") as env:
        account = env.create(ACCOUNT, {"name": "Foreign"})
        with pytest.raises(ValidationFailed, match=f"There is no rate of {code}"):
            env.create(DEAL, {"name": "F", "account": account, "amount": 10, "currency": at[code]})
        assert env.create(DEAL, {"name": "Without amount", "account": account, "currency": at[code]})
    with installation.env(SYSTEM) as env:
        env.create("base.rate", [{"currency": at[code], "on": today - dt.timedelta(days=30), "rate": 40},
                                 {"currency": at[code], "on": today - dt.timedelta(days=5), "rate": 50}])
    with env_as("sara") as env:
        old = env.create(DEAL, {"name": "F", "account": account, "amount": 10, "currency": at[code],
                                "rate_on": today - dt.timedelta(days=10)})
        key = env.create(DEAL, {"name": "G", "account": account, "amount": 10, "currency": at[code]})
        assert (one(env, old).amount_base, one(env, old).rate, one(env, key).amount_base, one(env, key).weighted) == (400, 40, 500, 50)
    with installation.env(SYSTEM) as env:
        env.update("base.rate", env.query("base.rate").where(F.rate == 50).ids(), {"rate": 60})
    with env_as("sara") as env:
        env.update(DEAL, key, {"next_step": "call"})
        assert one(env, key).amount_base == 500, "later rates change nothing"
        closing.close(env, [old, key], "won", {"actual_amount": 20})
        assert [one(env, k).amount_base for k in (old, key)] == [1200, 1000], "closing takes the rate of its day, kept if it was that"
        total = env.query(DEAL).order("id").aggregate([], ["amount_base"])[0]["sum:amount_base"]
        assert total == 2200


def test_a_note_keeps_a_deal_from_growing_stale(env_as, at, installation):
    with env_as("sara") as env:
        account, owner, now = env.create(ACCOUNT, {"name": "P"}), env.actor.id, env.now
    with installation.env(SYSTEM) as env, env.elevated("test") as sudo:
        key = sudo.back_then(now - dt.timedelta(days=40), owner).create(DEAL, {"name": "Old", "account": account, "owner": owner})
    with env_as("sara") as env:
        assert one(env, key).stale_on < env.today
        env.create("base.note", {"about": (DEAL, key), "body": "<p>called</p>"})
        assert one(env, key).stale_on == env.today + dt.timedelta(days=14)


def test_lead_to_cash(env_as, at, installation):
    from addons.leads.conversion import Decision, convert
    with env_as("sara") as env:
        owner, now = env.actor.id, env.now
    with installation.env(SYSTEM) as env, env.elevated("test") as sudo:
        then = sudo.back_then(now - dt.timedelta(days=20), owner)
        lead = then.create("leads.lead", {"last_name": "K", "company": "Pars", "email": "a@b.example", "owner": owner})
    with env_as("sara") as env:
        done = convert(env, lead, {"contacts.account": Decision(), "contacts.contact": Decision(),
                                   DEAL: Decision(values={"amount": 5})})
        key = done.results[DEAL]
        found = one(env, key)
        assert (found.name, found.contact.id) == ("Pars", done.results["contacts.contact"])
        assert env.get("leads.lead", lead).deals_deal.id == key
        closing.close(env, [key], "won", {})
        assert one(env, key).lead_days == Decimal(20)
