"""One-time links with which a person sets a new password: an invitation, or because the old one was forgotten.

Nothing is stored: the token is signed, says whose it is and which password was in force, and so is dead as soon as a
password is set, or when its time is over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.security.accounts import keeper
from core.signing import sign, unsign

if TYPE_CHECKING:
    from core.env import Env

PURPOSE = "new password"
HOURS = 72
"""How long a link made by an administrator is good."""
MAIL_HOURS = 2
"""How long a link sent to who forgot the password is good."""


def password_token(env: Env, user_id: int, hours: int = HOURS) -> str:
    """The token of a link for one account."""
    with env.elevated("password link") as trusted:
        stamp = keeper(env).password_stamp(trusted, user_id)
    return sign(env.installation.secrets.session_key, PURPOSE, [user_id, stamp], hours * 3600)


def account_of(env: Env, token: str) -> int | None:
    """The account that a token is good for, None when it is forged, used or too old."""
    found = unsign(env.installation.secrets.session_key, PURPOSE, token[:400])
    if not isinstance(found, list) or len(found) != 2 or env.installation.load_actor(found[0]).id != found[0]:
        return None
    with env.elevated("password link") as trusted:
        stamp = keeper(env).password_stamp(trusted, found[0])
    return int(found[0]) if stamp == found[1] else None
