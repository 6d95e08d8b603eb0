"""Sharing single records by hand: with people, roles, roles and below, or teams, to read or to write, until a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from core.errors import SarnakhError
from core.i18n.messages import _
from core.records import audit
from core.records.fields import USER
from core.security.actor import READ, WRITE, Actor

if TYPE_CHECKING:
    from core.env import Env

KINDS = {"user": USER, "role": "base.role", "below": "base.role", "team": "base.team"}
"""What a principal may be, and the record type it names."""


@dataclass(frozen=True)
class Share:
    """One share of one record. `principal` is "user:5", "role:3", "below:3" (the role and all under it) or "team:2"."""

    principal: str
    access: int
    expires_at: dt.datetime | None
    created_by_id: int | None


def share(env: Env, record: str, ids: Iterable[int], principal: str, access: int = READ,
          expires_at: dt.datetime | None = None) -> None:
    """Share records with a principal. The actor needs the right to share and to update each of them."""
    keys = _allowed(env, record, ids)
    kind, _colon, number = principal.partition(":")
    known = kind in KINDS and number.isascii() and number.isdecimal() and len(number) < 18 and KINDS[kind] in env.registry.records
    if access not in (READ, WRITE) or not known or not env.visible_ids(KINDS[kind], [int(number)]):
        raise SarnakhError(_("Records cannot be shared with “{principal}”."), principal=principal)
    if expires_at is not None and expires_at <= env.now:
        raise SarnakhError(_("The end of the share must be in the future."))
    table = env.registry.system.share
    rows = [{"record": record, "record_id": k, "principal": principal, "access": access, "expires_at": expires_at,
             "created_by_id": env.actor.id, "created_at": env.now} for k in keys]
    if rows:
        statement = env.insert_for(table)
        env.execute(statement.on_conflict_do_update(
            index_elements=["record", "record_id", "principal"],
            set_={"access": statement.excluded.access, "expires_at": statement.excluded.expires_at}), rows)
        audit.write(env, record, "share", {k: {"share": [None, f"{principal} {access}"]} for k in keys})


def unshare(env: Env, record: str, ids: Iterable[int], principal: str) -> None:
    """Take a share back."""
    keys = _allowed(env, record, ids)
    table = env.registry.system.share
    env.execute(delete(table).where(table.c.record == record, table.c.record_id.in_(keys), table.c.principal == principal))
    audit.write(env, record, "unshare", {k: {"share": [principal, None]} for k in keys})


def shares_of(env: Env, record: str, key: int) -> list[Share]:
    """With whom a record is shared; the actor must see it."""
    env.get(record, key, "id")
    table = env.registry.system.share
    rows = env.execute(select(table.c.principal, table.c.access, table.c.expires_at, table.c.created_by_id).where(
        table.c.record == record, table.c.record_id == key).order_by(table.c.id))
    return [Share(*row) for row in rows]


def shares_reaching(env: Env, actor: Actor, record: str, key: int) -> list[Share]:
    """The shares of one record under which an actor falls, those that have ended too. For explanations, elevated."""
    table = env.registry.system.share
    rows = env.execute(select(table.c.principal, table.c.access, table.c.expires_at, table.c.created_by_id).where(
        table.c.record == record, table.c.record_id == key, table.c.principal.in_(actor.principals)).order_by(table.c.id))
    return [Share(*row) for row in rows]


def _allowed(env: Env, record: str, ids: Iterable[int]) -> list[int]:
    env.require("share", record)
    keys = sorted(set(ids))
    if set(keys) - env.allowed_ids("update", record, keys):
        raise SarnakhError(_("You may only share records that you may change."))
    return keys
