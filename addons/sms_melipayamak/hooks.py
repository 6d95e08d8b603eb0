"""What the addon answers when the core asks."""

from __future__ import annotations

from typing import Any

from core.api import hookimpl

from .provider import Melipayamak


@hookimpl
def providers(kind: str) -> list[Any]:
    """Melipayamak, for text messages."""
    return [Melipayamak()] if kind == "sms" else []
