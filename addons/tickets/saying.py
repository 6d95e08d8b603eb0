"""What becomes of a message: who said it, what the ticket learns of it, and how a reply leaves the house.

A message is a reply or an internal note from its first moment to its last: nothing turns one into the other.
"""

from __future__ import annotations

from typing import Any

from addons.base.notices import Notice, notify
from core.api import AccessDenied, Change, Env, Message, _

from . import statuses
from .choices import CLOSED, IN, INTERNAL, MESSAGE, OPEN, OUT, PUBLIC, RESOLVED, TICKET, WAITING_CUSTOMER

REPLY, RECEIVED = "tickets.reply", "tickets.received"
"""Events: a reply is to be sent to the customer; the customer wrote."""

FIXED = ("kind", "direction", "body", "author", "contact", "at", "files")


def fill(env: Env, change: Change) -> None:
    """Author and direction of new messages; what was said stays as it was said."""
    if change.action == "update" and not env.access.trusted and change.touches(*FIXED):
        raise AccessDenied(_("What was said is not changed afterwards. Write a further message."))
    if change.action == "update" and change.touches("kind") and change.changed("kind"):
        raise AccessDenied(_("A note never becomes a reply, nor a reply a note."))
    if change.action not in ("create", "update") or not change.touches("kind", "body"):
        return
    plain = change.rtype.fields["body"].text_of
    for record in change.records:
        if change.action == "create":
            if record.kind == INTERNAL:
                change.set(record, "direction", None)
            elif record.direction is None:
                change.set(record, "direction", OUT)
            if record.direction != IN and record.author is None:
                change.set(record, "author", env.actor.id)
            if record.channel is None:
                change.set(record, "channel", "agent")
        change.set(record, "summary", " ".join(plain(record.body).split())[:160] or None)


def follow(env: Env, change: Change) -> None:
    """Moments of the ticket, the way back to work when the customer writes, and who is told."""
    if change.action != "create":
        return
    by_ticket: dict[int, list[Any]] = {}
    for record in change.records:
        by_ticket.setdefault(record.ticket.id, []).append(record)
    with env.elevated("a ticket follows its messages") as sudo:
        tickets = {t.id: t for t in sudo.query(TICKET).archived(None).with_ids(list(by_ticket)).records(
            "owner", "state", "first_responded_at", "last_message_at")}
        sudo.update_each(TICKET, {key: values for key, said in by_ticket.items() if key in tickets
                                  and (values := _learnt(sudo, tickets[key], said))})
        notify(sudo, _notices(sudo, env.actor.id, env.actor.name, tickets, change))
    for event, direction in ((REPLY, OUT), (RECEIVED, IN)):
        ids = [r.id for r in change.records if r.kind == PUBLIC and r.direction == direction]
        if ids:
            env.emit(event, {"messages": ids})


def _learnt(env: Env, ticket: Any, said: list[Any]) -> dict[str, Any]:
    replies = [m for m in said if m.kind == PUBLIC]
    if not replies:
        return {}
    last = max(replies, key=lambda m: (m.at, m.id))
    values: dict[str, Any] = {}
    if ticket.last_message_at is None or last.at >= ticket.last_message_at:
        values |= {"last_message_at": last.at, "last_from": last.direction}
    sent = [m.at for m in replies if m.direction == OUT and m.author is not None]
    if sent and ticket.first_responded_at is None:
        values["first_responded_at"] = min(sent)
    if last.direction == IN and ticket.state in (WAITING_CUSTOMER, RESOLVED, CLOSED):
        values["status"] = statuses.needed(env, OPEN)
    return values


def _texts(who: str) -> dict[str | None, Message]:
    return {IN: _("The customer wrote"), OUT: _("{name} answered the customer", name=who), None: _("{name} wrote a note", name=who)}


def _notices(env: Env, actor: int | None, name: str, tickets: dict[int, Any], change: Change) -> list[Notice]:
    """For the mentioned, the one who holds the ticket and those who watch it; one line each."""
    wanted: dict[tuple[int, int], Notice] = {}
    watching: dict[int, list[int]] = {}
    for row in env.query("base.follow").holding("about", list(tickets), TICKET).select("about", "user").rows():
        watching.setdefault(row["about"].id, []).append(row["user"].id)
    who = name or env.t(_("Somebody"))
    for record in change.records:
        about = (TICKET, record.ticket.id)
        for user in change.many.get("mentions", {}).get(record.id, ()):
            wanted[user, about[1]] = Notice(user, "mention", _("{name} mentioned you", name=who), about,
                                            dedupe=f"mention:{MESSAGE}:{record.id}", icon="at")
        ticket = tickets.get(record.ticket.id)
        told = {ticket.owner.id} if ticket is not None and ticket.owner is not None and record.direction != OUT else set()
        text = _texts(who)[record.direction]
        for user in told.union(watching.get(about[1], ())):
            wanted.setdefault((user, about[1]), Notice(user, "ticket.message", text, about, dedupe=f"ticket:{about[1]}",
                                                       icon="chat-left-text"))
    return [n for (user, _key), n in wanted.items() if user != actor]
