"""What hangs together in the life of a ticket: status and state, moments, the customer's company, who holds it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from typing import Any

from core.api import Change, Env, Invalid, Message, _, n_

from . import statuses
from .choices import CLOSED, DONE, LIVE, OPEN, TICKET

MOST_STEPS = 50


def fill(env: Env, change: Change) -> None:
    """State and moments follow the status; a new ticket gets its token and the company of its requester."""
    if change.action not in ("create", "update"):
        return
    new = change.action == "create"
    if new or change.touches("status"):
        categories = {key: row["category"] for key, row in statuses.known(env).items()}
        for record in change.records if new else change.changed("status"):
            _status(env, change, record, categories.get(record.status.id if record.status else 0, OPEN))
    if new or change.touches("requester"):
        _requesters(env, change)
    if new:
        change.set_each("token", [record.__dict__.get("token") or secrets.token_urlsafe(12) for record in change.records])


def _status(env: Env, change: Change, record: Any, state: str) -> None:
    was = change.was(record, "state")
    change.set(record, "state", state)
    change.set(record, "live", state in LIVE)
    change.set(record, "status_since", env.now)
    if state in DONE:
        if record.resolved_at is None or was in LIVE:
            change.set(record, "resolved_at", env.now)
        change.set(record, "closed_at", (record.closed_at or env.now) if state == CLOSED else None)
    elif was in DONE:
        change.set(record, "reopened", (record.reopened or 0) + 1)
        change.set(record, "resolved_at", None)
        change.set(record, "closed_at", None)


def _requesters(env: Env, change: Change) -> None:
    """A ticket is the company's of whoever asks, unless somebody said otherwise; their name and address are the ticket's own, for
    agents who may not see the contact have to answer, too."""
    asked = [r for r in change.changed("requester") if r.requester is not None]
    if not asked:
        return
    rows = {r["id"]: r for r in env.query("contacts.contact").with_ids({r.requester.id for r in asked}).select(
        "account", "name", "email").rows()}
    for record in asked:
        row = rows.get(record.requester.id)
        if row is None:
            continue
        if record.account is None and row["account"] is not None:
            change.set(record, "account", row["account"].id)
        change.set(record, "requester_name", row["name"])
        if row["email"]:
            change.set(record, "requester_email", row["email"])


def tell(env: Env, change: Change) -> None:
    """Events for those who listen: service levels, assignment, mail."""
    if change.action == "create":
        env.emit("tickets.created", {"ids": [r.id for r in change.records]})
    elif change.action == "update" and change.touches("state"):
        moved = change.changed("state")
        if moved:
            env.emit("tickets.state", {"ids": [r.id for r in moved], "states": [r.state for r in moved],
                                       "before": [change.was(r, "state") for r in moved]})


def circles(env: Env, records: Sequence[Any]) -> Iterator[Invalid]:
    """Tickets that would be a part of themselves; one statement a level, however many tickets."""
    at = {id(r): r.parent.id for r in records if r.parent is not None and r.get("id")}
    own = {id(r): r for r in records}
    parents = {r.id: r.parent.id if r.parent else None for r in records if r.get("id")}
    for _step in range(MOST_STEPS):
        for mark in [m for m, key in at.items() if key == own[m].id]:
            yield Invalid(own[mark], "parent", _("A ticket cannot be a part of itself."))
            del at[mark]
        if not at:
            return
        missing = set(at.values()) - set(parents)
        if missing:
            with env.elevated("parents of a ticket's parent") as sudo:
                parents |= {r["id"]: r["parent"].id if r["parent"] else None for r in
                            sudo.query(TICKET).archived(None).with_ids(missing).select("parent").rows()}
        at = {m: key for m, k in at.items() if (key := parents.get(k)) is not None}


def take(env: Env, records: Sequence[Any]) -> Message:
    """They are the actor's from now on."""
    env.update(TICKET, [r.id for r in records], {"owner": env.actor.id})
    return n_("{count} ticket is yours now.", "{count} tickets are yours now.", len(records))


def give_back(env: Env, records: Sequence[Any]) -> Message:
    """They are nobody's again and wait in their queues."""
    env.update(TICKET, [r.id for r in records], {"owner": None})
    return n_("{count} ticket waits in its queue again.", "{count} tickets wait in their queues again.", len(records))
