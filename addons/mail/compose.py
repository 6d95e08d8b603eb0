"""A mail from what is to be said: names in any script, text and HTML, pictures inside, files, an invitation, and honest headers.

    mail = compose(Draft(sender=("شرکت پارس", "info@pars.example"), to=[("Ayşe", "ayse@example.org")], subject=..., text=...))
    mail.content, mail.sender, mail.recipients     # what a server is given

Blind copies are in the envelope and never in the content.
"""

from __future__ import annotations

import datetime as dt
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache

import css_inline

from addons.mail.addresses import Address, NotMailable, address
from addons.mail.headers import POLICY, Ready, clean, exact, identifiers, mailboxes, text
from addons.messaging.contract import File
from core.api import _, plain_text

OURS = re.compile(r"<?s\.([A-Za-z0-9_-]{6,120})\.[A-Za-z0-9_-]*@[^\s<>@]+>?")
TYPE = re.compile(r"([A-Za-z0-9][\w!#$&^.+-]{0,60})/([A-Za-z0-9][\w!#$&^.+-]{0,60})")
LINE = re.compile(r"\r\n|\r|\n")
MOST_HTML = 2_000_000
FIXED = frozenset(["from", "to", "cc", "bcc", "subject", "date", "message-id", "in-reply-to", "references", "mime-version",
                   "content-type", "content-transfer-encoding", "sender", "return-path", "dkim-signature", "received"])


@dataclass(frozen=True)
class Draft:
    """What is to be said. People are (name, address). `key`: the unguessable key of this message or its thread; it is in the
    Message-ID, so answers and returned mails find their way. `bounces`: the address that undeliverable mail returns to.
    `unsubscribe`: an https address that unsubscribes by one POST, `unsubscribe_mail` an address for the same. `automatic`:
    "auto-generated" or "auto-replied" when no person wrote it. `calendar`: an invitation (iCalendar); `headers`: others."""

    sender: tuple[str, str]
    to: Sequence[tuple[str, str]]
    subject: str = ""
    text: str = ""
    html: str = ""
    cc: Sequence[tuple[str, str]] = ()
    bcc: Sequence[tuple[str, str]] = ()
    reply_to: Sequence[tuple[str, str]] = ()
    files: Sequence[File] = ()
    key: str = ""
    message_id: str = ""
    in_reply_to: str = ""
    references: Sequence[str] = ()
    at: dt.datetime | None = None
    bounces: str = ""
    unsubscribe: str = ""
    unsubscribe_mail: str = ""
    automatic: str = ""
    bulk: bool = False
    calendar: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Mail:
    """A mail ready to go: the envelope and the content as bytes. `utf8`: a name before some @ is not plain, so the server must
    know SMTPUTF8."""

    sender: str
    recipients: tuple[str, ...]
    message_id: str
    content: bytes = field(repr=False)
    utf8: bool = False


def message_id(key: str, domain: str, part: str = "") -> str:
    """A Message-ID of ours, in angle brackets, that carries a key. The same key and part give the same one."""
    return f"<s.{key}.{part or 'm'}@{domain}>"


def key_of(identifier: str) -> str:
    """The key in a Message-ID of ours, "" for those of others."""
    found = OURS.fullmatch(identifier.strip())
    return found[1] if found else ""


def compose(draft: Draft) -> Mail:
    """The mail. NotMailable when an address is none, nobody is to get it, or a header would begin another."""
    sender = address(draft.sender[1])
    recipients = _recipients(draft)
    message = EmailMessage(policy=POLICY)
    own = draft.message_id or message_id(draft.key or secrets.token_urlsafe(18), sender.domain)
    _head(message, draft, own)
    _body(message, draft)
    envelope = address(draft.bounces) if draft.bounces else sender
    everyone = (sender, envelope, *recipients, *(address(one) for _name, one in draft.reply_to))
    content = message.as_bytes(policy=POLICY)
    return Mail(str(envelope), tuple(dict.fromkeys(str(one) for one in recipients)), str(message["Message-ID"]), content,
                not all(one.ascii for one in everyone))


def _recipients(draft: Draft) -> list[Address]:
    found = [address(one) for _name, one in (*draft.to, *draft.cc, *draft.bcc)]
    if not found:
        raise NotMailable(_("A mail needs somebody to go to."))
    return found


def _head(message: EmailMessage, draft: Draft, own: str) -> None:
    message["Date"] = Ready(format_datetime(draft.at or dt.datetime.now(dt.UTC)))
    message["Message-ID"] = identifiers([own])
    message["From"] = mailboxes([draft.sender], "From")
    for name, people in (("To", draft.to), ("Cc", draft.cc), ("Reply-To", draft.reply_to)):
        if people:
            message[name] = mailboxes(people, name)
    if not draft.to and not draft.cc:
        message["To"] = Ready("undisclosed-recipients:;")
    message["Subject"] = text(draft.subject)
    if draft.in_reply_to:
        message["In-Reply-To"] = identifiers([draft.in_reply_to])
    references = list(dict.fromkeys([*draft.references, *([draft.in_reply_to] if draft.in_reply_to else [])]))
    if references:  # the first begins the conversation, the last are the nearest; some servers refuse endless ones
        message["References"] = identifiers(references if len(references) <= 30 else [references[0], *references[-29:]])
    if draft.automatic:
        message["Auto-Submitted"] = exact("Auto-Submitted", draft.automatic)[1]
        message["X-Auto-Response-Suppress"] = Ready("All")
    if draft.bulk or draft.automatic:
        message["Precedence"] = Ready("bulk" if draft.bulk else "auto_reply")
    _unsubscribing(message, draft)
    for name, value in draft.headers.items():
        if name.lower() in FIXED:
            raise NotMailable(_("The header {name} is written by the mail itself.", name=name))
        one, ready = exact(name, value)
        message[one] = ready


def _unsubscribing(message: EmailMessage, draft: Draft) -> None:
    ways = [f"<mailto:{address(draft.unsubscribe_mail)}>"] if draft.unsubscribe_mail else []
    if draft.unsubscribe:
        if not re.fullmatch(r"https?://[!-;=?-~]+", draft.unsubscribe):
            raise NotMailable(_("The address for unsubscribing is not an address of the web."))
        ways.insert(0, f"<{draft.unsubscribe}>")
    if ways:
        message["List-Unsubscribe"] = Ready(",\r\n ".join(ways))
    if draft.unsubscribe.startswith("https://"):
        message["List-Unsubscribe-Post"] = Ready("List-Unsubscribe=One-Click")


# ---------------------------------------------------------------- the body
def _body(message: EmailMessage, draft: Draft) -> None:
    html = inlined(draft.html) if draft.html else ""
    _set_text(message, draft.text or plain_text(html), "plain")
    inside = [file for file in draft.files if file.inline_id and html]
    if html:
        _set_text(message, html, "html", alternative=True)
        part = message.get_payload()[1]  # type: ignore[index]
        for file in inside:
            main, sub = media_type(file)
            part.add_related(file.content, main, sub, cid=f"<{_cid(file)}>", filename=file_name(file.name),  # type: ignore[union-attr]
                             disposition="inline")
    if draft.calendar:
        found = re.search(r"(?im)^METHOD:([A-Z-]{1,20})\s*$", draft.calendar)
        message.add_alternative(_lines(draft.calendar), subtype="calendar", cte="base64",
                                params={"method": found[1].upper() if found else "PUBLISH"})
    for file in draft.files:
        if file not in inside:
            main, sub = media_type(file)
            message.add_attachment(file.content, main, sub, filename=file_name(file.name))


def _set_text(message: EmailMessage, content: str, subtype: str, alternative: bool = False) -> None:
    written = _lines(content)
    few = sum(not char.isascii() for char in written) * 6 < len(written)
    setting = message.add_alternative if alternative else message.set_content
    setting(written, subtype=subtype, charset="utf-8", cte="quoted-printable" if few else "base64")


def _lines(content: str) -> str:
    return LINE.sub("\n", content).encode("utf-8", "replace").decode("utf-8")


def _cid(file: File) -> str:
    cid = file.inline_id.strip().strip("<>")
    if not re.fullmatch(r"[!-;=?-~]{1,200}", cid):
        raise NotMailable(_("{text} is not the number of a picture.", text=clean(cid)[:50]))
    return cid


def file_name(name: str) -> str:
    """A file's name without folders and signs that end a header; "file" when nothing is left."""
    last = re.split(r"[/\\]", clean(name))[-1]
    return re.sub(r"[\x00-\x1f\x7f]", "_", last).strip(" .")[:150] or "file"


def media_type(file: File) -> tuple[str, str]:
    """The two halves of a file's type; a plain file where it is none, or one that mail treats otherwise (messages, parts)."""
    found = TYPE.match(file.type.strip())
    if not found or found[1].lower() in ("message", "multipart"):
        return "application", "octet-stream"
    return found[1].lower(), found[2].lower()


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)


def inlined(html: str) -> str:
    """HTML with the rules of its style sheets written into the elements, as many programs read nothing else."""
    if "<style" not in html.lower() or len(html) > MOST_HTML:
        return html
    try:
        return _inliner().inline(html)
    except css_inline.InlineError:
        return html  # it still looks right where style sheets are read
