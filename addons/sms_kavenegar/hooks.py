"""What the addon answers when the core asks."""

from __future__ import annotations

from typing import Any

from core.api import hookimpl

from .provider import Kavenegar


@hookimpl
def providers(kind: str) -> list[Any]:
    """Kavenegar, for text messages."""
    return [Kavenegar()] if kind == "sms" else []
