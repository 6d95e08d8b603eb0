"""Inviting guests and taking their answers, and answering invitations from outside: files that mail sends, or that are handed over.

The event `activities.invitation` carries each file with the addresses it is for: whoever sends mail listens to it. What was
invited to and then changes or is called off is told again, with a higher number in the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from core.api import ME, Change, Env, F, SarnakhError, _

from . import ical_write
from .choices import CANCELLED
from .doing import ACTIVITY
from .ical_read import Entry

GUEST, EVENT = "activities.guest", "activities.invitation"
TOLD = ("subject", "all_day", "first_day", "last_day", "starts_at", "ends_at", "location", "online_url")
ANSWERS = ("accepted", "tentative", "declined")
REQUEST, CANCEL, REPLY = "REQUEST", "CANCEL", "REPLY"


def files(env: Env, ids: Iterable[int], method: str) -> dict[int, tuple[bytes, list[str]]]:
    """The invitation to each activity and the addresses it is for; without those that have no time or no such guest."""
    with env.elevated("invitations") as sudo:
        rows = sudo.query(ACTIVITY).archived(None).deleted(None).with_ids(ids).select(
            *ical_write.PATHS, "owner.name", "owner.email").rows()
        guests: dict[int, list[dict[str, Any]]] = {}
        for guest in sudo.query(GUEST).deleted(None).where(F.activity.isin(sorted(r["id"] for r in rows)), F.email.not_null()).order(
                "id").select("activity", "name", "email", "answer", "deleted_at").rows() if rows else ():
            if method == CANCEL or guest["deleted_at"] is None:
                guests.setdefault(guest["activity"].id, []).append(guest)
    return {row["id"]: (ical_write.invitation(row, method, (row["owner.email"] or "", row["owner.name"] or ""), guests[row["id"]]),
                        [g["email"] for g in guests[row["id"]]])
            for row in rows if row["id"] in guests and (row["starts_at"] or row["first_day"])}


def invite(env: Env, key: int) -> bytes:
    """Invite the guests of an activity: the file, which is also left for mail to send."""
    activity = env.get(ACTIVITY, key, "status")
    if key not in env.allowed_ids("update", ACTIVITY, [key]):
        raise SarnakhError(_("You may see this activity but not invite to it."))
    if activity.status == CANCELLED:
        raise SarnakhError(_("This activity is cancelled."))
    found = files(env, [key], REQUEST)
    if key not in found:
        raise SarnakhError(_("Give the activity a time, and at least one guest with an e-mail address."))
    with env.elevated("invitations") as sudo:
        sudo.update(ACTIVITY, key, {"invited_at": env.now})
    _leave(env, found, REQUEST)
    return found[key][0]


def _leave(env: Env, found: Mapping[int, tuple[bytes, list[str]]], method: str) -> None:
    for key, (content, addresses) in found.items():
        env.emit(EVENT, {"activity": key, "method": method, "to": addresses, "file": content.decode()})


def follow(env: Env, change: Change) -> None:
    """Tell guests who were invited what became of it."""
    if change.action == "update":
        off = {r.id for r in change.changed("status") if r.status == CANCELLED}
        moved = {r.id for r in change.changed(*TOLD)} - off
    elif change.action == "delete":
        off, moved = {r.id for r in change.records if r.status != CANCELLED}, set()
    else:
        return
    invited = {r.id: r.sequence or 0 for r in change.records if r.get("invited_at")}
    concerned = {key: invited[key] + 1 for key in (off | moved) & invited.keys()}
    if not concerned:
        return
    if change.action == "update":
        with env.elevated("invitations") as sudo:
            sudo.update_each(ACTIVITY, {key: {"sequence": number} for key, number in concerned.items()})
    _leave(env, files(env, off & concerned.keys(), CANCEL), CANCEL)
    _leave(env, files(env, moved & concerned.keys(), REQUEST), REQUEST)


# ---------------------------------------------------------------- answers
def answered(env: Env, entry: Entry) -> tuple[int, str, str]:
    """Take a guest's answer; returns the activity, the guest's name and the answer. SarnakhError says why one is not taken.

    It counts for a guest whom the activity has by the very address, for an activity that one may change, for the times that
    the guest was told last, and not after a newer answer.
    """
    if entry.error or not entry.answers:
        raise SarnakhError(_("The file holds no answer."))
    invited = env.query(ACTIVITY).archived(None).for_operation("update").holding("uid", [entry.uid]).where(F.invited_at.not_null())
    rows = invited.select("sequence").rows(2)
    if len(rows) != 1:
        raise SarnakhError(_("This is not the answer to an invitation of yours."))
    key = rows[0]["id"]
    if entry.sequence < (rows[0]["sequence"] or 0):
        raise SarnakhError(_("This answers an earlier invitation: the activity was changed since."))
    address, answer = entry.answers[0]
    guests = env.query(GUEST).where(F.activity == key, F.email == address).select("name", "email", "answered_at").rows()
    if not guests or len(entry.answers) != 1:
        raise SarnakhError(_("Nobody with the address {email} was invited.", email=address))
    stamp = entry.stamp or env.now
    if any(g["answered_at"] and g["answered_at"] >= stamp for g in guests):
        raise SarnakhError(_("A newer answer of this guest is there already."))
    with env.elevated("answers to invitations") as sudo:
        sudo.update(GUEST, [g["id"] for g in guests], {"answer": answer, "answered_at": min(stamp, env.now)})
    return key, guests[0]["name"] or address, answer


def called_off(env: Env, entry: Entry) -> int | None:
    """Cancel what one was invited to: only by whoever invited, and only one's own activity. None when there is none."""
    rows = env.query(ACTIVITY).archived(None).where(F.owner == ME, F.organizer == entry.organizer).holding(
        "uid", [entry.key]).select("sequence").rows(1) if entry.organizer else []
    if not rows or entry.sequence < (rows[0]["sequence"] or 0):
        return None
    env.update(ACTIVITY, rows[0]["id"], {"status": CANCELLED})
    return int(rows[0]["id"])


def reply(env: Env, key: int, answer: str) -> bytes:
    """The file that answers an invitation from outside, which is also left for mail to send to whoever invited."""
    row = env.query(ACTIVITY).archived(None).with_ids([key]).where(F.owner == ME).select(*ical_write.PATHS, "organizer").first()
    if row is None or not row["organizer"] or answer not in ANSWERS:
        raise SarnakhError(_("Nobody from outside invited you to this."))
    with env.elevated("one's own address") as sudo:
        me = sudo.get("base.user", env.actor.id or 0, "name", "email")
    if answer == "declined":
        env.update(ACTIVITY, key, {"status": CANCELLED})
    content = ical_write.reply(row, row["organizer"], (me.email or "", me.name or ""), answer, env.now)
    env.emit(EVENT, {"activity": key, "method": REPLY, "answer": answer, "to": [row["organizer"]], "file": content.decode()})
    return content
