"""What the addon begins with: usual outcomes, and its sets in the first profiles."""

from __future__ import annotations

from addons.base.shipping import give_sets
from core.api import Env, _

from .choices import CALL, EMAIL, MEETING, NOTE, TASK

OUTCOME = "activities.outcome"
OUTCOMES = (
    (CALL, _("Reached"), "green", None), (CALL, _("Interested"), "green", 2), (CALL, _("No answer"), "orange", 1),
    (CALL, _("Left a message"), "orange", 2), (CALL, _("Call back later"), "blue", 3), (CALL, _("Not interested"), "red", None),
    (CALL, _("Wrong number"), "red", None),
    (MEETING, _("Took place"), "green", 2), (MEETING, _("Postponed"), "orange", 7), (MEETING, _("Nobody came"), "red", 1),
    (TASK, _("Finished"), "green", None), (TASK, _("Partly finished"), "orange", 1), (TASK, _("Not needed any more"), "grey", None),
    (EMAIL, _("Sent", context="e-mail"), "green", 3), (EMAIL, _("Answered", context="e-mail"), "green", None),
    (EMAIL, _("Came back"), "red", None),
    (NOTE, _("Followed up"), "green", None), (NOTE, _("No longer relevant"), "grey", None))
SETS = {"administrator": "activities.manager", "standard": "activities.user"}


def create(env: Env) -> None:
    """Create what is missing; enabling the addon again changes nothing that is there."""
    if not env.query(OUTCOME).deleted(None).archived(None).exists():
        env.create(OUTCOME, [{"kind": kind, "name": env.t(name), "colour": colour, "follow_up_days": days, "position": 10 * (i + 1)}
                             for i, (kind, name, colour, days) in enumerate(OUTCOMES)])
    give_sets(env, SETS)


def translate(env: Env, lang: str) -> None:
    """Put shipped names that nobody changed into a language."""
    catalogs = env.installation.catalogs
    shipped = {(kind, catalogs.translate(name, known)): catalogs.translate(name, lang)
               for kind, name, _colour, _days in OUTCOMES for known in catalogs.languages()}
    rows = env.query(OUTCOME).archived(None).select("kind", "name").rows()
    changed = {r["id"]: {"name": new} for r in rows if (new := shipped.get((r["kind"], r["name"]), r["name"])) != r["name"]}
    env.update_each(OUTCOME, changed)
