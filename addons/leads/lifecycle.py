"""The life of a lead between its creation and its conversion: names, touches, moves of status, the lock afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from core.api import Change, Env, Invalid, Message, _, n_

from . import transitions
from .choices import CHANNEL_OF_KIND, CONVERTED, DEAD, JUNK

BY_CODE = frozenset({"undo", "conversion"})
"""Sources of changes that conversion and taking things back make; they may do what people may not."""

EDIT_CONVERTED = "action:edit_converted"
_REASONS = {JUNK: "junk_reason", DEAD: "dead_reason"}


def display_name(record: Any) -> str | None:
    """What a lead is called: its person, else its company, else how it is reached."""
    person = " ".join(part for part in (record.first_name, record.last_name) if part)
    return (person or record.company or record.email or record.mobile or record.phone or "")[:255] or None


# ---------------------------------------------------------------- what follows a change
def before_save(env: Env, change: Change) -> None:
    """Fill in touches, the moment of the status, and forget reasons that no longer hold."""
    if change.action == "create":
        _first_touches(env, change)
    elif change.action == "update" and change.touches("status"):
        for record in change.changed("status"):
            change.set(record, "status_changed_at", env.now)
            if change.source not in BY_CODE:
                _after_move(env, change, record)


def _first_touches(env: Env, change: Change) -> None:
    kinds, leads = _source_kinds(env, change), change.records
    by_import = "import" if change.source == "import" else None
    channels = [by_import or CHANNEL_OF_KIND.get(kinds.get(r.source.id, "") if r.source else "") for r in leads]
    change.set_each("first_touch_at", [r.first_touch_at or env.now for r in leads])
    change.set_each("first_touch_channel", [r.first_touch_channel or channel for r, channel in zip(leads, channels, strict=True)])
    change.set_each("last_touch_at", [r.last_touch_at or r.first_touch_at for r in leads])
    change.set_each("last_touch_channel", [r.last_touch_channel or r.first_touch_channel for r in leads])
    change.set_each("status_changed_at", [r.status_changed_at or env.now for r in leads])


def _source_kinds(env: Env, change: Change) -> dict[int, str]:
    ids = {r.source.id for r in change.records if r.source is not None}
    if not ids:
        return {}
    with env.elevated("the kind of a lead's source gives its first channel") as sudo:
        return {row["id"]: row["kind"] for row in sudo.query("leads.source").with_ids(ids).select("kind").rows()}


def _after_move(env: Env, change: Change, record: Any) -> None:
    if record.status == "contacted":
        change.set(record, "last_touch_at", env.now)
    for status, reason in _REASONS.items():
        if record.status != status and getattr(record, reason):
            change.set(record, reason, None)
            change.set(record, "close_note", None)


def touch(env: Env, ids: Iterable[int], channel: str, moment: dt.datetime | None = None) -> None:
    """Remember that there was contact with leads (a note, a call, a message); earlier moments change nothing."""
    when = moment or env.now
    with env.elevated("last touch of leads") as sudo:
        found = sudo.query("leads.lead").with_ids(ids).archived(None).select("last_touch_at").rows()
        late = [r["id"] for r in found if r["last_touch_at"] is None or r["last_touch_at"] < when]
        if late:
            sudo.update("leads.lead", late, {"last_touch_at": when, "last_touch_channel": channel}, source="touch")


def touched_by_notes(env: Env, change: Change) -> None:
    """A note on a lead is a touch."""
    ids = [r.about.id for r in change.records if r.about is not None and r.about.record == "leads.lead"]
    if ids and change.action == "create":
        touch(env, ids, "note")


# ---------------------------------------------------------------- what is refused
def problems(env: Env, change: Change) -> Iterator[Invalid]:
    """Ways in and out of conversion that are none, and reasons that are missing; other moves have rules (`base.move`)."""
    if change.source in BY_CODE or change.action not in ("create", "update"):
        return
    for record in change.changed("status"):
        if record.status == CONVERTED:
            yield Invalid(record, "status", _("A lead becomes “{status}” only by converting it.",
                                              status=transitions.status_labels(env)[CONVERTED]))
        elif change.was(record, "status") == CONVERTED:
            yield Invalid(record, "status", _("Undo the conversion to work on this lead again."))
        elif change.action == "update" and record.status in _REASONS and not getattr(record, _REASONS[record.status]):
            yield Invalid(record, _REASONS[record.status], _("Say why."))


# ---------------------------------------------------------------- buttons
def offered_moves(env: Env, key: int, status: str) -> dict[str, str]:
    """Statuses to which a lead may go by a click, each with the page that asks for more ("" for none)."""
    if status == CONVERTED:
        return {}
    found = {to: f"/x/leads/{key}/{to}" if to in _REASONS else "" for to in transitions.next_statuses(env, status)}
    if status not in _REASONS and env.can("action:convert", "leads.lead"):
        found[CONVERTED] = f"/x/leads/{key}/convert"
    return found


def page_for(name: str, records: Sequence[Any]) -> str:
    """The address of the page on which an action on these leads is decided."""
    if len(records) == 1:
        return f"/x/leads/{records[0].id}/{name}"
    return f"/x/leads/{name}?" + "&".join(f"ids={r.id}" for r in records)


def mark_contacted(env: Env, records: Sequence[Any]) -> Message:
    """Give leads the status of having been talked to."""
    count = env.update("leads.lead", [r.id for r in records], {"status": "contacted"})
    return n_("{count} lead marked as contacted.", "{count} leads marked as contacted.", count)


def disqualify(env: Env, ids: Sequence[int], status: str, reason: str, note: str = "") -> int:
    """Close leads as junk or dead, for a reason of the picklist and perhaps a note."""
    return env.update("leads.lead", ids, {"status": status, _REASONS[status]: reason, "close_note": note or None})


def recycle(env: Env, records: Sequence[Any]) -> Message:
    """Put leads among those that marketing works on again."""
    count = env.update("leads.lead", [r.id for r in records], {"status": "recycle"})
    return n_("{count} lead recycled.", "{count} leads recycled.", count)


def reactivate(env: Env, records: Sequence[Any]) -> Message:
    """Begin anew with disqualified leads."""
    count = env.update("leads.lead", [r.id for r in records], {"status": "new"})
    return n_("{count} lead is new again.", "{count} leads are new again.", count)
