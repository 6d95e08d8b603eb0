"""Numbers that records have in other programs: one for each program (source), so that both find the same record.

Kept beside the records, for every type; a record may have one in each source. Whoever may read a record finds it by them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from sqlalchemy import Column, MetaData, PrimaryKeyConstraint, String, Table, UniqueConstraint, delete, select

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
        UniqueConstraint("record", "record_id", "source", name="uq_sys_external_record"))


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
    """Remember what another program calls records; the actor must be allowed to change each of them."""
    if not keys:
        return
    if set(keys.values()) - env.allowed_ids("update", record, keys.values()):
        raise ValidationFailed([Invalid(None, None, _("This record does not exist, or you may not see it."))])
    if set(taken(env, record, source, keys).items()) - set(keys.items()):
        raise ValidationFailed([Invalid(None, None, _("Another record already has this name in “{source}”.", source=source))])
    gone = (EXTERNAL.c.record == record, EXTERNAL.c.source == source, among(env.dialect, EXTERNAL.c.external, list(keys)))
    env.execute(delete(EXTERNAL).where(*gone))
    made = env.insert_for(EXTERNAL)
    rows = [{"record": record, "source": source, "external": name, "record_id": key} for name, key in keys.items()]
    env.execute(made.on_conflict_do_update(index_elements=["record", "record_id", "source"],
                                           set_={"external": made.excluded.external}), rows)
