"""Stored values that follow others: computed fields in the batch, roll-ups of parents by one statement each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, update

from core.expressions import to_sql
from core.query.scope import Scope
from core.records.changes import Change
from core.records.fields import AnyLinkField, ChildrenField, RollupField
from core.records.types import Fixed, at_scale
from core.registry.compose import RecordType

if TYPE_CHECKING:
    from core.env import Env


def compute(env: Env, change: Change) -> None:
    """Set the computed fields of a batch whose sources changed."""
    for one in change.rtype.computed:
        if change.action == "create" or not one.paths or change.touches(*one.paths):
            change.set_each(one.field, one.run(change.records, env))


def rollups(env: Env, change: Change) -> None:
    """Bring the roll-ups of the parents of these records up to date, old parents and new."""
    rows = [*(r.__dict__ for r in change.records), *change.old.values()]
    for parent, field, link in rollups_over(env, change.record):
        by = change.rtype.field(link)
        kind = by.type_column if isinstance(by, AnyLinkField) else None
        refresh(env, parent, field, {key for row in rows if (key := row.get(by.column_name)) is not None
                                     and (kind is None or row.get(kind) == parent.name)})


def rollups_over(env: Env, record: str) -> list[tuple[RecordType, RollupField, str]]:
    """Roll-up fields that aggregate records of this type: (parent type, field, link from child to parent)."""
    found = []
    for parent, link in env.registry.record(record).inbound_children(env.registry.records):
        for field in parent.fields.values():
            if isinstance(field, RollupField) and field.children == link.name:
                found.append((parent, field, link.by))
    return found


def refresh(env: Env, parent: RecordType, field: RollupField, ids: set[int]) -> None:
    """Recompute one roll-up for some parents by a single UPDATE."""
    if not ids:
        return
    table = parent.table
    env.execute(update(table).where(table.c.id.in_(ids)).values({field.column_name: rolled_up(env, parent, field)}))


def rolled_up(env: Env, parent: RecordType, field: RollupField) -> Any:
    """The value of a roll-up as a subquery about a row of the parent's table."""
    children = parent.field(field.children)
    assert isinstance(children, ChildrenField)
    target = env.registry.record(children.target)
    scope = Scope(env, target, trusted=True)
    value: Any = func.count()
    if field.function != "count":
        inner = to_sql(env.registry.node(target.name, field.expression), scope, env.context)
        value = getattr(func, field.function)(inner, type_=inner.type)
        if isinstance(column_type := field.column_type(), Fixed):
            value = at_scale(value, column_type.scale)
    table = parent.table
    statement = select(value).select_from(scope.table).where(
        *children.holding(target.field(children.by), scope.table, table.c.id), scope.table.c.deleted_at.is_(None))
    if field.where is not None:
        statement = statement.where(to_sql(env.registry.node(target.name, field.where), scope, env.context))
    return statement.scalar_subquery()
