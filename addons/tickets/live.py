"""What is new for agents: asked by every page that stays open, with the bell's number."""

from __future__ import annotations

import datetime as dt
from typing import Any

from core.api import Env, F, _

from .buttons import WAITING
from .choices import TICKET

CAP = 99
LOOKED_BACK = dt.timedelta(days=1)
"""The newest message is looked for among those of a day: whoever sees few of many tickets does not read them all."""


def counts(env: Env) -> dict[str, Any]:
    """In how many tickets a customer waits for the reader, and a stamp that changes when something was said or came."""
    if env.actor.id is None or not env.can("read", TICKET):
        return {}
    count = env.query(TICKET).where(WAITING).count(cap=CAP + 1)
    newest = env.query(TICKET).where(F.last_message_at > env.now - LOOKED_BACK).order("-last_message_at", "-id").select(
        "last_message_at").rows(1)
    text = env.format.number(count) if count <= CAP else env.t(_("{count}+", count=env.format.number(CAP)))
    stamp = f"{newest[0]['id']}:{newest[0]['last_message_at'].isoformat()}" if newest else ""
    return {"tickets": {"count": count, "text": text if count else "", "stamp": f"{stamp}:{count}"}}
