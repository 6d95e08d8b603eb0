"""“Did this help?”: one answer for each visitor and article, which the visitor may change; floods are kept out.

Visitors have no cookie. They are told apart by a digest of their address and browser, made with the site's key, so that
nothing about them can be found out from it; several people behind one address with the same browser count once.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac

from core.api import Env, F, SarnakhError, _

from .choices import FEEDBACK

PER_HOUR = 20
"""Answers that are taken from one address in an hour."""
MOST = 2000


def digest(env: Env, text: str) -> str:
    """What stands for a visitor or an address."""
    key = env.installation.secrets.session_key.encode()
    return hmac.new(key, f"feedback {text}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:40]


def give(env: Env, article: int, number: int, helpful: bool, comment: str, ip: str, agent: str) -> None:
    """Keep an answer about an article that the visitor may read (the caller has looked)."""
    person = f"person {env.actor.id}" if env.actor.id else f"visitor {ip} {agent[:300]}"
    visitor, network = digest(env, person), digest(env, f"address {ip}")
    values = {"helpful": helpful, "number": number} | ({"comment": comment.strip()[:MOST]} if comment.strip() else {})
    with env.elevated("answer of a reader") as sudo:
        known = sudo.query(FEEDBACK).where((F.article == article) & (F.visitor == visitor)).deleted(None).archived(None).ids(1)
        if known:
            sudo.update(FEEDBACK, known, values)
            return
        recent = sudo.query(FEEDBACK).where((F.network == network) & (F.created_at > env.now - dt.timedelta(hours=1))).count(PER_HOUR)
        if recent >= PER_HOUR:
            raise SarnakhError(_("Too many answers from your network. Please try again in an hour."))
        sudo.create(FEEDBACK, {"article": article, "visitor": visitor, "network": network, **values})
