"""Tickets that are one become one, and one that is two becomes two; both with a way back.

What was said moves along and remembers where it was said, so a merge is taken back message by message.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.api import Env, F, Message, SarnakhError, _, n_

from . import statuses
from .choices import CLOSED, INTERNAL, MESSAGE, TICKET
from .conversation import as_html

MOST = 50
CARRIED = ("requester", "requester_name", "requester_email", "account", "language", "category", "priority", "severity", "channel", "queue",
           "owner")


def merge(env: Env, kept: int, others: Sequence[int]) -> int:
    """Put all that was said in other tickets into one; they are closed and point to it. Returns how many were merged."""
    others = [key for key in dict.fromkeys(others) if key != kept]
    if not others or len(others) > MOST:
        raise SarnakhError(_("Choose the tickets to merge, at most {count}.", count=MOST))
    _may(env, [kept, *others])
    rows = {r["id"]: r for r in env.query(TICKET).archived(None).with_ids([kept, *others]).select("number", "merged_into").rows()}
    if any(r["merged_into"] is not None for r in rows.values()):
        raise SarnakhError(_("A ticket that was merged already is merged no further: open the one it is in."))
    numbers = ", ".join(rows[key]["number"] for key in others)
    closed = statuses.needed(env, CLOSED)
    with env.elevated("tickets are merged") as sudo:
        said = sudo.query(MESSAGE).where(F.ticket.isin(others)).select("ticket", "moved_from").rows()
        sudo.update_each(MESSAGE, {m["id"]: {"ticket": kept, "moved_from": (m["moved_from"] or m["ticket"]).id} for m in said})
        _files(sudo, others, kept)
        sudo.update(TICKET, others, {"merged_into": kept, "status": closed})
        sudo.create(MESSAGE, [_note(env, kept, _("Merged with {numbers}.", numbers=numbers)),
                              *(_note(env, key, _("Merged into {number}.", number=rows[kept]["number"])) for key in others)])
    return len(others)


def unmerge(env: Env, key: int) -> Message:
    """A merged ticket stands for itself again, with what was said in it."""
    row = env.get(TICKET, key, "merged_into", "number")
    if row.merged_into is None:
        raise SarnakhError(_("This ticket was not merged."))
    kept = row.merged_into.id
    _may(env, [key, kept])
    with env.elevated("a merge of tickets is taken back") as sudo:
        said = sudo.query(MESSAGE).where((F.ticket == kept) & (F.moved_from == key)).records("files")
        sudo.update(MESSAGE, [m.id for m in said], {"ticket": key, "moved_from": None}) if said else None
        files = [f.id for m in said for f in m.files]
        sudo.update("base.file", files, {"about": (TICKET, key)}) if files else None
        sudo.update(TICKET, key, {"merged_into": None, "status": statuses.needed(env, "open")})
        sudo.create(MESSAGE, [_note(env, kept, _("{number} was taken out again.", number=row.number)),
                              _note(env, key, _("Taken out of the ticket it was merged into."))])
    return _("{number} stands for itself again.", number=row.number)


def split(env: Env, key: int, messages: Sequence[int], subject: str) -> int:
    """Make a new ticket of some of what was said in one; returns its number."""
    _may(env, [key])
    env.require("create", TICKET)
    said = env.query(MESSAGE).with_ids(list(messages)).where(F.ticket == key).records("files")
    if not said:
        raise SarnakhError(_("Choose the messages that make the new ticket."))
    if len(said) == env.query(MESSAGE).where(F.ticket == key).count():
        raise SarnakhError(_("One message stays: otherwise the old ticket would be empty."))
    row = env.query(TICKET).archived(None).with_ids([key]).select("number", *CARRIED).rows(1)[0]
    values = {n: row[n].id if hasattr(row[n], "id") else row[n] for n in CARRIED}
    with env.elevated("a ticket is split") as sudo:
        made: int = sudo.create(TICKET, {**values, "subject": subject.strip()[:255], "split_from": key})
        sudo.update(MESSAGE, [m.id for m in said], {"ticket": made, "moved_from": key})
        files = [f.id for m in said for f in m.files]
        sudo.update("base.file", files, {"about": (TICKET, made)}) if files else None
        number = sudo.get(TICKET, made, "number").number
        sudo.create(MESSAGE, [_note(env, key, n_("{count} message became {number}.", "{count} messages became {number}.", len(said),
                                                 number=number)),
                              _note(env, made, _("Split from {number}.", number=row["number"]))])
    return made


def _may(env: Env, keys: Sequence[int]) -> None:
    if env.allowed_ids("update", TICKET, list(keys)) != set(keys):
        raise SarnakhError(_("You may change only some of these tickets."))


def _files(env: Env, others: Sequence[int], kept: int) -> None:
    files = env.query("base.file").holding("about", list(others), TICKET).ids()
    if files:
        env.update("base.file", files, {"about": (TICKET, kept)})


def _note(env: Env, ticket: int, text: Message) -> dict[str, Any]:
    return {"ticket": ticket, "kind": INTERNAL, "body": as_html(env.t(text)), "author": env.actor.id}
