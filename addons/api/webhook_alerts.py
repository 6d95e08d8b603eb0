"""Telling people by the bell that a webhook does not work: the person with whose rights it reads, and those who look after programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from addons.base.notices import Notice, holders, notify
from core.api import Env, Message, _, n_

from .webhook_choices import WEBHOOK

KIND = "webhook"
MANAGER = "api.manager"
Row = Mapping[str, Any]


def failing(env: Env, hook: Row, problem: Message | str) -> None:
    """Its receiver does not take events any more; they are tried again."""
    _tell(env, hook, "failing", _("The webhook “{name}” does not get through: {problem}", name=hook["name"], problem=problem))


def ended(env: Env, hook: Row) -> None:
    """Its receiver wants none any more."""
    _tell(env, hook, "ended", _("The webhook “{name}” was ended by its receiver (410)", name=hook["name"]))


def parked(env: Env, hook: Row, count: int) -> None:
    """Events were given up after the last attempt."""
    _tell(env, hook, "parked", n_("The webhook “{name}”: {count} event could not be delivered and is parked",
                                  "The webhook “{name}”: {count} events could not be delivered and are parked", count, name=hook["name"]))


def condition_fails(env: Env, webhook: int, problem: Message | str) -> None:
    """Its condition cannot be worked out, so it is told nothing; elevated code only."""
    rows = env.query(WEBHOOK).with_ids([webhook]).select("name", "user").rows(1)
    for hook in rows:
        _tell(env, hook, "condition", _("The condition of the webhook “{name}” cannot be worked out: {problem}", name=hook["name"],
                                        problem=problem))


def _tell(env: Env, hook: Row, what: str, text: Message) -> None:
    """A line for each person, unless they have not read the last one yet. Only those who look after programs are led to its page."""
    key, managers = hook["id"], set(holders(env, MANAGER))
    notices = [Notice(user, KIND, text, (WEBHOOK, key) if user in managers else None, icon="broadcast",
                      url=f"/x/api/webhooks/{key}" if user in managers else "", dedupe=f"webhook.{what}:{key}")
               for user in sorted({*managers, hook["user"].id})]
    notify(env, notices)
