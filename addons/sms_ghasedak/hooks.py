"""What the addon answers when the core asks."""

from __future__ import annotations

from typing import Any

from core.api import hookimpl

from .provider import Ghasedak


@hookimpl
def providers(kind: str) -> list[Any]:
    """Ghasedak, for text messages."""
    return [Ghasedak()] if kind == "sms" else []
