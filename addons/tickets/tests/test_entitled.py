"""Contracts of sales entitle customers to service levels."""

import datetime as dt

import pytest

from addons.tickets import service_jobs
from addons.tickets.tests.test_service_levels import TICKET, Work, ticket
from core.api import SYSTEM

pytestmark = pytest.mark.addons("tickets", "sales")


def test_a_contract_in_force_decides(installation):
    with installation.env(SYSTEM) as env:
        gold = env.create("tickets.policy", {"name": "Gold", "position": 900, "condition": 'subject == "never"'})
        urgent = env.create("tickets.policy", {"name": "Urgent", "position": 1, "condition": 'priority == "urgent"'})
        account = env.create("contacts.account", {"name": "Pars Steel", "owner": 1})
        currency = env.query("base.currency").ids(1)[0]
        values = {"subject": "Service", "account": account, "currency": currency, "owner": 1, "service_level": gold}
        before = ticket(env, account=account)
        contract = env.create("sales.contract", {**values, "starts": env.today, "ends": env.today + dt.timedelta(days=300)})
        assert env.get(TICKET, ticket(env, account=account), "policy").policy.label == "Standard", "a draft promises nothing"
        env.update("sales.contract", contract, {"status": "active"})
        keys = [ticket(env, account=account, priority=p) for p in ("normal", "urgent")]
        assert {env.get(TICKET, k, "policy").policy.id for k in keys} == {gold}, "it goes before conditions"
        assert service_jobs.recount(env, Work(choose=True, accounts=[account]))["changed"]
        assert env.get(TICKET, before, "policy").policy.id == gold
        env.update("tickets.policy", gold, {"active": False})
        assert env.get(TICKET, ticket(env, account=account, priority="urgent"), "policy").policy.id == urgent
