"""What macros may do with tickets, beside what they may do with any record."""

from __future__ import annotations

from collections.abc import Sequence

from core.api import Env, F, MacroStep, SarnakhError, _

from . import conversation
from .choices import CANNED, INTERNAL, PUBLIC, TICKET


def steps(record: str) -> list[MacroStep]:
    """A reply with a canned answer, and an internal note."""
    if record != TICKET:
        return []
    return [MacroStep("reply", _("Reply with"), reply, answers), MacroStep("internal", _("Add an internal note"), note)]


def answers(env: Env) -> list[tuple[str, str]]:
    """The canned answers the acting person may use."""
    return [(str(r["id"]), r["name"]) for r in env.query(CANNED).where(F.active).order("name").select("name").rows(200)]


def reply(env: Env, record: str, ids: Sequence[int], value: str) -> None:
    """Send a canned answer, filled in for each ticket."""
    found = env.query(CANNED).with_ids([int(value) if value.isdecimal() and len(value) < 18 else 0]).where(F.active).select("body").rows(1)
    if not found:
        raise SarnakhError(_("The canned answer of this macro does not exist any more, or is not for you."))
    conversation.say_to_all(env, ids, PUBLIC, found[0]["body"])


def note(env: Env, record: str, ids: Sequence[int], value: str) -> None:
    """Write an internal note in each ticket."""
    if not value.strip():
        raise SarnakhError(_("Write something first."))
    conversation.say_to_all(env, ids, INTERNAL, value)
