"""What quotes and contracts make of deals: amounts, one primary quote each, deals for renewals. Whole batches each."""

from __future__ import annotations

from core.api import Change, Env, F

QUOTE, DEAL = "sales.quote", "deals.deal"


def first_is_primary(env: Env, change: Change) -> None:
    """The first quote of a deal is its primary one, whether it is made for the deal or given to it later."""
    if change.action not in ("create", "update") or not change.touches("deal"):
        return
    new = [r for r in (change.records if change.action == "create" else change.changed("deal")) if r.deal]
    if not new:
        return
    with env.elevated("primary quotes of deals") as sudo:
        rows = sudo.query(QUOTE).holding("deal", {r.deal.id for r in new}).where(F.primary).select("deal").rows()
    taken = {row["deal"].id for row in rows}
    for record in new:
        if record.deal.id not in taken:
            change.set(record, "primary", True)
            taken.add(record.deal.id)


def follow(env: Env, change: Change) -> None:
    """The latest primary quote is the only one of its deal; its total is what an open deal is worth that has no product
    lines of its own."""
    if change.action not in ("create", "update"):
        return
    moved = change.records if change.action == "create" else change.changed("primary", "deal", "total", "currency")
    feeds = {r.deal.id: r for r in moved if r.deal and r.primary}
    if not feeds:
        return
    with env.elevated("the primary quote feeds its deal") as sudo:
        others = sudo.query(QUOTE).holding("deal", list(feeds)).where(F.primary).select("deal").rows()
        gone = [row["id"] for row in others if row["id"] != feeds[row["deal"].id].id]
        if gone:
            sudo.update(QUOTE, gone, {"primary": False})
        still = sudo.query(DEAL).with_ids(list(feeds)).where(F.status == "open", ~F.lines.any()).ids()
        sudo.update_each(DEAL, {key: {"amount": feeds[key].total, "currency": feeds[key].currency.id}
                                for key in still if feeds[key].total})


def open_renewals(env: Env, change: Change) -> None:
    """A new contract that renews another one is sold by a deal."""
    if change.action != "create":
        return
    new = [r for r in change.records if r.renewal_of and not r.deal]
    if not new:
        return
    with env.elevated("deals of renewals") as sudo:
        made = sudo.create(DEAL, [{"name": r.subject, "account": r.account.id, "type": "renewal", "amount": r.amount,
                                   "currency": r.currency.id, "closes_on": r.starts,
                                   **({"owner": r.owner.id} if r.owner else {})} for r in new])
        sudo.update_each("sales.contract", {r.id: {"deal": key} for r, key in zip(new, made, strict=True)})
