"""Which service level customers are entitled to by their contracts."""

from __future__ import annotations

from collections.abc import Sequence

from core.api import Change, Env, F

TICKET, CONTRACT = "tickets.ticket", "sales.contract"


def entitled(env: Env, ids: Sequence[int]) -> dict[int, int]:
    """The service level of each ticket whose account has a contract in force today that promises one; of several contracts the
    one that began last counts. Two statements, however many tickets."""
    accounts: dict[int, list[int]] = {}
    for row in env.query(TICKET).archived(None).with_ids(ids).where(F.account.not_null()).select("account").rows():
        accounts.setdefault(row["account"].id, []).append(row["id"])
    found: dict[int, int] = {}
    if accounts:
        rows = env.query(CONTRACT).holding("account", list(accounts)).where(
            F.status == "active", F.starts <= env.today, F.ends >= env.today, F.service_level.not_null()).order("starts", "id").select(
            "account", "service_level").rows()
        for row in rows:
            found |= dict.fromkeys(accounts[row["account"].id], row["service_level"].id)
    return found


def changed(env: Env, change: Change) -> None:
    """A contract that is signed, ends or promises something else: open tickets of its customers are counted again."""
    accounts = sorted({r.account.id for r in change.records if r.account and (r.get("service_level") or change.touches("service_level"))})
    if accounts and change.touches("status", "service_level", "starts", "ends", "account"):
        env.enqueue("tickets.recount", {"choose": True, "accounts": accounts})
