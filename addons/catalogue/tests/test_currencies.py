"""No amount changes its currency without its number being looked at."""

import pytest

from core.api import ValidationFailed

pytestmark = [pytest.mark.addons("bidding"), pytest.mark.folders("tests/fixtures/addons")]


def test_a_document_with_lines_keeps_its_currency(env_as, shop):
    with env_as("admin") as env:
        bid, other = env.create("bidding.bid", [{"name": n, "account": shop.customer, "currency": shop.irr} for n in ("One", "Two")])
        line = env.create("bidding.line", {"bid": bid, "product": shop.bolt})
        env.update("bidding.bid", other, {"currency": shop.eur})
        assert env.get("bidding.bid", other, "currency").currency.id == shop.eur, "nothing is in it yet"
    with env_as("admin") as env:
        with pytest.raises(ValidationFailed, match="IRR.*not converted") as caught:
            env.update("bidding.bid", [bid, other], {"currency": shop.eur, "name": "New"})
        assert list(caught.value.by_field()) == ["currency"]
        env.update("bidding.bid", bid, {"currency": shop.irr, "name": "Same"})
        env.delete("bidding.line", line)
        env.update("bidding.bid", bid, {"currency": shop.eur})


def test_a_list_with_prices_keeps_its_currency(env_as, shop):
    with env_as("mina") as env:
        empty = env.create("catalogue.price_list", {"name": "Empty", "currency": shop.irr})
        env.update("catalogue.price_list", empty, {"currency": shop.eur})
        with pytest.raises(ValidationFailed, match="not converted"):
            env.update("catalogue.price_list", shop.retail, {"currency": shop.eur})
