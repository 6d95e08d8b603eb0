"""What the addon answers when the core asks."""

from __future__ import annotations

from typing import Any

from core.api import hookimpl

from .provider import SmsIr


@hookimpl
def providers(kind: str) -> list[Any]:
    """SMS.ir, for text messages."""
    return [SmsIr()] if kind == "sms" else []
