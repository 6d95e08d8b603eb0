"""What the addon begins with: a series for each kind of paper, and its sets in the first profiles."""

from __future__ import annotations

from addons.base.shipping import give_sets
from core.api import Env

from . import choices

SETS = {"administrator": "sales.manager", "standard": "sales.user"}


def create(env: Env) -> None:
    """Create what is missing; enabling the addon again changes nothing that is there."""
    known = {r["kind"] for r in env.query("sales.series").deleted(None).archived(None).select("kind").rows()}
    locale = env.installation.settings.locale
    calendar = "jalali" if locale.default_language == "fa" else locale.calendar
    env.create("sales.series", [{"kind": kind, "pattern": pattern, "calendar": calendar}
                                for kind, pattern in choices.PATTERNS.items() if kind not in known])
    give_sets(env, SETS)
