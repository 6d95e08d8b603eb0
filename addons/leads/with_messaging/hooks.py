"""Messages of strangers become leads."""

from __future__ import annotations

from typing import Any

from addons.messaging.contract import Taker
from core.api import Env, _, hookimpl

from .taking import leads


@hookimpl
def message_takers(env: Env) -> list[Any]:
    """A lead for everybody who writes first."""
    return [Taker("lead", _("A new lead"), leads)]
