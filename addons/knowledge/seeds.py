"""What the addon begins with: an audience for each circle, and its sets in the first profiles."""

from __future__ import annotations

from addons.base.shipping import give_sets
from core.api import Env, _

SETS = {"administrator": "knowledge.editor", "standard": "knowledge.author"}
AUDIENCES = (("internal", _("All colleagues")), ("customers", _("Customers")), ("partners", _("Partners")), ("public", _("Everybody")))


def create(env: Env) -> None:
    """Create what is missing; enabling the addon again changes nothing that is there."""
    if not env.query("knowledge.audience").deleted(None).archived(None).exists():
        env.create("knowledge.audience", [{"name": env.t(label), "kind": kind} for kind, label in AUDIENCES])
    give_sets(env, SETS)


def translate(env: Env, lang: str) -> None:
    """Put shipped names that nobody changed into the installation's language."""
    catalogue = env.installation.catalogs
    names = {kind: {catalogue.translate(label, code) for code in catalogue.languages()} for kind, label in AUDIENCES}
    wanted = {kind: catalogue.translate(label, lang) for kind, label in AUDIENCES}
    rows = env.query("knowledge.audience").select("name", "kind").rows()
    env.update_each("knowledge.audience", {r["id"]: {"name": wanted[r["kind"]]} for r in rows
                                           if r["name"] in names[r["kind"]] and r["name"] != wanted[r["kind"]]})
