"""Telling people of what is due: once each, whole batches at a time, late rather than never."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from addons.base.notices import Notice, notify
from core.api import Env, F, Message, SarnakhError, _, n_

from . import remind_times
from .choices import PLANNED
from .doing import ACTIVITY
from .remind_times import REMINDER

STEP = 1000
SNOOZES: Mapping[str, tuple[Message, dt.timedelta]] = {
    "5": (_("In 5 minutes"), dt.timedelta(minutes=5)), "15": (_("In 15 minutes"), dt.timedelta(minutes=15)),
    "60": (_("In an hour"), dt.timedelta(hours=1)), "day": (_("In a day"), dt.timedelta(days=1))}


def send(env: Env) -> int:
    """Tell of the next reminders that are due; returns how many were looked at, 0 when nothing is left.

    What is told and the mark that it was are one transaction, guarded by versions: a worker that dies tells nothing, and
    two workers tell once. Reminders of what is done, cancelled or deleted are only marked.
    """
    with env.elevated("reminders of activities") as sudo:
        due = sudo.query(REMINDER).where(F.sent_at.is_null(), F.remind_at <= env.now).order("remind_at", "id").select(
            "activity", "user", "remind_at", "version", "activity.status", "activity.all_day", "activity.starts_at",
            "activity.first_day").rows(STEP)
        if not due:
            return 0
        sudo.update_each(REMINDER, {r["id"]: {"sent_at": env.now} for r in due}, {r["id"]: r["version"] for r in due})
        live = [r for r in due if r["activity.status"] == PLANNED]
        people = remind_times.takes_part(env, {r["activity"].id for r in live})
        notify(env, _notices(env, live, people))
        return len(due)


def _notices(env: Env, due: Sequence[Mapping[str, Any]], people: Mapping[int, Sequence[int]]) -> list[Notice]:
    told: dict[tuple[int, int], Notice] = {}
    for row in due:
        key = row["activity"].id
        taking_part = people.get(key, ())
        for user in [row["user"].id] if row["user"] else taking_part:
            if user in taking_part:
                told[key, user] = Notice(user, "reminder", text(env, row), (ACTIVITY, key), icon="alarm",
                                         dedupe=f"reminder:{row['id']}:{row['remind_at']:%Y%m%d%H%M}")
    return list(told.values())


def text(env: Env, row: Mapping[str, Any]) -> Message:
    """What a reminder says: how long there is still, whatever zone one is in."""
    if row["activity.all_day"]:
        days = (row["activity.first_day"] - env.now.date()).days
        return _("Reminder: a whole day") if days <= 0 else n_("Reminder: in {count} day", "Reminder: in {count} days", days)
    minutes = round((row["activity.starts_at"] - env.now).total_seconds() / 60)
    if minutes < -1:
        return _("Reminder: it has begun")
    if minutes < 1:
        return _("Reminder: it begins now")
    if minutes < 60:
        return n_("Reminder: in {count} minute", "Reminder: in {count} minutes", minutes)
    if minutes < 48 * 60:
        return n_("Reminder: in {count} hour", "Reminder: in {count} hours", round(minutes / 60))
    return n_("Reminder: in {count} day", "Reminder: in {count} days", round(minutes / 1440))


def again(env: Env, key: int, when: str) -> None:
    """Be reminded of an activity once more, later: for oneself, also where one may only look at it."""
    if when not in SNOOZES:
        raise SarnakhError(_("Choose until when."))
    _own(env, key)
    at = env.now + SNOOZES[when][1]
    with env.elevated("being reminded again") as sudo:
        user = env.actor.id
        held = sudo.query(REMINDER).where(F.activity == key, F.user == user, ~F.usual).order("id").ids(1)
        chosen = held[0] if held else sudo.create(REMINDER, {"activity": key, "user": user, "before": 0})
        sudo.update(REMINDER, chosen, {"remind_at": at, "sent_at": None})


def mine(env: Env, key: int, before: int, unit: str, at: str) -> None:
    """A reminder of one's own."""
    _own(env, key)
    with env.elevated("a reminder of one's own") as sudo:
        sudo.create(REMINDER, {"activity": key, "user": env.actor.id, "before": before, "unit": unit, "at": at or None})


def _own(env: Env, key: int) -> None:
    activity = env.get(ACTIVITY, key, "status")
    if activity.status != PLANNED:
        raise SarnakhError(_("Only what is planned is reminded of."))
    if env.actor.id not in remind_times.takes_part(env, [key]).get(key, ()):
        raise SarnakhError(_("Only who takes part in the activity can be reminded of it."))
