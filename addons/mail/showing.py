"""A mail on our pages: a frame in which nothing runs, around a document of its own that holds the cleaned text.

The document is answered by a route; its own policy lets it load pictures of the mail itself, and those from elsewhere only once
somebody asked for them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from markupsafe import Markup

from addons.mail.sanitise import sanitise
from addons.messaging.choices import MESSAGE, OUT
from core.api import ME, Env, F, NotFound, _

from .choices import PICTURES

SANDBOX = "allow-popups allow-popups-to-escape-sandbox allow-forms allow-same-origin"
STORED = re.compile(r'(<img\b[^>]*?\bsrc=")/files/(\d+)[^"]*(")', re.IGNORECASE)
FRAME = Markup('<div class="mail-view">{}<iframe class="mail-frame" data-mail-frame loading="lazy" sandbox="{}" src="/x/mail/show/{}" '
               'title="{}"></iframe></div>')
MOST_SHOWN = 12
TEXT_AFTER = 40


def show(env: Env, message: Mapping[str, Any]) -> str:
    """The frame for a message, with everybody it went to; for pages that others make."""
    return FRAME.format(people(env, message.get("details") or {}), SANDBOX, message["id"], env.t(_("Text of the mail")))


def people(env: Env, details: Mapping[str, Any]) -> Markup:
    """To, Cc and Bcc, where there is more than the one that the page names anyway."""
    lines = Markup("")
    named = [(label, details.get(name) or ()) for name, label in (("to", _("To", context="message")), ("cc", _("Cc")), ("bcc", _("Bcc")))]
    if sum(len(found) for _label, found in named) < 2:
        return lines
    for label, found in named:
        if found:
            shown = Markup(", ").join(_person(one) for one in found[:MOST_SHOWN])
            more = env.t(_(" and {count} more", count=len(found) - MOST_SHOWN)) if len(found) > MOST_SHOWN else ""
            lines += Markup('<div class="mail-people"><span class="muted">{}</span> {}{}</div>').format(env.t(label), shown, more)
    return lines


def _person(one: Sequence[Any]) -> Markup:
    name, address = str(one[0] or ""), str(one[1] or "")
    return Markup('<bdi title="{}">{}</bdi>').format(address, name) if name else Markup('<bdi dir="ltr">{}</bdi>').format(address)


# ---------------------------------------------------------------- the document in the frame
@dataclass(frozen=True)
class Document:
    """`html`: safe. `blocked`: pictures from elsewhere that are not shown. `policy`: the content security policy that goes with it.
    `sender`: whose pictures may be shown always, "" for mails of our own."""

    html: str
    blocked: int
    policy: str
    sender: str = ""


def document(env: Env, key: int, pictures: bool) -> Document:
    """The text of a mail for its frame; NotFound where the reader may not see it."""
    rows = env.query(MESSAGE).archived(None).with_ids([key]).where(F.channel == "mail").select(
        "html", "body", "details", "direction", "counterpart").rows(1)
    if not rows:
        raise NotFound
    row = rows[0]
    ours = row["direction"] == OUT
    remote = pictures or ours or _trusted(env, row["counterpart"] or "")
    inline = dict((row["details"] or {}).get("inline") or {})
    cids = {str(cid): f"/files/{int(number)}?inline=1" for cid, number in inline.items()}
    html = row["html"] or f"<pre>{escape(row['body'] or '')}</pre>"
    if ours:
        html = STORED.sub(lambda found: f"{found[1]}cid:stored{found[2]}{found[3]}", html)
        cids |= {f"stored{int(number)}": f"/files/{int(number)}?inline=1" for number in inline.values()}
    shown = sanitise(html, remote=remote, cids=cids)
    images = "'self' data: https: http:" if remote else "'self' data:"
    policy = (f"default-src 'none'; style-src 'self' 'unsafe-inline'; img-src {images}; form-action 'self'; base-uri 'none'; "
              f"frame-ancestors 'self'; sandbox {SANDBOX}")
    return Document(folded(shown.html, env.t(_("Show quoted text"))), shown.blocked, policy, "" if ours else row["counterpart"] or "")


def _trusted(env: Env, address: str) -> bool:
    """Whether the reader said that pictures of this sender are always shown."""
    return bool(address) and env.can("read", PICTURES) and env.query(PICTURES).where((F.user == ME) & (F.address == address)).exists()


def trust(env: Env, key: int) -> None:
    """Always show the acting person pictures of whoever wrote a mail that they may see."""
    query = env.query(MESSAGE).archived(None).with_ids([key]).where((F.channel == "mail") & (F.direction != OUT))
    rows = query.select("counterpart").rows(1)
    if not rows or not rows[0]["counterpart"]:
        raise NotFound
    address = rows[0]["counterpart"]
    if not _trusted(env, address):
        with env.elevated("pictures of a sender") as sudo:
            sudo.create(PICTURES, {"user": env.actor.id, "address": address})


def folded(html: str, label: str) -> str:
    """Cleaned HTML with the history at its end folded away. A quotation that more text follows stays as it is."""
    start = html.find("<blockquote")
    if start < 0:
        return html
    depth = 0
    for found in re.finditer(r"<(/?)blockquote\b[^>]*>", html[start:]):
        depth += -1 if found[1] else 1
        if depth == 0:
            end = start + found.end()
            after = re.sub(r"<[^>]*>|&nbsp;|\s", "", html[end:])
            before = re.sub(r"<[^>]*>|&nbsp;|\s", "", html[:start])
            if len(after) > TEXT_AFTER or not before:
                return html
            return f'{html[:start]}<details class="quoted"><summary>{escape(label)}</summary>{html[start:end]}</details>{html[end:]}'
    return html
