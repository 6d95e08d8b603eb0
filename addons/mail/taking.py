"""What one offered mail becomes: a message, part of one that is there, a report about one of ours, or nothing, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from html import escape
from typing import Any

from addons.mail import bounces, parse, quoted
from addons.mail.compose import key_of
from addons.mail.fetching import BROKEN, KNOWN, LARGE, Offered
from addons.mail.ledger import Outcome
from addons.messaging import receiving, reporting
from addons.messaging.choices import IN, MESSAGE, OUT
from addons.messaging.contract import Incoming
from core.api import Env, F, _

from .choices import FAILED, IMPORTED, LINKED, POP3, REPORT, SKIPPED

MOST_HEAD = 100_000


def take(env: Env, box: Mapping[str, Any], account: Mapping[str, Any], offered: Offered) -> tuple[Incoming | None, Outcome]:
    """Take a mail in; elevated code only. An outcome "" is one that the ledger has already."""
    if offered.state == KNOWN:
        return None, Outcome("" if box["protocol"] == POP3 else LINKED, _("It was here already; the server numbers its mails anew."))
    if offered.state == BROKEN:
        return None, Outcome(FAILED, offered.reason or _("The server could not give the mail."))
    if not offered.raw.strip():
        return None, Outcome(FAILED, _("The mail is empty."))
    mail = parse.parse(offered.raw, offered.at)
    if offered.state != LARGE:
        told = bounces.report(offered.raw)
        if told is not None:
            return mail, _reported(env, told)
    known = _known(env, box, account, offered, mail)
    if known is not None:
        return mail, known
    ids = receiving.receive(env, account, [readable(mail, offered)])
    if not ids:
        return mail, Outcome(LINKED, _("The same mail was here already."), _same(env, account["id"], mail.id))
    return mail, Outcome(IMPORTED, offered.reason if offered.state == LARGE else "", ids[0])


def head(offered: Offered) -> Incoming | None:
    """What the ledger can say of a mail that could not be taken in."""
    try:
        return parse.parse(offered.raw.split(b"\r\n\r\n", 1)[0][:MOST_HEAD] + b"\r\n\r\n", offered.at) if offered.raw else None
    except Exception:  # noqa: BLE001 - the entry is written without it then
        return None


def _reported(env: Env, told: Any) -> Outcome:
    """A mail about one of ours is no mail of its own. Only our unguessable key says whose it is."""
    rows = env.query(MESSAGE).archived(None).where((F.key == told.key) & (F.direction == OUT)).select("account").rows(1) if told.key else []
    if not rows or rows[0]["account"] is None:
        return Outcome(SKIPPED, _("It tells of a mail that did not leave from here."))
    reporting.apply(env, rows[0]["account"].id, [replace(told, id="", key=told.key)])
    return Outcome(REPORT, told.reason, rows[0]["id"])


def _known(env: Env, box: Mapping[str, Any], account: Mapping[str, Any], offered: Offered, mail: Incoming) -> Outcome | None:
    """Mails that are here already, or are none that came."""
    key = key_of(str(mail.extra.get("message_id") or ""))
    if key:
        ours = env.query(MESSAGE).archived(None).where((F.key == key) & (F.account == account["id"])).ids(1)
        if ours:
            return Outcome(LINKED, _("We sent it ourselves."), ours[0])
    if box["sent_folder"] and offered.folder == box["sent_folder"]:
        return Outcome(SKIPPED, _("It was sent from this box by another program."))
    same = _same(env, account["id"], mail.id)
    if same is not None:
        return Outcome(LINKED, _("The same mail was here already."), same)
    since = box["since"]
    if since is not None and mail.at is not None and box["protocol"] == POP3 and mail.at < dt.datetime.combine(since, dt.time(), dt.UTC):
        return Outcome(SKIPPED, _("It is older than the day from which mail is taken over."))
    return None


def _same(env: Env, account: int, external: str) -> int | None:
    query = env.query(MESSAGE).archived(None).where((F.account == account) & (F.direction == IN))
    found = query.holding("external", [external[:255]]).ids(1)
    return found[0] if found else None


def readable(mail: Incoming, offered: Offered) -> Incoming:
    """A mail as messages have it: the text that is new in it, the whole with its history as formatted text."""
    parts = quoted.split(mail.text)
    extra = {**mail.extra, "references": list(mail.references)[-30:], "folder": offered.folder[:255], "size": offered.size}
    text, html = parts.new, mail.html
    if not html and (parts.quoted or parts.signature):
        html = _as_html(parts)
    if offered.state == LARGE:
        text = "\n".join(part for part in (text, str(offered.reason)) if part)
    return replace(mail, text=text, html=html, extra=extra)


def _as_html(parts: quoted.Parts) -> str:
    def lines(text: str) -> str:
        return escape(text).replace("\n", "<br>")

    signature = f'<div style="color: #6b7280">{lines(parts.signature)}</div>' if parts.signature else ""
    history = f"<blockquote>{lines(parts.quoted)}</blockquote>" if parts.quoted else ""
    return f"<div>{lines(parts.new)}</div>{signature}{history}"
