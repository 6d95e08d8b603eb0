"""From lines to the amount of their deal, and from the deal's customer and list to prices of lines."""

from __future__ import annotations

from addons.catalogue.lines import reprice
from core.api import Change, Env

DEAL, LINE = "deals.deal", "deals.line"
FROM_LINES = "lines"
"""Source of changes with which amounts follow lines."""


def make_amounts(env: Env, change: Change) -> None:
    """Write the sums of lines as the amounts of their deals; a deal without lines keeps the amount it had last."""
    deals = {r.deal.id for r in change.records if r.deal} | {key for old in change.old.values() if (key := old.get("deal_id"))}
    if not deals:
        return
    with env.elevated("lines make the amount of a deal") as sudo:
        rows = sudo.query(DEAL).archived(None).with_ids(deals).select("lines_count", "lines_net", "amount").rows()
        values = {r["id"]: {"amount": r["lines_net"]} for r in rows if r["lines_count"] and r["lines_net"] != r["amount"]}
        if values:
            sudo.update_each(DEAL, values, source=FROM_LINES)


def offer_prices(env: Env, change: Change) -> None:
    """Another list or customer means other prices: they are offered at the lines, not simply put there."""
    if change.action != "update" or not change.touches("price_list", "account"):
        return
    moved = [r.id for r in change.changed("price_list", "account") if r.lines_count]
    if moved:
        reprice(env, LINE, moved)
