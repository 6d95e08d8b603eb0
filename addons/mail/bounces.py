"""Mails about mails: returned as undeliverable (RFC 3464 and what others write), complaints (RFC 5965), receipts.

    told = report(raw)       # a Report of the contract, or None for a mail of its own

Whose mail it is, is told by our unguessable key: in the address that the mail returned to, or in the Message-ID of the mail that
came back. Without it the report names the Message-ID only, and whoever takes it in must not trust it further.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from email.message import Message
from email.parser import HeaderParser

from addons.mail import parse, reading
from addons.mail.addresses import tag_of
from addons.mail.charsets import decode
from addons.mail.compose import key_of
from addons.mail.smtp_client import address_bad
from addons.messaging.contract import Report
from core.api import plain_text

STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?!\.?\d)")
CODE = re.compile(r"\b([45]\d\d)[ -]")
RETURNED = re.compile(
    r"(?i)undeliver|delivery (?:status|failure|has failed|failed)|failure notice|returned mail|mail delivery (?:failed|system)|"
    r"delivery incomplete|message (?:not delivered|could not be delivered)|could not be delivered|not delivered|"
    r"teslim edilemedi|iletilemedi|teslimat (?:hatası|başarısız)|gönderilemedi|"
    r"(?:تحویل|ارسال) (?:نشد|نشده|ناموفق)|پیام (?:شما )?تحویل داده نشد|برگشت خورد")
WAITING = re.compile(r"(?i)delay|still (?:being )?(?:trying|retried)|will (?:be retried|continue|keep trying)|"
                     r"not yet been delivered|gecik|تأخیر|تاخیر")
DAEMON = re.compile(r"(?i)^(?:mailer-?daemon|postmaster|mail-?delivery|bounces?)(?:[+._=-].*)?@")
STATES = {"failed": "bounced", "delayed": "sent", "delivered": "delivered", "relayed": "sent", "expanded": "sent"}
RANK = ("bounced", "delivered", "sent")


def report(raw: bytes) -> Report | None:
    """What a mail tells about one of ours, None when it is a mail like any other."""
    message = parse.read(raw)
    kind = str(message.get_param("report-type") or "").lower() if message.get_content_type() == "multipart/report" else ""
    parts = [part for part, _place in zip(message.walk(), range(parse.MOST_PARTS), strict=False)]
    types = {part.get_content_type() for part in parts}
    if kind == "feedback-report" or "message/feedback-report" in types:
        return _complaint(message, parts)
    if kind == "disposition-notification" or "message/disposition-notification" in types:
        return _receipt(message, parts)
    if "message/delivery-status" in types or "message/global-delivery-status" in types:
        return _status(message, parts)
    return _odd(message, parts)


# ---------------------------------------------------------------- which mail it is about
def _mail(message: Message, parts: list[Message]) -> tuple[str, str]:
    """Our key and the Message-ID of the mail it is about, "" where they are not told."""
    returned = [one for _name, one in reading.people(message, "Delivered-To", "X-Original-To", "Envelope-To", "To")]
    tags = [tag_of(one) for one in returned if one.lower().startswith(("bounce", "return"))]
    identifiers = [one for part in _originals(parts) for one in reading.identifiers(part, "Message-ID")]
    identifiers += reading.identifiers(message, "References", "In-Reply-To")
    keys = [one for one in (*tags, *(key_of(one) for one in identifiers)) if re.fullmatch(r"[A-Za-z0-9_-]{6,120}", one)]
    return next(iter(keys), ""), next(iter(identifiers), "")


def _originals(parts: Iterable[Message]) -> Iterator[Message]:
    """The headers of the mail that came back."""
    for part in list(parts)[1:]:
        kind = part.get_content_type()
        if kind in ("text/rfc822-headers", "message/global-headers"):
            yield _headers(_text(part))
        elif kind in ("message/rfc822", "message/global"):
            yield from parse.children(part)[:1]
    for part in parts:
        if part.get_content_type() == "text/plain":  # qmail and others write the mail under their own words
            found = re.search(r"(?im)^Message-ID:[ \t]*(?:\n[ \t]+)?<[^<>\s]+>", _text(part)[:100_000])
            if found:
                yield _headers(found[0] + "\n\n")


def _headers(text: str) -> Message:
    return HeaderParser().parsestr(re.sub(r"\r\n?", "\n", text[:100_000]).lstrip())


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    return decode(payload, part.get_content_charset()) if isinstance(payload, bytes) else ""


# ---------------------------------------------------------------- the kinds
def _status(message: Message, parts: list[Message]) -> Report:
    """RFC 3464; of several recipients the worst counts."""
    told = sorted((one for part in parts if part.get_content_type() in ("message/delivery-status",
        "message/global-delivery-status")
                   for one in _recipients(part)), key=lambda one: RANK.index(one[0]))
    key, identifier = _mail(message, parts)
    if not told:
        return Report("bounced", identifier, key, reading.date(message), reason=_said(parts))
    state, code, reason = told[0]
    return Report(state, identifier, key, reading.date(message), code, reason,  # type: ignore[arg-type]
                  address_bad=state == "bounced" and address_bad(code, reason))


def _recipients(part: Message) -> Iterator[tuple[str, str, str]]:
    payload = part.get_payload()
    blocks = [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else [
        _headers(block) for block in re.split(r"\n\s*\n", re.sub(r"\r\n?", "\n", _text(part)))]
    for block in blocks[:100]:
        action = reading.text(block, "Action").lower().split()
        if not action:
            continue
        found = STATUS.search(reading.text(block, "Status"))
        said = reading.text(block, "Diagnostic-Code").partition(";")[2].strip() or reading.text(block, "Diagnostic-Code")
        code = found[0] if found else ""
        better = STATUS.search(said)
        if better and code in ("", "5.0.0", "4.0.0"):
            code = better[0]
        who = reading.text(block, "Final-Recipient").partition(";")[2].strip() or reading.text(block,
            "Original-Recipient").partition(";")[2].strip()
        yield STATES.get(action[0], "bounced" if code.startswith("5")
                         else "sent"), code, f"{who}: {said or code}"[:500] if who else said[:500]


def _complaint(message: Message, parts: list[Message]) -> Report | None:
    told = next((_block(part) for part in parts if part.get_content_type() == "message/feedback-report"), None)
    kind = reading.text(told, "Feedback-Type").lower() if told is not None else "abuse"
    if kind == "not-spam":
        return None
    key, identifier = _mail(message, parts)
    state = "complained" if kind in ("abuse", "fraud", "opt-out", "opt-out-list", "miscategorized", "other", "virus",
                                     "") else "failed"
    return Report(state, identifier, key, reading.date(message), kind or "abuse", _said(parts), unwanted=state == "complained")  # type: ignore[arg-type]


def _receipt(message: Message, parts: list[Message]) -> Report | None:
    told = next((_block(part) for part in parts if part.get_content_type() == "message/disposition-notification"), None)
    if told is None or "displayed" not in reading.text(told, "Disposition").lower():
        return None
    key, identifier = _mail(message, parts)
    about = next(iter(reading.identifiers(told, "Original-Message-ID")), "")
    return Report("read", about or identifier, key_of(about) or key, reading.date(message))


def _block(part: Message) -> Message:
    payload = part.get_payload()
    if isinstance(payload, list):
        return next((one for one in payload if isinstance(one, Message)), Message())
    return _headers(_text(part))


def _odd(message: Message, parts: list[Message]) -> Report | None:
    """What keeps to no standard. It must come from a machine and look like a returned mail: people write about those, too."""
    subject = reading.text(message, "Subject")
    machine = any(DAEMON.match(one) for _name, one in reading.people(message, "From", "Sender")) or (
        reading.raw(message, "Return-Path").replace(" ", "") == "<>" and message.get("Auto-Submitted") is None)
    failed = [one for _name, one in reading.people(message, "X-Failed-Recipients")]
    said = _said(parts)
    if not failed and not (machine and (RETURNED.search(subject) or RETURNED.search(said[:2000]))):
        return None
    key, identifier = _mail(message, parts)
    status, code = STATUS.search(said), CODE.search(said)
    number = status[0] if status else code[1] if code else ""
    waiting = number.startswith("4") or (not number.startswith("5") and bool(WAITING.search(subject)
        or WAITING.search(said[:2000])))
    line = next((line.strip() for line in said.splitlines() if (number and number in line) or re.search(r"(?i)unknown|no such",
        line)), "")
    reason = (f"{failed[0]}: {line}" if failed else line or subject)[:500]
    bad = not waiting and address_bad(status[0] if status else "", said[:5000])
    return Report("sent" if waiting else "bounced", identifier, key, reading.date(message), number, reason, address_bad=bad)


def _said(parts: list[Message]) -> str:
    """What the machine says to people."""
    for part in parts:
        if part.get_content_type() == "text/plain":
            return _text(part).strip()[:20_000]
        if part.get_content_type() == "text/html":
            return plain_text(_text(part))[:20_000]
    return ""
