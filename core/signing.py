"""Small signed values for cookies and links: what comes back unchanged, and only until its time is over."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
from typing import Any


def sign(key: str, purpose: str, value: Any, seconds: int) -> str:
    """`value` (plain JSON) as a text that :func:`unsign` accepts for so many seconds and for this purpose only."""
    body = json.dumps([int(time.time()) + seconds, value], separators=(",", ":"), ensure_ascii=False).encode()
    return f"{_encode(body)}.{_encode(_mac(key, purpose, body))}"


def unsign(key: str, purpose: str, text: str) -> Any:
    """The value of a signed text; None when it is forged, for something else, or too old."""
    try:
        body_part, mac_part = text.encode("ascii").decode().split(".")
        body, mac = _decode(body_part), _decode(mac_part)
        if not hmac.compare_digest(mac, _mac(key, purpose, body)):
            return None
        until, value = json.loads(body)
    except (ValueError, binascii.Error, TypeError):
        return None
    return value if until >= time.time() else None


def _mac(key: str, purpose: str, body: bytes) -> bytes:
    return hmac.new(key.encode(), purpose.encode() + b"\n" + body, hashlib.sha256).digest()[:18]


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
