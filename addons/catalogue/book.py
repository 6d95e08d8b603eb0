"""All that a pricing run needs, read in a fixed number of statements: products, units, lists, items, tiers, rules, taxes.

It is read without the asker's limits, because a price must not depend on who asks; what they may not see (costs, suppliers'
lists) goes into the calculation and nowhere else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from addons.base import money
from core.api import Env, F, NotFound, SarnakhError, _

from . import conditions, configuring
from .amounts import Currency
from .asks import Ask, Region, Terms
from .names import PRODUCT, UNIT, key

PRICE_LIST, PRICE = "catalogue.price_list", "catalogue.price"
OWN = ("code", "name", "kind", "unit_group", "unit", "standard_cost", "current_cost", "cost_currency", "tax_class", "category",
       "family", "active_from", "active_to", "archived")
LIST = ("name", "kind", "currency", "starts", "ends", "parent", "priority", "supplier", "account_types", "territories", "rounding",
        "step", "ending", "with_tax", "discount_list", "active")
ITEM = ("price_list", "product", "unit", "minimum_quantity", "method", "amount", "percent", "cost", "discount_list")
ACCOUNT = ("type", "territory", "shipping_country", "shipping_state", "billing_country", "billing_state")
KEPT = "catalogue.book"
RULE = ("name", "kind", "percent", "amount", "currency", "category", "family", "condition", "combines")


@dataclass
class Book:
    """What was read; `chain` and `best` are in the engine."""

    on: dt.date
    currency: Currency
    region: Region
    terms: Terms
    account: Mapping[str, Any] | None = None
    products: dict[int, dict[str, Any]] = field(default_factory=dict)
    units: dict[int, dict[str, Any]] = field(default_factory=dict)
    lists: dict[int, dict[str, Any]] = field(default_factory=dict)
    own_lists: frozenset[int] = frozenset()
    bound_lists: frozenset[int] = frozenset()
    items: dict[tuple[int, int], list[dict[str, Any]]] = field(default_factory=dict)
    tiers: dict[int, list[tuple[Decimal, Decimal]]] = field(default_factory=dict)
    tier_lists: dict[int, dict[str, Any]] = field(default_factory=dict)
    rules: list[dict[str, Any]] = field(default_factory=list)
    parents: dict[int, int | None] = field(default_factory=dict)
    taxes: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    rates: dict[int, Decimal] = field(default_factory=dict)
    questions: dict[int, list[configuring.Question]] = field(default_factory=dict)


def read(env: Env, asks: Sequence[Ask], terms: Terms) -> Book:
    """Read everything for these asks."""
    env.require("read", PRODUCT)
    with env.elevated(_("Prices by the price lists")) as sudo:
        book = _read(sudo, asks, terms)
    env.cache[KEPT, terms] = (env.now, book)
    return book


def for_taxes(env: Env, terms: Terms) -> Book:
    """A book for what hangs on no product: taxes, region, lists, currency. One that was read for prices a moment ago will do."""
    found = env.cache.get((KEPT, terms))
    return found[1] if found is not None and found[0] is env.now else read(env, [], terms)


def _read(env: Env, asks: Sequence[Ask], terms: Terms) -> Book:
    on = terms.on or env.today
    rules = _rules(env, on, terms)
    wanted = {path for rule in rules if rule["test"] for path in rule["test"].paths}
    book = Book(on, currency(env, terms.currency), terms.region or Region(), terms, rules=rules)
    book.account = _account(env, terms, wanted)
    if terms.region is None:
        book.region = _region(env, book.account)
    paths = [p.removeprefix("product.") for p in wanted if p.startswith("product.")]
    book.products = _products(env, {ask.product for ask in asks}, paths)
    book.questions = configuring.read(env, book.products)
    parts = {k for groups in book.questions.values() for g in groups for o in g.options if (k := o.product) is not None}
    if parts - set(book.products):
        book.products |= _products(env, parts - set(book.products), paths)
    ids = list(book.products)
    units = env.query(UNIT).archived(None).select("name", "unit_group", "factor", "is_base", "unit_group.whole")
    book.units = _by_id(units.spoken().rows())
    _lists(env, book, terms)
    valid = [r["id"] for r in book.lists.values() if r["active"] and current(r, on)]
    for row in env.query(PRICE).holding("price_list", valid).holding("product", ids).select(*ITEM).rows():
        book.items.setdefault((row["price_list"].id, row["product"].id), []).append(row)
    _tiers(env, book)
    _rates(env, book)
    if any(r["category"] for r in rules):
        book.parents = {r["id"]: key(r["parent"]) for r in env.query("catalogue.category").archived(None).select("parent").rows()}
    for row in env.query("catalogue.tax").select("tax_class", "name", "other_names", "country", "state", "percent", "included", "starts",
                                                 "ends").order("id").rows():
        if current(row, on):
            book.taxes.setdefault(row["tax_class"].id, []).append(row)
    return book


def currency(env: Env, which: int) -> Currency:
    """A currency by its number."""
    row = env.query("base.currency").with_ids([which]).archived(None).select("code", "places").rows(limit=1)
    if not row:
        raise NotFound(_("There is no such currency."))
    return Currency(row[0]["id"], row[0]["code"], row[0]["places"])


def _by_id(rows: Iterable[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    return {row["id"]: row for row in rows}


def current(row: Mapping[str, Any], on: dt.date) -> bool:
    """Whether something with a beginning and an (inclusive) end is valid on a day."""
    return (row["starts"] is None or row["starts"] <= on) and (row["ends"] is None or row["ends"] >= on)


def _products(env: Env, ids: Iterable[int], paths: Sequence[str]) -> dict[int, dict[str, Any]]:
    return _by_id(env.query(PRODUCT).with_ids(ids).archived(None).select(*OWN, *paths).rows())


def _account(env: Env, terms: Terms, wanted: set[str]) -> Mapping[str, Any] | None:
    if terms.account is None:
        return None
    paths = [p.removeprefix("account.") for p in wanted if p.startswith("account.")]
    rows = env.query("contacts.account").with_ids([terms.account]).archived(None).select(*ACCOUNT, *paths).rows(limit=1)
    if not rows:
        raise NotFound(_("There is no such account."))
    return rows[0]


def _region(env: Env, account: Mapping[str, Any] | None) -> Region:
    """Where the account takes delivery, then where it is billed, then where we are."""
    for place in ("shipping", "billing"):
        if account is not None and account[f"{place}_country"] is not None:
            return Region(account[f"{place}_country"].id, account[f"{place}_state"] or "")
    own = env.query("base.company").order("id").select("country").rows(limit=1)
    return Region(key(own[0]["country"]) if own else None)


def _rules(env: Env, on: dt.date, terms: Terms) -> list[dict[str, Any]]:
    """Discount rules in force, their conditions compiled."""
    if terms.kind == "purchase":
        return []
    rows = env.query("catalogue.discount").where(F.active).order("id").select(*RULE, "starts", "ends").spoken().rows()
    found = []
    for row in rows:
        if current(row, on) and (row["currency"] is None or row["currency"].id == terms.currency or row["kind"] == "percent"):
            try:
                found.append({**row, "test": env.over_values(row["condition"], conditions.NAMES) if row["condition"] else None})
            except SarnakhError as error:  # a field it names is gone: say so rather than give everybody the discount
                env.installation.log.warning("discount rule", rule=row["name"], error=str(error))
    return found


def _lists(env: Env, book: Book, terms: Terms) -> None:
    """The lists of the currency, out of date ones too as others fall back through them; and which are for this account."""
    rows = env.query(PRICE_LIST).where(F.currency == terms.currency).order("id").select(*LIST).spoken().rows()
    book.lists = {r["id"]: r for r in rows if (r["kind"] == "purchase") == (terms.kind == "purchase")}
    bound = env.query(PRICE_LIST).with_ids(book.lists).where("count(accounts) > 0").order("id").ids()
    book.bound_lists = frozenset(bound)
    if terms.account is not None and bound:
        book.own_lists = frozenset(env.query(PRICE_LIST).with_ids(bound).holding("accounts", [terms.account]).order("id").ids())


def _rates(env: Env, book: Book) -> None:
    """Rates of the currencies that costs are in, for prices that are reckoned from costs."""
    used = {product for (_list, product), rows in book.items.items() if any(r["method"] in ("markup", "margin") for r in rows)}
    costs = {key(book.products[p]["cost_currency"]) for p in used if p in book.products} - {None, book.currency.id}
    if costs:
        found = money.rates(env, [(c, book.on) for c in (*costs, book.currency.id)])
        book.rates = {c: rate for (c, _day), rate in found.items() if c is not None and rate}


def _tiers(env: Env, book: Book) -> None:
    used = {k for rows in book.items.values() for row in rows if (k := key(row["discount_list"])) is not None}
    used |= {k for row in book.lists.values() if (k := key(row["discount_list"])) is not None}
    if not used:
        return
    book.tier_lists = _by_id(env.query("catalogue.discount_list").with_ids(used).select("name", "kind", "currency").spoken().rows())
    for row in env.query("catalogue.discount_tier").holding("list", used).order("quantity").select("list", "quantity", "value").rows():
        book.tiers.setdefault(row["list"].id, []).append((row["quantity"], row["value"]))
