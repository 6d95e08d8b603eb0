"""Work that is done once however often it is asked for: the answer is kept with what was done, in the same transaction.

    earlier = replays.begin(env, "token 5", "key of the caller", digest)
    if earlier is None:                                # now it is ours to do; who asks meanwhile waits for the commit
        ...
        replays.keep(env, "token 5", "key of the caller", answer)

What fails is rolled back and leaves nothing, so it may be tried again under the same key.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Index, MetaData, PrimaryKeyConstraint, String, Table, delete, select, update

from core.jobs.definitions import Schedule, job
from core.records.types import JsonType, Moment

if TYPE_CHECKING:
    from core.env import Env

KEPT = dt.timedelta(days=1)
TOPIC = "core.replays"


def define(metadata: MetaData) -> Table:
    """Declare `sys_replay`."""
    table = Table(
        "sys_replay", metadata, Column("owner", String(80), nullable=False), Column("key", String(255), nullable=False),
        Column("digest", String(64), nullable=False), Column("answer", JsonType), Column("expires_at", Moment, nullable=False),
        PrimaryKeyConstraint("owner", "key", name="pk_sys_replay"))
    Index("ix_sys_replay_expires", table.c.expires_at)
    return table


REPLAY = define(MetaData())


@dataclass(frozen=True)
class Earlier:
    """What was asked under a key before: the digest of what was asked, and the answer."""

    digest: str
    answer: Any


def begin(env: Env, owner: str, key: str, digest: str) -> Earlier | None:
    """Take a key; what was done under it before, if anything was within the last day."""
    env.execute(delete(REPLAY).where(REPLAY.c.owner == owner, REPLAY.c.key == key, REPLAY.c.expires_at <= env.now))
    made = env.insert_for(REPLAY).values(owner=owner, key=key, digest=digest, expires_at=env.now + KEPT)
    if env.execute(made.on_conflict_do_nothing().returning(REPLAY.c.key)).first() is not None:
        return None
    row = env.execute(select(REPLAY.c.digest, REPLAY.c.answer).where(REPLAY.c.owner == owner, REPLAY.c.key == key)).one()
    return Earlier(row.digest, row.answer)


def keep(env: Env, owner: str, key: str, answer: Any) -> None:
    """Keep the answer of what was begun."""
    env.execute(update(REPLAY).where(REPLAY.c.owner == owner, REPLAY.c.key == key).values(answer=answer))


@job(TOPIC, retries=0, as_actor="system")
def forget(env: Env, _work: Any) -> None:
    """Answers that nobody asks for any more."""
    env.execute(delete(REPLAY).where(REPLAY.c.expires_at <= env.now))


hourly = Schedule("core.replays", "23 * * * *", TOPIC)
