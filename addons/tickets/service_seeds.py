"""What service begins with: a default service level, and an escalation that tells the owner and the role above."""

from __future__ import annotations

from core.api import Env, _

from .sla_choices import AFTER, BEFORE, LEVEL, POLICY, RULE, TARGET

HOUR = 3600
STANDARD, ESCALATION = _("Standard", context="service level"), _("Promises at risk")
NEAR, MISSED = _("Nearly due"), _("Missed")
TARGETS = {"urgent": (1, 4), "high": (2, 8), "normal": (4, 24), "low": (8, 40)}
"""Hours of working time until the first response and until the resolution."""
NAMED = {POLICY: [STANDARD], RULE: [ESCALATION], LEVEL: [NEAR, MISSED]}


def create(env: Env) -> None:
    """Create what is missing; enabling the addon again changes nothing that is there."""
    if not env.query(POLICY).deleted(None).archived(None).exists():
        key = env.create(POLICY, {"name": env.t(STANDARD), "is_default": True, "position": 100})
        env.create(TARGET, [{"policy": key, "priority": priority, "response": one * HOUR, "resolution": two * HOUR}
                            for priority, (one, two) in TARGETS.items()])
    if not env.query(RULE).deleted(None).archived(None).exists():
        key = env.create(RULE, {"name": env.t(ESCALATION), "aim": "resolution"})
        env.create(LEVEL, [
            {"rule": key, "name": env.t(NEAR), "side": BEFORE, "offset": HOUR, "tell_owner": True},
            {"rule": key, "name": env.t(MISSED), "side": AFTER, "offset": 0, "tell_owner": True, "tell_superior": True}])
