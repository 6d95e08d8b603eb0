"""Signatures of webhooks as Standard Webhooks 1.0 has them, so that receivers verify them with a library.

`webhook-signature` holds one signature for each secret in force: while secrets are changed, the former one signs, too.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Sequence

PREFIX = "whsec_"
OVERLAP = dt.timedelta(hours=24)
"""How long a former secret still signs after it was replaced."""


def new_secret() -> str:
    """A secret of 32 random bytes, as receivers enter it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def new_key() -> str:
    """The ID of one delivery."""
    return f"msg_{secrets.token_hex(16)}"


def headers(key: str, moment: dt.datetime, body: bytes, signing: Sequence[str]) -> dict[str, str]:
    """The headers of one request, signed with each of the secrets."""
    stamp = str(int(moment.timestamp()))
    content = b".".join((key.encode(), stamp.encode(), body))
    made = (hmac.new(base64.b64decode(s.removeprefix(PREFIX)), content, hashlib.sha256).digest() for s in signing)
    return {"webhook-id": key, "webhook-timestamp": stamp,
            "webhook-signature": " ".join("v1," + base64.b64encode(one).decode() for one in made)}
