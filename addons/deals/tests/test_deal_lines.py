"""Product lines of deals, when the catalogue is enabled."""

from __future__ import annotations

import pytest

from addons.deals import closing
from core.api import SYSTEM, SarnakhError, ValidationFailed
from core.testing import conformance

DEAL, LINE = "deals.deal", "deals.line"
pytestmark = [pytest.mark.addons("deals", "catalogue"), pytest.mark.usefixtures("manager")]


@pytest.fixture
def product(installation):
    """A product that costs 1,000 in the base currency by the usual list."""
    from addons.base.money import base
    with installation.env(SYSTEM) as env:
        own = base(env).id
        made = env.create("catalogue.product", {"code": "P1", "name": "Pump"})
        found = env.query("catalogue.price_list").archived(None).ids(1)
        shelf = found[0] if found else env.create("catalogue.price_list", {"name": "Retail", "currency": own})
        env.update("catalogue.price_list", shelf, {"currency": own})
        env.create("catalogue.price", {"price_list": shelf, "product": made, "amount": 1000})
        return made


def test_lines_make_the_amount(env_as, deal, product, at):
    key = deal(amount=77)
    with env_as("sara") as env:
        line = env.create(LINE, {"deal": key, "product": product, "quantity": 3})
        found = env.get(DEAL, key)
        assert (found.amount, found.amount_base, found.weighted, found.lines_count) == (3000, 3000, 300, 1)
        with pytest.raises(ValidationFailed, match="lines make the amount"):
            env.update(DEAL, key, {"amount": 5})
        env.update(DEAL, key, {"next_step": "call"})
        env.update(LINE, line, {"discount_percent": 10})
        assert (env.get(DEAL, key).amount, env.get(DEAL, key).lines_discount) == (2700, 300)
        env.create(LINE, [{"deal": key, "description": "Work", "unit_price": 50, "quantity": n} for n in (1, 2)])
        assert env.get(DEAL, key).amount == 2850
        env.delete(LINE, [line])
        assert env.get(DEAL, key).amount == 150
        closing.close(env, [key], "won", {})
        assert env.get(DEAL, key).actual_amount == 150
        with pytest.raises(SarnakhError, match="closed"):
            env.create(LINE, {"deal": key, "description": "More", "unit_price": 1})


def test_the_average_discount_is_told(env_as, deal, product, browser):
    key = deal()
    with env_as("sara") as env:
        env.create(LINE, {"deal": key, "product": product, "quantity": 10, "discount_percent": 25})
        closing.close(env, [key], "won", {})
    assert "25%" in browser("sara").get("/x/deals/analysis?period=this_month").text


def test_without_lines_amounts_are_typed(env_as, deal):
    key = deal(amount=77)
    with env_as("sara") as env:
        env.update(DEAL, key, {"amount": 80})
        assert env.get(DEAL, key).amount == 80


@pytest.mark.database("sqlite")
def test_conformance_with_the_catalogue(installation):
    conformance.check(installation, "deals")
