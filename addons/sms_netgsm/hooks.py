"""What the addon answers when the core asks."""

from typing import Any

from core.api import hookimpl

from .provider import Netgsm


@hookimpl
def providers(kind: str) -> list[Any]:
    """Netgsm, for text messages."""
    return [Netgsm()] if kind == "sms" else []
