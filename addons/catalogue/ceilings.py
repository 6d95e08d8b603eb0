"""How far below the price by the rules somebody may go: the ceiling of their profile, and who may release what is held."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from core.api import Env, _

from .amounts import HUNDRED
from .names import key


def ceiling(env: Env) -> Decimal:
    """The highest discount, in percent, that the actor may give without asking. Without any ceilings there is no limit."""
    if env.actor.is_super or env.access.unlimited:
        return HUNDRED
    if "catalogue.ceiling" not in env.cache:
        with env.elevated(_("Discount ceilings of profiles")) as sudo:
            env.cache["catalogue.ceiling"] = {
                key(r["profile"]): r["percent"] for r in sudo.query("catalogue.ceiling").select("profile", "percent").rows()}
    held = env.cache["catalogue.ceiling"]
    return Decimal(held.get(env.actor.profile.id, held.get(None, HUNDRED)))


def released_elsewhere(env: Env, record: str, cases: Sequence[dict[str, Any]]) -> dict[int, bool]:
    """What another addon (approvals) decides about what would be held: True releases, False keeps it held."""
    if not cases:
        return {}
    answer = env.registry.plugins.hook.limit_exceeded(env=env, matter="catalogue.discount", record_name=record, cases=list(cases))
    return dict(answer or {})
