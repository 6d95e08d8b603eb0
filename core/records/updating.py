"""Changing records, a batch at a time: read what may be changed, clean, check, write what differs, remember it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, insert, select, update

from core.editions import limits
from core.errors import AccessDenied, Conflict, Invalid, NotFound, ValidationFailed
from core.i18n.messages import _
from core.query.search import search_text
from core.records import audit, locks, moves, uniqueness, validation
from core.records.changes import Change, ChangeSet
from core.records.computing import compute, rollups
from core.records.creating import finish
from core.records.fields import ManyField
from core.registry.compose import RecordType

if TYPE_CHECKING:
    from core.env import Env

CHUNK = 1000


def update_each(env: Env, rtype: RecordType, values: Mapping[int, Mapping[str, Any]],
                versions: Mapping[int, int] | None = None, source: str = "") -> int:
    """Give each record its own values; returns how many changed. `versions` guards against lost updates."""
    ids = sorted(values)
    changed = 0
    for start in range(0, len(ids), CHUNK):
        part = ids[start:start + CHUNK]
        changed += _update(env, rtype, {i: values[i] for i in part}, versions or {}, source)
    return changed


def load(env: Env, rtype: RecordType, ids: Sequence[int], operation: str, deleted: bool = False) -> dict[int, dict[str, Any]]:
    """Stored rows by id, locked for this transaction. NotFound when one is not visible, AccessDenied when the
    operation is not allowed on one that is."""
    table = rtype.table
    conditions = [table.c.id.in_(list(ids)), table.c.deleted_at.is_not(None) if deleted else table.c.deleted_at.is_(None)]
    seen = env.access.predicate("read", rtype, table)
    columns = [c for c in table.c if c.name != "search_text"]
    statement = select(*columns).where(*conditions, *([] if seen is None else [seen])).order_by(table.c.id)
    rows = {row["id"]: dict(row) for row in env.execute(statement.with_for_update(of=table)).mappings()}
    if len(rows) < len(set(ids)):
        raise NotFound()
    env.access.require(operation, rtype.name)
    allowed = env.access.predicate(operation, rtype, table)
    if allowed is not None:
        found = set(env.execute(select(table.c.id).where(*conditions, allowed)).scalars())
        if len(found) < len(rows):
            raise AccessDenied(_("You may see this record but not do this with it."))
    return rows


def _update(env: Env, rtype: RecordType, values: dict[int, Mapping[str, Any]], versions: Mapping[int, int], source: str) -> int:
    names = list(dict.fromkeys(n for row in values.values() for n in row))
    old = load(env, rtype, list(values), "update")
    validation.check_names(env, rtype, names)
    _check_versions(env, rtype, old, versions)
    _check_transfer(env, rtype, old, values)
    locks.refuse(env, rtype, old, names)
    errors: list[Invalid] = []
    rows, many = _merged(env, rtype, old, values, errors)
    records = [rtype.cls.from_row(row) for row in rows]
    change = Change(rtype, "update", records, old=old, fields=set(names), many=many, source=source)
    rtype.cls.before_save(env, change)
    env.registry.plugins.hook.before_changes(env=env, changes=ChangeSet([change]))
    compute(env, change)
    if rtype.parent and change.touches(rtype.parent):
        errors.extend(locks.under_locked(env, rtype, change.records))
    _check(env, rtype, change, rows, errors)
    later = moves.check(env, change, errors)
    if errors:
        raise ValidationFailed(errors)
    limits.require_room(env, rtype, limits.woken(change))
    with moves.holding(env, change, later):
        return _write(env, change)


def _check_versions(env: Env, rtype: RecordType, old: dict[int, dict[str, Any]], versions: Mapping[int, int]) -> None:
    for key, version in versions.items():
        if key in old and old[key]["version"] != version:
            shown = {n: audit.value_of(f, old[key]) for n, f in rtype.fields.items()
                     if f.stored and env.access.readable(rtype.name, n)}
            raise Conflict(record_id=key, current=shown)


def _check_transfer(env: Env, rtype: RecordType, old: dict[int, dict[str, Any]], values: Mapping[int, Mapping[str, Any]]) -> None:
    """Giving a record to somebody else needs a right of its own; sending back the owner that it has does not."""
    if rtype.owned and any("owner" in values[key] and getattr(values[key]["owner"], "id", values[key]["owner"]) != row["owner_id"]
                           for key, row in old.items()):
        env.access.require("transfer", rtype.name)


def _merged(env: Env, rtype: RecordType, old: dict[int, dict[str, Any]], values: dict[int, Mapping[str, Any]],
            errors: list[Invalid]) -> tuple[list[dict[str, Any]], dict[str, dict[int, list[int]]]]:
    """The new rows: stored values with the cleaned new ones over them."""
    rows: list[dict[str, Any]] = []
    many: dict[str, dict[int, list[int]]] = {}
    cleaned: dict[tuple[str, Any], Any] = {}
    for index, key in enumerate(old):
        row = dict(old[key])
        for name, value in values[key].items():
            field = rtype.fields[name]
            try:
                memo = (name, value) if isinstance(value, (str, int)) else None
                if memo is None or memo not in cleaned:
                    found = validation.clean_value(env, field, value)
                    if memo is not None:
                        cleaned[memo] = found
                else:
                    found = cleaned[memo]
            except ValueError as error:
                errors.append(Invalid(index, name, error.args[0]))
                continue
            if isinstance(field, ManyField):
                many.setdefault(name, {})[key] = found
            else:
                validation.put(field, row, found)
        rows.append(row)
    return rows, many


def _check(env: Env, rtype: RecordType, change: Change, rows: list[dict[str, Any]], errors: list[Invalid]) -> None:
    required: list[Invalid] = []
    validation.check_required(rtype, rows, required)
    errors.extend(e for e in required if e.field in change.fields or rtype.fields[e.field or ""].required)
    moved = {n for n in change.fields if not isinstance(rtype.fields[n], ManyField) and change.changed(n)}
    validation.check_links(env, rtype, rows, moved, errors)
    validation.check_within(env, change, errors)
    for name, values in change.many.items():
        keys = {k for ids in values.values() for k in ids}
        already = set(env.execute(select(rtype.many[name].c.other_id).where(
            rtype.many[name].c.record_id.in_(list(values)))).scalars())
        hidden = keys - already - set(env.visible_ids(rtype.fields[name].target, keys))  # type: ignore[attr-defined]
        if hidden:
            errors.append(Invalid(None, name, _("“{field}”: this record does not exist, or you may not see it.",
                                                field=rtype.fields[name].label)))
    uniqueness.check(env, rtype, rows, change.fields, errors)
    validation.check_transitions(change, errors)
    if not errors:
        validation.run_validators(env, change, errors)


def _write(env: Env, change: Change) -> int:
    rtype = change.rtype
    history: dict[int, dict[str, Any] | None] = {}
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    searched = any(rtype.fields[n].search for n in change.fields)
    tracked = [n for n, f in rtype.fields.items() if f.stored and not f.system or n == "archived"]
    for record in change.records:
        row = record.__dict__
        before = change.old[row["id"]]
        columns = [c for c in before if row.get(c) != before[c] and c not in ("version", "updated_at", "updated_by_id")]
        if not columns:
            continue
        history[row["id"]] = audit.difference(rtype, before, row, tracked)
        if searched and rtype.search_fields:
            row["search_text"] = search_text(rtype, row)
            columns.append("search_text")
        groups.setdefault(tuple(columns), []).append(row)
    for names, rows in groups.items():
        _write_group(env, rtype, names, rows)
    for name, values in change.many.items():
        _write_many(env, rtype, name, values, history)
    touched = set(history)
    if touched:
        audit.write(env, rtype.name, "update", {k: v for k, v in history.items() if v})
        change.records = [r for r in change.records if r.__dict__["id"] in touched]
        rollups(env, change)
        finish(env, change)
    return len(touched)


def _write_group(env: Env, rtype: RecordType, columns: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
    """One statement when all rows get the same values, otherwise one prepared statement run for each."""
    table = rtype.table
    fixed = {"updated_at": env.now, "updated_by_id": env.actor.id, "version": table.c.version + 1}
    same = {c: rows[0][c] for c in columns}
    if len(rows) == 1 or all(row[c] == same[c] for row in rows for c in columns):
        env.execute(update(table).where(table.c.id.in_([r["id"] for r in rows])).values(**same, **fixed))
        return
    statement = update(table).where(table.c.id == bindparam("b_id")).values({c: bindparam(f"v_{c}") for c in columns} | fixed)
    env.execute(statement, [{"b_id": r["id"], **{f"v_{c}": r[c] for c in columns}} for r in rows])


def _closed(env: Env, field: Any, gone: set[int]) -> set[int]:
    """Those to which a tie is kept: whoever does not see a record (or it is in the recycle bin) did not mean it to go by leaving it
    out of what they saw."""
    return set() if env.access.trusted or not gone else gone - set(env.visible_ids(field.target, gone))


def _write_many(env: Env, rtype: RecordType, name: str, values: dict[int, list[int]],
                history: dict[int, dict[str, Any] | None]) -> None:
    table, field = rtype.many[name], rtype.fields[name]
    stored: dict[int, list[int]] = {key: [] for key in values}
    for key, other in env.execute(select(table.c.record_id, table.c.other_id).where(table.c.record_id.in_(list(values)))):
        stored[key].append(other)
    closed = _closed(env, field, {other for key, wanted in values.items() for other in set(stored[key]) - set(wanted)})
    new: list[dict[str, int]] = []
    for key, given in values.items():
        before = sorted(stored[key])
        wanted = [*given, *(other for other in before if other in closed and other not in given)]
        if before == sorted(wanted):
            continue
        gone = set(before) - set(wanted)
        if gone:
            env.execute(delete(table).where(table.c.record_id == key, table.c.other_id.in_(gone)))
        new.extend({"record_id": key, "other_id": other} for other in wanted if other not in before)
        if key not in history or history[key] is None:
            history[key] = {}
            fixed = {"updated_at": env.now, "updated_by_id": env.actor.id, "version": rtype.table.c.version + 1}
            env.execute(update(rtype.table).where(rtype.table.c.id == key).values(**fixed))
        if field.tracked:
            history[key][name] = [before, sorted(wanted)]  # type: ignore[index]
    if new:
        env.execute(insert(table), new)
