"""What only mail knows of a message that is to leave: its number, what it answers, the names in its header, pictures inside, and how to
opt out. Filled in for a whole batch by a fixed number of statements, with the rights of whoever writes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from addons.mail import tracking
from addons.mail.addresses import NotMailable, address
from addons.mail.compose import message_id
from addons.messaging import quiet, templating_html, unsubscribing
from addons.messaging.choices import ACCOUNT, COMMERCIAL, MESSAGE, QUEUED
from addons.messaging.queueing import files_seen
from core.api import Env, _

STOP = "/x/messaging/stop/"
RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
LETTER = re.compile(r"[^\W\d_]")
MOST_REFERENCES = 30


def prepare(env: Env, rows: Sequence[dict[str, Any]]) -> None:
    """Fill in the details of messages before they are written."""
    settings = settings_of(env, {r["account"] for r in rows})
    before = _before(env, {r["answers"] for r in rows if r["answers"]})
    names = _names(env, {r["person"] for r in rows if r["person"]})
    seen = _pictures(env, rows)
    closing = bool(quiet.policy(env)["closing"])
    for row in rows:
        known = settings.get(row["account"], {})
        sender = row["sender"] or str(known.get("from_address") or "")
        domain = _domain(sender)
        details = {"lang": language(row["body"] or "", env.lang), **row["details"]}
        row["sender"] = sender or None
        if domain:
            details["message_id"] = message_id(row["key"], domain)
        details |= _answering(before.get(row["answers"]))
        details.setdefault("to", [[_name(row["recipient"]) or names.get(row["person"], ""), row["counterpart"]]])
        if row["automatic"]:
            details.setdefault("automatic", "auto-replied" if row["answers"] else "auto-generated")
        _inside(row, details, seen, domain)
        if row["kind"] == COMMERCIAL:
            _opting_out(env, row, details, closing)
        row["details"] = details
    tracking.plan(env, rows, settings)


def settings_of(env: Env, ids: set[int]) -> dict[int, Mapping[str, Any]]:
    """The readable settings of accounts, by number. Whoever writes from an account need not know how it is set up."""
    with env.elevated("how mails leave") as sudo:
        return {r["id"]: r["settings"] or {} for r in sudo.query(ACCOUNT).archived(None).with_ids(ids).select("settings").rows()}


def language(text: str, usual: str) -> str:
    """In which direction a text is read, as a language: that of most of its letters."""
    letters = LETTER.findall(text[:4000])
    if not letters:
        return usual
    from_right = sum(1 for one in letters if RIGHT_TO_LEFT.match(one)) * 2 > len(letters)
    return "fa" if from_right else "en" if usual == "fa" else usual


def _domain(sender: str) -> str:
    try:
        return address(sender).domain
    except NotMailable:
        return ""


def _name(recipient: str | None) -> str:
    found = re.fullmatch(r"\s*([^<>]*?)\s*<[^<>]+>\s*", recipient or "")
    return found[1].strip('" ') if found else ""


def _names(env: Env, people: set[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """What the people written to are called, as far as the writer may see them."""
    by_record: dict[str, list[int]] = {}
    for record, key in people:
        by_record.setdefault(record, []).append(key)
    return {(record, key): label for record, keys in by_record.items() for key, label in env.labels(record, keys).items()}


def _before(env: Env, ids: set[int]) -> dict[int, Mapping[str, Any]]:
    """The details of messages that are answered, by number."""
    if not ids:
        return {}
    return {r["id"]: r["details"] or {} for r in env.query(MESSAGE).archived(None).with_ids(ids).select("details").rows()}


def _answering(before: Mapping[str, Any] | None) -> dict[str, Any]:
    """In-Reply-To and References, so that every mail program puts the answer under what it answers."""
    number = str((before or {}).get("message_id") or "")
    if not number:
        return {}
    references = [str(one) for one in (before or {}).get("references") or ()]
    return {"in_reply_to": number, "references": list(dict.fromkeys([*references, number]))[-MOST_REFERENCES:]}


# ---------------------------------------------------------------- pictures inside
def _pictures(env: Env, rows: Sequence[Mapping[str, Any]]) -> set[int]:
    """Stored pictures in the texts that the writer may see: others are left out of what leaves."""
    wanted = {number for row in rows if row["html"] for number in templating_html.pictures(row["html"])}
    return files_seen(env, wanted) if wanted else set()


def _inside(row: dict[str, Any], details: dict[str, Any], seen: set[int], domain: str) -> None:
    if not row["html"]:
        return
    wanted = templating_html.pictures(row["html"])
    if wanted - seen:
        row["html"] = templating_html.only_pictures(row["html"], seen)
    shown = sorted(wanted & seen)
    if shown:
        details["inline"] = {f"p{number}@{domain or 'mail'}": number for number in shown}
        row["files"] = list(dict.fromkeys([*row["files"], *shown]))


# ---------------------------------------------------------------- opting out
def _opting_out(env: Env, row: dict[str, Any], details: dict[str, Any], closing: bool) -> None:
    """The header for one click (RFC 8058), and a line below the formatted text unless it has one of its own."""
    url = unsubscribing.unsubscribe_url(env, row["counterpart"], "mail", row["purpose"] or "") if row["state"] == QUEUED else ""
    if not url:
        return
    details["unsubscribe"] = url
    body = row["body"] or ""
    if body.count(STOP) > 1:  # the template says it, too
        row["body"] = body.rpartition("\n")[0].rstrip()
    if closing and row["html"] and STOP not in row["html"]:
        words = env.installation.catalogs.translate(_("To get no more of these messages, press here."), details["lang"])
        row["html"] += f'<p><a href="{escape(url)}">{escape(words)}</a></p>'
