"""What offered mails become: a message, part of one that is there, a report about one of ours, or nothing, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
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
Taken = tuple[Incoming | None, Outcome]
Read = tuple[Offered, Incoming]


def take(env: Env, box: Mapping[str, Any], account: Mapping[str, Any], offered: Sequence[Offered]) -> list[Taken]:
    """Take mails in, in few statements for all of them; elevated code only. An outcome "" is one that the ledger has already."""
    found: dict[int, Taken] = {}
    mails: dict[int, Read] = {}
    reports: dict[int, tuple[Incoming, Any]] = {}
    for at, one in enumerate(offered):
        unread = _unread(box, one)
        if unread is not None:
            found[at] = (None, unread)
            continue
        mail = parse.parse(one.raw, one.at)
        told = bounces.report(one.raw) if one.state != LARGE else None
        if told is None:
            mails[at] = (one, mail)
        else:
            reports[at] = (mail, told)
    found |= _reported(env, reports) | _received(env, box, account, mails)
    return [found[at] for at in range(len(offered))]


def _unread(box: Mapping[str, Any], offered: Offered) -> Outcome | None:
    """Why there is nothing to read; None where there is."""
    if offered.state == KNOWN:
        return Outcome("" if box["protocol"] == POP3 else LINKED, _("It was here already; the server numbers its mails anew."))
    if offered.state == BROKEN:
        return Outcome(FAILED, offered.reason or _("The server could not give the mail."))
    return None if offered.raw.strip() else Outcome(FAILED, _("The mail is empty."))


def head(offered: Offered) -> Incoming | None:
    """What the ledger can say of a mail that could not be taken in."""
    try:
        return parse.parse(offered.raw.split(b"\r\n\r\n", 1)[0][:MOST_HEAD] + b"\r\n\r\n", offered.at) if offered.raw else None
    except Exception:  # noqa: BLE001 - the entry is written without it then
        return None


def _reported(env: Env, reports: Mapping[int, tuple[Incoming, Any]]) -> dict[int, Taken]:
    """Mails about some of ours are no mails of their own. Only our unguessable key says whose each is."""
    keys = sorted({told.key for _mail, told in reports.values() if told.key})
    query = env.query(MESSAGE).archived(None).where(F.direction == OUT).holding("key", keys)
    ours = {r["key"]: r for r in query.select("key", "account").rows() if r["account"] is not None} if keys else {}
    by_account: dict[int, dict[str, Any]] = {}
    found: dict[int, Taken] = {}
    for at, (mail, told) in reports.items():
        row = ours.get(told.key)
        if row is None:
            found[at] = (mail, Outcome(SKIPPED, _("It tells of a mail that did not leave from here.")))
            continue
        found[at] = (mail, Outcome(REPORT, told.reason, row["id"]))
        before = by_account.setdefault(row["account"].id, {})
        if told.key in before:  # two reports about one mail are told one after the other
            reporting.apply(env, row["account"].id, [before.pop(told.key)])
        before[told.key] = replace(told, id="", key=told.key)
    for number, told_of in by_account.items():
        reporting.apply(env, number, list(told_of.values()))
    return found


def _received(env: Env, box: Mapping[str, Any], account: Mapping[str, Any], mails: Mapping[int, Read]) -> dict[int, Taken]:
    """Those that are new become messages."""
    keys = {key for _offered, mail in mails.values() if (key := key_of(str(mail.extra.get("message_id") or "")))}
    query = env.query(MESSAGE).archived(None).where(F.account == account["id"]).holding("key", sorted(keys))
    ours = {r["key"]: r["id"] for r in query.select("key").rows()} if keys else {}
    before = _here(env, account["id"], [mail.id for _offered, mail in mails.values()])
    found: dict[int, Taken] = {}
    new: dict[str, int] = {}
    for at, (offered, mail) in mails.items():
        known = _known(box, offered, mail, ours, before)
        if known is not None:
            found[at] = (mail, known)
        else:
            new.setdefault(mail.id[:255], at)
    receiving.receive(env, account, [readable(mails[at][1], mails[at][0]) for at in new.values()])
    here = _here(env, account["id"], list(new)) if new else {}
    for at, (offered, mail) in mails.items():
        if at not in found:
            number = here.get(mail.id[:255])
            found[at] = (mail, Outcome(IMPORTED, offered.reason if offered.state == LARGE else "", number) if new[mail.id[:255]] == at
                         else Outcome(LINKED, _("The same mail was here already."), number))
    return found


def _known(box: Mapping[str, Any], offered: Offered, mail: Incoming, ours: Mapping[str, int], before: Mapping[str, int]) -> Outcome | None:
    """Mails that are here already, or are none that came."""
    key = key_of(str(mail.extra.get("message_id") or ""))
    if key in ours:
        return Outcome(LINKED, _("We sent it ourselves."), ours[key])
    if box["sent_folder"] and offered.folder == box["sent_folder"]:
        return Outcome(SKIPPED, _("It was sent from this box by another program."))
    if mail.id[:255] in before:
        return Outcome(LINKED, _("The same mail was here already."), before[mail.id[:255]])
    since = box["since"]
    if since is not None and mail.at is not None and box["protocol"] == POP3 and mail.at < dt.datetime.combine(since, dt.time(), dt.UTC):
        return Outcome(SKIPPED, _("It is older than the day from which mail is taken over."))
    return None


def _here(env: Env, account: int, externals: Sequence[str]) -> dict[str, int]:
    """Mails of an account by their Message-IDs."""
    query = env.query(MESSAGE).archived(None).where((F.account == account) & (F.direction == IN))
    found = query.holding("external", sorted({one[:255] for one in externals})).select("external").rows() if externals else []
    return {r["external"]: r["id"] for r in found}


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
