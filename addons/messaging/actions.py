"""What people do with messages and mass sendings: take back, send again, pause."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.api import Env, F, Message, _, n_

from . import queueing, sending
from .choices import BATCH, CANCELLED, FAILED, MESSAGE, PAUSED, QUEUED, RUNNING, SENT, UNKNOWN


def cancel(env: Env, records: Sequence[Any]) -> Message:
    """Take back what has not left."""
    count = sending.cancelled(env, [r.id for r in records])
    if count < len(records):
        return n_("{count} message was taken back; the others had left already.",
                  "{count} messages were taken back; the others had left already.", count)
    return n_("{count} message will not be sent.", "{count} messages will not be sent.", count)


def confirm(env: Env, records: Sequence[Any]) -> Message:
    """The provider has them after all."""
    with env.elevated("somebody looked at the provider's") as sudo:
        ids = sudo.claim(sudo.query(MESSAGE).with_ids(r.id for r in records).where(F.state == UNKNOWN),
                         {"state": SENT, "sent_at": env.now, "reason": None})
    env.log("messaging.confirmed", changes={"messages": ids})
    return n_("{count} message counts as sent.", "{count} messages count as sent.", len(ids))


def again(env: Env, records: Sequence[Any]) -> Message:
    """Send once more what failed or is unknown."""
    with env.elevated("sent again") as sudo:
        query = sudo.query(MESSAGE).with_ids(r.id for r in records).where(F.state.isin((UNKNOWN, FAILED)) & ~F.account.is_null())
        ids = sudo.claim(query, {"state": QUEUED, "due_at": env.now, "attempts": 0, "reason": None, "code": None, "external": None})
        rows = sudo.query(MESSAGE).with_ids(ids).select("account", "state", "due_at").rows()
    queueing.wake(env, [{**r, "account": r["account"].id} for r in rows])
    env.log("messaging.again", changes={"messages": ids})
    return n_("{count} message is sent again.", "{count} messages are sent again.", len(ids))


# ---------------------------------------------------------------- mass sendings
def pause(env: Env, records: Sequence[Any]) -> Message:
    """What has not left waits."""
    _set(env, records, PAUSED)
    return _("It waits. What is on its way already goes on.")


def go_on(env: Env, records: Sequence[Any]) -> Message:
    """What waited goes on."""
    _set(env, records, RUNNING)
    with env.elevated("a mass sending goes on") as sudo:
        accounts = {r.account.id for r in sudo.query(BATCH).with_ids(r.id for r in records).records("account") if r.account}
    for key in sorted(accounts):
        env.enqueue(queueing.TOPIC, {"account": key}, dedupe=str(key))
    return _("It goes on.")


def stop(env: Env, records: Sequence[Any]) -> Message:
    """What has not left is cancelled."""
    _set(env, records, CANCELLED)
    with env.elevated("a mass sending is stopped") as sudo:
        waiting = sudo.query(MESSAGE).where(F.batch.isin([r.id for r in records]) & (F.state == QUEUED))
        count = len(sudo.claim(waiting, {"state": CANCELLED}))
    return n_("It is stopped; {count} message will not be sent.", "It is stopped; {count} messages will not be sent.", count)


def _set(env: Env, records: Sequence[Any], state: str) -> None:
    with env.elevated("state of a mass sending") as sudo:
        sudo.update(BATCH, [r.id for r in records], {"state": state})
