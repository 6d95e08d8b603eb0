"""Taking away for good what a disabled addon left: its tables, and its columns in the tables of others."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, MetaData, delete

from core.schema import ledger as ledgers
from core.schema.apply import apply
from core.schema.plan import Plan, plan
from core.schema.work import Step


def purge_plan(connection: Connection, metadata: MetaData, addon: str) -> Plan:
    """What would go: the plan's destructive steps. `metadata` declares what stays, hence nothing of the addon."""
    found = plan(connection, metadata, forgetting=addon)
    keep = [step for step in found.steps if not step.destructive or _owner(found, step) == addon]
    return replace(found, steps=tuple(keep))


def purge(connection: Connection, metadata: MetaData, addon: str) -> list[Step]:
    """Drop them, in the caller's transaction, and forget the addon's migration steps. There is no way back."""
    done = apply(connection, purge_plan(connection, metadata, addon), allow_destructive=True)
    tables = ledgers.define(MetaData())
    for table in (tables.schema_object, tables.migration):
        connection.execute(delete(table).where(table.c.addon == addon))
    return [step for step in done if step.destructive]


def _owner(found: Plan, step: Step) -> str | None:
    name = step.name if step.kind == "drop_table" else f"{step.table}.{step.name}"
    known = found.ledger.get("table" if step.kind == "drop_table" else "column", name)
    return known.addon if known is not None else None
