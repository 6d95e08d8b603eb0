"""Messages as pages show them: who wrote to whom by which channel, what was said, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from core.api import Env, _, n_
from core.web_api import Action, Badge, FileView, Person, person, record_url, with_query

from . import accounts, rendering
from .choices import FAILED, IN, MESSAGE, QUEUED, SENDING, STATES, UNKNOWN

PATHS = ("direction", "channel", "kind", "state", "at", "account", "sender", "recipient", "counterpart", "person", "subject", "body",
         "files", "details", "private", "automatic", "owner", "code", "reason", "cost", "cost_currency", "segments", "scheduled_at",
         "due_at", "delivered_at", "read_at", "thread")
LABELS = {value: (label, colour) for value, label, colour in STATES}
MARKS = {"sent": "check", "delivered": "check-all", "read": "check-all", "queued": "clock", "sending": "clock",
         "failed": "exclamation-octagon",         "bounced": "exclamation-octagon", "blocked": "slash-circle",
         "unknown": "question-circle", "cancelled": "x-lg"}


@dataclass
class Shown:
    """One message."""

    id: int
    url: str
    incoming: bool
    icon: str
    channel: str
    name: str
    address: str
    when: str
    exact: str
    who: Person | None = None
    subject: str = ""
    html: Markup = field(default_factory=Markup)
    state: Badge | None = None
    badges: list[Badge] = field(default_factory=list)
    reason: str = ""
    facts: str = ""
    files: list[FileView] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    waiting: str = ""


def paths(env: Env, *further: str) -> list[str]:
    """What is read of messages: what the reader may read."""
    return [p for p in (*PATHS, *further) if env.access.readable(MESSAGE, p)]


def shown(env: Env, row: dict[str, Any], back: str, *, whole: bool = False, may: bool = False) -> Shown:
    """A message from its row. `whole`: all of its text; `may`: the reader may act on it; `back`: where actions lead back to."""
    channel = accounts.channels(env).get(row["channel"])
    incoming = row["direction"] == IN
    owner = row["owner"]
    label = row["person"].label if row["person"] is not None and row["person"].label else ""
    name = (label or row["sender"] or row["counterpart"] or "") if incoming else (owner.label if owner else "") or env.t(_("Automatic"))
    made = Shown(row["id"], record_url(MESSAGE, row["id"]), incoming, channel.icon if channel else "chat-text",
                 env.t(channel.label) if channel else row["channel"], name, address(env, row["counterpart"]),
                 env.format.relative(row["at"], env.now), env.format.datetime(row["at"]))
    made.who = person(owner.id, name) if owner and not incoming else None
    made.subject = row["subject"] or ""
    made.html = rendering.body(env, row) if whole else rendering.short(row)
    made.files = [FileView(f.label or f"#{f.id}", f"/files/{f.id}") for f in row["files"] or ()]
    if not incoming:
        text, colour = LABELS[row["state"]]
        made.state = Badge(env.t(text), colour, MARKS.get(row["state"], ""))
        made.reason = row.get("reason") or ""
    made.badges = _badges(env, row)
    made.facts = facts(env, row)
    if row["state"] == QUEUED and row["due_at"] is not None and row["due_at"] > env.now:
        made.waiting = env.t(_("Leaves {when}", when=env.format.datetime(row["due_at"])))
    made.actions = _actions(env, row, back) if may else []
    return made


def _badges(env: Env, row: dict[str, Any]) -> list[Badge]:
    found = []
    if row["private"]:
        found.append(Badge(env.t(_("Private")), "violet", "lock"))
    if row["kind"] == "commercial":
        found.append(Badge(env.t(_("Commercial")), "purple"))
    if row["automatic"]:
        found.append(Badge(env.t(_("Automatic")), "grey", "robot"))
    return found


def facts(env: Env, row: dict[str, Any]) -> str:
    """Parts and cost, as far as the reader may know them."""
    told = []
    if row.get("segments") and row["segments"] > 1:
        told.append(env.t(n_("{count} part", "{count} parts", row["segments"])))
    if row.get("cost") is not None:
        told.append(cost(env, row["cost"], row.get("cost_currency") or ""))
    return env.t(_(" · ")).join(told)


def cost(env: Env, amount: Any, currency: str) -> str:
    """What something costs; of providers that count messages a number."""
    return env.format.money(amount, currency) if currency else env.format.number(amount)


def address(env: Env, text: str | None) -> str:
    """A number as people write it, or an address as it is."""
    return env.format.phone(text) if text and text.startswith("+") else text or ""


def _actions(env: Env, row: dict[str, Any], back: str) -> list[Action]:
    base, fields = f"/x/messaging/message/{row['id']}", {"next": back}
    found = []
    if row["state"] == QUEUED:
        found.append(Action(env.t(_("Do not send")), f"{base}/cancel", "x-octagon", kind="post", fields=fields,
                            confirm=env.t(_("It has not left yet and will not be sent."))))
    if row["state"] in (UNKNOWN, FAILED):
        found.append(Action(env.t(_("Send again")), f"{base}/send_again", "arrow-repeat", kind="post", fields=fields,
                            confirm=env.t(_("If the provider has it after all, the recipient gets it twice."))))
    if row["state"] == UNKNOWN:
        found.append(Action(env.t(_("It was sent")), f"{base}/confirm_sent", "check2", kind="post", fields=fields))
    return found


def menu(env: Env, row: dict[str, Any], one: Shown, back: str) -> list[Action]:
    """Everything that may be done with a message from where it is told."""
    found = list(one.actions)
    if row["state"] not in (QUEUED, SENDING):
        found.insert(0, Action(env.t(_("Reply") if one.incoming else _("Write again")),
                               with_query("/x/messaging/compose", {"answers": str(row["id"]), "next": back}), "reply", kind="sheet"))
    if row.get("thread") is not None:
        found.append(Action(env.t(_("Open the conversation")), f"/x/messaging/thread/{row['thread'].id}", "chat-left-text"))
    found.append(Action(env.t(_("Open")), one.url, "box-arrow-in-up-right"))
    return found


def deciding(env: Env, rows: Sequence[dict[str, Any]]) -> set[int]:
    """Which of these messages the reader may act on, in one statement where any could be."""
    ids = [r["id"] for r in rows if r["state"] in (QUEUED, UNKNOWN, FAILED)]
    return env.allowed_ids("update", MESSAGE, ids) if ids else set()
