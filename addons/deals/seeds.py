"""What the addon begins with: one pipeline, usual reasons, the mapping of leads' fields, its sets in the first profiles."""

from __future__ import annotations

from addons.base.shipping import give_sets, translate_names
from addons.leads import mapping
from core.api import Env, _

from .choices import BEST_CASE, COMMIT, LOST, PIPELINE, WON

SALES = _("Sales", context="pipeline")
STAGES = (
    (_("Qualification", context="stage"), PIPELINE, 10, "grey", 14), (_("Needs analysis"), PIPELINE, 25, "blue", 14),
    (_("Proposal", context="stage"), BEST_CASE, 50, "violet", 10), (_("Negotiation"), COMMIT, 75, "orange", 7),
    (_("Closed won"), WON, 100, "green", None), (_("Closed lost"), LOST, 0, "red", None))
REASONS = (
    (_("Price"), "lost"), (_("Missing feature"), "lost"), (_("Chose a competitor"), "lost"), (_("No budget"), "lost"),
    (_("No decision"), "lost"), (_("Bad timing"), "lost"), (_("Best fit"), "won"), (_("Best price"), "won"),
    (_("Existing relationship"), "won"), (_("Quality of service"), "both"))
MAPPED = (("source", "source"), ("campaign", "campaign"), ("description", "description"), ("tags", "tags"))
SETS = {"administrator": "deals.manager", "standard": "deals.user"}
NAMED = {"deals.pipeline": [SALES], "deals.stage": [s[0] for s in STAGES], "deals.reason": [r[0] for r in REASONS]}
"""Shipped names by record type; they follow the language of the installation until somebody changes them."""


def create(env: Env) -> None:
    """Create what is missing; enabling the addon again changes nothing that is there."""
    if not env.query("deals.pipeline").deleted(None).archived(None).exists():
        pipeline = env.create("deals.pipeline", {"name": env.t(SALES), "position": 1})
        env.create("deals.stage", [{
            "pipeline": pipeline, "name": env.t(name), "category": category, "probability": probability, "colour": colour,
            "idle_days": idle, "position": 10 * (i + 1)} for i, (name, category, probability, colour, idle) in enumerate(STAGES)])
    if not env.query("deals.reason").deleted(None).archived(None).exists():
        env.create("deals.reason", [{"name": env.t(name), "kind": kind, "position": 10 * (i + 1)}
                                    for i, (name, kind) in enumerate(REASONS)])
    if not env.query("leads.mapping").where('target == "deals.deal"').deleted(None).exists():
        env.create("leads.mapping", [{"lead_field": a, "target": "deals.deal", "target_field": b} for a, b in MAPPED
                                     if mapping.fits(env, a, "deals.deal", b)])
    give_sets(env, SETS)


def translate(env: Env, lang: str) -> None:
    """Put shipped names that nobody changed into a language."""
    for record, names in NAMED.items():
        translate_names(env, record, names, lang)
