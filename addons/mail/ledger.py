"""The ledger: what became of each mail that a server offered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from addons.mail.fetching import Offered
from addons.messaging.choices import IN, MESSAGE
from addons.messaging.contract import Incoming
from core.api import Env, F, Message, forget

from .choices import IMAP, OFFERED, POP3

KEPT_DAYS = 90
SEEN_AGAIN = dt.timedelta(days=1)


@dataclass(frozen=True)
class Outcome:
    """What became of one mail."""

    outcome: str
    reason: Message | str = ""
    message: int | None = None


def write(env: Env, box: Mapping[str, Any], found: Sequence[tuple[Offered, Incoming | None, Outcome]]) -> None:
    """Enter mails."""
    env.create(OFFERED, [_entry(env, box, *one) for one in found])


def _entry(env: Env, box: Mapping[str, Any], offered: Offered, mail: Incoming | None, became: Outcome) -> dict[str, Any]:
    reason = env.t(became.reason) if isinstance(became.reason, Message) else became.reason
    subject = " ".join((mail.subject if mail else "").split())
    return {
        "mailbox": box["id"], "folder": offered.folder[:255], "uid": offered.uid[:255],
        "identifier": (str(mail.extra.get("message_id") or "")[:320] or None) if mail else None,
        "sender": (mail.sender[:320] or None) if mail else None, "subject": subject[:255] or None,
        "date": min(mail.at, env.now) if mail and mail.at else offered.at, "size": offered.size or len(offered.raw),
        "outcome": became.outcome, "reason": str(reason or "")[:500] or None, "message": became.message}


def known_uids(env: Env, box: int, uids: Sequence[str]) -> Collection[str]:
    """Which mails of a POP3 box are in the ledger; that the server still lists them is noted once a day."""
    found = env.query(OFFERED).where(F.mailbox == box).holding("uid", list(uids)).select("uid", "listed_at").rows()
    stale = {r["id"]: {"listed_at": env.now} for r in found if r["listed_at"] is None or r["listed_at"] < env.now - SEEN_AGAIN}
    env.derive(OFFERED, stale)
    return {r["uid"] for r in found}


def known_mails(env: Env, account: int, box: int, identifiers: Sequence[str]) -> Collection[str]:
    """Which mails are here already, by their Message-IDs: asked when a server numbers a folder anew."""
    wanted = list(identifiers)
    messages = env.query(MESSAGE).where((F.account == account) & (F.direction == IN)).holding("external", wanted).select("external").rows()
    entries = env.query(OFFERED).where(F.mailbox == box).holding("identifier", wanted).select("identifier").rows()
    return {r["external"] for r in messages} | {r["identifier"] for r in entries}


def prune(env: Env, days: int = KEPT_DAYS, most: int = 5000) -> int:
    """Delete old entries; those of mails that a POP3 server still lists stay, as they are what is known of its box."""
    before = env.now - dt.timedelta(days=days)
    old = (F.at < before) & ((F.mailbox.protocol == IMAP) | ((F.mailbox.protocol == POP3) & (F.listed_at < before)))
    return forget(env, OFFERED, old, step=most)
