"""What is taken off by itself: tiers of quantity, flat discounts, and differential ones whose condition holds.

Of discounts that do not combine the best one alone counts; those that combine are added to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from core.api import Env, Message, _

from .amounts import EXACT, HUNDRED, ZERO
from .asks import Priced
from .book import Book
from .engine import Found
from .names import key


class Off(NamedTuple):
    """One discount that a line qualifies for: a percentage, or an amount for each unit asked for."""

    percent: Decimal
    each: Decimal
    reason: Message
    combines: bool = False

    def worth(self, unit_price: Decimal) -> Decimal:
        """What it takes off one unit."""
        return EXACT.multiply(unit_price, self.percent) / HUNDRED + self.each


@dataclass(frozen=True)
class Order:
    """What conditions may know of the whole order, before discounts."""

    amount: Decimal
    quantity: Decimal
    lines: int


def tier(env: Env, book: Book, found: Found) -> Off | None:
    """The discount by quantity of the item's discount list, or of its price list's."""
    which = key(found.item["discount_list"]) or key(found.price_list["discount_list"])
    held = book.tier_lists.get(which or 0)
    if held is None or (held["kind"] == "each" and key(held["currency"]) != book.currency.id):
        return None
    reached = [(quantity, value) for quantity, value in book.tiers.get(held["id"], ()) if found.quantity >= quantity]
    if not reached or not reached[-1][1]:
        return None
    quantity, value = reached[-1]
    name, least = held["name"], env.format.number(quantity)
    if held["kind"] == "percent":
        return Off(min(value, HUNDRED), ZERO, _("Discount list “{name}”: {percent} % from {quantity} upwards", name=name,
                                                percent=env.format.number(value), quantity=least))
    return Off(ZERO, EXACT.multiply(value, found.units), _("Discount list “{name}”: {amount} for each, from {quantity} upwards", name=name,
                                             amount=env.format.money(value, book.currency.code), quantity=least))


def by_rules(env: Env, book: Book, priced: Priced, product: Mapping[str, Any], order: Order) -> list[Off]:
    """Flat and differential discounts of a line."""
    found = []
    for rule in book.rules:
        if rule["kind"] != "document" and _about(book, rule, product) and _holds(env, book, rule, product, order, priced):
            percent = rule["percent"] if rule["kind"] == "percent" else ZERO
            each = rule["amount"] if rule["kind"] == "each" else ZERO
            words = (_("{name}: {percent} %", name=rule["name"], percent=env.format.number(percent)) if percent else
                     _("{name}: {amount} for each", name=rule["name"], amount=env.format.money(each, book.currency.code)))
            found.append(Off(percent, each, words, rule["combines"]))
    return found


def of_document(env: Env, book: Book, products: Iterable[Mapping[str, Any]], order: Order) -> tuple[Decimal, list[Message]]:
    """The amount taken off the whole document, and why."""
    held = list(products)
    alone: list[tuple[Decimal, Message]] = []
    added: list[tuple[Decimal, Message]] = []
    for rule in book.rules:
        if rule["kind"] == "document" and any(_about(book, rule, p) for p in held) and _holds(env, book, rule, None, order, None):
            words = _("{name}: {amount} off the whole", name=rule["name"], amount=env.format.money(rule["amount"], book.currency.code))
            (added if rule["combines"] else alone).append((rule["amount"], words))
    counted = added + ([max(alone, key=lambda one: one[0])] if alone else [])
    return sum((amount for amount, _words in counted), ZERO), [words for _amount, words in counted]


def chosen(offers: Sequence[Off], unit_price: Decimal) -> list[Off]:
    """Those that count together."""
    alone = [o for o in offers if not o.combines]
    best = max(alone, key=lambda o: o.worth(unit_price), default=None)
    return [*([best] if best else []), *(o for o in offers if o.combines)]


def _about(book: Book, rule: Mapping[str, Any], product: Mapping[str, Any]) -> bool:
    """Whether a rule is about the product's category (or one above it) and family."""
    if rule["family"] is not None and key(rule["family"]) != key(product["family"]):
        return False
    if rule["category"] is None:
        return True
    at, seen = key(product["category"]), set()
    while at is not None and at not in seen:
        if at == rule["category"].id:
            return True
        seen.add(at)
        at = book.parents.get(at)
    return False


def _holds(env: Env, book: Book, rule: Mapping[str, Any], product: Mapping[str, Any] | None, order: Order,
           priced: Priced | None) -> bool:
    test = rule["test"]
    if test is None:
        return True
    values: dict[str, Any] = {
        "account": book.account["id"] if book.account is not None else None, "product": product["id"] if product else None,
        "quantity": priced.quantity if priced else None,
        "amount": EXACT.multiply(priced.unit_price, priced.quantity) if priced else None, "order_amount": order.amount,
        "order_quantity": order.quantity, "order_lines": order.lines, "currency": book.currency.id,
        "price_list": priced.price_list if priced else None}
    for path in test.paths:
        first, dot, rest = path.partition(".")
        if dot:
            holder = {"account": book.account, "product": product}.get(first)
            values[path] = None if holder is None else holder.get(rest)
    return test(values, env.context) is True
