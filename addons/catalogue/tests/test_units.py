"""Unit groups and their base units, categories that stay a tree, lists that stay a chain."""

from __future__ import annotations

from decimal import Decimal

import pytest

from addons.catalogue.pricing import Ask, Terms, price
from core.api import ValidationFailed

pytestmark = pytest.mark.addons("catalogue")


def test_a_group_has_its_base_unit(env_as, shop):
    with env_as("mina") as env:
        env.update("catalogue.unit_group", shop.pieces, {"base_unit": "piece"})
        assert env.get("catalogue.unit", shop.bit).name == "piece"
        env.update("catalogue.unit", shop.bit, {"name": "part"})
        assert env.get("catalogue.unit_group", shop.pieces).base_unit == "part"
        with pytest.raises(ValidationFailed, match="base unit is 1"):
            env.update("catalogue.unit", shop.bit, {"factor": 2})
        other = env.create("catalogue.unit_group", {"name": "Other", "base_unit": "gram"})
        base = env.query("catalogue.unit").where(f"unit_group == {other}").ids()
        with pytest.raises(ValidationFailed, match="stays as long as"):
            env.delete("catalogue.unit", base)
        env.delete("catalogue.unit_group", other)
        assert env.query("catalogue.unit").with_ids(base).count() == 0


def test_a_product_is_counted_in_units_of_its_group(env_as, shop):
    with env_as("mina") as env:
        assert env.get("catalogue.product", shop.bolt).unit.id == shop.bit, "the base unit, as nobody named another"
        hour = env.query("catalogue.unit").where("not unit_group.whole").ids()[0]
        with pytest.raises(ValidationFailed):
            env.update("catalogue.product", shop.bolt, {"unit": hour})
        with pytest.raises(ValidationFailed, match="belongs to what stands in “Product”"):
            env.create("catalogue.price", {"price_list": shop.retail, "product": shop.nut, "unit": hour, "amount": 1})


@pytest.mark.parametrize(("record", "top", "below"), [("catalogue.category", "top", "below"),
                                                      ("catalogue.price_list", "retail", "dealers")])
def test_circles_are_refused(env_as, shop, record, top, below):
    with env_as("mina") as env, pytest.raises(ValidationFailed, match="circle"):
        env.update(record, getattr(shop, top), {"parent": getattr(shop, below)})


@pytest.mark.parametrize(("values", "match"), [
    ({"kind": "purchase"}, "whose list"), ({"kind": "special"}, "for a time"), ({"rounding": "up"}, "the step"),
    ({"rounding": "up", "step": 10, "ending": 10}, "smaller than the step"),
    ({"starts": "2026-02-02", "ends": "2026-02-01"}, "ends before"),
    ({"parent": "eur"}, "another currency")])
def test_lists_are_checked(env_as, shop, values, match):
    with env_as("mina") as env:
        if values.get("parent") == "eur":
            values = {"parent": env.create("catalogue.price_list", {"name": "E", "currency": shop.eur})}
    with env_as("mina") as env, pytest.raises(ValidationFailed, match=match):
        env.create("catalogue.price_list", {"name": "New", "currency": shop.irr, **values})


@pytest.mark.parametrize(("values", "match"), [
    ({}, "Write the amount"), ({"method": "markup"}, "Write the percentage"), ({"method": "margin", "percent": 100}, "less than 100"),
    ({"method": "percent", "percent": 90}, "falls back on no other")])
def test_prices_are_checked(env_as, shop, values, match):
    with env_as("mina") as env, pytest.raises(ValidationFailed, match=match):
        env.create("catalogue.price", {"price_list": shop.retail, "product": shop.nut, **values})


def test_prices_follow_the_code_of_their_product(env_as, shop):
    with env_as("mina") as env:
        env.update("catalogue.product", shop.bolt, {"code": "B-2"})
        assert {r["code"] for r in env.query("catalogue.price").where(f"product == {shop.bolt}").select("code").rows()} == {"B-2"}


def test_a_percentage_of_another_list_counts_in_its_own_units(env_as, shop):
    """Two dozen are 24 pieces, so the list below is asked for 24 pieces and not for two."""
    with env_as("mina") as env:
        env.create("catalogue.price", {"price_list": shop.retail, "product": shop.bolt, "minimum_quantity": 20, "amount": 800})
        terms = Terms(shop.irr, account=shop.partner)
        pieces, dozens = (price(env, [Ask(shop.bolt, Decimal(n), unit)], terms)[0] for n, unit in ((24, shop.bit), (2, shop.dozen)))
        assert pieces.unit_price == 720 and dozens.unit_price == 12 * 720
