"""Judging whether a lead deserves follow-up: the BANT and CHAMP sheets as fields, and their scores from 0 to 4."""

from typing import Any

from core.api import Env, _, computed, fields

from .choices import ANSWERS, PRIORITIES, SHEETS, SOON, TIMELINES

BANT = ("bant_budget", "bant_authority", "bant_need", "bant_timeline")
CHAMP = ("champ_challenges", "champ_authority", "champ_money", "champ_priority")
_POSITIVE = {"bant_timeline": SOON, "champ_priority": ("top", "high")}


def scores(records: list[Any], names: tuple[str, ...]) -> list[Any]:
    """How many of the four questions of a sheet are answered in favour of each lead."""
    positive = [(name, _POSITIVE.get(name, ("yes",))) for name in names]
    return [len([name for name, good in positive if getattr(record, name) in good]) for record in records]


def default_sheet(env: Env) -> str:
    """The sheet that this installation works with."""
    return str((env.registry.customising.of("leads").get("settings") or {}).get("sheet") or "bant")


class Qualification:
    """Fields of both sheets; which one people see is the field `sheet`, given by the installation's setting."""

    sheet = fields.Choice(_("Qualification sheet"), options=SHEETS, default=default_sheet, required=True, tracked=False)
    bant_budget = fields.Choice(_("Budget"), options=ANSWERS, help=_("Is there money for it?"))
    bant_budget_amount = fields.Money(_("Budget amount"), currency="currency", minimum=0)
    bant_authority = fields.Choice(_("Authority"), options=ANSWERS, help=_("Does this person decide?"))
    bant_need = fields.Choice(_("Need"), options=ANSWERS, help=_("Is there a need that we can meet?"))
    bant_timeline = fields.Choice(_("Purchase timeline"), options=TIMELINES, help=_("When do they want to buy?"))
    bant_notes = fields.LongText(_("BANT notes"), size=10_000)
    champ_challenges = fields.Choice(_("Challenges"), options=ANSWERS, help=_("Is there a challenge that we can solve?"))
    champ_challenges_text = fields.LongText(_("Which challenges"), size=10_000)
    champ_authority = fields.Choice(_("Authority (CHAMP)"), options=ANSWERS, help=_("Do we talk to those who decide?"))
    champ_money = fields.Choice(_("Money"), options=ANSWERS, help=_("Can they pay for it?"))
    champ_priority = fields.Choice(_("Prioritisation"), options=PRIORITIES, help=_("How important is it to them?"))
    champ_notes = fields.LongText(_("CHAMP notes"), size=10_000)

    @computed(*BANT, field=fields.Integer(_("BANT score"), minimum=0, maximum=4, copyable=False))
    def bant_score(records: list[Any], env: Env) -> list[Any]:
        """One point each for budget, authority, need, and a timeline within half a year."""
        return scores(records, BANT)

    @computed(*CHAMP, field=fields.Integer(_("CHAMP score"), minimum=0, maximum=4, copyable=False))
    def champ_score(records: list[Any], env: Env) -> list[Any]:
        """One point each for challenges, authority, money, and a high priority."""
        return scores(records, CHAMP)
