"""What deals brought in, in which currency: for lead sources, in sums, and in the unit that a person reads."""

from __future__ import annotations

from decimal import Decimal

import pytest

from addons.deals import closing
from addons.leads.sources import returns
from core.api import SYSTEM

DEAL, SOURCE = "deals.deal", "leads.source"
pytestmark = [pytest.mark.addons("deals"), pytest.mark.usefixtures("manager")]


@pytest.fixture
def foreign(installation, at):
    """A currency that is not the base one, with a rate of 50."""
    from addons.base.money import base
    with installation.env(SYSTEM) as env:
        own = base(env)
        key = at["EUR" if own.code != "EUR" else "USD"]
        env.create("base.rate", {"currency": key, "on": env.today, "rate": 50})
        return own.id, key


def test_sources_are_told_what_their_won_deals_brought_in(env_as, deal, foreign):
    own, other = foreign
    with env_as("mina") as env:
        fair, paper = env.create(SOURCE, [{"name": "Our fair", "cost": 1000, "currency": own},
                                         {"name": "Our paper", "cost": 10, "currency": other}])
    sold = [deal(source=fair, amount=3000, company="A"), deal(source=fair, amount=10, currency=other, company="B"),
            deal(source=paper, amount=40, currency=other, company="C"), deal(source=paper, amount=9000, currency=own, company="D")]
    lost = deal(source=fair, amount=7777, company="E")
    with env_as("sara") as env:
        closing.close(env, sold, "won", {})
        assert {r.id: r.earned for r in returns(env) if r.id in (fair, paper)} == {fair: Decimal(3500), paper: Decimal(40)}, \
            "in the base currency by the stored rate; in another currency only what was sold in it"
    with env_as("sara") as env:
        assert lost and {r.id: r.roi for r in returns(env) if r.id == fair} == {fair: Decimal(250)}
    with env_as("omid") as env:
        assert all(r.earned is None for r in returns(env) if r.id in (fair, paper)), "whoever sees no deal learns nothing"
