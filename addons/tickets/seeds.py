"""What the addon begins with: usual statuses, a queue, and its sets in the first profiles."""

from __future__ import annotations

from addons.base.shipping import give_sets, translate_names
from core.api import Env, _

from . import service_seeds
from .choices import CLOSED, OPEN, QUEUE, RESOLVED, STATUS, WAITING_CUSTOMER, WAITING_THIRD

STATUSES = (
    (_("New", context="ticket"), OPEN, "blue"), (_("In progress", context="ticket"), OPEN, "teal"),
    (_("Waiting for the customer"), WAITING_CUSTOMER, "yellow"),
    (_("Waiting for a third party"), WAITING_THIRD, "violet"), (_("Resolved"), RESOLVED, "green"),
    (_("Closed", context="ticket"), CLOSED, "grey"))
SUPPORT = _("Support", context="queue")
SETS = {"administrator": "tickets.manager", "standard": "tickets.agent"}
NAMED = {STATUS: [s[0] for s in STATUSES], QUEUE: [SUPPORT], **service_seeds.NAMED}
"""Shipped names by record type; they follow the language of the installation until somebody changes them."""


def create(env: Env) -> None:
    """Create what is missing; enabling the addon again changes nothing that is there."""
    if not env.query(STATUS).deleted(None).archived(None).exists():
        env.create(STATUS, [{"name": env.t(name), "category": category, "colour": colour, "position": 10 * (i + 1)}
                            for i, (name, category, colour) in enumerate(STATUSES)])
    if not env.query(QUEUE).deleted(None).archived(None).exists():
        env.create(QUEUE, {"name": env.t(SUPPORT)})
    service_seeds.create(env)
    give_sets(env, SETS)


def translate(env: Env, lang: str) -> None:
    """Put shipped names that nobody changed into a language."""
    for record, names in NAMED.items():
        translate_names(env, record, names, lang)
