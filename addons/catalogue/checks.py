"""What is checked about the catalogue: trees stay trees, units fit, and every price has what it is calculated from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from addons.contacts.checks import circles
from core.api import Env, ExpressionError, Invalid, _

from . import conditions
from .names import key


def no_circle(env: Env, records: Sequence[Any], record: str, field: str) -> Iterator[Invalid]:
    """Nothing stands above itself, directly or around a corner."""
    for one in circles(env, records, record, field):
        yield Invalid(one, field, _("This would make a circle."))


def in_order(records: Sequence[Any], first: str = "starts", last: str = "ends") -> Iterator[Invalid]:
    """Nothing ends before it starts."""
    for record in records:
        start, end = getattr(record, first), getattr(record, last)
        if start and end and end < start:
            yield Invalid(record, last, _("This ends before it starts."))


def options(records: Sequence[Any]) -> Iterator[Invalid]:
    """An option has what its price is made of, and its quantities are in order."""
    for record in records:
        if record.price_method == "amount" and record.amount is None:
            yield Invalid(record, "amount", _("Write the amount."))
        if record.price_method == "amount" and record.currency is None:
            yield Invalid(record, "currency", _("Choose the currency of the amount."))
        if record.price_method == "percent" and record.percent is None:
            yield Invalid(record, "percent", _("Write the percentage."))
        if record.price_method == "list" and record.product is None:
            yield Invalid(record, "product", _("Choose the product whose price is meant."))
        if record.most < record.least:
            yield Invalid(record, "most", _("This is less than “fewest”."))


def same_currency(env: Env, records: Sequence[Any]) -> Iterator[Invalid]:
    """A list falls back on one in its own currency: prices are never taken from one currency into another unseen."""
    ids = {r.parent.id for r in records if r.parent is not None}
    rows = env.query("catalogue.price_list").with_ids(ids).archived(None).select("currency", "kind").rows() if ids else []
    parents = {row["id"]: row for row in rows}
    for record in records:
        parent = parents.get(key(record.parent) or 0)
        if parent is not None and key(parent["currency"]) != key(record.currency):
            yield Invalid(record, "parent", _("That list is in another currency."))
        if parent is not None and (parent["kind"] == "purchase") != (record.kind == "purchase"):
            yield Invalid(record, "parent", _("Sales lists and suppliers' lists do not fall back on each other."))


def price_lists(records: Sequence[Any]) -> Iterator[Invalid]:
    """A supplier's list has a supplier; rounding has its step, and the ending lies within it."""
    for record in records:
        if record.kind == "purchase" and record.supplier is None:
            yield Invalid(record, "supplier", _("Choose whose list this is."))
        if record.kind == "special" and record.ends is None and record.starts is None:
            yield Invalid(record, "starts", _("A special offer is for a time: write when it begins or ends."))
        if record.rounding != "none" and not record.step:
            yield Invalid(record, "step", _("Write the step that prices are rounded to."))
        if record.ending and record.step and record.ending >= record.step:
            yield Invalid(record, "ending", _("The ending is smaller than the step."))


def prices(env: Env, records: Sequence[Any]) -> Iterator[Invalid]:
    """A price has an amount or a percentage as its method needs."""
    ids = {r.price_list.id for r in records if r.price_list is not None}
    rows = env.query("catalogue.price_list").with_ids(ids).archived(None).select("parent").rows()
    parents = {row["id"]: key(row["parent"]) for row in rows}
    for record in records:
        if record.method == "amount" and record.amount is None:
            yield Invalid(record, "amount", _("Write the amount."))
        if record.method != "amount" and record.percent is None:
            yield Invalid(record, "percent", _("Write the percentage."))
        if record.method == "margin" and record.percent is not None and record.percent >= Decimal(100):
            yield Invalid(record, "percent", _("A margin is less than 100 %."))
        if record.method == "percent" and record.price_list is not None and parents.get(record.price_list.id) is None:
            yield Invalid(record, "method", _("The price list falls back on no other, so there is nothing to take a percentage of."))


def discounts(env: Env, records: Sequence[Any]) -> Iterator[Invalid]:
    """A rule has its value, and a condition that can be read."""
    for record in records:
        if record.kind == "percent" and record.percent is None:
            yield Invalid(record, "percent", _("Write the percentage."))
        if record.kind != "percent" and record.amount is None:
            yield Invalid(record, "amount", _("Write the amount."))
        if record.kind != "percent" and record.currency is None:
            yield Invalid(record, "currency", _("Choose the currency of the amount."))
        if record.condition:
            try:
                conditions.read(env, record.condition)
            except ExpressionError as error:
                yield Invalid(record, "condition", error.message)
