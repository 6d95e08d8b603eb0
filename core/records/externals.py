"""Names that records have in other programs (sources), so that both find the same record.

Kept beside the records, for every type. A record has one in each source, and several where records were merged that the other
program still tells apart: each of them leads to the one that stayed. Whoever may read a record finds it by them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from sqlalchemy import Column, Index, MetaData, PrimaryKeyConstraint, String, Table, delete, insert, or_, select, tuple_, update

from core.errors import Invalid, ValidationFailed
from core.i18n.messages import _
from core.query.among import among
from core.records.types import BigId

if TYPE_CHECKING:
    from core.env import Env


def define(metadata: MetaData) -> Table:
    """Declare `sys_external`."""
    return Table(
        "sys_external", metadata, Column("record", String(120), nullable=False), Column("source", String(60), nullable=False),
        Column("external", String(255), nullable=False), Column("record_id", BigId, nullable=False),
        PrimaryKeyConstraint("record", "source", "external", name="pk_sys_external"),
        Index("ix_sys_external_record", "record", "record_id", "source"))


EXTERNAL = define(MetaData())


def taken(env: Env, record: str, source: str, externals: Iterable[str]) -> dict[str, int]:
    """Which of these names of another program stand for a live record, whoever may see it."""
    names, table, held = sorted(set(externals)), EXTERNAL, env.registry.record(record).table
    if not names:
        return {}
    statement = select(table.c.external, table.c.record_id).join(held, held.c.id == table.c.record_id).where(
        table.c.record == record, table.c.source == source, among(env.dialect, table.c.external, names), held.c.deleted_at.is_(None))
    return {name: key for name, key in env.execute(statement)}


def put(env: Env, record: str, source: str, keys: Mapping[str, int]) -> None:
    """Remember what another program calls records from now on; the actor must be allowed to change each of them."""
    if not keys:
        return
    _require(env, record, keys.values())
    known = taken(env, record, source, keys)
    new = {name: key for name, key in keys.items() if known.get(name) != key}
    if known.keys() & new.keys():
        raise ValidationFailed([Invalid(None, None, _("Another record already has this name in “{source}”.", source=source))])
    if not new:
        return
    mine = (EXTERNAL.c.record == record, EXTERNAL.c.source == source)
    env.execute(delete(EXTERNAL).where(*mine, or_(among(env.dialect, EXTERNAL.c.external, list(new)),
                                                  among(env.dialect, EXTERNAL.c.record_id, sorted(set(new.values()))))))
    env.execute(insert(EXTERNAL), [{"record": record, "source": source, "external": name, "record_id": key} for name, key in new.items()])


def names_of(env: Env, record: str, ids: Iterable[int]) -> dict[int, list[tuple[str, str]]]:
    """What other programs call these records: (source, name) pairs. Elevated code only asks for records that others may not see."""
    table, keys = EXTERNAL, sorted(set(ids))
    found: dict[int, list[tuple[str, str]]] = {}
    if keys:
        chosen = select(table.c.record_id, table.c.source, table.c.external).where(
            table.c.record == record, among(env.dialect, table.c.record_id, keys))
        for key, source, name in env.execute(chosen.order_by(table.c.source, table.c.external)):
            found.setdefault(key, []).append((source, name))
    return found


def hand_over(env: Env, record: str, names: Iterable[tuple[str, str]], old: int, new: int) -> int:
    """Let names of one record lead to another one of its type from now on, beside those that it has: after a merge, or back again.
    The actor must be allowed to change the other one; returns how many names were handed over."""
    _require(env, record, [new])
    chosen = [tuple(one) for one in names]
    if not chosen:
        return 0
    return int(env.execute(update(EXTERNAL).where(
        EXTERNAL.c.record == record, EXTERNAL.c.record_id == old, tuple_(EXTERNAL.c.source, EXTERNAL.c.external).in_(chosen)).values(
            record_id=new)).rowcount)


def _require(env: Env, record: str, ids: Iterable[int]) -> None:
    wanted = set(ids)
    if wanted - env.allowed_ids("update", record, wanted):
        raise ValidationFailed([Invalid(None, None, _("This record does not exist, or you may not see it."))])
