"""The conversation of a ticket: what agents read, what customers read, and saying something.

    say(env, 7, PUBLIC, "Dear Ms Karimi ...")       a reply: it leaves the house
    say(env, 7, INTERNAL, "She called twice")       a note: it never does
    thread(env, 7)                                  for agents, both
    for_customer(env, ticket)                       for whoever is outside: replies alone, by the query itself
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from addons.base import placeholders
from core.api import Env, F, Invalid, NotFound, ValidationFailed, _

from . import statuses
from .choices import INTERNAL, KINDS, MESSAGE, PUBLIC, TICKET

PATHS = ("kind", "direction", "author", "contact", "sender", "channel", "body", "at", "files", "moved_from", "mentions")
OUTSIDE = ("direction", "author", "contact", "sender", "body", "at", "files")
"""What customers may know of a message."""

SHOWN = 60
URL = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]")
MOST_MENTIONS = 50


def thread(env: Env, ticket: int, limit: int = SHOWN) -> tuple[list[dict[str, Any]], bool]:
    """The last messages of a ticket, the oldest of them first, and whether there are earlier ones."""
    rows = env.query(MESSAGE).where(F.ticket == ticket).order("-at", "-id").select(*PATHS).rows(limit + 1)
    return rows[:limit][::-1], len(rows) > limit


def for_customer(env: Env, ticket: int, limit: int = SHOWN) -> list[dict[str, Any]]:
    """What the customer may read of a ticket: portal, mails and public pages ask here and nowhere else."""
    with env.elevated("replies of a ticket, for its customer") as sudo:
        rows = sudo.query(MESSAGE).where((F.ticket == ticket) & (F.kind == PUBLIC)).order("-at", "-id").select(*OUTSIDE).rows(limit)
    return rows[::-1]


def public_message(env: Env, message: int) -> Any:
    """One reply with what is sent of it; NotFound for a note."""
    with env.elevated("a reply that is sent to its customer") as sudo:
        found = sudo.query(MESSAGE).with_ids([message]).where(F.kind == PUBLIC).records("ticket", *OUTSIDE, limit=1)
    if not found:
        raise NotFound
    return found[0]


def say(env: Env, ticket: int, kind: str, text: str, *, files: Sequence[int] = (), mentions: Iterable[int] = (),
        status: int | None = None) -> int:
    """Say something as the acting person, plain text in; with a status the ticket moves there in the same transaction.
    A reply without words is refused; so is one nobody would get."""
    if kind not in {value for value, _label, _colour in KINDS}:
        raise ValidationFailed([Invalid(None, "kind", _("Say whether this is a reply or an internal note."))])
    if not text.strip() and not files:
        raise ValidationFailed([Invalid(None, "body", _("Write something first."))])
    named = env.visible_ids("base.user", list(mentions)[:MOST_MENTIONS]) if kind == INTERNAL else []
    key: int = env.create(MESSAGE, {"ticket": ticket, "kind": kind, "body": as_html(text) or "<p></p>", "files": list(files),
                                    "mentions": list(named)})
    if status is not None and env.query(TICKET).with_ids([ticket]).where(F.status != status).exists():
        env.update(TICKET, ticket, {"status": status})
    return key


def say_to_all(env: Env, tickets: Sequence[int], kind: str, text: str, *, status: int | None = None) -> int:
    """The same to several tickets, with placeholders filled in for each; all or none. Returns how many."""
    texts = placeholders.fill_each(env, TICKET, tickets, text, html=False)
    env.create(MESSAGE, [{"ticket": key, "kind": kind, "body": as_html(texts[key])} for key in tickets])
    if status is not None:
        moved = env.query(TICKET).with_ids(list(tickets)).where(F.status != status).ids()
        if moved:
            env.update(TICKET, moved, {"status": status})
    return len(tickets)


def as_html(text: str) -> str:
    """Plain text as paragraphs with its web addresses as links."""
    def linked(piece: str) -> str:
        made, at = [], 0
        for found in URL.finditer(piece):
            url = found.group()
            made += [escape(piece[at:found.start()], quote=False), f'<a href="{escape(url)}">{escape(url, quote=False)}</a>']
            at = found.end()
        return "".join(made) + escape(piece[at:], quote=False)

    parts = [p for p in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()) if p.strip()]
    return "".join(f"<p>{'<br>'.join(linked(line) for line in part.split(chr(10)))}</p>" for part in parts)


def after_reply(env: Env) -> list[tuple[int, str]]:
    """Statuses that a reply may end in: (number, name), in their order."""
    return [(key, row["name"]) for key, row in statuses.known(env).items() if statuses.usable(row)]
