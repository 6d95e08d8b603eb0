"""What becomes of messages after they left: delivery reports, by asking and by being told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from core.api import Env, F, Message, NotOutside

from . import accounts, consents
from .choices import BOUNCED, CANCELLED, DELIVERED, FAILED, MESSAGE, OUT, QUEUED, READ, SENDING, SENT, UNKNOWN, WITHDRAWN
from .contract import STATUS, Later, Provider, Refused, Report, Unclear

RANK = {QUEUED: 0, SENDING: 1, UNKNOWN: 2, SENT: 3, FAILED: 4, CANCELLED: 4, BOUNCED: 5, DELIVERED: 6, READ: 7}
"""Reports move a message up only: one that comes late, or twice, changes nothing."""
STATES = {"sent": SENT, "delivered": DELIVERED, "read": READ, "failed": FAILED, "bounced": BOUNCED, "complained": DELIVERED,
          "cancelled": CANCELLED}
FOLLOWED = dt.timedelta(hours=48)
PAUSES = (dt.timedelta(minutes=2), dt.timedelta(minutes=30))
BATCH = 100
PATHS = ("external", "key", "state", "counterpart", "channel", "sent_at", "delivered_at", "read_at", "cost", "cost_currency", "code",
         "reason")


def apply(env: Env, account: int, reports: Sequence[Report]) -> int:
    """Take over reports about an account's messages; returns how many messages changed. Elevated code only."""
    by_id = {r.id: r for r in reports if r.id}
    by_key = {r.key: r for r in reports if r.key}
    if not by_id and not by_key:
        return 0
    query = env.query(MESSAGE).where((F.direction == OUT) & (F.account == account))
    rows = [*(query.holding("external", list(by_id)).select(*PATHS).rows() if by_id else []),
            *(query.holding("key", list(by_key)).select(*PATHS).rows() if by_key else [])]
    values: dict[int, dict[str, Any]] = {}
    against = []
    for row in rows:
        report = by_key.get(row["key"]) or by_id[row["external"]]
        if report.unwanted or report.state == "complained":
            against.append({"address": row["counterpart"], "channel": row["channel"], "state": WITHDRAWN, "proof": report.reason or None,
                            "source": "complaint" if report.state == "complained" else "provider"})
        elif report.address_bad and report.state == "bounced":
            against.append({"address": row["counterpart"], "channel": row["channel"], "state": WITHDRAWN, "proof": report.reason or None,
                            "source": "bounce"})
        if RANK.get(STATES[report.state], 0) > RANK.get(row["state"], 9):
            values[row["id"]] = _values(env, row, report)
    env.derive(MESSAGE, values)
    if against:
        consents.record(env, against)
    for event, state in (("messaging.failed", FAILED), ("messaging.failed", BOUNCED), ("messaging.delivered", DELIVERED)):
        ids = [key for key, one in values.items() if one["state"] == state]
        if ids:
            env.emit(event, {"messages": ids})
    return len(values)


def _values(env: Env, row: Mapping[str, Any], report: Report) -> dict[str, Any]:
    state, at = STATES[report.state], min(report.at or env.now, env.now)
    bad = state in (FAILED, BOUNCED)
    reason = env.t(report.reason) if isinstance(report.reason, Message) else report.reason
    return {"state": state, "sent_at": row["sent_at"] or (at if not bad else None),
            "delivered_at": at if state == DELIVERED else row["delivered_at"] or (at if state == READ else None),
            "read_at": at if state == READ else row["read_at"], "code": (report.code or row["code"] or "")[:60] or None,
            "reason": (reason or "")[:500] or None if bad else row["reason"], "cost": row["cost"] if report.cost is None else report.cost,
            "cost_currency": report.currency or row["cost_currency"], "claimed_at": None}


def follow(env: Env, row: Mapping[str, Any]) -> int:
    """Ask a provider what became of messages that it only says to have taken, most recent ones often, older ones now and then."""
    provider = accounts.provider_of(env, row)
    if provider is None or STATUS not in provider.can:
        return 0
    query = env.query(MESSAGE).where((F.account == row["id"]) & (F.state == SENT) & (F.sent_at > env.now - FOLLOWED)
                                     & ~F.external.is_null() & (F.checked_at.is_null() | (F.checked_at < env.now - PAUSES[0])))
    young = query.where(F.sent_at > env.now - PAUSES[1])
    old = query.where((F.sent_at <= env.now - PAUSES[1]) & (F.checked_at.is_null() | (F.checked_at < env.now - PAUSES[1])))
    found = young.order("checked_at", "id").select("external").rows(BATCH) or old.order("checked_at", "id").select("external").rows(BATCH)
    if not found:
        return 0
    env.derive(MESSAGE, {r["id"]: {"checked_at": env.now} for r in found})
    return ask(env, row, provider, [r["external"] for r in found])


def ask(env: Env, row: Mapping[str, Any], provider: Provider, ids: Sequence[str]) -> int:
    """Ask a provider what became of messages, by its numbers; returns how many messages changed."""
    account = accounts.opened(env, row)
    env.commit()  # nothing is held while a provider is waited for
    try:
        reports = provider.status(account, ids)
    except (Later, Refused, Unclear, NotOutside) as error:
        env.installation.log.warning("status", account=row["id"], reason=str(error))
        return 0
    finally:
        account.http.close()
    return apply(env, row["id"], reports)
