"""What the addon begins with: usual sources, allowed moves, the mapping of fields, and its sets in the first profiles."""

from __future__ import annotations

from core.api import Env, _

from . import mapping, transitions

SOURCES = (
    (_("Web site"), "web"), (_("Social networks"), "social"), (_("Fair"), "fair"), (_("Event"), "event"),
    (_("E-mail campaign"), "email"), (_("Phone call"), "phone"), (_("Paid advertising"), "ppc"), (_("Bought list"), "bought"),
    (_("Referral"), "referral"), (_("Partner"), "partner"))
SETS = {"Administrator": "leads.manager", "Standard": "leads.user"}


def create(env: Env) -> None:
    """Create what is missing; enabling the addon again changes nothing that is there."""
    if not env.query("leads.source").deleted(None).archived(None).exists():
        env.create("leads.source", [{"name": env.t(name), "kind": kind} for name, kind in SOURCES])
    if not env.query("leads.transition").deleted(None).exists():
        env.create("leads.transition", [{"from_status": a or None, "to_status": b} for a, b in transitions.defaults()])
    if not env.query("leads.mapping").deleted(None).exists():
        env.create("leads.mapping", [m for m in mapping.defaults()
                                     if mapping.fits(env, m["lead_field"], m["target"], m["target_field"])])
    for profile in env.query("base.profile").select("name", "sets").rows():
        wanted = SETS.get(profile["name"])
        if wanted and wanted not in (profile["sets"] or ()):
            env.update("base.profile", profile["id"], {"sets": [*(profile["sets"] or ()), wanted]})
