"""A small world for sales: a customer, products with a price, and papers ready to go."""

from decimal import Decimal

import pytest

ADDONS = ("sales",)


def world(env, *, percent="10"):
    """An account of Iran, two products in a list with VAT; returns their numbers by name."""
    rial = env.query("base.currency").where('code == "IRR"').ids(1)[0]
    iran = env.query("base.country").where('code == "IR"').ids(1)[0]
    tax_class = env.create("catalogue.tax_class", {"name": "VAT of tests"})
    env.create("catalogue.tax", {"tax_class": tax_class, "name": "VAT", "country": iran, "percent": percent})
    group = env.create("catalogue.unit_group", {"name": "Pieces of tests", "base_unit": "piece"})
    products = {}
    for code, name in (("DESK", "Office desk"), ("CHAIR", "Office chair")):
        products[code] = env.create("catalogue.product", {"code": code, "name": name, "unit_group": group, "tax_class": tax_class})
    env.create("catalogue.translation", {"product": products["DESK"], "language": "fa", "name": "میز اداری"})
    prices = env.create("catalogue.price_list", {"name": "List of tests", "currency": rial})
    env.create("catalogue.price", [{"price_list": prices, "product": products["DESK"], "amount": Decimal("12500000")},
                                   {"price_list": prices, "product": products["CHAIR"], "amount": Decimal("4200000")}])
    return {"currency": rial, "country": iran, "price_list": prices, **products}


def customer(env, name="Pars Gostar", **more):
    """An account with an address."""
    iran = env.query("base.country").where('code == "IR"').ids(1)[0]
    return env.create("contacts.account", {"name": name, "billing_country": iran, "billing_street": "Valiasr 12",
                                           "billing_city": "Tehran", **more})


def quote(env, account, things, lines=(("DESK", 2), ("CHAIR", 4)), **more):
    """A draft with lines."""
    key = env.create("sales.quote", {"subject": "Office desks", "account": account, "currency": things["currency"], **more})
    env.create("sales.quote_line", [{"paper": key, "product": things[code], "quantity": count} for code, count in lines])
    return key


def key_of(address):
    """The number at the end of a record's address."""
    return int(str(address).rpartition("/")[2])


@pytest.fixture
def things(env_as):
    with env_as("admin") as env:
        return world(env)
