"""Converting leads for other programs: in one call what the page of conversion asks step by step."""

from __future__ import annotations

from typing import Any

from core.api import Env, Invalid, ProgramAction, ValidationFailed, _

from .conversion import LEAD, RIGHT, Decision, convert

ACTIONS = ("create", "pick", "skip")
PARAMETERS = {
    "type": "object", "additionalProperties": False,
    "properties": {
        "targets": {"type": "object", "description": "By record type what is to become of it; without it the usual is done.",
                    "additionalProperties": {"type": "object", "additionalProperties": False, "properties": {
                        "action": {"enum": list(ACTIONS)}, "id": {"type": "integer", "description": "The record to pick."}}}},
        "owner": {"type": "integer", "description": "Who gets the new records; else the owner of the lead."}}}


def actions(record_name: str) -> list[ProgramAction]:
    """What programs may do with leads."""
    return [ProgramAction("convert", _("Convert"), run, RIGHT, PARAMETERS)] if record_name == LEAD else []


def run(env: Env, ids: list[int], given: dict[str, Any]) -> list[dict[str, Any]]:
    """Convert these leads; what each became, by record type."""
    decisions, owner = _decisions(given), given.get("owner")
    if owner is not None and type(owner) is not int:
        raise _wrong("owner")
    made = [convert(env, key, decisions, owner=owner) for key in ids]
    return [{"id": one.lead, "results": one.results, "created": one.created, "batch": one.batch} for one in made]


def _decisions(given: dict[str, Any]) -> dict[str, Decision] | None:
    """What was decided for each target; None when nothing was."""
    targets = given.get("targets", {})
    if set(given) - {"targets", "owner"} or not isinstance(targets, dict):
        raise _wrong("targets")
    made = {}
    for name, one in targets.items():
        key = one.get("id") if isinstance(one, dict) else None
        if not isinstance(one, dict) or one.get("action", "create") not in ACTIONS or not (key is None or type(key) is int):
            raise _wrong("targets")
        made[name] = Decision("pick" if key is not None else one.get("action", "create"), key)
    return made or None


def _wrong(name: str) -> ValidationFailed:
    return ValidationFailed([Invalid(None, name, _("This is not in the form that is expected."))])
