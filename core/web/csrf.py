"""Tokens against forged requests: derived from the browser's own secret cookie, so that nothing needs to be stored.

Signed-in browsers have their session cookie, visitors a random one; the token is an HMAC of it. A page of another site
can make a browser send the cookie, but can neither read it nor make the token.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

FIELD = "csrf_token"
HEADER = "X-CSRFToken"


def make_token(key: str, cookie: str) -> str:
    """The token that forms of this browser carry."""
    made = hmac.new(key.encode(), b"csrf:" + cookie.encode("utf-8", "replace"), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made[:24]).decode()


def is_valid(key: str, cookie: str, token: str) -> bool:
    """Whether a token belongs to a cookie, found out in the same time for every wrong one."""
    if not cookie or not token:
        return False
    return hmac.compare_digest(make_token(key, cookie).encode(), token.encode("utf-8", "replace"))
