"""Creating records, a batch at a time: clean, default, check, insert, remember."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, text

from core.editions import limits
from core.errors import AccessDenied, Invalid, ValidationFailed
from core.expressions import Expr, Node, as_node, to_python
from core.i18n.messages import _
from core.query.search import index_new, search_text
from core.records import audit, locks, moves, numbering, uniqueness, validation
from core.records.changes import Change, ChangeSet
from core.records.computing import compute, rollups
from core.records.fields import USER, AutoNumberField, Field, ManyField
from core.registry.compose import RecordType

if TYPE_CHECKING:
    from core.env import Env

CHUNK = 5000


def create(env: Env, rtype: RecordType, rows: Sequence[dict[str, Any]], source: str = "") -> list[int]:
    """Create records from dicts of field values; returns their numbers in order, or raises and writes nothing."""
    env.access.require("create", rtype.name)
    limits.require_room(env, rtype, 0 if rtype.name == USER else len(rows))  # which users count shows when they are made
    made: list[int] = []
    for start in range(0, len(rows), CHUNK):
        made.extend(_create(env, rtype, rows[start:start + CHUNK], source, start))
    return made


def _create(env: Env, rtype: RecordType, given: Sequence[dict[str, Any]], source: str, offset: int) -> list[int]:
    names = list(dict.fromkeys(n for row in given for n in row))
    validation.check_names(env, rtype, names)
    errors: list[Invalid] = []
    rows: list[dict[str, Any]] = [{} for _row in given]
    many: dict[str, dict[int, list[int]]] = {}
    for name in names:
        _clean_column(env, rtype.fields[name], given, rows, many, errors)
    _defaults(env, rtype, given, rows, many)
    columns = [c.name for c in rtype.table.c if c.name not in ("id", "search_text")]
    system = {"created_at": env.now, "updated_at": env.now, "created_by_id": env.actor.id,
              "updated_by_id": env.actor.id, "version": 1, "archived": False, "deleted_at": None}
    empty = dict.fromkeys(columns) | system
    rows = [empty | row for row in rows]
    records = [rtype.cls.from_row(row) for row in rows]
    change = Change(rtype, "create", records, fields=set(names), many=many, source=source)
    rtype.cls.before_save(env, change)
    env.registry.plugins.hook.before_changes(env=env, changes=ChangeSet([change]))
    compute(env, change)
    errors.extend(locks.under_locked(env, rtype, records))
    validation.check_required(rtype, rows, errors)
    validation.check_links(env, rtype, rows, change.fields, errors)
    validation.check_within(env, change, errors)
    _check_many_links(env, rtype, change.many, errors)
    uniqueness.check(env, rtype, rows, None, errors)
    if not errors:
        validation.run_validators(env, change, errors)
    later = moves.check(env, change, errors)
    if errors:
        for error in errors:
            error.index = None if error.index is None else error.index + offset
        raise ValidationFailed(errors)
    limits.require_room(env, rtype, limits.woken(change))
    with moves.holding(env, change, later):
        return _insert(env, rtype, change, rows)


def _clean_column(env: Env, field: Field, given: Sequence[dict[str, Any]], rows: list[dict[str, Any]],
                  many: dict[str, dict[int, list[int]]], errors: list[Invalid]) -> None:
    """Clean one field of the whole batch: the loop runs per column, which keeps a wide batch fast."""
    name, column, is_many = field.name, field.column_name, isinstance(field, ManyField)
    clean, simple, flag = field.clean, field.type_name != "anylink" and not is_many, field.type_name == "flag"
    for i, row in enumerate(given):
        if name not in row:
            continue
        value = row[name]
        try:
            if simple:
                empty = value is None or value == ""
                rows[i][column] = (False if flag else None) if empty else clean(value, env)
            elif is_many:
                many.setdefault(name, {})[i] = validation.clean_value(env, field, value)
            else:
                validation.put(field, rows[i], validation.clean_value(env, field, value))
        except ValueError as error:
            errors.append(Invalid(i, name, error.args[0]))


def _defaults(env: Env, rtype: RecordType, given: Sequence[dict[str, Any]], rows: list[dict[str, Any]],
              many: dict[str, dict[int, list[int]]]) -> None:
    for field in rtype.fields.values():
        if field.default is None:
            continue
        missing = [i for i, row in enumerate(given) if field.name not in row]
        if not missing:
            continue
        value = default_value(env, rtype, field)
        if value is None:
            continue
        column, simple = field.column_name, field.type_name != "anylink"
        for i in missing:
            if isinstance(field, ManyField):
                many.setdefault(field.name, {})[i] = list(value)
            elif simple:
                rows[i][column] = value
            else:
                validation.put(field, rows[i], value)


def default_value(env: Env, rtype: RecordType, field: Field) -> Any:
    """A field's default for this user and moment, in its stored form."""
    value = field.default
    if isinstance(value, (Node, Expr)):
        value = to_python(as_node(value))(lambda _path: None, env.context)
    elif callable(value):
        value = value(env)
    return None if value is None else validation.clean_value(env, field, value)


def _check_many_links(env: Env, rtype: RecordType, many: dict[str, dict[int, list[int]]], errors: list[Invalid]) -> None:
    for name, values in many.items():
        field = rtype.fields[name]
        wanted = {key for keys in values.values() for key in keys}
        hidden = wanted - set(env.visible_ids(field.target, wanted)) if wanted else set()  # type: ignore[attr-defined]
        errors.extend(Invalid(i, name, _("“{field}”: this record does not exist, or you may not see it.", field=field.label))
                      for i, keys in values.items() if hidden.intersection(keys))


def _insert(env: Env, rtype: RecordType, change: Change, rows: list[dict[str, Any]]) -> list[int]:
    ids = allocate(env, rtype, len(rows))
    for field in rtype.fields.values():
        if isinstance(field, AutoNumberField):
            first = numbering.take(env, f"{rtype.name}.{field.name}", len(rows))
            for i, row in enumerate(rows):
                row[field.name] = field.format.format(number=first + i, year=env.today.year)
    searched = bool(rtype.search_fields)
    for key, row in zip(ids, rows, strict=True):
        row["id"] = key
        if searched:
            row["search_text"] = search_text(rtype, row)
    env.insert_many(rtype.table, rows)
    index_new(env, rtype, ids[0], ids[-1])
    _check_allowed(env, rtype, ids)
    for name, values in change.many.items():
        pairs = [{"record_id": ids[i], "other_id": other} for i, keys in values.items() for other in keys]
        if pairs:
            env.execute(insert(rtype.many[name]), pairs)
    audit.write_created(env, rtype, ids)
    change.many = {n: {ids[i]: keys for i, keys in values.items()} for n, values in change.many.items()}
    rollups(env, change)
    finish(env, change)
    return ids


def finish(env: Env, change: Change) -> None:
    """What follows every write, in its transaction: the type's own behaviour, hooks, subscribers' events."""
    change.rtype.cls.after_save(env, change)
    env.registry.plugins.hook.after_changes(env=env, changes=ChangeSet([change]))
    topic = f"record.{change.action}:{change.record}"
    if env.registry.subscribed(topic):
        env.emit(topic, {"record": change.record, "ids": [r.__dict__["id"] for r in change.records],
                         "fields": sorted(change.fields), "batch": env.batch})


def _check_allowed(env: Env, rtype: RecordType, ids: list[int]) -> None:
    """Grants with a filter hold for new records too, whatever columns they read: checked on what was inserted."""
    seen = env.access.predicate("create", rtype, rtype.table)
    if seen is None:
        return
    table = rtype.table
    chosen = table.c.id.between(ids[0], ids[-1]) if ids[-1] - ids[0] == len(ids) - 1 else table.c.id.in_(ids)
    allowed = env.execute(select(func.count()).select_from(table).where(chosen, seen)).scalar_one()
    if allowed < len(ids):
        raise AccessDenied(_("You may not create {record} with these values."), record=rtype.plural)


def allocate(env: Env, rtype: RecordType, count: int) -> list[int]:
    """Numbers for new records. Never reused, so history stays unambiguous even after a purge."""
    if env.dialect == "postgresql":
        sequence = f"{rtype.table.name}_id_seq"
        found = env.execute(text("SELECT nextval(CAST(:s AS regclass)) FROM generate_series(1, :n)").bindparams(s=sequence, n=count))
        return sorted(found.scalars())
    first = numbering.take(env, f"id:{rtype.table.name}", count)
    return list(range(first, first + count))
