"""The currency that amounts without one are in: the company's, as a code."""

from __future__ import annotations

from core.env import Env


def base_currency(env: Env) -> str:
    """Code of the reader's company's currency; the setting's when there is none."""
    return env.actor.settings.get("currency") or env.installation.settings.locale.currency
