"""Which price counts and why: lists, fall-back, offers, methods, rounding, quantities, tiers, rules, taxes, refusals."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from addons.catalogue.pricing import Ask, Chosen, Terms, price, price_document
from core.api import SYSTEM, ValidationFailed
from core.testing.plugin import query_budget

pytestmark = pytest.mark.addons("catalogue")
D = Decimal


@pytest.fixture
def env(installation, shop):
    with installation.env(SYSTEM) as env:
        yield env


def one(env, shop, product=None, quantity=1, unit=None, options=(), **terms):
    """The price of one line."""
    listed = terms.pop("listed", None)
    ask = Ask(product or shop.bolt, D(quantity), unit, listed, options)
    return price(env, [ask], Terms(terms.pop("currency", shop.irr), terms.pop("account", shop.customer), **terms))[0]


def words(priced):
    return " | ".join(r.english() for r in priced.reasons)


def test_the_list_that_fits_best_and_why(env, shop):
    plain = one(env, shop)
    assert plain.unit_price == 1000 and words(plain) == "Price list “Retail”: it is for everybody"
    partner = one(env, shop, account=shop.partner)
    assert partner.unit_price == 900 and "Dealers" in words(partner) and "customers of this type" in words(partner)
    own = env.create("catalogue.price_list", {"name": "Contract", "currency": shop.irr, "accounts": [shop.partner]})
    env.create("catalogue.price", {"price_list": own, "product": shop.bolt, "amount": 850})
    found = one(env, shop, account=shop.partner)
    assert (found.unit_price, found.price_list) == (850, own) and "for this customer" in words(found)
    assert one(env, shop).unit_price == 1000, "nobody else's"
    assert one(env, shop, account=None).unit_price == 1000


def test_territories_and_priorities(env, shop):
    env.update("contacts.account", shop.customer, {"territory": "North"})
    north = env.create("catalogue.price_list", {"name": "North", "currency": shop.irr, "territories": "South\nNorth\n"})
    env.create("catalogue.price", {"price_list": north, "product": shop.bolt, "amount": 970})
    assert one(env, shop).price_list == north
    other = env.create("catalogue.price_list", {"name": "North 2", "currency": shop.irr, "territories": "North", "priority": 5})
    env.create("catalogue.price", {"price_list": other, "product": shop.bolt, "amount": 980})
    assert one(env, shop).price_list == other


def test_what_a_list_lacks_comes_from_the_one_it_falls_back_on(env, shop):
    env.create("catalogue.price", {"price_list": shop.retail, "product": shop.nut, "amount": 70})
    found = one(env, shop, shop.nut, account=shop.partner)
    assert found.unit_price == 70 and "falls back on: “Retail”" in words(found)
    middle = env.create("catalogue.price_list", {"name": "Old", "currency": shop.irr, "parent": shop.retail, "ends": dt.date(2020, 1, 1)})
    env.update("catalogue.price_list", shop.dealers, {"parent": middle})
    assert one(env, shop, shop.nut, account=shop.partner).unit_price == 70, "a list that is out of date is passed over"


def test_what_no_list_has_is_refused(env, shop):
    found = one(env, shop, shop.nut)
    assert found.refusal and "“Nut” is in none of the price lists in IRR" in found.refusal.english() and found.total == 0
    named = one(env, shop, shop.nut, listed=shop.dealers)
    assert named.refusal.english() == "“Nut” is not in the price list “Dealers”, nor in those it falls back on."
    assert "no price list in EUR" in one(env, shop, currency=shop.eur).refusal.english()
    assert "no such product" in one(env, shop, 999_999).refusal.english()


def test_dates_include_their_last_day(env, shop):
    env.update("catalogue.price_list", shop.retail, {"starts": dt.date(2026, 1, 1), "ends": dt.date(2026, 3, 20)})
    assert one(env, shop, on=dt.date(2026, 3, 20)).unit_price == 1000
    assert one(env, shop, on=dt.date(2026, 3, 21)).refusal
    assert "not valid" in one(env, shop, on=dt.date(2026, 3, 21), listed=shop.retail).refusal.english()
    env.update("catalogue.product", shop.bolt, {"active_to": dt.date(2026, 2, 1)})
    assert "was sold until" in one(env, shop, on=dt.date(2026, 2, 2)).refusal.english()


def test_special_offers_count_when_they_are_cheaper(env, shop):
    offer = env.create("catalogue.price_list", {"name": "Nowruz", "kind": "special", "currency": shop.irr, "starts": dt.date(2026, 3, 1),
                                                "ends": dt.date(2026, 4, 2)})
    env.create("catalogue.price", {"price_list": offer, "product": shop.bolt, "amount": 940})
    day = dt.date(2026, 3, 20)
    found = one(env, shop, on=day)
    assert (found.unit_price, found.list_price) == (940, 1000) and "Special offer “Nowruz”, until" in words(found)
    assert one(env, shop, account=shop.partner, on=day).unit_price == 900, "dearer than their own list"
    assert one(env, shop, on=dt.date(2026, 4, 3)).unit_price == 1000


@pytest.mark.parametrize(("method", "percent", "cost", "expected"), [
    ("markup", 25, "current", 750), ("markup", 25, "standard", 625), ("margin", 25, "current", 800), ("margin", 50, "standard", 1000)])
def test_methods_on_cost(env, shop, method, percent, cost, expected):
    env.update("catalogue.price", env.query("catalogue.price").where(f"price_list == {shop.retail}").ids(),
               {"method": method, "percent": percent, "cost": cost})
    assert one(env, shop).unit_price == expected


def test_costs_that_are_missing_or_foreign_are_said(env, shop):
    env.create("catalogue.price", {"price_list": shop.retail, "product": shop.nut, "method": "markup", "percent": 10})
    assert "cost, which is not known" in one(env, shop, shop.nut).refusal.english()
    env.update("catalogue.product", shop.nut, {"current_cost": 5, "cost_currency": shop.eur})
    assert "there is no rate to IRR" in one(env, shop, shop.nut).refusal.english()
    env.update("base.company", env.query("base.company").ids(), {"currency": shop.irr})
    env.create("base.rate", {"currency": shop.eur, "on": dt.date(2020, 1, 1), "rate": 1_000_000})
    env.cache.clear()
    assert one(env, shop, shop.nut).unit_price == 5_500_000


@pytest.mark.parametrize(("rounding", "step", "ending", "expected"), [
    ("nearest", 100, None, 700), ("up", 100, None, 800), ("down", 100, None, 700), ("nearest", 100, 90, 690), ("up", 100, 90, 790)])
def test_rounding_to_steps_and_endings(env, shop, rounding, step, ending, expected):
    env.update("catalogue.price_list", shop.retail, {"rounding": rounding, "step": step, "ending": ending})
    env.update("catalogue.price", env.query("catalogue.price").where(f"price_list == {shop.retail}").ids(),
               {"method": "markup", "percent": 23})
    assert one(env, shop).unit_price == expected, "738 before rounding"


def test_units_convert_and_an_own_price_goes_before(env, shop):
    found = one(env, shop, unit=shop.dozen)
    assert found.unit_price == 12_000 and "Reckoned from the price for one bit" in words(found)
    env.create("catalogue.price", {"price_list": shop.retail, "product": shop.bolt, "unit": shop.dozen, "amount": 11_000})
    assert one(env, shop, unit=shop.dozen).unit_price == 11_000
    assert one(env, shop, quantity=24).unit_price == 1000
    assert "whole bit only" in one(env, shop, quantity="1.5").refusal.english()
    hours = env.query("catalogue.unit").where("not unit_group.whole").ids()[0]
    assert "not counted" in one(env, shop, unit=hours).refusal.english()


def test_minimum_quantities(env, shop):
    env.create("catalogue.price", {"price_list": shop.retail, "product": shop.bolt, "minimum_quantity": 100, "amount": 800})
    assert [one(env, shop, quantity=q).unit_price for q in (99, 100, 500)] == [1000, 800, 800]
    assert one(env, shop, quantity=9, unit=shop.dozen).unit_price == 9600, "108 bits"
    env.create("catalogue.price", {"price_list": shop.retail, "product": shop.nut, "minimum_quantity": 50, "amount": 7})
    assert one(env, shop, shop.nut, quantity=10).refusal.english() == "“Nut” is sold from 50 bit upwards."


def test_tiers_of_discount_lists(env, shop):
    tiers = env.create("catalogue.discount_list", {"name": "Much", "kind": "percent"})
    env.create("catalogue.discount_tier", [{"list": tiers, "quantity": q, "value": v} for q, v in ((10, 5), (100, 12))])
    env.update("catalogue.price_list", shop.retail, {"discount_list": tiers})
    assert [one(env, shop, quantity=q).discount_percent for q in (9, 10, 99, 100)] == [0, 5, 5, 12]
    found = one(env, shop, quantity=100)
    assert (found.fair_price, found.discount_amount, found.net, found.total) == (880, 12_000, 88_000, 96_800)
    assert "12 % from 100 upwards" in words(found)
    each = env.create("catalogue.discount_list", {"name": "Coins", "kind": "each", "currency": shop.irr})
    env.create("catalogue.discount_tier", {"list": each, "quantity": 12, "value": 50})
    env.update("catalogue.price", env.query("catalogue.price").where(f"price_list == {shop.retail}").ids(), {"discount_list": each})
    found = one(env, shop, unit=shop.dozen)
    assert (found.each_off, found.fair_price) == (600, 11_400), "50 for each of twelve"


def test_flat_and_differential_discounts(env, shop):
    env.create("catalogue.discount", {"name": "Flat", "percent": 2, "combines": True})
    env.create("catalogue.discount", {"name": "Loyal", "percent": 5, "condition": 'account.type == "customer" and order_amount >= 10000'})
    env.create("catalogue.discount", {"name": "Big", "percent": 4, "category": shop.top, "condition": "quantity >= 10"})
    assert [one(env, shop, quantity=q).discount_percent for q in (1, 9, 10)] == [2, 2, 7], "the better of two, with the flat one"
    assert one(env, shop, account=shop.partner, quantity=10).discount_percent == 6, "for a line of a category below"
    env.create("catalogue.discount", {"name": "Off", "kind": "document", "amount": 500, "currency": shop.irr,
                                      "condition": "order_lines >= 2"})
    both = price_document(env, [Ask(shop.bolt), Ask(shop.bolt, D(2))], Terms(shop.irr, shop.customer))
    assert both.discount_amount == 500 and both.totals.discount == 560
    assert sum(line.total for line in both.lines) == both.totals.total == both.totals.net + both.totals.tax


def test_conditions_ask_only_what_their_author_may_read(env_as, shop):
    with env_as("mina") as env:
        for wrong, match in (('account.owner.password_hash == "x"', "no field"),
                             ("nonsense > 3", "no field"), ("order_amount", "yes/no")):
            with pytest.raises(ValidationFailed, match=match):
                env.create("catalogue.discount", {"name": "Spy", "percent": 1, "condition": wrong})


def test_taxes_by_class_region_and_day(env, shop):
    assert [(t.rate.percent, t.amount) for t in one(env, shop).taxes] == [(10, 100)]
    env.update("contacts.account", shop.customer, {"shipping_country": shop.turkey, "shipping_state": "İstanbul"})
    assert [t.amount for t in one(env, shop).taxes] == [200], "KDV where the goods go"
    env.create("catalogue.tax", {"tax_class": shop.standard, "name": "City", "country": shop.turkey, "state": "istanbul", "percent": 1})
    assert [t.amount for t in one(env, shop).taxes] == [200, 10]
    env.update("contacts.account", shop.customer, {"shipping_country": shop.germany})
    assert one(env, shop).taxes == []
    env.update("contacts.account", shop.customer, {"shipping_country": None})
    env.update("catalogue.price_list", shop.retail, {"with_tax": "included"})
    found = one(env, shop)
    assert (found.net, found.taxes[0].amount, found.total) == (909, 91, 1000)
    env.update("catalogue.tax", env.query("catalogue.tax").where("country.code == \"IR\"").ids(), {"ends": dt.date(2025, 3, 20)})
    assert one(env, shop).taxes == []


def test_options_add_to_the_price(env, shop):
    env.create("catalogue.price", {"price_list": shop.retail, "product": shop.nut, "amount": 70})
    group = env.create("catalogue.option_group", {"product": shop.bolt, "name": "With", "maximum": None})
    made = env.create("catalogue.option", [
        {"group": group, "name": "Coat", "price_method": "percent", "percent": 10},
        {"group": group, "name": "Print", "price_method": "amount", "amount": 30, "currency": shop.irr},
        {"group": group, "name": "Nuts", "price_method": "list", "product": shop.nut, "most": 4},
        {"group": group, "name": "Bag"}])
    found = one(env, shop, options=[Chosen(made[0]), Chosen(made[1]), Chosen(made[2], D(2)), Chosen(made[3])])
    assert (found.options_price, found.unit_price) == (270, 1270)


def test_a_thousand_lines_take_as_many_statements_as_one(installation, env, shop):
    asks = [Ask(shop.bolt, D(i + 1)) for i in range(1000)]
    with query_budget(installation, 16):
        assert len(price(env, asks, Terms(shop.irr, shop.partner))) == 1000
