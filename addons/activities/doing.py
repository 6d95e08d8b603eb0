"""Doing activities: who did them when, cancelling them and planning them again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from core.api import Change, Env, Invalid, Message, _, n_

from .choices import CALL, CANCELLED, DONE, EMAIL, PLANNED

ACTIVITY = "activities.activity"
URL = "/x/activities"


def fill(env: Env, change: Change) -> None:
    """What is done says when and by whom; what is planned again does not."""
    if change.action not in ("create", "update") or not change.touches("status", "kind") and change.action != "create":
        return
    for record in change.records:
        was = change.was(record, "status")
        if record.status == DONE and was != DONE:
            if record.done_at is None:
                begun = record.starts_at if change.action == "create" else None
                change.set(record, "done_at", min(begun or env.now, env.now))
            if record.done_by is None:
                change.set(record, "done_by", env.actor.id)
        elif record.status != DONE and (record.done_at or record.done_by or record.outcome):
            for name in ("done_at", "done_by", "outcome"):
                change.set(record, name, None)
        if record.kind not in (CALL, EMAIL) and record.direction is not None:
            change.set(record, "direction", None)


def problems(records: Iterable[Any]) -> Iterator[Invalid]:
    """An outcome is one of something done."""
    for record in records:
        if record.outcome and record.status != DONE:
            yield Invalid(record, "outcome", _("Only what was done has an outcome."))


def page_for(records: Sequence[Any]) -> str:
    """The address of the page that asks what came of activities."""
    return f"{URL}/done?" + "&".join(f"ids={record.id}" for record in records)


def cancel(env: Env, records: Sequence[Any]) -> Message:
    """They will not take place. The right to it was asked for by the core."""
    count = env.update(ACTIVITY, [r.id for r in records], {"status": CANCELLED})
    return n_("{count} activity cancelled.", "{count} activities cancelled.", count)


def reopen(env: Env, records: Sequence[Any]) -> Message:
    """They are to be done still."""
    count = env.update(ACTIVITY, [r.id for r in records], {"status": PLANNED})
    return n_("{count} activity is planned again.", "{count} activities are planned again.", count)
