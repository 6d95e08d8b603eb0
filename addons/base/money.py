"""Foreign money in the base currency: the public part that other addons build on.

    from addons.base import money

    money.in_base(env, [(Decimal("100"), eur, day), (Decimal("5"), None, day)])   # Decimals, or MissingRate
    yield from money.problems(env, records, "amount", "currency", "closed_on")      # in a validator: what has no rate

The base currency is that of the installation's first company, whoever asks: sums of what several people stored must mean
the same. A rate holds from its day until the next; a missing one is never taken as 1. Rates are no secret, so they are read
whatever the actor may see.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from core.api import Env, F, Invalid, SarnakhError, _

RATE, CURRENCY = "base.rate", "base.currency"
Amount = tuple[Decimal | None, int | None, dt.date]
Ask = tuple[int, dt.date]


class Base(NamedTuple):
    """The currency that all sums are in."""

    id: int
    code: str
    places: int


class MissingRate(SarnakhError):
    """A currency has no rate on a day; `url` is where one is added."""

    def __init__(self, env: Env, currency: int, day: dt.date) -> None:
        self.currency, self.day = currency, day
        with env.elevated("naming a currency") as sudo:
            code = sudo.labels(CURRENCY, [currency]).get(currency, "?")
        self.url = f"/r/{RATE}/new?currency={currency}&on={day.isoformat()}"
        super().__init__(_("There is no rate of {currency} on {day}.", currency=code, day=env.format.date(day)))


def base(env: Env) -> Base:
    """The base currency of the installation."""
    if "base.money" not in env.cache:
        with env.elevated("the base currency") as sudo:
            company = sudo.query("base.company").where(F.currency.not_null()).order("id").select("currency").rows(limit=1)
            chosen = F.id == company[0]["currency"].id if company else F.code == env.installation.settings.locale.currency
            row = sudo.query(CURRENCY).archived(None).where(chosen).select("code", "places").rows(limit=1)[0]
        env.cache["base.money"] = Base(row["id"], row["code"], row["places"] or 0)
    found: Base = env.cache["base.money"]
    return found


def rates(env: Env, asked: Iterable[tuple[int | None, dt.date]]) -> dict[tuple[int | None, dt.date], Decimal | None]:
    """What one unit of each currency is worth in the base currency on each day; None where there is no rate.

    The newest rates are read first, a page at a time, until every question is answered: one statement as a rule.
    """
    own = base(env).id
    found: dict[tuple[int | None, dt.date], Decimal | None] = {}
    open_: dict[int, set[dt.date]] = {}
    for currency, day in asked:
        if currency is None or currency == own:
            found[currency, day] = Decimal(1)
        elif (currency, day) not in found:
            found[currency, day] = None
            open_.setdefault(currency, set()).add(day)
    if not open_:
        return found
    latest = max(day for days in open_.values() for day in days)
    with env.elevated("reading rates") as sudo:
        query = sudo.query(RATE).where(F.currency.isin(list(open_)) & (F.on <= latest)).order("-on")
        for row in query.stream("currency", "on", "rate", "per"):
            days = open_.get(row["currency"].id, set())
            for day in [d for d in days if d >= row["on"]]:
                found[row["currency"].id, day] = row["rate"] / row["per"]
                days.discard(day)
            if not any(open_.values()):
                break
    return found


def in_base(env: Env, amounts: Sequence[Amount]) -> list[Decimal | None]:
    """Amounts of (amount, currency, day) in the base currency, rounded as it is; None stays None. MissingRate if one has
    no rate."""
    known = rates(env, {(currency, day) for amount, currency, day in amounts if amount is not None})
    for (currency, day), rate in known.items():
        if rate is None and currency is not None:
            raise MissingRate(env, currency, day)
    return [None if amount is None else rounded(env, amount * (known[currency, day] or 0)) for amount, currency, day in amounts]


def rounded(env: Env, amount: Decimal) -> Decimal:
    """An amount of the base currency as it is paid."""
    return amount.quantize(Decimal(1).scaleb(-base(env).places), ROUND_HALF_UP)


def problems(env: Env, records: Sequence[Any], amount: str, currency: str, day: str) -> Iterator[Invalid]:
    """For validators: an error at the field `currency` of each record whose amount has no rate on its day (today, when
    that is empty), with the way to add one for those who may."""
    asks = [(getattr(r, currency).id, getattr(r, day) or env.today) if getattr(r, amount) is not None and getattr(r, currency)
            else None for r in records]
    known = rates(env, {a for a in asks if a is not None})
    told: dict[tuple[int, dt.date], MissingRate] = {}
    for record, ask in zip(records, asks, strict=True):
        if ask is None or known[ask] is not None:
            continue
        reason = told[ask] if ask in told else told.setdefault(ask, MissingRate(env, *ask))
        link = (_("Add a rate"), reason.url) if env.can("create", RATE) else None
        yield Invalid(record, currency, reason.message, link=link)


def problems_of_rates(records: Sequence[Any], env: Env) -> Iterator[Invalid]:
    """Why rates cannot be as they are."""
    whole = [r for r in records if r.currency and r.on]
    taken = {(row["currency"].id, row["on"]): row["id"] for row in env.query(RATE).archived(None).where(
        F.currency.isin(list({r.currency.id for r in whole})) & F.on.isin(list({r.on for r in whole}))
        ).select("currency", "on").rows()} if whole else {}
    own = base(env)
    for record in records:
        if record.rate is not None and record.rate <= 0:
            yield Invalid(record, "rate", _("A rate is more than nothing."))
        if record.currency and record.currency.id == own.id:
            yield Invalid(record, "currency", _("{currency} is the base currency: it needs no rate.", currency=own.code))
    for record in whole:
        key = (record.currency.id, record.on)
        if taken.setdefault(key, record.get("id") or id(record)) not in (record.get("id"), id(record)):
            yield Invalid(record, "on", _("There is a rate of this currency on this day already."))
