"""Signed-in sessions and failed sign-ins: rows that every process sees, so that a revoked session ends at once.

The browser holds a random token, the database only its digest: whoever reads the database cannot take a session over.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import (
    Column,
    Connection,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from core.records.types import BigId, JsonType, Moment

WINDOW = dt.timedelta(minutes=15)
"""How long a failed sign-in counts."""
MOST_RECENT = 12
TOUCH = dt.timedelta(minutes=2)
"""A session's last use is written at most this often."""


def define(metadata: MetaData) -> tuple[Table, Table]:
    """Declare `sys_session` and `sys_login_failure`."""
    session = Table(
        "sys_session", metadata, Column("token_hash", String(64), nullable=False), Column("user_id", BigId, nullable=False),
        Column("created_at", Moment, nullable=False), Column("last_seen_at", Moment, nullable=False),
        Column("expires_at", Moment, nullable=False), Column("stage", String(20), nullable=False), Column("ip", String(64)),
        Column("agent", String(300)), Column("data", JsonType), PrimaryKeyConstraint("token_hash", name="pk_sys_session"))
    Index("ix_sys_session_user", session.c.user_id, session.c.last_seen_at)
    failure = Table(
        "sys_login_failure", metadata, Column("id", BigId, nullable=False), Column("at", Moment, nullable=False),
        Column("subject", String(64), nullable=False), PrimaryKeyConstraint("id", name="pk_sys_login_failure"))
    Index("ix_sys_login_failure_subject", failure.c.subject, failure.c.at)
    return session, failure


SESSION, FAILURE = define(MetaData())


@dataclass(slots=True)
class Session:
    """One browser's session. `stage` is "" when complete, "totp" while the second factor is awaited.

    `data` is small JSON: "recent" records as [record, id], "second_factor_secret" while it is set up, and the like.
    """

    token_hash: str
    user_id: int
    created_at: dt.datetime
    last_seen_at: dt.datetime
    expires_at: dt.datetime
    stage: str = ""
    ip: str = ""
    agent: str = ""
    data: dict[str, Any] = field(default_factory=dict)


_FIND: Final = select(SESSION).where(SESSION.c.token_hash == bindparam("token_hash"))
"""Made once: every request asks it."""


def digest(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def find(connection: Connection, token: str, now: dt.datetime) -> Session | None:
    """The live session of a token, None when there is none or it ran out."""
    if not 20 <= len(token) <= 200:
        return None
    row = connection.execute(_FIND, {"token_hash": digest(token)}).mappings().one_or_none()
    if row is None or row["expires_at"] <= now:
        return None
    return Session(**{**row, "data": row["data"] or {}})


def start(connection: Connection, user_id: int, now: dt.datetime, hours: int, *, ip: str = "", agent: str = "",
          stage: str = "", data: dict[str, Any] | None = None) -> str:
    """Make a session and return its token; what the person looked at last comes along from their previous session."""
    token = secrets.token_urlsafe(32)
    last = connection.execute(select(SESSION.c.data).where(SESSION.c.user_id == user_id).order_by(
        SESSION.c.last_seen_at.desc()).limit(1)).scalar_one_or_none() or {}
    kept = {"recent": last["recent"]} if isinstance(last, dict) and last.get("recent") else {}
    connection.execute(insert(SESSION).values(
        token_hash=digest(token), user_id=user_id, created_at=now, last_seen_at=now,
        expires_at=now + dt.timedelta(hours=hours), stage=stage, ip=ip[:64], agent=agent[:300], data={**kept, **(data or {})}))
    connection.execute(delete(SESSION).where(SESSION.c.expires_at < now - dt.timedelta(days=30)))
    return token


def touch(connection: Connection, token_hash: str, now: dt.datetime, hours: int, recent: tuple[str, int] | None = None) -> None:
    """Note that a session was used, and which record was looked at."""
    values: dict[str, Any] = {"last_seen_at": now, "expires_at": now + dt.timedelta(hours=hours)}
    if recent is not None:
        data = connection.execute(select(SESSION.c.data).where(SESSION.c.token_hash == token_hash)).scalar_one_or_none() or {}
        others = [r for r in data.get("recent", []) if r != list(recent)]
        values["data"] = {**data, "recent": [list(recent), *others][:MOST_RECENT]}
    connection.execute(update(SESSION).where(SESSION.c.token_hash == token_hash, SESSION.c.expires_at > now).values(**values))


def put_data(connection: Connection, token_hash: str, data: dict[str, Any]) -> None:
    """Replace a session's data."""
    connection.execute(update(SESSION).where(SESSION.c.token_hash == token_hash).values(data=data))


def end(connection: Connection, token_hash: str) -> None:
    """End one session."""
    connection.execute(delete(SESSION).where(SESSION.c.token_hash == token_hash))


def end_all(connection: Connection, user_id: int, keep: str = "") -> int:
    """End all sessions of a user (password changed, user disabled), `keep` being the digest of one to leave."""
    found = connection.execute(delete(SESSION).where(SESSION.c.user_id == user_id, SESSION.c.token_hash != keep))
    return int(found.rowcount)


def of_user(connection: Connection, user_id: int, now: dt.datetime) -> list[Session]:
    """A user's live sessions, the last used first."""
    rows = connection.execute(select(SESSION).where(SESSION.c.user_id == user_id, SESSION.c.expires_at > now).order_by(
        SESSION.c.last_seen_at.desc())).mappings()
    return [Session(**{**row, "data": row["data"] or {}}) for row in rows]


# ---------------------------------------------------------------- throttling of sign-ins
def _subjects(login: str, ip: str, device: str = "") -> list[str]:
    name = login.strip().lower()
    if device:
        return [digest(f"device:{device}:{name}"), digest(f"device:{device}")]
    return [digest(f"login:{name}"), digest(f"ip:{ip}")]


def is_throttled(connection: Connection, login: str, ip: str, now: dt.datetime, limit: int, device: str = "") -> bool:
    """Whether this name had `limit` failures (or this address three times as many) in the last quarter of an hour.

    A browser in which somebody signed in under this name before (`device`) is counted by itself, so that strangers who
    guess at a name from elsewhere do not lock its owner out.
    """
    name, address = _subjects(login, ip, device)
    rows = connection.execute(select(FAILURE.c.subject, func.count().label("failures")).where(
        FAILURE.c.subject.in_([name, address]), FAILURE.c.at > now - WINDOW).group_by(FAILURE.c.subject)).all()
    found = {row.subject: row.failures for row in rows}
    return bool(found.get(name, 0) >= limit or found.get(address, 0) >= limit * 3)


def note_failure(connection: Connection, login: str, ip: str, now: dt.datetime, device: str = "") -> None:
    """Remember a failed sign-in; old ones are forgotten."""
    connection.execute(delete(FAILURE).where(FAILURE.c.at < now - WINDOW))
    connection.execute(insert(FAILURE), [{"at": now, "subject": subject} for subject in _subjects(login, ip, device)])


def forget_failures(connection: Connection, login: str, device: str = "") -> None:
    """Begin anew for a name after a sign-in that worked; from a known browser, for this browser alone."""
    connection.execute(delete(FAILURE).where(FAILURE.c.subject == _subjects(login, "", device)[0]))
