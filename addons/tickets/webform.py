"""Web-to-ticket: what the form asks for, and the ticket that becomes of it. The guards are addons/base/webguard.py.

Anybody can write any address into a form, so what comes from one never joins a ticket that is there: it makes a new one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from addons.base import webguard
from core.api import Env, Message, _, n_

from . import conversation, receiving
from .choices import IN, MESSAGE, PUBLIC, TICKET

FORM, SUBMISSION = "tickets.web_form", "tickets.submission"
FIELDS = [("requester_name", _("Your name")), ("requester_email", _("Your e-mail address")), ("subject", _("Subject")),
          ("description", _("Message"))]
REACH = frozenset({"requester_email"})


class Tickets:
    """Accepted sendings become tickets."""

    submission = SUBMISSION
    names: Sequence[str] = tuple(name for name, _label in FIELDS)
    extra: Sequence[str] = ()

    def make(self, sudo: Env, form: Any, values: Mapping[str, str], extra: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        """The ticket."""
        ticket = make(sudo, form, values)
        return ticket, {"ticket": ticket}

    def made(self, sudo: Env, form: Any, number: int) -> None:
        """Others hear of it as of any new ticket."""

    def summary(self, values: Mapping[str, str]) -> str:
        """Name and address."""
        return " ".join(values[n] for n in ("requester_name", "requester_email") if values.get(n))


def make(sudo: Env, form: Any, values: Mapping[str, str]) -> int:
    """A ticket of what was sent, with its first message."""
    address, text = values.get("requester_email", "").strip().lower(), values.get("description", "")
    contact = receiving.contact_of(sudo, address)
    subject = values.get("subject") or " ".join(text.split())[:80] or sudo.t(_("Without a subject"))
    key: int = sudo.create(TICKET, {
        "subject": " ".join(subject.split())[:255], "requester": contact and contact["id"], "requester_name": values.get("requester_name"),
        "requester_email": address or None, "owner": None, "channel": "web", "language": form.language, "priority": form.priority,
        "queue": form.queue and form.queue.id, "category": form.category and form.category.id}, source="web form")
    if text:
        sudo.create(MESSAGE, {"ticket": key, "kind": PUBLIC, "direction": IN, "channel": "web", "contact": contact and contact["id"],
                              "sender": values.get("requester_name") or address, "body": conversation.as_html(text)})
    return key


def release(env: Env, records: Sequence[Any]) -> Message:
    """Make tickets of sendings that were held back wrongly."""
    env.require("create", TICKET)
    webguard.release(env, Tickets(), FORM, records)
    return n_("{count} ticket made.", "{count} tickets made.", len(records))
