"""Withdrawing consent by a link in a message: signed, for one address and channel, without signing in.

    unsubscribe_url(env, "nima@example.com", "mail", "news", "fa")      for texts and the header List-Unsubscribe
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from core.api import LANGUAGES, Env, NotFound, read_link, sign_link

from . import accounts, consents

LINK = "messaging.stop"
LIFE = dt.timedelta(days=730)


@dataclass(frozen=True)
class Wish:
    """Whom a link is for. `purpose` "" stands for all of them."""

    channel: str
    address: str
    purpose: str = ""


def unsubscribe_url(env: Env, address: str, channel: str, purpose: str = "", lang: str = "") -> str:
    """The address of the page on which somebody withdraws their consent, "" where the installation has no public address."""
    public = accounts.public_address(env)
    if not public:
        return ""
    token = sign_link(env, LINK, [channel, address, purpose if purpose != consents.ALL else ""], env.now + LIFE)
    return f"{public}/x/messaging/stop/{lang}/{token}" if lang in LANGUAGES else f"{public}/x/messaging/stop/{token}"


def read(env: Env, token: str) -> Wish:
    """Whom a link is for; NotFound when it is forged, over, or for something else."""
    value = read_link(env, LINK, token)
    if not isinstance(value, list) or len(value) != 3 or not all(isinstance(v, str) for v in value) or not value[0] or not value[1]:
        raise NotFound
    return Wish(*value)


def withdraw(env: Env, wish: Wish, *, all_purposes: bool) -> None:
    """Keep that they want no more, of one purpose or of any."""
    purpose = consents.ALL if all_purposes or not wish.purpose else wish.purpose
    consents.withdraw(env, wish.channel, wish.address, "link", purpose=purpose)
