"""Lines of documents: priced when new, asked before they are repriced, adding up, held above a ceiling."""

from __future__ import annotations

from decimal import Decimal

import pytest

from addons.catalogue.lines import held_lines
from core.api import AccessDenied, ValidationFailed
from core.testing.plugin import query_budget

pytestmark = [pytest.mark.addons("bidding"), pytest.mark.folders("tests/fixtures/addons")]
BID, LINE = "bidding.bid", "bidding.line"
D = Decimal


@pytest.fixture
def bid(installation, shop, env_as):
    """A bid of Sara's for the customer, and sellers who bid."""
    with env_as("admin") as env:
        env.update("base.profile", env.query("base.profile").where('name == "Catalogue sellers"').ids(), {"sets": ["bidding.user"]})
        env.update("base.profile", env.query("base.profile").where('name == "Catalogue managers"').ids(),
                   {"sets": ["catalogue.manager", "bidding.user"]})
        tiers = env.create("catalogue.discount_list", {"name": "Much", "kind": "percent"})
        env.create("catalogue.discount_tier", {"list": tiers, "quantity": 10, "value": 5})
        env.update("catalogue.price_list", shop.retail, {"discount_list": tiers})
    with env_as("sara") as env:
        return env.create(BID, {"name": "One", "account": shop.customer, "currency": shop.irr})


def line(env, key):
    return env.get(LINE, key)


def test_a_new_line_is_priced_with_its_reasons(env_as, shop, bid):
    with env_as("sara") as env:
        key = env.create(LINE, {"bid": bid, "product": shop.bolt, "quantity": 10})
        made = line(env, key)
        assert (made.unit_price, made.list_price, made.discount_percent, made.net, made.tax, made.total) == (1000, 1000, 5, 9500, 950,
            10_450)
        assert made.unit.id == shop.bit and made.description == "Bolt" and not made.by_hand and not made.held
        assert "Retail" in made.reason and "from 10 upwards" in made.reason
        assert [t["amount"] for t in made.taxes] == ["950"]
        whole = env.get(BID, bid, "net", "tax", "total")
        assert (whole.net, whole.tax, whole.total) == (9500, 950, 10_450)


def test_what_the_lists_lack_is_refused_at_the_field(env_as, shop, bid):
    with env_as("sara") as env, pytest.raises(ValidationFailed, match="none of the price lists") as caught:
        env.create(LINE, {"bid": bid, "product": shop.nut})
    assert list(caught.value.by_field()) == ["product"]


def test_a_changed_quantity_asks_before_it_reprices(env_as, shop, bid):
    with env_as("sara") as env:
        key = env.create(LINE, {"bid": bid, "product": shop.bolt, "quantity": 1})
        env.update(LINE, key, {"quantity": 20})
        made = line(env, key)
        assert (made.unit_price, made.discount_percent, made.net) == (1000, None, 20_000), "the old price stays"
        assert made.offered_price == 950
        env.run_action(LINE, "take_offers", [key])
        made = line(env, key)
        assert (made.discount_percent, made.net, made.offered_price, made.offered) == (5, 19_000, None, None)
        env.update(LINE, key, {"quantity": 2})
        assert line(env, key).offered_price == 1000
        env.run_action(LINE, "keep_prices", [key])
        assert (line(env, key).offered_price, line(env, key).net) == (None, 1900)


def test_another_list_asks_too(env_as, shop, bid):
    with env_as("sara") as env:
        key = env.create(LINE, {"bid": bid, "product": shop.bolt})
        hand = env.create(LINE, {"bid": bid, "product": shop.bolt, "unit_price": 990})
        env.update(BID, bid, {"price_list": shop.dealers})
        assert (line(env, key).unit_price, line(env, key).offered_price) == (1000, 900)
        assert line(env, hand).offered_price is None, "typed by hand"
        env.run_action(LINE, "take_offers", [key])
        assert (line(env, key).unit_price, line(env, key).price_list.id) == (900, shop.dealers)


def test_lines_without_a_product_need_words_and_a_price(env_as, shop, bid):
    with env_as("sara") as env:
        for values, match in (({"unit_price": 5}, "write a description"), ({"description": "Delivery"}, "Write the price")):
            with pytest.raises(ValidationFailed, match=match):
                env.create(LINE, {"bid": bid, **values})
        key = env.create(LINE, {"bid": bid, "description": "Delivery", "unit_price": 250, "quantity": 2})
        assert line(env, key).total == 500


def test_the_documents_discount_is_dealt_out(env_as, shop, bid):
    with env_as("sara") as env:
        for quantity in (1, 2, 4):
            env.create(LINE, {"bid": bid, "product": shop.bolt, "quantity": quantity})
        env.update(BID, bid, {"discount_amount": 100})
        rows = env.query(LINE).where(f"bid == {bid}").order("id").select("discount", "net", "tax", "total").rows()
        assert [r["discount"] for r in rows] == [14, 29, 57]
        whole = env.get(BID, bid, "net", "tax", "total")
        assert whole.net == 6900 and whole.tax == sum(r["tax"] for r in rows) and whole.total == sum(r["total"] for r in rows)
        env.delete(LINE, rows and [rows[0]["id"]])
        assert env.get(BID, bid, "net").net == 5900


@pytest.fixture
def ceilings(bid, env_as):
    """Sellers may go 10 % below the rules."""
    with env_as("admin") as env:
        profile = env.query("base.profile").where('name == "Catalogue sellers"').ids()[0]
        env.create("catalogue.ceiling", [{"profile": profile, "percent": 10}, {"percent": 25}])


@pytest.mark.usefixtures("ceilings")
def test_a_discount_above_the_ceiling_is_held_until_released(env_as, shop, bid):
    with env_as("sara") as env:
        key = env.create(LINE, {"bid": bid, "product": shop.bolt, "quantity": 10})
        assert not line(env, key).held, "what the rules give is nobody's concession"
        env.update(LINE, key, {"discount_percent": 14})
        assert (line(env, key).concession, line(env, key).held) == (D("9.4737"), False)
        env.update(LINE, key, {"discount_percent": 24})
        assert line(env, key).held and env.get(BID, bid, "held").held == 1 and held_lines(env, LINE, [bid]) == [key]
        with pytest.raises(AccessDenied, match="you may decide about 10"):
            env.run_action(LINE, "release", [key])
    with env_as("mina") as env:
        env.run_action(LINE, "release", [key])
        assert not line(env, key).held and line(env, key).released_percent == 20
    with env_as("sara") as env:
        env.update(LINE, key, {"quantity": 11})
        assert not line(env, key).held, "released up to 20 %"
        env.update(LINE, key, {"unit_price": 500})
        assert line(env, key).held, "a lower price is a discount as well"
        env.update(LINE, key, {"unit_price": 1000, "discount_percent": 5})
        assert not line(env, key).held


@pytest.mark.usefixtures("ceilings")
def test_an_old_tier_is_no_way_around_the_ceiling(env_as, shop, bid):
    """A discount for many stays on the line when only one is left, as nobody decided yet: but it is below the rules now."""
    with env_as("mina") as env:
        env.create("catalogue.discount_tier", {"list": env.query("catalogue.discount_list").ids(1)[0], "quantity": 100, "value": 30})
    with env_as("sara") as env:
        key = env.create(LINE, {"bid": bid, "product": shop.bolt, "quantity": 100})
        assert (line(env, key).discount_percent, line(env, key).held) == (30, False)
        env.update(LINE, key, {"quantity": 1})
        assert (line(env, key).offered_price, line(env, key).held) == (1000, True)
        env.run_action(LINE, "keep_prices", [key])
        env.update(LINE, key, {"quantity": 2})
        assert (line(env, key).offered_price, line(env, key).held) == (None, True), "put aside is put aside"


@pytest.mark.usefixtures("ceilings")
def test_another_addon_may_decide(env_as, shop, bid):
    with env_as("reza") as env:
        keys = [env.create(LINE, {"bid": bid, "product": shop.bolt, "discount_percent": p}) for p in (11, 13)]
        assert [line(env, k).held for k in keys] == [False, True]


def test_an_ordinary_bid_takes_few_statements(installation, env_as, shop, bid):
    with env_as("sara") as env:
        env.create(LINE, [{"bid": bid, "product": shop.bolt, "quantity": i + 1} for i in range(300)])
        key = env.query(LINE).order("id").ids(1)[0]
        with query_budget(installation, 60):
            env.update(LINE, key, {"quantity": 7})
        whole = env.get(BID, bid, "net", "total")
        rows = env.query(LINE).where(f"bid == {bid}").select("net", "total").rows()
        assert (whole.net, whole.total) == (sum(r["net"] for r in rows), sum(r["total"] for r in rows))


def test_copied_lines_keep_their_prices(env_as, shop, bid):
    with env_as("sara") as env:
        key = env.create(LINE, {"bid": bid, "product": shop.bolt, "unit_price": 900})
        other = env.create(BID, {"name": "Two", "account": shop.partner, "currency": shop.irr})
        copied = ("product", "description", "quantity", "unit", "unit_price", "discount_percent", "discount_amount", "tax_class",
                  "price_list", "currency", "list_price", "fair_price", "by_hand", "reason", "configuration")
        old = line(env, key)
        with env.elevated("copying lines") as sudo:
            new = sudo.create(LINE, {"bid": other, **{n: getattr(getattr(old, n), "id", getattr(old, n)) for n in copied}}, source="copy")
        assert (line(env, new).unit_price, line(env, new).total, line(env, new).fair_price) == (900, 990, 1000)
