"""Deals that leads become: what the dialog of conversion asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.api import ConversionTarget, Env, F, _

from . import stages
from .choices import OPEN_CATEGORIES

DEAL, LEAD = "deals.deal", "leads.lead"
ASK = ("name", "pipeline", "stage", "amount", "closes_on", "owner")
RIPE = ("sql", "ready")
"""Statuses of leads of which a deal is proposed; from the others it is offered."""


def target(env: Env, lead: Any) -> ConversionTarget:
    """The third target of a lead's conversion."""
    return ConversionTarget(DEAL, _("Deal"), icon="briefcase", order=30, wanted=lead.get("status") in RIPE, ask=ASK, opens=True,
                            result="deals_deal", links={"account": "contacts.account", "contact": "contacts.contact"},
                            values=_values)


def _values(env: Env, lead: Any) -> Mapping[str, Any]:
    pipeline = stages.first_pipeline(env)
    found: dict[str, Any] = {"name": lead.company or lead.name, "pipeline": pipeline}
    if pipeline is not None:
        begin = env.query(stages.STAGE).holding("pipeline", [pipeline]).where(F.category.isin(OPEN_CATEGORIES)).order("position").ids(1)
        found["stage"] = begin[0] if begin else None
    return found
