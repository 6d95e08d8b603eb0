"""The core's own tables: what is known about an installation besides its records."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, PrimaryKeyConstraint, String, Table, Text, UniqueConstraint

from core.records.types import BigId, JsonType, Moment


@dataclass(frozen=True)
class SystemTables:
    """Tables that the record layer writes itself."""

    audit: Table
    share: Table
    sequence: Table
    custom: Table
    state: Table
    presence: Table


def define(metadata: MetaData) -> SystemTables:
    """Declare the tables of history, shares, number series, customising, change counters and presence."""
    audit = Table(
        "sys_audit", metadata, Column("id", BigId, nullable=False), Column("at", Moment, nullable=False),
        Column("actor_id", BigId), Column("action", String(40), nullable=False), Column("record", String(120)),
        Column("record_id", BigId), Column("batch", String(36)), Column("changes", JsonType), Column("note", Text),
        PrimaryKeyConstraint("id", name="pk_sys_audit"))
    Index("ix_sys_audit_record", audit.c.record, audit.c.record_id, audit.c.id)
    Index("ix_sys_audit_batch", audit.c.batch)
    Index("ix_sys_audit_actor", audit.c.actor_id, audit.c.id)
    share = Table(
        "sys_share", metadata, Column("id", BigId, nullable=False), Column("record", String(120), nullable=False),
        Column("record_id", BigId, nullable=False), Column("principal", String(60), nullable=False),
        Column("access", Integer, nullable=False), Column("expires_at", Moment), Column("created_by_id", BigId),
        Column("created_at", Moment, nullable=False), PrimaryKeyConstraint("id", name="pk_sys_share"),
        UniqueConstraint("record", "record_id", "principal", name="uq_sys_share"))
    Index("ix_sys_share_principal", share.c.principal, share.c.record, share.c.record_id)
    sequence = Table("sys_sequence", metadata, Column("name", String(160), nullable=False),
                     Column("next", BigInteger, nullable=False), PrimaryKeyConstraint("name", name="pk_sys_sequence"))
    custom = Table(
        "sys_custom", metadata, Column("kind", String(40), nullable=False), Column("target", String(200), nullable=False),
        Column("data", JsonType), Column("updated_at", Moment), Column("updated_by_id", BigId),
        PrimaryKeyConstraint("kind", "target", name="pk_sys_custom"))
    state = Table("sys_state", metadata, Column("name", String(60), nullable=False),
                  Column("value", BigInteger, nullable=False), PrimaryKeyConstraint("name", name="pk_sys_state"))
    presence = Table(
        "sys_presence", metadata, Column("user_id", BigId, nullable=False), Column("record", String(120), nullable=False),
        Column("record_id", BigId, nullable=False), Column("typing", Boolean, nullable=False), Column("at", Moment, nullable=False),
        PrimaryKeyConstraint("user_id", "record", "record_id", name="pk_sys_presence"))
    Index("ix_sys_presence_record", presence.c.record, presence.c.record_id, presence.c.at)
    return SystemTables(audit, share, sequence, custom, state, presence)
