"""Whether a webhook comes from your CRM: signatures as in Standard Webhooks, with several secrets while one is rotated.

    event = verify(request.headers, request.get_data(), ["whsec_…"])
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Iterable, Mapping
from typing import Any

from .errors import SignatureInvalid

TOLERANCE = 300.0
"""Seconds that a message's time may differ from now, against replays."""


def verify(headers: Mapping[str, str], body: bytes | str, secrets: str | Iterable[str], *, tolerance: float = TOLERANCE,
           now: float | None = None) -> Any:
    """The payload of a genuine message; :class:`SignatureInvalid` for any other. `body` must be what was sent, byte for byte.
    Remember `webhook-id` for as long as you retry: a message that comes twice has the same one."""
    given = {name.lower(): value for name, value in headers.items()}
    key, stamp, signatures = (given.get(f"webhook-{part}", "") for part in ("id", "timestamp", "signature"))
    if not (key and stamp and signatures):
        raise SignatureInvalid("The headers webhook-id, webhook-timestamp and webhook-signature are needed.")
    try:
        sent = int(stamp)
    except ValueError:
        raise SignatureInvalid("The time stamp cannot be read.") from None
    if abs((time.time() if now is None else now) - sent) > tolerance:
        raise SignatureInvalid("The message is too old, or this computer's clock is wrong.")
    raw = body.encode() if isinstance(body, str) else body
    expected = [signature(secret, key, sent, raw).partition(",")[2] for secret in ([secrets] if isinstance(secrets, str) else secrets)]
    found = [text for kind, _comma, text in (part.partition(",") for part in signatures.split()) if kind == "v1"]
    if not any(hmac.compare_digest(one.encode(), other.encode()) for one in expected for other in found):
        raise SignatureInvalid("No signature fits.")
    try:
        return json.loads(raw)
    except ValueError:
        raise SignatureInvalid("The body is no JSON.") from None


def signature(secret: str, key: str, sent: int, body: bytes) -> str:
    """The signature of a message, as in the header."""
    try:
        secret_bytes = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (ValueError, binascii.Error):
        raise SignatureInvalid("The secret is not of the form whsec_… .") from None
    digest = hmac.new(secret_bytes, f"{key}.{sent}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()
