"""What stands beside a conversation: who asks, and what there was with them before. Other addons add their blocks.

    class WithDeals(Extension):
        extends = "tickets.ticket"

        @classmethod
        def history(cls, env, account, contact, ticket):
            return [*super().history(env, account, contact, ticket), Block(...)]
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from core.api import Env, F
from core.web_api import list_link, record_url

from .choices import STATES, TICKET

SHOWN = 6


@dataclass(frozen=True)
class Row:
    """One line: a name that leads somewhere, and what is told beside it."""

    text: str
    url: str
    detail: str = ""
    colour: str = ""


@dataclass(frozen=True)
class Block:
    """Some lines under a heading; `url` leads to all of them."""

    title: str
    icon: str
    rows: list[Row] = field(default_factory=list)
    url: str = ""


def whose(account: int | None, contact: int | None, account_field: str = "account", contact_field: str = "requester") -> Any:
    """The condition for records of a customer: the company's, or the person's where there is no company; None without both."""
    if account is not None:
        return F[account_field] == account
    return F[contact_field] == contact if contact is not None else None


def tickets(env: Env, account: int | None, contact: int | None, ticket: int, title: str) -> list[Block]:
    """The customer's other tickets, the newest first."""
    condition = whose(account, contact)
    if condition is None:
        return []
    rows = env.query(TICKET).where(condition).order("-created_at").select("subject", "number", "state", "created_at").rows(SHOWN + 1)
    colours = {value: colour for value, _label, colour in STATES}
    labels = {value: label for value, label, _colour in STATES}
    lines = [Row(r["subject"], f"/x/tickets/desk?t={r['id']}", env.t(labels[r["state"]]), colours[r["state"]]) for r in rows
             if r["id"] != ticket]
    return [Block(title, "life-preserver", lines[:SHOWN], list_link(env, TICKET, condition))] if lines else []


def linked(env: Env, record: str, condition: Any, title: str, icon: str, name: str, detail: str, order: str = "-created_at") -> list[Block]:
    """A block of records of another type that the person may see."""
    if condition is None or not env.can("read", record):
        return []
    rows = env.query(record).where(condition).order(order).select(name, detail).rows(SHOWN)
    field_ = env.registry.record(record).fields[detail]
    labels = getattr(field_, "labels", {})
    lines = [Row(str(r[name] or f"#{r['id']}"), record_url(record, r["id"]), _text(env, labels, r[detail])) for r in rows]
    return [Block(title, icon, lines, list_link(env, record, condition))] if lines else []


def _text(env: Env, labels: dict[str, Any], value: Any) -> str:
    if value is None:
        return ""
    if value in labels:
        return env.t(labels[value])
    return str(getattr(value, "label", None) or value)
