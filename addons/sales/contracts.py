"""Contracts: the last day for a notice, reminders before it, renewal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from core.api import TODAY, Change, Env, F, Invalid, SarnakhError, _, fields, validates

from . import header
from .choices import ACTIVE
from .life import locked

CONTRACT = "sales.contract"
BATCH = 500
KEPT = ("subject", "account", "contact", "company", "currency", "language", "in_toman", "terms", "amount", "notice_days", "remind_days",
        "automatic", "owner", "order")


def in_a_year(env: Env) -> dt.date:
    """The usual end: the day before the same day of next year, in the person's calendar."""
    return env.calendar.add_months(env.today, 12) - dt.timedelta(days=1)


def follow(change: Change) -> None:
    """The last day for a notice follows from the end."""
    for record in change.records:
        wanted = record.ends - dt.timedelta(days=record.notice_days or 0) if isinstance(record.ends, dt.date) else None
        if record.get("notice_on") != wanted:
            change.set(record, "notice_on", wanted)


class Agreement(header.Paper):
    """What a contract says about time and money; mixed into its record type."""

    order = fields.Link("sales.order", _("Order"), copyable=False)
    starts = fields.Date(_("Begins"), required=True, default=TODAY)
    ends = fields.Date(_("Ends"), required=True, default=in_a_year)
    amount = fields.Money(_("Amount"), currency="currency", minimum=0)
    notice_days = fields.Integer(_("Notice, in days before the end"), default=30, minimum=0, maximum=3650, required=True)
    remind_days = fields.Integer(_("Remind, in days before the notice"), default=14, minimum=0, maximum=3650, required=True)
    automatic = fields.Flag(_("Renews by itself"), help=_("Without a notice it goes on for the same time."))
    renewal_of = fields.Link("sales.contract", _("Renewal of"), readonly=True, copyable=False)
    reminded_at = fields.DateTime(_("Reminded"), readonly=True, copyable=False, tracked=False)
    notice_on = fields.Date(_("Notice by"), readonly=True, copyable=False)
    renewals = fields.Children("sales.contract", _("Renewals"), by="renewal_of")

    @classmethod
    def number_kind(cls, record: Any) -> tuple[str, tuple[str, ...]]:
        """Its series of numbers."""
        return "contract", (ACTIVE,)

    @classmethod
    def before_save(cls, env: Env, change: Change) -> None:
        """The last day for a notice follows from the end."""
        super().before_save(env, change)
        follow(change)

    @validates("starts", "ends")
    def ends_after(records: list[Any], env: Env) -> Iterator[Invalid]:
        """Nothing ends before it begins."""
        yield from header.in_order(records, "starts", "ends")


def renew(env: Env, contract: Any) -> str:
    """The next contract for the same time, as a draft; this one is renewed."""
    env.require("create", CONTRACT)
    with env.elevated("renewal of a contract") as sudo:
        old = locked(sudo, CONTRACT, [contract.id])[0]
        if old.status != "active":
            raise SarnakhError(_("This contract is not in force any more."))
        key: int = sudo.create(CONTRACT, _following(sudo, old))
        sudo.update(CONTRACT, [old.id], {"status": "renewed"})
    env.emit("sales.renewed", {"contract": contract.id, "renewal": key})
    return f"/r/sales.contract/{key}"


def go_on(sudo: Env) -> tuple[int, int]:
    """What becomes of contracts that are over: those that renew by themselves are followed by the next one, in force at once,
    the others end. Returns how many of each; after a long stand-still the next one may be over as well."""
    renewed = ended = 0
    while over := sudo.query(CONTRACT).where((F.status == ACTIVE) & (F.ends < sudo.today)).order("id").ids(BATCH):
        rows = locked(sudo, CONTRACT, over)
        following = [r for r in rows if r.automatic]
        made = sudo.create(CONTRACT, [_following(sudo, r) for r in following]) if following else []
        sudo.update_each(CONTRACT, {r.id: {"status": "renewed" if r.automatic else "ended"} for r in rows})
        sudo.update(CONTRACT, made, {"status": ACTIVE})
        for old, key in zip(following, made, strict=True):
            sudo.emit("sales.renewed", {"contract": old.id, "renewal": key})
        renewed, ended = renewed + len(made), ended + len(rows) - len(made)
    return renewed, ended


def _following(sudo: Env, old: Any) -> dict[str, Any]:
    """As long as the old one, from the day after it; whole years stay whole years."""
    calendar = sudo.calendar
    starts = old.ends + dt.timedelta(days=1)
    months = _months(calendar, old.starts, starts)
    ends = (calendar.add_months(starts, months) if months else starts + (starts - old.starts)) - dt.timedelta(days=1)
    values = {n: getattr(getattr(old, n), "id", getattr(old, n)) for n in KEPT}
    return {**values, "starts": starts, "ends": ends, "date": starts, "renewal_of": old.id}


def _months(calendar: Any, first: dt.date, after: dt.date) -> int:
    """How many whole months lie between two days; 0 when it is no whole number."""
    (y1, m1, _d1), (y2, m2, _d2) = calendar.parts(first), calendar.parts(after)
    months = int((y2 - y1) * 12 + m2 - m1)
    return months if months > 0 and calendar.add_months(first, months) == after else 0


def due(env: Env) -> list[dict[str, Any]]:
    """Contracts in force that nobody was reminded of and whose last day for a notice is near."""
    rows = env.query(CONTRACT).where((F.status == "active") & F.reminded_at.is_null()).order("notice_on").select(
        "name", "notice_on", "remind_days", "owner", "ends", "automatic").rows()
    return [r for r in rows if r["notice_on"] and r["notice_on"] - dt.timedelta(days=r["remind_days"] or 0) <= env.today]
