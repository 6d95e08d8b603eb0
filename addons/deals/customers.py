"""Accounts become customers with their first won deal, and stop being ones when no won deal is left."""

from __future__ import annotations

from core.api import Change, Env, F

from .choices import WON

ACCOUNT, DEAL = "contacts.account", "deals.deal"
PROSPECT, CUSTOMER = "prospect", "customer"


def follow(env: Env, change: Change) -> None:
    """Look at the accounts whose deals were won, lost, reopened, given to another account, deleted or restored."""
    if change.action == "update" and not change.touches("status", "account"):
        return
    touched: set[int] = set()
    for record in change.records:
        was = change.was(record, "status") == WON if change.action != "create" else False
        if was or record.status == WON:
            touched |= {key for key in (record.account.id if record.account else None, change.was(record, "account")) if key}
    if touched:
        _settle(env, touched)


def _settle(env: Env, accounts: set[int]) -> None:
    with env.elevated("a won deal makes a customer") as sudo:
        rows = sudo.query(DEAL).archived(None).holding("account", accounts).where(F.status == WON).aggregate(["account"], limit=100_000)
        won = {row["account"].id for row in rows}
        found = sudo.query(ACCOUNT).archived(None).with_ids(accounts).select("type", "deals_type_before").rows()
        made = [r["id"] for r in found if r["id"] in won and r["type"] == PROSPECT]
        if made:
            sudo.update(ACCOUNT, made, {"type": CUSTOMER, "deals_type_before": PROSPECT, "deals_customer_since": env.today})
        undone = [r["id"] for r in found if r["id"] not in won and r["deals_type_before"]]
        back = [r["id"] for r in found if r["id"] in undone and r["type"] == CUSTOMER]
        if back:
            sudo.update(ACCOUNT, back, {"type": PROSPECT, "deals_type_before": None, "deals_customer_since": None})
        changed_by_hand = [key for key in undone if key not in back]
        if changed_by_hand:
            sudo.update(ACCOUNT, changed_by_hand, {"deals_type_before": None, "deals_customer_since": None})
