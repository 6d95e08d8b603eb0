"""What the addon begins with: usual sources, allowed moves, the mapping of fields, and its sets in the first profiles."""

from __future__ import annotations

from addons.base.shipping import give_sets
from core.api import Env, _

from . import mapping, transitions

SOURCES = (
    (_("Web site"), "web"), (_("Social networks"), "social"), (_("Fair"), "fair"), (_("Event"), "event"),
    (_("E-mail campaign"), "email"), (_("Phone call"), "phone"), (_("Paid advertising"), "ppc"), (_("Bought list"), "bought"),
    (_("Referral"), "referral"), (_("Partner"), "partner"))
SETS = {"administrator": "leads.manager", "standard": "leads.user"}


def create(env: Env) -> None:
    """Create what is missing; enabling the addon again changes nothing that is there."""
    if not env.query("leads.source").deleted(None).archived(None).exists():
        env.create("leads.source", [{"name": env.t(name), "kind": kind} for name, kind in SOURCES])
    if not transitions.moves(env):
        transitions.replace(env, transitions.defaults())
    if not env.query("leads.mapping").deleted(None).exists():
        env.create("leads.mapping", [m for m in mapping.defaults()
                                     if mapping.fits(env, m["lead_field"], m["target"], m["target_field"])])
    give_sets(env, SETS)


def translate(env: Env, lang: str) -> None:
    """Put the names of shipped sources, those that nobody changed, into a language."""
    catalogs = env.installation.catalogs
    shipped = {catalogs.translate(name, known): catalogs.translate(name, lang)
               for name, _kind in SOURCES for known in catalogs.languages()}
    rows = env.query("leads.source").archived(None).select("name").rows()
    env.update_each("leads.source", {r["id"]: {"name": shipped[r["name"]]} for r in rows
                                     if shipped.get(r["name"], r["name"]) != r["name"]})
