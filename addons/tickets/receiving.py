"""What customers send, by whatever way it comes: mail, portal, web form. Those who take it in call `receive`.

    found = receive(env, "nima@pars.example", "Re: [T-00012] Printer", "It still smokes.", references=[...], message_id="<a@b>")

A message finds its ticket by the key that replies carry (`reply_key`, unguessable), by the message it answers, or by the
number in its subject: the last only from somebody who took part, for numbers can be guessed.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.api import Env, F, _

from . import conversation, statuses
from .choices import DONE, IN, MESSAGE, PUBLIC, TICKET

KEY = re.compile(r"ticket-(\d{1,18})-([A-Za-z0-9_-]{16})")
NUMBER = re.compile(r"\bT-\d{5,12}\b")
MOST_REFERENCES = 50
DEEPEST = 10
PATHS = ("number", "state", "status", "token", "merged_into", "requester", "requester.email", "requester_email", "account",
         "resolved_at", "closed_at", "subject", "queue", "category", "language")
CONTACT_PATHS = ("account", "preferred_language", "name")


@dataclass(frozen=True)
class Received:
    """What became of a message: the ticket and message it is now; `new`: a ticket was made for it."""

    ticket: int
    message: int
    new: bool = False


def reply_key(ticket: Any) -> str:
    """What a reply to the customer carries in its address or reference, so that the answer finds the ticket. Elevated code reads
    the token."""
    return f"ticket-{ticket.id}-{ticket.token}"


def receive(env: Env, sender: str, subject: str, body: str, files: Sequence[int] = (), channel: str = "email",
            references: Sequence[str] = (), *, name: str = "", message_id: str = "", values: dict[str, Any] | None = None,
            contact: int | None = None) -> Received:
    """Put what a customer sent where it belongs. `body`: plain text; `files`: numbers of stored files that are nobody's yet;
    `sender`: an e-mail address or a number; `contact`: who that is, where the caller knows; `message_id`: the same one is taken in once;
    `values`: further fields of a new ticket. Acts elevated: the caller has made sure that it is what the customer sent."""
    sender = sender.strip().lower()
    with env.elevated("a customer wrote") as sudo:
        if message_id:
            known = sudo.query(MESSAGE).where(F.reference == message_id[:255]).records("ticket", limit=1)
            if known:
                return Received(known[0].ticket.id, known[0].id)
        known_as = _contact(sudo, contact) if contact else contact_of(sudo, sender)
        ticket = _ticket(sudo, sender, known_as, subject, references)
        new = ticket is None or not _opens_again(sudo, ticket)
        key = _new(sudo, sender, name, known_as, subject, channel, ticket, values or {}) if new or ticket is None else ticket.id
        message = sudo.create(MESSAGE, {
            "ticket": key, "kind": PUBLIC, "direction": IN, "contact": known_as and known_as["id"], "channel": channel,
            "sender": (name or sender)[:255] or None, "body": conversation.as_html(body) or "<p></p>", "files": list(files),
            "reference": message_id[:255] or None})
        if files:
            sudo.update("base.file", list(files), {"about": (TICKET, key)})
    return Received(key, message, new)


def contact_of(env: Env, address: str) -> dict[str, Any] | None:
    """The one contact with an e-mail address, by their main or a further one; None when there is none, or several."""
    if "@" not in address:
        return None
    rows = env.query("contacts.contact").where(F.email == address).select(*CONTACT_PATHS).rows(2)
    if not rows:
        ids = [r["contact"].id for r in env.query("contacts.contact_point").where(F.value == address).select("contact").rows(2)]
        rows = env.query("contacts.contact").with_ids(ids).select(*CONTACT_PATHS).rows(2) if ids else []
    return rows[0] if len(rows) == 1 else None


def _contact(env: Env, key: int) -> dict[str, Any] | None:
    return next(iter(env.query("contacts.contact").with_ids([key]).select(*CONTACT_PATHS).rows(1)), None)


def _ticket(env: Env, sender: str, contact: dict[str, Any] | None, subject: str, references: Sequence[str]) -> Any:
    """The ticket that a message belongs to, through all that it was merged into."""
    said = [*references[:MOST_REFERENCES], subject]
    keys = {int(number): token for text in said for number, token in KEY.findall(text)}
    tickets = env.query(TICKET).archived(None)
    found = next((t for t in tickets.with_ids(list(keys)).records(*PATHS) if t.token == keys[t.id]), None) if keys else None
    if found is None and references:
        answered = env.query(MESSAGE).where(F.reference.isin(tuple(r[:255] for r in references[:MOST_REFERENCES]))).where(
            F.kind == PUBLIC).select("ticket").rows(1)
        found = tickets.with_ids([answered[0]["ticket"].id]).records(*PATHS, limit=1)[0] if answered else None
    numbers = NUMBER.findall(subject)[:5]
    if found is None and numbers:
        named = tickets.where(F.number.isin(tuple(numbers))).records(*PATHS, limit=5)
        found = next((t for t in named if _takes_part(t, sender, contact)), None)
    for _step in range(DEEPEST):
        if found is None or found.merged_into is None:
            return found
        found = next(iter(tickets.with_ids([found.merged_into.id]).records(*PATHS, limit=1)), None)
    return found


def _takes_part(ticket: Any, sender: str, contact: dict[str, Any] | None) -> bool:
    if sender and sender in (ticket.requester_email, ticket["requester.email"]):
        return True
    if contact is None:
        return False
    same_company = ticket.account is not None and contact["account"] is not None and ticket.account.id == contact["account"].id
    return same_company or (ticket.requester is not None and ticket.requester.id == contact["id"])


def _opens_again(env: Env, ticket: Any) -> bool:
    """Whether a message still belongs to a ticket that is done."""
    if ticket.state not in DONE:
        return True
    days = statuses.known(env).get(ticket.status.id, {}).get("reopen_days")
    since = ticket.closed_at or ticket.resolved_at
    return days is None or since is None or env.now <= since + dt.timedelta(days=days)


def _new(env: Env, sender: str, name: str, contact: dict[str, Any] | None, subject: str, channel: str, before: Any,
         values: dict[str, Any]) -> int:
    made = {"subject": " ".join(subject.split())[:255] or env.t(_("Without a subject")), "channel": channel, "owner": None,
            "requester": contact and contact["id"], "language": contact and contact["preferred_language"],
            "requester_name": None if contact else ((name or ("" if "@" in sender else sender))[:255] or None),
            "requester_email": None if contact or "@" not in sender else sender}
    if before is not None:
        made |= {"continues": before.id, "queue": before.queue and before.queue.id, "category": before.category and before.category.id,
                 "language": before.language or made["language"]}
    return env.create(TICKET, made | values)  # type: ignore[no-any-return]
