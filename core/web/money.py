"""The currency that amounts without one are in: the company's, as a code."""

from __future__ import annotations

from core.env import Env

COMPANY = "base.company"
_KEY = "base currency"


def base_currency(env: Env) -> str:
    """Code of the reader's company's currency; the setting's when there is none."""
    if _KEY not in env.cache:
        env.cache[_KEY] = _find(env)
    return env.cache[_KEY]  # type: ignore[no-any-return]


def _find(env: Env) -> str:
    fallback = env.installation.settings.locale.currency
    if COMPANY not in env.registry.records:
        return fallback
    with env.elevated("currency of amounts") as trusted:
        query = trusted.query(COMPANY).order("id").select("currency")
        if env.actor.company_ids:
            query = query.with_ids(env.actor.company_ids[:1])
        found = query.rows(limit=1)
    return found[0]["currency"].label if found and found[0]["currency"] else fallback
