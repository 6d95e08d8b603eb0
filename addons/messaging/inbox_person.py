"""Beside a conversation: who it is with, whose number it could be, and the forms that make a record of somebody new."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from core.api import Env, F, NotFound, _
from core.web_api import Action, list_url, record_url, with_query

from . import reach
from .choices import CONCERN, MESSAGE, THREAD
from .composing import may_see
from .contract import Channel

if TYPE_CHECKING:
    from .inbox import Opened

MOST = 5
MOST_MESSAGES = 2000
NEW = ("leads.lead", "contacts.contact")
"""What somebody new usually becomes, where there is such a type."""


def beside(env: Env, made: Opened, row: dict[str, Any], channel: Channel | None, back: str) -> None:
    """What stands beside a conversation."""
    person = row["person"]
    if person is not None and person.label:
        rtype = env.registry.records.get(person.record)
        made.facts.append((env.t(rtype.label) if rtype else "", person.label, record_url(person.record, person.id)))
    if made.address:
        made.facts.append((env.t(_("Number or address")), made.address, ""))
    made.facts.append((env.t(_("Channel")), f"{made.channel} · {made.account}" if made.account else made.channel, ""))
    if made.owner is not None:
        made.facts.append((env.t(_("Owner")), made.owner.name, ""))
    for record, key, label in concerned(env, made.id, (person.record, person.id) if person is not None else None):
        made.people.append(Action(label, record_url(record, key), env.registry.record(record).icon))
    if person is None and channel is not None and row["counterpart"] and made.may:
        made.found = [*_known(env, made, channel, row["counterpart"], back), *_new(env, channel, row, back)]


def concerned(env: Env, thread: int, without: tuple[str, int] | None) -> list[tuple[str, int, str]]:
    """Records that the last messages concern, that the reader may see."""
    rows = env.query(CONCERN).where(F["message.thread"] == thread).order("-id").select("about").rows(60)
    found = {(r["about"].record, r["about"].id): r["about"].label for r in rows if r["about"] is not None and r["about"].label}
    return [(record, key, label) for (record, key), label in found.items() if (record, key) != without][:MOST]


def _known(env: Env, made: Opened, channel: Channel, address: str, back: str) -> list[Action]:
    """Records with this number, that the reader may see."""
    return [Action(env.t(_("This is {name}", name=label)), f"/x/messaging/thread/{made.id}/link", "person-check", kind="post",
                   fields={"about": f"{record}:{key}", "next": back})
            for record, key, label in _labelled(env, reach.behind(env, channel, [address])[address][:MOST])]


def _labelled(env: Env, places: Sequence[tuple[str, int]]) -> list[tuple[str, int, str]]:
    found = []
    for record in dict.fromkeys(r for r, _key in places):
        labels = env.labels(record, [key for r, key in places if r == record])
        found += [(record, key, labels[key]) for r, key in places if r == record and labels.get(key)]
    return found


def _new(env: Env, channel: Channel, row: dict[str, Any], back: str) -> list[Action]:
    """Forms for a new record with the number filled in."""
    found = []
    for record in NEW:
        if record not in env.registry.records or not env.can("create", record):
            continue
        meant = reach.fields_by_meaning(env, record)
        name = next((meant[s] for s in channel.semantics if s in meant), None)
        if name is not None:
            rtype = env.registry.record(record)
            found.append(Action(env.t(_("New: {record}", record=rtype.label)), with_query(f"{list_url(record)}/quick", {
                name: row["counterpart"], "next": back}), rtype.icon, kind="sheet"))
    return found


def link(env: Env, thread: int, place: tuple[str, int]) -> int:
    """Say who a conversation is with: it and its messages concern that record from now on; returns how many messages do. The acting
    person may change the conversation and see the record; private messages stay private."""
    if env.allowed_ids("update", THREAD, [thread]) != {thread} or not may_see(env, place):
        raise NotFound
    rows = env.query(MESSAGE).where(F.thread == thread).order("-id").select("at", "person").rows(MOST_MESSAGES)
    with env.elevated("a conversation is put to a record") as sudo:
        sudo.update(THREAD, thread, {"person": place})
        ids = [r["id"] for r in rows]
        there = {r["message"].id for r in sudo.query(CONCERN).holding("message", ids).holding("about", [place[1]], place[0])
                 .select("message").rows()} if ids else set()
        nobodys = [r["id"] for r in rows if r["person"] is None]
        if nobodys:
            sudo.update(MESSAGE, nobodys, {"person": place})
        new = [{"message": r["id"], "about": place, "at": r["at"]} for r in rows if r["id"] not in there]
        if new:
            sudo.create(CONCERN, new)
    return len(rows)
