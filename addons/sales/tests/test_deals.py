"""With the deals addon: the primary quote feeds its deal, contracts are renewed by deals."""

import datetime as dt
from decimal import Decimal

import pytest

from addons.sales.tests.conftest import customer, key_of, quote

pytestmark = pytest.mark.addons("sales", "deals")


def test_the_primary_quote_feeds_the_deal(env_as, things):
    with env_as("boss") as env:
        account = customer(env)
        deal = env.create("deals.deal", {"name": "Desks", "account": account, "amount": 5, "currency": things["currency"]})
        first = quote(env, account, things, deal=deal)
        assert env.get("sales.quote", first, "primary").primary
        assert env.get("deals.deal", deal, "amount").amount == Decimal(45980000)
        second = quote(env, account, things, lines=[("DESK", 1)], deal=deal)
        assert env.get("deals.deal", deal, "amount").amount == Decimal(45980000)
        env.update("sales.quote", second, {"primary": True})
        assert env.get("deals.deal", deal, "amount").amount == Decimal(13750000)
        assert not env.get("sales.quote", first, "primary").primary
        env.run_action("sales.quote", "send", [second])
        revised = key_of(env.run_action("sales.quote", "revise", [second]))
        assert env.get("sales.quote", revised, "primary").primary and not env.get("sales.quote", second, "primary").primary
        env.run_action("sales.quote", "send", [revised])
        env.run_action("sales.quote", "accept", [revised])
        order = key_of(env.run_action("sales.quote", "order", [revised]))
        assert env.get("sales.order", order, "deal").deal.id == deal


def test_a_renewal_opens_a_deal(env_as, things):
    with env_as("boss") as env:
        key = env.create("sales.contract", {"subject": "Support", "account": customer(env), "currency": things["currency"],
                                            "starts": dt.date(2026, 1, 1), "ends": dt.date(2026, 12, 31), "amount": 1000})
        env.run_action("sales.contract", "activate", [key])
        renewal = env.get("sales.contract", key_of(env.run_action("sales.contract", "renew", [key])), "deal")
        deal = env.get("deals.deal", renewal.deal.id)
        assert (deal.type, deal.amount, deal.closes_on) == ("renewal", 1000, dt.date(2027, 1, 1))


def test_lines_of_a_deal_go_before_its_quote(env_as, things):
    with env_as("admin") as env:
        account = customer(env)
        deal = env.create("deals.deal", {"name": "Desks", "account": account, "currency": things["currency"]})
        env.create("deals.line", {"deal": deal, "product": things["DESK"], "quantity": 1})
        made = quote(env, account, things, deal=deal)
        assert env.get("sales.quote", made, "primary").primary
        assert env.get("deals.deal", deal, "amount").amount == Decimal("12500000"), "the lines say what the deal is worth"
