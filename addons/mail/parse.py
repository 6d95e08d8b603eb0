"""A mail as it came, read into what all channels know: `parse(raw)` never fails, however broken the mail is.

Read within limits: nesting, number of parts and files, length of texts. What goes beyond them stays in the mail itself, which is
then kept as a file.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import compat32

from addons.mail import reading, winmail
from addons.mail.automatic import why_automatic
from addons.mail.charsets import decode
from addons.messaging.contract import File, Incoming
from core.api import plain_text

MOST_PARTS = 500
MOST_FILES = 200
MOST_TEXT = 1_000_000
MOST_HTML = 3_000_000
MOST_HEAD = 512_000
DEEPEST = 40
KEPT_HEADERS = ("Auto-Submitted", "Precedence", "List-Id", "List-Unsubscribe", "X-Mailer", "User-Agent", "X-Priority",
                "Importance",
                "Authentication-Results", "Return-Path", "X-Spam-Flag", "X-Spam-Status", "Disposition-Notification-To")


@dataclass
class _Found:
    text: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    calendar: list[dict[str, str]] = field(default_factory=list)
    more: bool = False


def parse(raw: bytes, received: dt.datetime | None = None) -> Incoming:
    """A mail. `received`: when the server got it, for mails whose own date is impossible.

    `extra` holds "to", "cc", "reply_to" as (name, address), "message_id", "in_reply_to", "list_id", "delivered_to", "return_path",
    "why_automatic", "headers", and "calendar" with method and name of each invitation, which is among the files."""
    message = read(raw)
    found = _Found()
    for part in _parts(message, found):
        _take(part, found)
    if found.more:
        found.files.append(File("original.eml", raw, "message/rfc822"))
    return _incoming(message, raw, found, received)


def read(raw: bytes) -> Message:
    """The mail as the standard library has it; a mail that is one text where it is nested beyond reason."""
    raw = _bounded(raw)
    try:
        if len(re.findall(rb"(?i)boundary\s*=", raw)) <= 300:
            return message_from_bytes(raw, policy=compat32)
    except (RecursionError, ValueError, LookupError, TypeError):
        pass
    head = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0]
    message = message_from_bytes(re.sub(rb"(?im)^(content-type|content-transfer-encoding)[ \t]*:.*(?:\n[ \t].*)*\n?", b"", head) +
                                 b"\r\n\r\n",
                                 policy=compat32)
    message["X-Not-Read"] = "yes"
    return message


def _bounded(raw: bytes) -> bytes:
    raw = raw.lstrip(b"\r\n")
    if raw.startswith(b"From ") and b"\n" in raw[:2000]:
        raw = raw.split(b"\n", 1)[1]  # as files of mails begin them
    found = re.search(rb"\r?\n\r?\n", raw)
    end = found.start() if found else len(raw)
    return raw if end <= MOST_HEAD else raw[:MOST_HEAD].rpartition(b"\n")[0] + b"\r\n\r\n" + raw[end:].lstrip(b"\r\n")


# ---------------------------------------------------------------- its parts
def _parts(message: Message, found: _Found) -> Iterator[Message]:
    if message.get("X-Not-Read"):
        found.more = True
        return
    waiting: list[tuple[Message, int]] = [(message, 0)]
    seen = 0
    while waiting:
        part, depth = waiting.pop()
        seen += 1
        if seen > MOST_PARTS or depth > DEEPEST:
            found.more = True
            return
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            waiting.extend((one, depth + 1) for one in reversed(children(part)))
        else:
            yield part


def children(part: Message) -> list[Message]:
    """The parts of a part, none for a text."""
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def _take(part: Message, found: _Found) -> None:
    kind = part.get_content_type()
    name = reading.file_name(part)
    disposition = str(part.get("content-disposition", "")).strip().lower()
    if kind.startswith("message/") and part.is_multipart():
        _take_message(part, kind, name, found)
        return
    content = _content(part)
    if kind.startswith("multipart/"):
        kind = "text/plain"  # its boundary never came
    if winmail.is_winmail(kind, name):
        parcel = winmail.unpacked(content)
        if parcel is not None:
            _unpack(parcel, found)
            return
    attached = disposition.startswith("attachment") or bool(name)
    if kind == "text/calendar":
        _take_calendar(part, content, name, found)
    elif kind in ("text/plain", "text/html") and not attached:
        texts = found.html if kind == "text/html" else found.text
        texts.append(decode(content, part.get_content_charset()))
    elif content or name:
        _add(found, File(name or _named(kind, found), content, kind, _cid(part)))


def _take_message(part: Message, kind: str, name: str, found: _Found) -> None:
    inner = children(part)
    if kind == "message/rfc822" and inner:
        head = inner[0]
        content = _content(part, encoded=head) if _encoding(part) == "base64" else _bytes(head)
        subject = re.sub(r'[\x00-\x1f/\\:*?"<>|]', "_", reading.text(head, "Subject"))[:100]
        _add(found, File(name or f"{subject or 'message'}.eml", content, kind))
    else:
        _add(found, File(name or _named(kind, found), b"\n".join(_bytes(one) for one in inner), kind))


def _content(part: Message, encoded: Message | None = None) -> bytes:
    if encoded is not None:
        try:
            return base64.b64decode(str(encoded.get_payload()), validate=False)
        except (binascii.Error, ValueError):
            return _bytes(encoded)
    try:
        content = part.get_payload(decode=True)
    except (ValueError, LookupError, TypeError, AssertionError, IndexError):
        content = None
    if isinstance(content, bytes):
        return content
    payload = part.get_payload()
    return payload.encode("utf-8", "surrogateescape") if isinstance(payload, str) else b""


def _bytes(part: Message) -> bytes:
    try:
        return part.as_bytes()
    except (ValueError, LookupError, TypeError, UnicodeError, KeyError, RecursionError):
        return b""


def _encoding(part: Message) -> str:
    return str(part.get("content-transfer-encoding", "")).strip().lower()


def _take_calendar(part: Message, content: bytes, name: str, found: _Found) -> None:
    text = decode(content, part.get_content_charset())
    declared = str(part.get_param("method") or "")
    written = re.search(r"(?im)^METHOD:([A-Z-]{1,20})\s*$", text)
    method = (written[1] if written else declared).upper()[:20]
    name = name or "invite.ics"
    if not any(file.content == content for file in found.files):  # many programs send it twice
        _add(found, File(name, content, f"text/calendar; method={method}" if re.fullmatch(r"[A-Z-]+", method)
                         else "text/calendar"))
        found.calendar.append({"method": method, "name": name})


def _unpack(parcel: tuple[list[File], str, str], found: _Found) -> None:
    files, text, html = parcel
    for file in files:
        _add(found, File(file.name, file.content, mimetypes.guess_type(file.name)[0] or file.type))
    if text and not found.text:
        found.text.append(text)
    if html and not found.html:
        found.html.append(html)


def _add(found: _Found, file: File) -> None:
    if len(found.files) < MOST_FILES:
        found.files.append(file)
    else:
        found.more = True


def _named(kind: str, found: _Found) -> str:
    return f"file{len(found.files) + 1}{mimetypes.guess_extension(kind) or '.bin'}"


def _cid(part: Message) -> str:
    return str(part.get("content-id", "")).strip().strip("<>")[:200]


# ---------------------------------------------------------------- all of it
def _incoming(message: Message, raw: bytes, found: _Found, received: dt.datetime | None) -> Incoming:
    html = "\n".join(found.html)[:MOST_HTML]
    text = _tidy("\n".join(found.text)) or plain_text(html)
    senders = reading.people(message, "From") or reading.people(message, "Sender", "Reply-To", "Return-Path")
    name, sender = senders[0] if senders else ("", "")
    to, delivered = reading.people(message, "To"), [one for _name, one in reading.people(message, "Delivered-To", "X-Original-To",
        "Envelope-To")]
    answered = reading.identifiers(message, "In-Reply-To")
    references = [one for one in reading.identifiers(message, "References") if one not in answered] + answered[-1:]
    identifier = next(iter(reading.identifiers(message, "Message-ID")), "")
    why = why_automatic(message)
    extra = {
        "to": to, "cc": reading.people(message, "Cc"), "reply_to": reading.people(message, "Reply-To"),
        "message_id": identifier, "in_reply_to": answered[-1] if answered else "", "list_id": reading.text(message,
            "List-Id")[:300],
        "delivered_to": delivered, "return_path": reading.raw(message, "Return-Path").strip("<>")[:320],
        "why_automatic": why, "calendar": found.calendar,
        "headers": {one: reading.text(message, one)[:1000] for one in KEPT_HEADERS if message.get(one) is not None},
    }
    return Incoming(id=identifier if 0 < len(identifier) <= 250 else _stable(message, raw, identifier), sender=sender.lower(),
                    to=(delivered or [address for _name, address in to] or [""])[0].lower(), text=text[:MOST_TEXT],
                    at=reading.date(message, received), name=name[:200], subject=reading.text(message, "Subject")[:998],
                    html=html,
                    files=tuple(found.files), references=tuple(references), automatic=bool(why), extra=extra)


def _tidy(text: str) -> str:
    return re.sub(r"\r\n?", "\n", text).replace("\x00", "").strip("\n").rstrip()


def _stable(message: Message, raw: bytes, identifier: str) -> str:
    """The same for the same mail in any folder: servers add headers on top, and change nothing else."""
    digest = hashlib.sha256(identifier.encode("utf-8", "replace"))
    if not identifier:
        for name in ("From", "To", "Date", "Subject"):
            digest.update("\x00".join(reading.raw_values(message, name)).encode("utf-8", "replace") + b"\x01")
        digest.update((re.split(rb"\r?\n\r?\n", raw, maxsplit=1) + [b""])[1].replace(b"\r\n", b"\n").strip())
    return f"sha256:{digest.hexdigest()}"
