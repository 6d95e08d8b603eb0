"""Deals that are won or lost, and those that are opened again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from core.api import Change, Env, F, Invalid, Message, SarnakhError, _, n_

from . import stages
from .choices import LOST, OPEN, WON

DEAL, REASON, STAY = "deals.deal", "deals.reason", "deals.stay"
CLOSED_FIELDS = ("closed_on", "actual_amount", "reason", "lost_to", "close_note", "cycle_days", "lead_days")
REOPENING = "reopen"
DAY = Decimal(86400)


# ---------------------------------------------------------------- what follows from being closed
def follow(env: Env, change: Change) -> None:
    """Day, amount and length of what is closed now; nothing of that on what is open again."""
    if change.action not in ("create", "update"):
        return
    leads = _first_touches(env, [r.id for r in change.records if r.status == WON]) if change.action == "update" else {}
    for record in change.records:
        was = change.was(record, "status") or OPEN
        if record.status != OPEN:
            _closed(env, change, record, record.status != was, leads)
        elif was != OPEN:
            for name in CLOSED_FIELDS:
                change.set(record, name, None)
            change.set(record, "reopened", (record.reopened or 0) + 1)


def _closed(env: Env, change: Change, record: Any, now: bool, leads: Mapping[int, Any]) -> None:
    if now and record.closed_on is None:
        change.set(record, "closed_on", env.today)
    if record.closed_on is None:
        return
    if now or change.touches("closed_on"):
        change.set(record, "closes_on", record.closed_on)
        began = record.created_at.astimezone(env.tz).date()
        change.set(record, "cycle_days", max(0, (record.closed_on - began).days))
        if record.currency is not None and not change.touches("rate_on"):
            change.set(record, "rate_on", record.closed_on)
    if record.status == WON:
        if now and record.actual_amount is None:
            change.set(record, "actual_amount", record.amount)
        if now and record.lost_to is not None:
            change.set(record, "lost_to", None)
        touched = leads.get(record.get("id"))
        if now and touched is not None:
            change.set(record, "lead_days", (Decimal(int((env.now - touched).total_seconds())) / DAY).quantize(Decimal("0.1")))
    elif record.actual_amount is not None:
        change.set(record, "actual_amount", None)


def _first_touches(env: Env, deals: Sequence[int]) -> dict[int, Any]:
    """When the leads of these deals were first touched."""
    if not deals:
        return {}
    with env.elevated("how long it took from lead to cash") as sudo:
        rows = sudo.query("leads.lead").archived(None).holding("deals_deal", deals).select(
            "deals_deal", "first_touch_at", "created_at").rows()
    found: dict[int, Any] = {}
    for row in rows:
        moment = min(row["first_touch_at"] or row["created_at"], row["created_at"])
        found[row["deals_deal"].id] = min(moment, found.get(row["deals_deal"].id, moment))
    return found


def problems(env: Env, records: Sequence[Any]) -> Iterator[Invalid]:
    """A lost deal says why; a reason is one of its kind; nothing was closed tomorrow."""
    wanted = {r.reason.id for r in records if r.reason}
    with env.elevated("kinds of reasons") as sudo:
        kinds = {r["id"]: r["kind"] for r in sudo.query(REASON).archived(None).with_ids(wanted).select("kind").rows()} if wanted else {}
    for record in records:
        if record.status == OPEN:
            if record.closed_on or record.reason or record.lost_to:
                name = "closed_on" if record.closed_on else "reason" if record.reason else "lost_to"
                yield Invalid(record, name, _("Close the deal as won or lost to fill this in."))
            continue
        if record.status == LOST and record.reason is None:
            yield Invalid(record, "reason", _("Say why the deal was lost."))
        elif record.reason is not None and kinds.get(record.reason.id, "both") not in (record.status, "both"):
            yield Invalid(record, "reason", _("This reason is not one of deals that are won.") if record.status == WON
                          else _("This reason is not one of deals that are lost."))
        if record.closed_on and record.closed_on > env.today:
            yield Invalid(record, "closed_on", _("A deal is not closed before its day has come."))


def tell(env: Env, change: Change) -> None:
    """Tell subscribers what was won, lost or opened again."""
    if change.action not in ("create", "update") or not change.touches("status"):
        return
    moved = change.changed("status") if change.action == "update" else [r for r in change.records if r.status != OPEN]
    for status, topic in ((WON, "deals.won"), (LOST, "deals.lost"), (OPEN, "deals.reopened")):
        ids = [r.id for r in moved if r.status == status]
        if ids:
            env.emit(topic, {"deals": ids})


# ---------------------------------------------------------------- closing and opening
def page_for(status: str, records: Sequence[Any]) -> str:
    """The address of the page on which deals are closed."""
    if len(records) == 1:
        return f"/x/deals/{records[0].id}/{status}"
    return f"/x/deals/close/{status}?" + "&".join(f"ids={r.id}" for r in records)


def offered_moves(env: Env, key: int, status: str) -> dict[str, str]:
    """Stages to which a deal may go by a click or a card's drop; those that end it are decided in the dialog."""
    deal = env.get(DEAL, key, "pipeline", "status")
    if deal.status != OPEN:
        return {}
    return {str(step.id): "" if step.status == OPEN else f"/x/deals/{key}/{step.status}"
            for step in stages.steps(env, pipelines=[deal.pipeline.id]).values() if str(step.id) != status}


def close(env: Env, ids: Sequence[int], status: str, values: Mapping[str, Any]) -> int:
    """Close deals, each on the stage of its pipeline that is for this."""
    rows = env.query(DEAL).archived(None).with_ids(ids).select("pipeline").rows()
    ends = stages.ending(env, {r["pipeline"].id for r in rows}, status)
    lacking = [r["pipeline"].label or "" for r in rows if r["pipeline"].id not in ends]
    if lacking:
        raise SarnakhError(_("The pipeline “{pipeline}” has no stage for this. Add one to it.", pipeline=lacking[0]))
    return env.update_each(DEAL, {r["id"]: {"stage": ends[r["pipeline"].id], **values} for r in rows})


def reopen(env: Env, records: Sequence[Any]) -> Message:
    """Put closed deals back on the stage from which they were closed. The right to it was asked for by the core."""
    ids = [r.id for r in records]
    with env.elevated(env.t(_("reopened"))) as sudo:
        known = stages.steps(sudo, pipelines={r.pipeline.id for r in records})
        begin = stages.first_open(known.values())
        back: dict[int, int] = {}
        for row in sudo.query(STAY).archived(None).holding("deal", ids).where(F.left_at.not_null()).order(
                "-left_at", "-id").select("deal", "stage").rows():
            step = known.get(row["stage"].id)
            if step is not None and step.status == OPEN:
                back.setdefault(row["deal"].id, step.id)
        goes = {r.id: back.get(r.id, begin.get(r.pipeline.id)) for r in records}
        if not all(goes.values()):
            raise SarnakhError(_("The pipeline has no open stage. Add one to it."))
        count = sudo.update_each(DEAL, {key: {"stage": stage} for key, stage in goes.items()}, source=REOPENING)
    return n_("{count} deal is open again.", "{count} deals are open again.", count)
