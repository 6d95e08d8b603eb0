"""Seeing whether mails are opened and links pressed: off unless an account switches it on, and never for those who want no mail.

Addresses are signed, with the target of a link inside: nobody can make this server lead elsewhere. What machines fetch (previews,
scanners) is not counted.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping, Sequence
from html import escape, unescape
from typing import Any

from addons.messaging import accounts, consents, reporting
from addons.messaging.choices import ACCOUNT, BOUNCED, CANCELLED, COMMERCIAL, MESSAGE, OUT, QUEUED, WITHDRAWN
from addons.messaging.contract import FLAG, Report, Setting
from core.api import Env, F, NotFound, _, read_link, sign_link

OFF, ADVERTS, ALL = "", "commercial", "all"
UNTRACKED = "untracked"
"""In the details of a message that its writer does not want to be followed."""
OPENED, CLICKED = "mail.opened", "mail.clicked"
LIFE = dt.timedelta(days=400)
QUICK = dt.timedelta(seconds=5)
LINK = re.compile(r'(<a\b[^>]*?\bhref=")(https?://[^"]{1,1200})(")', re.IGNORECASE)
MOST_LINKS = 100
MACHINES = re.compile(r"(?i)bot\b|crawl|spider|preview|scan|slurp|facebookexternalhit|whatsapp|telegram|slack|skype|curl|wget|python|"
                      r"java/|go-http|libwww|headless|barracuda|mimecast|proofpoint|safelinks|monitor")


# ---------------------------------------------------------------- before sending
def plan(env: Env, rows: Sequence[dict[str, Any]], settings: Mapping[int, Mapping[str, Any]]) -> None:
    """Give the messages that are to be followed their addresses."""
    public = accounts.public_address(env)
    chosen = [r for r in rows if public and r["state"] == QUEUED and r["html"] and _wanted(r, settings.get(r["account"], {}))]
    if not chosen:
        return
    against = _against(env, {r["counterpart"] for r in chosen})
    for row in chosen:
        if row["counterpart"] not in against:
            row["details"] = {**row["details"], **_addresses(env, public, row, settings[row["account"]])}


def _wanted(row: Mapping[str, Any], known: Mapping[str, Any]) -> bool:
    """Whether the account and the message itself want it."""
    how = str(known.get("track") or OFF)
    return (how == ALL or (how == ADVERTS and row["kind"] == COMMERCIAL)) and not row["details"].get(UNTRACKED)


def switches(env: Env, ids: Sequence[int]) -> list[Setting]:
    """What a composer offers where one of the accounts follows its mails at all."""
    with env.elevated("how mails leave") as sudo:
        rows = sudo.query(ACCOUNT).with_ids(ids).select("settings").rows() if ids and accounts.public_address(env) else []
    if not any((r["settings"] or {}).get("track") for r in rows):
        return []
    return [Setting(UNTRACKED, _("Do not follow this mail"), kind=FLAG,
                    help=_("Nobody sees whether it was opened or its links were pressed."))]


def _addresses(env: Env, public: str, row: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    until = env.now + LIFE
    found: dict[str, Any] = {}
    if known.get("track_opens", True):
        found["pixel"] = f"{public}/x/mail/o/{sign_link(env, OPENED, [row['key']], until)}.gif"
    if known.get("track_clicks", True):
        targets = dict.fromkeys(unescape(m[2]) for m in LINK.finditer(row["html"]))
        found["links"] = {one: f"{public}/x/mail/c/{sign_link(env, CLICKED, [row['key'], one], until)}"
                          for one in list(targets)[:MOST_LINKS] if "/x/messaging/stop/" not in one}
    return found


def applied(html: str, extra: Mapping[str, Any]) -> str:
    """The text that leaves: links over this server, and the picture that tells of opening."""
    links: Mapping[str, str] = extra.get("links") or {}
    if links:
        html = LINK.sub(lambda m: f"{m[1]}{escape(links.get(unescape(m[2]), unescape(m[2])))}{m[3]}", html)
    pixel = str(extra.get("pixel") or "")
    return f'{html}<img src="{escape(pixel)}" width="1" height="1" alt="">' if pixel else html


# ---------------------------------------------------------------- afterwards
def opened(env: Env, token: str, machine: bool) -> int | None:
    """A mail was opened; its number where that counts. A forged address tells and does nothing."""
    try:
        value = read_link(env, OPENED, token)
    except NotFound:
        return None
    return None if machine or not _texts(value, 1) else _seen(env, value[0])


def clicked(env: Env, token: str, machine: bool) -> tuple[str, int | None]:
    """Where a link leads, and the number of its mail where pressing it counts. NotFound when it is forged or over."""
    value = read_link(env, CLICKED, token)
    if not _texts(value, 2) or not value[1].startswith(("https://", "http://")):
        raise NotFound
    return value[1], None if machine else _seen(env, value[0])


def _texts(value: Any, count: int) -> bool:
    return isinstance(value, list) and len(value) == count and all(isinstance(one, str) for one in value)


def _seen(env: Env, key: str) -> int | None:
    """Write down that somebody read a mail, unless they have come to want none."""
    with env.elevated("a mail was opened") as sudo:
        rows = sudo.query(MESSAGE).archived(None).where((F.key == key) & (F.direction == OUT)).select(
            "account", "counterpart", "state", "sent_at").rows(1)
        if not rows or rows[0]["account"] is None or rows[0]["state"] in (BOUNCED, CANCELLED):
            return None
        row = rows[0]
        if row["sent_at"] is not None and env.now < row["sent_at"] + QUICK:
            return None  # servers on the way look into mails at once
        if _against(sudo, [row["counterpart"]]):
            return None
        reporting.apply(sudo, row["account"].id, [Report("read", key=key)])
        return int(row["id"])


def _against(env: Env, addresses: Collection[str]) -> set[str]:
    """Those of the addresses that want no mail."""
    return {one for one, known in consents.standing(env, "mail", addresses).items() if known.state == WITHDRAWN}


def is_machine(method: str, headers: Mapping[str, str]) -> bool:
    """Whether a request comes from a program that nobody asked to read the mail: scanners, previews, prefetching."""
    purpose = " ".join(headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")).lower()
    agent = headers.get("User-Agent", "")
    return method != "GET" or "prefetch" in purpose or "preview" in purpose or not agent or MACHINES.search(agent) is not None
