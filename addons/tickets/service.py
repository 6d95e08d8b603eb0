"""What follows when tickets are written: queue, service level and due times, who takes them, escalations anew."""

from __future__ import annotations

from core.api import Change, ChangeSet, Env

from . import assigning, escalating, sla
from .sla_choices import POLICY, RULES_CHANGED, TARGET


def follow(env: Env, change: Change) -> None:
    """After a batch of tickets was written."""
    if change.action == "create":
        assigning.route(env, [r.id for r in change.records if not r.queue])
    sla.follow(env, change)
    escalating.again(env, change)
    assigning.follow(env, change)


def before(env: Env, changes: ChangeSet) -> None:
    """What processes keep of service levels is out of date when one is written."""
    if any(change.record in (POLICY, TARGET) for change in changes.changes):
        env.changed(RULES_CHANGED)


def after(env: Env, changes: ChangeSet) -> None:
    """Promises and calendars that changed are counted again; what people who left still had is given back."""
    sla.promises_changed(env, changes)
    for change in changes.of("base.user", "update"):
        assigning.left(env, change)
