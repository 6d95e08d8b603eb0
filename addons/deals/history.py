"""The way of deals through the stages: one row for each stay, written for whole batches after they were saved."""

from __future__ import annotations

from typing import Any

from core.api import Change, Env, F

from .choices import OPEN
from .stages import DEAL, FOLLOWING, steps

STAY = "deals.stay"


def remember(env: Env, change: Change) -> None:
    """Close the stays that ended and begin new ones, in three statements for the batch."""
    if change.action == "create":
        moved = list(change.records)
    elif change.action == "update" and change.touches("stage"):
        moved = change.changed("stage")
    else:
        return
    moved = [r for r in moved if r.stage is not None]
    if not moved:
        return
    with env.elevated("the way of deals through the stages") as sudo:
        if change.action == "update":
            _leave(sudo, moved)
        sudo.create(STAY, [{"deal": r.id, "stage": r.stage.id, "entered_at": env.now, "entered_by": env.actor.id} for r in moved])


def _leave(sudo: Env, moved: list[Any]) -> None:
    goes = {r.id: r.stage.id for r in moved}
    rows = sudo.query(STAY).archived(None).holding("deal", list(goes)).where(F.left_at.is_null()).select(
        "deal", "entered_at").rows()
    if rows:
        sudo.update_each(STAY, {r["id"]: {"left_at": sudo.now, "next_stage": goes[r["deal"].id],
                                          "seconds": max(0, int((sudo.now - r["entered_at"]).total_seconds()))} for r in rows})


def touched_by_notes(env: Env, change: Change) -> None:
    """A note on a deal is something that happened: it is not stale for as long as its stage allows."""
    ids = {r.about.id for r in change.records if r.about is not None and r.about.record == DEAL}
    if not ids:
        return
    with env.elevated("a note keeps a deal from growing stale") as sudo:
        rows = sudo.query(DEAL).archived(None).with_ids(ids).where(F.status == OPEN).select("stage").rows()
        known = steps(sudo, ids={r["stage"].id for r in rows})
        if rows:
            sudo.update_each(DEAL, {r["id"]: {"stale_on": known[r["stage"].id].stale_on(env.today)} for r in rows}, source=FOLLOWING)
