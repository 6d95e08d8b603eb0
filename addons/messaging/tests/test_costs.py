"""What a sending will cost."""

from decimal import Decimal

import pytest

from addons.messaging import accounts
from addons.messaging.costs import estimate
from addons.sms.tests.conftest import Plugin
from core.api import SYSTEM

pytestmark = [pytest.mark.addons("sms"), pytest.mark.database("sqlite")]


@pytest.fixture
def account(installation):
    made = Plugin()
    installation.registry.plugins.register(made)
    installation.registry.memo.clear()
    with installation.env(SYSTEM) as env:
        key = accounts.save(env, None, made.provider, {"name": "Line", "price": "1.5", "price_currency": "TRY"}, {"secret": "s"})
        accounts.save(env, None, made.provider, {"name": "Free", "position": 20}, {"secret": "s"})
    yield key
    installation.registry.plugins.unregister(made)
    installation.registry.memo.clear()


def test_mixed_encodings_are_counted_each(installation, account):
    with installation.env(SYSTEM) as env:
        found = estimate(env, "sms", account, ["a" * 161, "سلام", "s" * 10, "ş" * 78])
        assert (found.messages, found.parts, found.most) == (4, 6, 2)
        assert found.encodings == {"GSM-7": 2, "UCS-2": 1, "GSM-7 TR": 1}
        assert (found.cost, found.currency) == (Decimal("9.0"), "TRY")
        assert estimate(env, "sms", None, []).parts == 0


def test_what_a_commercial_text_ends_in_costs_too(installation, account):
    text = "س" * 66
    with installation.env(SYSTEM) as env:
        assert estimate(env, "sms", account, [("+989121234567", text)]).parts == 1
        assert estimate(env, "sms", account, [("+989121234567", text)], kind="commercial").parts == 2
        there = text[:50] + " لغو11"
        assert estimate(env, "sms", account, [("+989121234567", there)], kind="commercial").parts == 1
        assert estimate(env, "sms", account, [("+905321234567", "Kampanya"), ("+12025550143", "Sale")], kind="commercial").parts == 2


def test_no_price_is_no_cost(installation, account, env_as):
    with installation.env(SYSTEM) as env:
        other = env.query("messaging.account").order("-id").ids(limit=1)[0]
        assert estimate(env, "sms", other, ["a"]).cost is None
    with env_as("nobody") as env:
        assert estimate(env, "sms", account, ["a"]).cost is None, "prices are for those who may write"
