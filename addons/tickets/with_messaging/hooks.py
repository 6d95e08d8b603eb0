"""Messages of customers become tickets."""

from __future__ import annotations

from typing import Any

from addons.messaging.contract import Taker
from core.api import Env, _, hookimpl

from .taking import tickets


@hookimpl
def message_takers(env: Env) -> list[Any]:
    """A ticket for everybody who writes."""
    return [Taker("ticket", _("A new ticket"), tickets)]
