"""Papers that customers open through a signed link: who may see what, and what they answer."""

from __future__ import annotations

import datetime as dt
import hmac
import secrets
from typing import Any

from core.api import Env, NotFound, SarnakhError, _, read_link, sign_link

from . import life, telling

PURPOSE = "sales paper"
SHOWN = {"sales.quote": "q", "sales.invoice": "i"}
_RECORDS = {letter: record for record, letter in SHOWN.items()}
DAYS = (7, 30, 90)


def token(env: Env, record: str, key: int, days: int) -> tuple[str, dt.datetime]:
    """The last part of a link to a paper, and until when it is good: the end of the day so many days from now."""
    end = dt.datetime.combine(env.today + dt.timedelta(days=days + 1), dt.time(), env.tz)
    with env.elevated("link to a paper") as sudo:
        own = sudo.get(record, key, "link_key")
        held = own.link_key
        if not held:
            held = secrets.token_urlsafe(12)
            sudo.update(record, key, {"link_key": held})
    return sign_link(env, PURPOSE, [SHOWN[record], key, held], end.astimezone(dt.UTC)), end


def withdraw(env: Env, record: str, key: int) -> None:
    """All links that were given out stop working."""
    with env.elevated("links to a paper withdrawn") as sudo:
        sudo.update(record, key, {"link_key": secrets.token_urlsafe(12)})


def opened(sudo: Env, text: str) -> tuple[str, int]:
    """The paper that a link shows; NotFound when it is forged, over, withdrawn, or of a paper that is none any more."""
    held = read_link(sudo, PURPOSE, text)
    record = _RECORDS.get(held[0] if isinstance(held, list) and len(held) == 3 else "")
    gone = NotFound(_("This link is over, or was not copied whole. Ask whoever sent it for a new one."))
    if record is None:
        raise gone
    found = sudo.query(record).with_ids([int(held[1])]).archived(None).select("link_key", "status").rows(1)
    if not found or found[0]["status"] == "draft" or not hmac.compare_digest(str(found[0]["link_key"] or ""), str(held[2])):
        raise gone
    return record, int(held[1])


def may_answer(head: Any, today: dt.date) -> bool:
    """Whether a quote waits for an answer."""
    return head.status == "sent" and (head.valid_until is None or head.valid_until >= today)


def answer(env: Env, key: int, yes: bool, name: str, reason: str, ip: str) -> None:
    """What a customer said through the link, once, with time and address."""
    name = " ".join(name.split())[:160]
    if not name:
        raise SarnakhError(_("Please write your name."))
    if not yes and not reason.strip():
        raise SarnakhError(_("Please say why, so that we can do better."))
    with env.elevated("answer of the customer") as sudo:
        head = life.locked(sudo, "sales.quote", [key], "status", "valid_until")[0]
        if not may_answer(head, env.today):
            raise SarnakhError(_("This quote is not open any more."))
        if yes:
            life.accept(sudo, [head], name, ip)
        else:
            life.decline(sudo, key, reason.strip()[:2000], name, ip)
        telling.answered(sudo, key, yes, name)
