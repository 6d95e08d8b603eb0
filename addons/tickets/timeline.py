"""Conversations on the timeline: of the ticket itself, and tickets on the pages of their requesters and accounts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from markupsafe import Markup

from core.api import Env, F, TimelineSource, _
from core.web_api import Action, TimelineEntry, person

from .choices import IN, INTERNAL, MESSAGE, TICKET

OF = {"contacts.account": "account", "contacts.contact": "requester"}


def sources(env: Env, record_name: str) -> list[TimelineSource]:
    """Where tickets and what was said in them are told."""
    if not env.can("read", TICKET):
        return []
    if record_name == TICKET:
        return [TimelineSource("ticket", _("Conversation"), said, None, composers)]
    return [TimelineSource("ticket", _("Tickets"), tickets)] if record_name in OF else []


def said(env: Env, record_name: str, key: int, before: dt.datetime | None, limit: int) -> list[tuple[dt.datetime, Any]]:
    """What was said in a ticket."""
    query = env.query(MESSAGE).where(F.ticket == key)
    query = query if before is None else query.where(F.at < before)
    rows = query.order("-at", "-id").select("kind", "direction", "author", "contact", "sender", "body", "at").rows(limit)
    return [(row["at"], _entry(env, row)) for row in rows]


def _entry(env: Env, row: dict[str, Any]) -> Any:
    made = TimelineEntry("mail" if row["kind"] != INTERNAL else "note", env.format.relative(row["at"], env.now),
                         env.format.datetime(row["at"]), id=f"m{row['id']}", icon="lock" if row["kind"] == INTERNAL else "envelope")
    author = row["author"]
    name = author.label if author else (row["contact"].label if row["contact"] else None) or row["sender"]
    made.who = person(author.id if author else 0, name or env.t(_("Somebody")))
    made.title = env.t(_("wrote an internal note") if row["kind"] == INTERNAL else
                       _("wrote to us") if row["direction"] == IN else _("answered the customer"))
    made.html = Markup(row["body"] or "")  # noqa: S704 - cleaned by its field
    return made


def tickets(env: Env, record_name: str, key: int, before: dt.datetime | None, limit: int) -> list[tuple[dt.datetime, Any]]:
    """Tickets of a contact or an account."""
    query = env.query(TICKET).where(F[OF[record_name]] == key)
    query = query if before is None else query.where(F.created_at < before)
    rows = query.order("-created_at", "-id").select("subject", "number", "status", "created_at").rows(limit)
    found = []
    for row in rows:
        made = TimelineEntry("ticket", env.format.relative(row["created_at"], env.now), env.format.datetime(row["created_at"]),
                             id=f"t{row['id']}", icon="life-preserver")
        status = row["status"].label if row["status"] and row["status"].label else ""
        made.title = env.t(_("Ticket {number}: {subject} ({status})", number=row["number"], subject=row["subject"], status=status))
        made.actions = [Action(env.t(_("Open")), f"/x/tickets/desk?t={row['id']}", "box-arrow-in-up-right")]
        found.append((row["created_at"], made))
    return found


def composers(env: Env, record_name: str, key: int) -> list[Action]:
    """To the desk, where replies and notes are kept apart."""
    return [Action(env.t(_("Reply on the desk")), f"/x/tickets/desk?t={key}", "reply")]
