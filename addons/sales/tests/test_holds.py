"""A discount above the ceiling of who gives it keeps its paper at home, and says which line and why."""

from decimal import Decimal

import pytest

from addons.sales.tests.conftest import ADDONS, customer, key_of, quote
from core.api import AccessDenied, SarnakhError
from core.testing.browser import Visitor
from core.testing.plugin import user_id

pytestmark = pytest.mark.addons(*ADDONS)
QUOTE, LINE = "sales.quote", "sales.quote_line"


@pytest.fixture
def ceilings(env_as, things):
    """Sellers may go 10 % below the rules; everybody else a quarter."""
    with env_as("admin") as env:
        profile = env.query("base.profile").where('name == "Standard"').ids()[0]
        env.create("catalogue.ceiling", [{"profile": profile, "percent": 10}, {"percent": 25}])
    return things


def lines(env, key):
    return env.query(LINE).where(f"paper == {key}").order("id").ids()


def test_it_is_not_sent_before_somebody_releases_it(env_as, ceilings):
    with env_as("sara") as env:
        key = quote(env, customer(env), ceilings)
        desk, _chair = lines(env, key)
        env.update(LINE, desk, {"discount_percent": 20})
        with pytest.raises(SarnakhError, match=r"“Office desk”: 20% below the rules"):
            env.run_action(QUOTE, "send", [key])
        assert (env.get(QUOTE, key).status, env.get(QUOTE, key).number) == ("draft", None)
        with pytest.raises(AccessDenied):
            env.run_action(LINE, "release", [desk])
    with env_as("boss") as env:
        with pytest.raises(SarnakhError):
            env.run_action(QUOTE, "send", [key])  # whoever sends it: the line waits until it is released
        env.run_action(LINE, "release", [desk])
    with env_as("sara") as env:
        env.run_action(QUOTE, "send", [key])
        assert env.get(QUOTE, key).status == "sent"


def test_a_discount_on_the_whole_is_no_way_around(env_as, ceilings):
    with env_as("sara") as env:
        for more in ({"discount_percent": Decimal(15)}, {"discount_amount": Decimal(9000000)}):
            key = quote(env, customer(env), ceilings)
            env.update(QUOTE, key, more)
            with pytest.raises(SarnakhError, match="below the rules"):
                env.run_action(QUOTE, "send", [key])


def test_neither_is_a_revision_nor_the_order(env_as, ceilings):
    with env_as("sara") as env:
        key = quote(env, customer(env), ceilings)
        env.run_action(QUOTE, "send", [key])
        new = key_of(env.run_action(QUOTE, "revise", [key]))
        env.update(LINE, lines(env, new)[0], {"unit_price": Decimal(1000000)})
        with pytest.raises(SarnakhError, match="below the rules"):
            env.run_action(QUOTE, "send", [new])
        env.update(LINE, lines(env, new)[0], {"unit_price": Decimal(12500000)})
        env.run_action(QUOTE, "send", [new])
        env.run_action(QUOTE, "accept", [new])
        order = key_of(env.run_action(QUOTE, "order", [new]))
        env.update("sales.order", order, {"discount_percent": Decimal(30)})
        with pytest.raises(SarnakhError, match="below the rules"):
            env.run_action("sales.order", "confirm", [order])


@pytest.mark.database("sqlite")
def test_the_page_shows_why(installation, env_as, ceilings):
    with env_as("sara") as env:
        key = quote(env, customer(env), ceilings)
        desk, _chair = lines(env, key)
        env.update(LINE, desk, {"discount_percent": 20})
    sara = Visitor(installation, user_id(installation, "sara"))
    page = sara.get(f"/r/{QUOTE}/{key}").get_data(as_text=True)
    assert "Discounts on hold" in page and "“Office desk”: 20% below the rules" in page and f"/r/{LINE}/{desk}" in page
    assert sara.get(f"/r/{LINE}/{desk}").status_code == 200
