"""Private addresses under which calendar programs read one's activities: unguessable, one at a time, revocable.

Only a digest of an address is kept, so it is shown once; a lost one is made anew, and the old one stops working.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from core.api import ME, Env, F, NotFound, _

from . import ical_write
from .choices import CANCELLED
from .doing import ACTIVITY

FEED = "activities.feed"
BACK, AHEAD, MOST = dt.timedelta(days=60), dt.timedelta(days=400), 3000


def digest(token: str) -> str:
    """What is kept of an address."""
    return hashlib.sha256(token.encode()).hexdigest()


def make(env: Env) -> str:
    """A new address for the acting person; the one before stops working."""
    env.require("read", ACTIVITY)
    token = secrets.token_urlsafe(32)
    revoke(env)
    with env.elevated("address of one's own calendar") as sudo:
        sudo.create(FEED, {"user": env.actor.id, "digest": digest(token), "hint": token[-4:]})
    return token


def revoke(env: Env) -> int:
    """Take the acting person's addresses back."""
    with env.elevated("address of one's own calendar") as sudo:
        ids = sudo.query(FEED).where(F.user == env.actor.id).ids()
        return sudo.delete(FEED, ids) if ids else 0


def reader(env: Env, token: str) -> Env:
    """The same transaction for whose address it is, with no more than they may see. NotFound for any other."""
    found = None
    if 20 < len(token) < 80 and token.isascii():
        with env.elevated("whose calendar an address is") as sudo:
            rows = sudo.query(FEED).where(F.digest == digest(token)).select("user").rows(1)
            found = rows[0]["user"].id if rows else None
    actor = env.installation.load_actor(found) if found else None
    if actor is None or actor.id is None:
        raise NotFound
    made = env.as_actor(actor)
    if not made.can("read", ACTIVITY):
        raise NotFound
    return made


def content(env: Env) -> bytes:
    """The acting person's calendar as a file: what they own, do with others or take part in. The same until something changes."""
    since, until = env.now - BACK, env.now + AHEAD
    mine = (F.owner == ME) | F.co_owners.any(F.id == ME) | F.participants.any(F.id == ME)
    rows = env.query(ACTIVITY).where(mine, F.status != CANCELLED, F.due_at >= since, F.due_at <= until).order("due_at", "id").select(
        *ical_write.PATHS).rows(MOST)
    return ical_write.calendar([ical_write.component(row) for row in rows], name=f"Sarnakh: {env.actor.name or env.t(_('Calendar'))}")


def tag(body: bytes) -> str:
    """The ETag of a file."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'
