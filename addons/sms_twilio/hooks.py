"""What the addon answers when the core asks."""

from typing import Any

from core.api import hookimpl

from .provider import Twilio


@hookimpl
def providers(kind: str) -> list[Any]:
    """Twilio, for text messages."""
    return [Twilio()] if kind == "sms" else []
