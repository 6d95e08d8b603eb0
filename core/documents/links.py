"""Links for people without an account: signed, for one purpose, over at a moment.

What a link holds is not secret, only unforgeable. Put a key of the record into it, so that a link that was given out can be
withdrawn by changing that key.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from core import signing
from core.errors import NotFound
from core.i18n.messages import _

if TYPE_CHECKING:
    from core.env import Env


def sign_link(env: Env, purpose: str, value: Any, until: dt.datetime) -> str:
    """A part of an address that :func:`read_link` accepts for this purpose up to a moment."""
    seconds = max(0, int((until - env.now).total_seconds()))
    return signing.sign(env.installation.secrets.session_key, f"link {purpose}", value, seconds)


def read_link(env: Env, purpose: str, text: str) -> Any:
    """What a link holds; NotFound when it is forged, for something else, or over."""
    value = signing.unsign(env.installation.secrets.session_key, f"link {purpose}", text[:2000])
    if value is None:
        raise NotFound(_("This link is over, or was not copied whole. Ask whoever sent it for a new one."))
    return value
