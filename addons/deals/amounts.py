"""Amounts of deals in the base currency, by the rate of a day: what sums are made of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from addons.base import money
from core.api import Change, Env, Invalid

from .choices import WON

SOURCES = ("amount", "actual_amount", "currency", "rate_on", "probability", "status")
HUNDRED = Decimal(100)
CENTS = Decimal("0.0001")


def fill(env: Env, change: Change) -> None:
    """Set rate and amounts in base currency of a batch; those without a rate stay empty and are refused by `missing`.

    Later rates change nothing: what is stored is what the deal was worth on its day.
    """
    if change.action not in ("create", "update") or not (change.action == "create" or change.touches(*SOURCES)):
        return
    if change.touches("currency") and not change.touches("rate_on"):
        for record in change.changed("currency"):
            change.set(record, "rate_on", record.closed_on or env.today)
    kept = {id(r) for r in change.records if _keeps_rate(change, r)}
    known = money.rates(env, {_ask(env, r) for r in change.records if id(r) not in kept})
    for record in change.records:
        rate, amount = record.rate if id(record) in kept else known[_ask(env, record)], counted(record)
        based = None if amount is None or rate is None else money.rounded(env, amount * rate)
        change.set(record, "rate", rate)
        change.set(record, "amount_base", based)
        change.set(record, "weighted", None if based is None else (based * (record.probability or 0) / HUNDRED).quantize(CENTS))


def _keeps_rate(change: Change, record: Any) -> bool:
    """Whether the stored rate goes on: it is of the same currency and day, and large enough to have lost no digits."""
    return (record.rate is not None and record.rate >= 1 and change.action == "update"
            and change.was(record, "currency") == (record.currency.id if record.currency else None)
            and change.was(record, "rate_on") == record.rate_on)


def counted(record: Any) -> Decimal | None:
    """The amount that counts: what came in of a won deal, else what is hoped for."""
    actual: Decimal | None = record.actual_amount if record.status == WON else None
    return record.amount if actual is None else actual


def missing(env: Env, records: Sequence[Any]) -> Iterator[Invalid]:
    """Amounts in a currency of which no rate is known on their day."""
    actual = [r for r in records if r.status == WON and r.actual_amount is not None]
    yield from money.problems(env, actual, "actual_amount", "currency", "rate_on")
    yield from money.problems(env, [r for r in records if r not in actual], "amount", "currency", "rate_on")


def _ask(env: Env, record: Any) -> tuple[int | None, dt.date]:
    return record.currency.id if record.currency else None, record.rate_on or env.today
