"""Deleting to the recycle bin, restoring, archiving and purging, with the records that live and die along."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete as sql_delete
from sqlalchemy import func, select, update

from core.editions import limits
from core.errors import Invalid, ValidationFailed
from core.i18n.messages import _
from core.records import audit, locks, uniqueness
from core.records.changes import Change, ChangeSet
from core.records.computing import rollups
from core.records.creating import finish
from core.records.externals import EXTERNAL
from core.records.fields import ChildrenField
from core.records.updating import CHUNK, load
from core.registry.compose import RecordType

if TYPE_CHECKING:
    from core.env import Env


def delete(env: Env, rtype: RecordType, ids: Sequence[int]) -> int:
    """Put records into the recycle bin, with the children they own. Links to them stay, so restoring brings all back."""
    return _each_chunk(ids, lambda part: _delete(env, rtype, part))


def _each_chunk(ids: Sequence[int], run: Any) -> int:
    chosen = sorted(set(ids))
    return sum(run(chosen[i:i + CHUNK]) for i in range(0, len(chosen), CHUNK))


def _delete(env: Env, rtype: RecordType, ids: list[int]) -> int:
    rows = load(env, rtype, ids, "delete")
    locks.refuse(env, rtype, ids)
    _refuse_restricted(env, rtype, ids)
    change = _change(env, rtype, "delete", rows)
    _mark(env, rtype, ids, env.now)
    audit.write(env, rtype.name, "delete", dict.fromkeys(ids))
    rollups(env, change)
    for target, by in _owned_children(env, rtype):
        children = _child_ids(env, rtype, target, by, ids, live=True)
        if children:
            locks.refuse(env, target, children)
            _mark(env, target, children, env.now)
            audit.write(env, target.name, "delete", dict.fromkeys(children))
    finish(env, change)
    return len(rows)


def _change(env: Env, rtype: RecordType, action: str, rows: dict[int, dict[str, Any]]) -> Change:
    change = Change(rtype, action, [rtype.cls.from_row(dict(r)) for r in rows.values()], old=rows)
    rtype.cls.before_save(env, change)
    env.registry.plugins.hook.before_changes(env=env, changes=ChangeSet([change]))
    errors = [e for part in env.registry.plugins.hook.validate_changes(env=env, changes=ChangeSet([change])) for e in part or ()]
    if errors:
        raise ValidationFailed(errors)
    return change


def _mark(env: Env, rtype: RecordType, ids: Sequence[int], moment: Any) -> None:
    table = rtype.table
    env.execute(update(table).where(table.c.id.in_(list(ids))).values(
        deleted_at=moment, updated_at=env.now, updated_by_id=env.actor.id, version=table.c.version + 1))


def _refuse_restricted(env: Env, rtype: RecordType, ids: Sequence[int]) -> None:
    for name, link in rtype.inbound:
        source = env.registry.record(name)
        field = source.fields[link]
        if getattr(field, "on_delete", "") != "restrict" or field.system:
            continue
        table = source.table
        count = env.execute(select(func.count()).select_from(table).where(
            table.c[field.column_name].in_(list(ids)), table.c.deleted_at.is_(None))).scalar_one()
        if count:
            raise ValidationFailed([Invalid(None, None, _("{count} {record} still link here; change or delete them first.",
                                                          count=count, record=source.plural))])


def _owned_children(env: Env, rtype: RecordType) -> list[tuple[RecordType, str]]:
    """Types whose records die with these, and the link by which they hang on them."""
    owned = [(env.registry.record(f.target), f.by) for f in rtype.fields.values() if isinstance(f, ChildrenField) and f.owned]
    cascading = [(env.registry.record(n), link) for n, link in rtype.inbound
                 if getattr(env.registry.record(n).fields[link], "on_delete", "") == "cascade"]
    return list({(t.name, by): (t, by) for t, by in owned + cascading}.values())


def _child_ids(env: Env, rtype: RecordType, target: RecordType, by: str, ids: Sequence[int], live: bool) -> list[int]:
    table, link = target.table, target.field(by)
    alive = table.c.deleted_at.is_(None) if live else table.c.deleted_at.is_not(None)
    return list(env.execute(select(table.c.id).where(table.c[link.column_name].in_(list(ids)), alive,
                                                     *link.pointing(table, rtype.name))).scalars())  # type: ignore[attr-defined]


def restore(env: Env, rtype: RecordType, ids: Sequence[int]) -> int:
    """Bring records back from the recycle bin, with the children that were deleted together with them."""
    return _each_chunk(ids, lambda part: _restore(env, rtype, part))


def _restore(env: Env, rtype: RecordType, ids: list[int]) -> int:
    rows = load(env, rtype, ids, "delete", deleted=True)
    locks.refuse(env, rtype, ids)
    limits.require_room(env, rtype, limits.counting(rtype.name, rows.values()))
    uniqueness.refuse(env, rtype, list(rows.values()))
    moments = {row["deleted_at"] for row in rows.values()}
    change = _change(env, rtype, "restore", rows)
    _mark(env, rtype, ids, None)
    audit.write(env, rtype.name, "restore", dict.fromkeys(ids))
    rollups(env, change)
    for target, by in _owned_children(env, rtype):
        table, link = target.table, target.field(by)
        together = select(table).where(table.c[link.column_name].in_(ids), table.c.deleted_at.in_(list(moments)),
                                       *link.pointing(table, rtype.name))  # type: ignore[attr-defined]
        children = {row["id"]: dict(row) for row in env.execute(together).mappings()}
        if children:
            limits.require_room(env, target, limits.counting(target.name, children.values()))
            uniqueness.refuse(env, target, list(children.values()))
            _mark(env, target, list(children), None)
            audit.write(env, target.name, "restore", dict.fromkeys(children))
    finish(env, change)
    return len(rows)


def archive(env: Env, rtype: RecordType, ids: Sequence[int], archived: bool = True) -> int:
    """Set or clear the archive flag: archived records leave lists and pickers but stay linked and searchable."""
    def run(part: list[int]) -> int:
        rows = load(env, rtype, part, "update")
        locks.refuse(env, rtype, part)
        todo = [k for k, row in rows.items() if row["archived"] != archived]
        if todo:
            table = rtype.table
            env.execute(update(table).where(table.c.id.in_(todo)).values(
                archived=archived, updated_at=env.now, updated_by_id=env.actor.id, version=table.c.version + 1))
            audit.write(env, rtype.name, "update", {k: {"archived": [not archived, archived]} for k in todo})
            now = [rtype.cls.from_row({**rows[k], "archived": archived}) for k in todo]
            finish(env, Change(rtype, "archive" if archived else "unarchive", now, old={k: rows[k] for k in todo}))
        return len(todo)
    return _each_chunk(ids, run)


def purge(env: Env, rtype: RecordType, ids: Sequence[int]) -> int:
    """Delete records in the recycle bin for good: links to them are cleared, history keeps that they existed."""
    def run(part: list[int]) -> int:
        load(env, rtype, part, "delete", deleted=True)
        locks.refuse(env, rtype, part)
        _purge(env, rtype, part)
        return len(part)
    return _each_chunk(ids, run)


def _purge(env: Env, rtype: RecordType, ids: list[int]) -> None:
    for target, by in _owned_children(env, rtype):
        children = _child_ids(env, rtype, target, by, ids, live=False)
        if children:
            _purge(env, target, children)
    for name, link in rtype.inbound:
        source = env.registry.record(name)
        column = source.table.c[source.fields[link].column_name]
        env.execute(update(source.table).where(column.in_(ids)).values({column.name: None}))
    share = env.registry.system.share
    env.execute(sql_delete(share).where(share.c.record == rtype.name, share.c.record_id.in_(ids)))
    env.execute(sql_delete(EXTERNAL).where(EXTERNAL.c.record == rtype.name, EXTERNAL.c.record_id.in_(ids)))
    env.execute(sql_delete(rtype.table).where(rtype.table.c.id.in_(ids)))
    audit.write(env, rtype.name, "purge", dict.fromkeys(ids))
