"""The catalogue of the demo company: products in three languages, lists for everybody, partners, export and Turkey, suppliers."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from core.api import Env, F

from . import demo_words as words
from .demo_words import Item, Words

MILLION = Decimal(1_000_000)
LANGUAGES = ("fa", "en", "tr")
PARTNER_PERCENT = {"computers": 94, "servers": 92, "network": 91, "passive": 88, "power": 92, "print": 93, "safety": 90}
DISCOUNT_TIERS = ((10, 3), (50, 5), (200, 8))
SUPPLIER_FACTORS = (Decimal("1.06"), Decimal("1.00"), Decimal("1.03"))
"""What suppliers ask, as a multiple of the cost."""


def create(env: Env) -> None:
    """Make the catalogue, once."""
    if env.query("catalogue.product").deleted(None).archived(None).exists():
        return
    codes = ("IRR", "USD", "TRY")
    money = {r["code"]: r["id"] for r in env.query("base.currency").where(F.code.isin(codes)).select("code").rows()}
    if len(money) < len(codes):
        return
    _country(env)
    main = env.lang if env.lang in LANGUAGES else "en"
    products = _products(env, main, money["USD"])
    _servers(env, main, products, money["IRR"])
    _lists(env, main, products, money)
    _suppliers(env, products, money)
    _rules(env, main, money["IRR"])


def _country(env: Env) -> None:
    """The company is in Iran, unless somebody said otherwise: its customers pay Iranian tax."""
    own = env.query("base.company").where(F.country.is_null()).ids()
    iran = env.query("base.country").where(F.code == "IR").ids(1)
    if own and iran:
        env.update("base.company", own, {"country": iran[0]})


def _say(name: Words, lang: str) -> str:
    return str(getattr(name, lang))


def _called(name: Words, main: str) -> dict[str, Any]:
    """A name in the main language, and in the others."""
    return {"name": _say(name, main), "other_names": {lang: _say(name, lang) for lang in LANGUAGES if lang != main}}


def _products(env: Env, main: str, dollar: int) -> dict[str, int]:
    categories: dict[str, int] = {}
    for word, (name, above) in words.CATEGORIES.items():
        categories[word] = env.create("catalogue.category", {**_called(name, main), "parent": categories.get(above)})
    groups = env.query("catalogue.unit_group").order("id").ids(4)
    classes = {r["shipped"]: r["id"] for r in env.query("catalogue.tax_class").select("shipped").rows()}
    keys = env.create("catalogue.product", [{
        "code": i.code, "name": _say(i.name, main), "kind": i.kind, "category": categories[i.category],
        "unit_group": groups[min(i.units, len(groups) - 1)], "current_cost": i.cost, "standard_cost": Decimal(i.cost) * Decimal("0.97"),
        "cost_currency": dollar, "tax_class": classes.get("standard"), "stock_text": _say(i.stock, main) if i.stock else None}
        for i in words.ITEMS])
    made = {i.code: key for i, key in zip(words.ITEMS, keys, strict=True)}
    env.create("catalogue.translation", [{"product": made[i.code], "language": lang, "name": _say(i.name, lang)}
                                         for i in words.ITEMS for lang in LANGUAGES if lang != main])
    return made


def _servers(env: Env, main: str, products: dict[str, int], rial: int) -> None:
    """Two servers whose parts are chosen, and support that the whole family offers."""
    family = env.create("catalogue.family", {**_called(words.FAMILY, main)})
    servers = [products["SV-2000"], products["SV-1000"]]
    env.update("catalogue.product", servers, {"family": family})
    for server in servers:
        found: dict[str, int] = {}
        for place, (name, least, most, options) in enumerate(words.QUESTIONS):
            group = env.create("catalogue.option_group", {"product": server, **_called(name, main), "minimum": least, "maximum": most,
                                                          "position": 10 * (place + 1)})
            for order, (label, method, amount, limit, chosen) in enumerate(options):
                held = products.get(method)
                found[label.en] = env.create("catalogue.option", {
                    "group": group, **_called(label, main), "price_method": "list" if held else method, "product": held,
                    "amount": amount * MILLION if method == "amount" else None, "currency": rial if method == "amount" else None,
                    "most": limit, "chosen": chosen, "position": order})
        env.update("catalogue.option", found["Two × 32 cores"], {"requires": [found["Redundant 1400 W"]]})
    name, care = words.CARE
    group = env.create("catalogue.option_group", {"family": family, **_called(name, main), "minimum": 0, "maximum": 1, "position": 90})
    env.create("catalogue.option", [{"group": group, **_called(label, main), "price_method": "percent", "percent": percent}
                                    for label, percent in care])


def _lists(env: Env, main: str, products: dict[str, int], money: dict[str, int]) -> None:
    volume = env.create("catalogue.discount_list", {"name": _say(words.VOLUME, main)})
    env.create("catalogue.discount_tier", [{"list": volume, "quantity": q, "value": v} for q, v in DISCOUNT_TIERS])
    cables = env.create("catalogue.discount_list", {"name": _say(words.CABLES, main), "kind": "each", "currency": money["IRR"]})
    env.create("catalogue.discount_tier", [{"list": cables, "quantity": q, "value": v} for q, v in ((305, 20_000), (3050, 45_000))])
    retail, export, turkey, offer = env.create("catalogue.price_list", [
        {"name": _say(words.RETAIL, main), "currency": money["IRR"], "rounding": "nearest", "step": 100_000, "discount_list": volume},
        {"name": _say(words.EXPORT, main), "currency": money["USD"], "rounding": "up", "step": 1, "ending": "0.90",
         "discount_list": volume},
        {"name": _say(words.TURKEY, main), "currency": money["TRY"], "rounding": "up", "step": 100, "ending": 90, "with_tax": "included"},
        {"name": _say(words.OFFER, main), "kind": "special", "currency": money["IRR"], "starts": env.today - dt.timedelta(days=12),
         "ends": env.today + dt.timedelta(days=18)}])
    partners = env.create("catalogue.price_list", {
        "name": _say(words.WHOLESALE, main), "currency": money["IRR"], "parent": retail, "account_types": ["partner"],
        "rounding": "nearest", "step": 100_000, "discount_list": volume})
    prices: list[dict[str, Any]] = []
    for item in words.ITEMS:
        prices.append(_retail(item, retail, products[item.code], cables))
        if item.category in PARTNER_PERCENT:
            prices.append({"price_list": partners, "product": products[item.code], "method": "percent",
                           "percent": PARTNER_PERCENT[item.category]})
        if item.kind == "goods":
            prices.append({"price_list": export, "product": products[item.code], "method": "markup", "percent": 22})
            prices.append({"price_list": turkey, "product": products[item.code], "method": "margin", "percent": 24})
    prices += [{"price_list": offer, "product": products[code], "amount": Decimal(price) * MILLION}
               for code, price in (("MN-2400", "119"), ("AP-0610", "115"), ("TN-0401", "41"))]
    env.create("catalogue.price", prices)


def _retail(item: Item, retail: int, product: int, cables: int) -> dict[str, Any]:
    row: dict[str, Any] = {"price_list": retail, "product": product}
    if item.price == "0":
        return row | {"method": "markup", "percent": 30}
    return row | {"amount": Decimal(item.price) * MILLION, "discount_list": cables if item.code.startswith("CB-") else None}


def _suppliers(env: Env, products: dict[str, int], money: dict[str, int]) -> None:
    """Three suppliers, each with a list in their currency; their accounts are the director's."""
    owner = env.query("base.user").where(F.active).order("id").ids(1)
    countries = {r["code"]: r["id"] for r in env.query("base.country").where(F.code.isin(("IR", "AE", "TR"))).select("code").rows()}
    rates = {"USD": Decimal(1), "IRR": Decimal(830_000), "TRY": Decimal(40)}
    for (name, country, code), factor in zip(words.SUPPLIERS, SUPPLIER_FACTORS, strict=True):
        account = env.create("contacts.account", {"name": name, "type": "vendor", "billing_country": countries.get(country),
                                                  "owner": owner[0],
                                                  "currency": money[code]})
        held = env.create("catalogue.price_list", {"name": name, "kind": "purchase", "supplier": account, "currency": money[code],
                                                   "ends": env.today + dt.timedelta(days=75)})
        env.create("catalogue.price", [{"price_list": held, "product": products[i.code],
                                        "amount": round(Decimal(i.cost) * factor * rates[code] * (1 + Decimal(n % 5 - 2) / 50), 2)}
                                       for n, i in enumerate(words.ITEMS) if i.kind == "goods"])


def _rules(env: Env, main: str, rial: int) -> None:
    services = env.query("catalogue.category").where(F.name == _say(words.CATEGORIES["services"][0], main)).ids(1)
    env.create("catalogue.discount", [
        {"name": _say(words.LOYAL, main), "percent": 2, "combines": True,
         "condition": 'account.type == "customer" and order_amount >= 2000000000'},
        {"name": _say(words.SERVICES, main), "percent": 10, "category": services[0] if services else None, "condition": "order_lines >= 3"},
        {"name": _say(words.LARGE, main), "kind": "document", "amount": 50 * MILLION, "currency": rial,
         "condition": "order_amount >= 10000000000"}])
    standard = env.query("base.profile").where('shipped == "standard"').ids(1)
    if standard and not env.query("catalogue.ceiling").exists():
        env.create("catalogue.ceiling", {"profile": standard[0], "percent": 7})
