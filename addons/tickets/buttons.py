"""Buttons on tickets and customers, and the tile of the home page."""

from __future__ import annotations

from typing import Any

from core.api import ME, ActionLink, Env, F, Tile, _
from core.web_api import list_link, with_query

from .choices import IN, OPEN, TICKET
from .webform import FORM

ROWS = 5
WAITING = (F.owner == ME) & (F.state == OPEN) & (F.last_from == IN)


def of_record(env: Env, record_name: str, record: Any) -> list[ActionLink]:
    """From a ticket to the desk; from a customer to a new ticket."""
    if record_name == TICKET:
        found = [ActionLink(_("On the desk"), f"/x/tickets/desk?t={record.id}", icon="chat-left-text", primary=True)]
        if record.id in env.allowed_ids("update", TICKET, [record.id]):
            found.append(ActionLink(_("Merge…"), with_query("/x/tickets/merge", {"kept": str(record.id)}), icon="intersect", sheet=True))
            found.append(ActionLink(_("Split…"), f"/x/tickets/{record.id}/split", icon="signpost-split", sheet=True))
            row = env.query(TICKET).archived(None).with_ids([record.id]).select("merged_into").rows(1)
            if row and row[0]["merged_into"] is not None:
                found.append(ActionLink(_("Take out again"), f"/x/tickets/{record.id}/unmerge", icon="arrow-counterclockwise", post=True))
        return found
    if record_name == FORM:
        embed = ActionLink(_("Embed"), f"/x/tickets/forms/{record.id}/embed", icon="code-slash", sheet=True)
        return [embed] if env.can("update", FORM) else []
    field = {"contacts.account": "account", "contacts.contact": "requester"}.get(record_name)
    if field is None or not env.can("create", TICKET):
        return []
    return [ActionLink(_("New ticket"), with_query(f"/r/{TICKET}/quick", {field: str(record.id)}), icon="life-preserver", sheet=True)]


def of_list(env: Env, record_name: str) -> list[ActionLink]:
    """For several tickets at once."""
    if record_name != TICKET:
        return []
    found = [ActionLink(_("Desk", context="of agents"), "/x/tickets/desk", icon="layout-split")]
    if env.can("update", TICKET):
        found += [ActionLink(_("Answer all"), "/x/tickets/mass", icon="reply-all", bulk=True, sheet=True),
                  ActionLink(_("Merge…"), "/x/tickets/merge", icon="intersect", bulk=True, sheet=True)]
    return found


def tiles(env: Env) -> list[Tile]:
    """The tickets in which a customer waits for me."""
    if not env.can("update", TICKET):
        return []
    rows = env.query(TICKET).where(WAITING).order("last_message_at").select("subject", "last_message_at").rows(ROWS)
    if not rows:
        return []
    return [Tile(_("Customers wait for an answer"), rows=[(r["subject"], f"/x/tickets/desk?t={r['id']}",
                                                           env.format.relative(r["last_message_at"], env.now)) for r in rows],
                 url=list_link(env, TICKET, WAITING), icon="life-preserver", order=30)]
