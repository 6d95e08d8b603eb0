"""What figures of deals share: the base currency, conditions by period, links to the records behind a number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from addons.base import money as money_of
from core.api import Env, F, Query
from core.web_api import Period, list_link

DEAL = "deals.deal"
ZERO = Decimal(0)


def base_currency(env: Env) -> str:
    """The code of the currency in which deals are added up."""
    return money_of.base(env).code


def money(env: Env, amount: Decimal | None) -> str:
    """An amount in the base currency as the person reads it."""
    return env.format.money(amount, base_currency(env)) if amount is not None else ""


def short(env: Env, amount: Decimal | None) -> str:
    """The same with three digits that count, for tiles and charts."""
    return env.format.short_money(amount, base_currency(env)) if amount is not None else ""


def bare(env: Env, amount: Decimal | None) -> str:
    """The same without its currency, for tables that say it once."""
    return short(env, amount).rpartition("\u00a0")[0]


def unit(env: Env) -> str:
    """The currency of amounts as the person reads them: Toman where they chose that."""
    return short(env, ZERO).rpartition("\u00a0")[2]


def between(field: str, first: dt.date, last: dt.date) -> str:
    """The condition that a day (or moment) lies in a period."""
    return f'{field} in days(date("{first.isoformat()}"), date("{last.isoformat()}"))'


def ratio(part: Any, whole: Any) -> Decimal | None:
    """A share in percent; none of nothing."""
    return Decimal(100 * part) / Decimal(whole) if whole else None


@dataclass(frozen=True)
class Chosen:
    """What figures are asked for: which deals, and of which time."""

    period: Period
    pipeline: int | None = None
    people: tuple[int, ...] | None = None
    source: int | None = None

    def conditions(self, prefix: str = "") -> list[Any]:
        """Conditions on deals, or on records that link to them by `prefix`."""
        deal: Any = F[prefix] if prefix else F
        found: list[Any] = []
        if self.pipeline is not None:
            found.append(deal.pipeline == self.pipeline)
        if self.people is not None:
            found.append(deal.owner.isin(list(self.people)) if self.people else deal.owner.is_null())
        if self.source is not None:
            found.append(deal.source == self.source)
        return found

    def deals(self, env: Env, *conditions: Any) -> Query:
        """The deals that are asked for, of all times unless a condition says when."""
        return env.query(DEAL).where(*self.conditions(), *conditions)

    def url(self, env: Env, *conditions: Any) -> str:
        """The list of the same deals."""
        return list_link(env, DEAL, *self.conditions(), *conditions)

    def within(self, field: str) -> str:
        """The condition that a day of a deal lies in the period."""
        return between(field, self.period.first, self.period.last)


def total(rows: Iterable[dict[str, Any]], name: str) -> Decimal:
    """The sum of a column of sums, in which empty ones are None."""
    return sum((r[f"sum:{name}"] or ZERO for r in rows), ZERO)
