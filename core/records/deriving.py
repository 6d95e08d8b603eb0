"""Writing stored values that follow from others (due times, scores) over many records at once.

Not an edit: nobody's change is overwritten and nobody is told that the record changed under their hands. So there is no new
version, no validator and no hook; history is kept for those fields that are `tracked`, from their second value on. 50,000 records take
seconds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, Column, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from core.errors import AccessDenied, DefinitionError
from core.expressions.ast import fields_read
from core.i18n.messages import _
from core.query.among import among
from core.records import audit
from core.records.computing import rollups_over
from core.registry.compose import RecordType

if TYPE_CHECKING:
    from core.env import Env
    from core.query.query import Query

CHUNK = 5000


def derive(env: Env, rtype: RecordType, values: Mapping[int, Mapping[str, Any]]) -> int:
    """Give records these values, in their stored form (a link is its number). All name the same fields; returns how many changed."""
    if not values:
        return 0
    if not env.access.trusted:
        raise AccessDenied(_("Derived values are written by elevated code alone."))
    names = list(next(iter(values.values())))
    _check(env, rtype, names)
    ids, changed = sorted(values), 0
    for start in range(0, len(ids), CHUNK):
        changed += _write(env, rtype, names, {i: values[i] for i in ids[start:start + CHUNK]})
    return changed


def claim(env: Env, query: Query, values: Mapping[str, Any], limit: int | None = None) -> list[int]:
    """Give the same derived values to records that a query finds, leaving out those that others are about to change, so that of two who
    claim at once each gets records of his own; returns their numbers. The query must no longer find what was claimed."""
    statement = query.id_select()
    (key,) = statement.selected_columns
    chosen = statement.order_by(key).limit(limit).with_for_update(of=key, skip_locked=True)
    ids = list(env.execute(chosen).scalars())
    derive(env, query.rtype, dict.fromkeys(ids, values))
    return ids


def _check(env: Env, rtype: RecordType, names: Sequence[str]) -> None:
    summed = {n for _parent, field, _link in rollups_over(env, rtype.name) for node in (field.expression, field.where)
              if node is not None for n in fields_read(env.registry.node(rtype.name, node))}
    for name in names:
        field = rtype.field(name)
        if not field.stored or not field.readonly or field.search or name in summed:
            raise DefinitionError(_(
                "{record}.{field} cannot be derived: only a stored, read-only field that is neither searched nor rolled up can."),
                record=rtype.name, field=name)


def _write(env: Env, rtype: RecordType, names: Sequence[str], values: Mapping[int, Mapping[str, Any]]) -> int:
    """Compare with what is stored and write the rows that differ, in the order of their numbers."""
    columns = [rtype.table.c[rtype.fields[n].column_name] for n in names]
    c = rtype.table.c
    stored = {row[0]: tuple(row[1:]) for row in env.execute(select(c.id, *columns).where(
        among(env.dialect, c.id, list(values)), c.deleted_at.is_(None)))}
    rows = {key: wanted for key, one in values.items() if key in stored
            and (wanted := tuple(one[n] for n in names)) != stored[key]}
    if not rows:
        return 0
    tracked = [i for i, n in enumerate(names) if rtype.fields[n].tracked]
    history = {key: found for key, row in rows.items() if (found := {
        names[i]: [audit.plain(stored[key][i]), audit.plain(row[i])] for i in tracked if stored[key][i] not in (None, row[i])})}
    _store(env, rtype, columns, rows)
    audit.write(env, rtype.name, "update", history)  # type: ignore[arg-type]
    return len(rows)


def _store(env: Env, rtype: RecordType, columns: Sequence[Column[Any]], rows: Mapping[int, tuple[Any, ...]]) -> None:
    table = rtype.table
    if env.dialect == "postgresql" and not any(isinstance(column.type, JSON) for column in columns):
        given = select(func.unnest(_array(table.c.id, list(rows))).label("id"), *(
            func.unnest(_array(column, [row[i] for row in rows.values()])).label(f"v{i}") for i, column in enumerate(columns))).subquery()
        env.execute(update(table).where(table.c.id == given.c.id).values(
            {column: given.c[f"v{i}"] for i, column in enumerate(columns)}))
        return
    statement = update(table).where(table.c.id == bindparam("b_id")).values(
        {column: bindparam(f"v{i}", type_=column.type) for i, column in enumerate(columns)})
    env.execute(statement, [{"b_id": key, **{f"v{i}": value for i, value in enumerate(row)}} for key, row in rows.items()])


def _array(column: Column[Any], values: list[Any]) -> Any:
    return bindparam(None, values, ARRAY(column.type), unique=True)
