"""A small catalogue, and people with rights over it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from core.api import SYSTEM, Installation
from core.testing.browser import Visitor
from core.testing.plugin import user_id


def people(installation: Installation, seller: str = "catalogue.user") -> None:
    """Sara and Reza sell, Mina manages the catalogue."""
    with installation.env(SYSTEM) as env:
        for name, sets, logins in (("Catalogue managers", ["catalogue.manager"], ["mina"]),
                                   ("Catalogue sellers", [seller], ["sara", "reza"])):
            profile = env.create("base.profile", {"name": name, "sets": sets, "areas": []})
            for login in logins:
                env.update("base.user", user_id(installation, login), {"profile": profile})


@pytest.fixture
def server(installation: Installation, shop: Any) -> Any:
    """The bolt as a server: a processor (one of two), disks (up to three kinds), support that needs the large processor."""
    with installation.env(SYSTEM) as env:
        family = env.create("catalogue.family", {"name": "Servers"})
        env.update("catalogue.product", shop.bolt, {"family": family, "kind": "bundle"})
        cpu = env.create("catalogue.option_group", {"product": shop.bolt, "name": "Processor", "minimum": 1, "maximum": 1})
        disk = env.create("catalogue.option_group", {"product": shop.bolt, "name": "Disks", "maximum": None})
        care = env.create("catalogue.option_group", {"family": family, "name": "Support", "position": 5})
        add = {"price_method": "amount", "currency": shop.irr}
        shop.small, shop.large = env.create("catalogue.option", [
            {"group": cpu, "name": "Small", "chosen": True}, {"group": cpu, "name": "Large", **add, "amount": 300}])
        shop.ssd, shop.hdd = env.create("catalogue.option", [
            {"group": disk, "name": "SSD", **add, "amount": 50, "least": 2, "most": 4},
            {"group": disk, "name": "HDD", **add, "amount": 20}])
        shop.care = env.create("catalogue.option", {"group": care, "name": "Care", "price_method": "percent", "percent": 10,
                                                    "requires": [shop.large], "excludes": [shop.hdd]})
    return shop


@pytest.fixture
def shop(installation: Installation) -> Any:
    """Products, units, lists: numbers by short names."""
    people(installation)
    with installation.env(SYSTEM) as env:
        return stock(env)


@pytest.fixture
def visit(installation: Installation, shop: Any) -> Any:
    """`visit("sara")` is that person's browser."""
    return lambda login: Visitor(installation, user_id(installation, login))


def stock(env: Any) -> Any:
    """A list of 100 for a case of 24 and 5 for a piece, and one for dealers that takes 90 % of it."""
    one = SimpleNamespace()
    codes = {r["code"]: r["id"] for r in env.query("base.currency").select("code").rows()}
    one.irr, one.eur = codes["IRR"], codes["EUR"]
    lands = {r["code"]: r["id"] for r in env.query("base.country").where('code in ("IR", "TR", "DE")').select("code").rows()}
    one.iran, one.turkey, one.germany = lands["IR"], lands["TR"], lands["DE"]
    one.pieces = env.create("catalogue.unit_group", {"name": "Bits", "base_unit": "bit"})
    one.bit = env.query("catalogue.unit").where(f"unit_group == {one.pieces}").ids()[0]
    one.dozen = env.create("catalogue.unit", {"unit_group": one.pieces, "name": "dozen", "factor": 12})
    one.top = env.create("catalogue.category", {"name": "All"})
    one.below = env.create("catalogue.category", {"name": "Some", "parent": one.top})
    one.standard = env.query("catalogue.tax_class").where('shipped == "standard"').ids()[0]
    goods = {"unit_group": one.pieces, "tax_class": one.standard, "category": one.below, "cost_currency": one.irr}
    one.bolt = env.create("catalogue.product", {**goods, "code": "B1", "name": "Bolt", "current_cost": 600, "standard_cost": 500})
    one.nut = env.create("catalogue.product", {**goods, "code": "N1", "name": "Nut"})
    one.retail = env.create("catalogue.price_list", {"name": "Retail", "currency": one.irr})
    one.dealers = env.create("catalogue.price_list", {"name": "Dealers", "currency": one.irr, "parent": one.retail,
                                                      "account_types": ["partner"]})
    env.create("catalogue.price", {"price_list": one.retail, "product": one.bolt, "amount": 1000})
    env.create("catalogue.price", {"price_list": one.dealers, "product": one.bolt, "method": "percent", "percent": 90})
    owner = env.query("base.user").where('login == "sara"').ids()[0]
    one.customer = env.create("contacts.account", {"name": "Customer", "type": "customer", "billing_country": one.iran, "owner": owner})
    one.partner = env.create("contacts.account", {"name": "Partner", "type": "partner", "billing_country": one.iran, "owner": owner})
    return one
