"""Values that only one live record may have: unique fields, and sets of fields that are unique together.

What can be known beforehand is asked in one statement per set. What two people write at the same moment only the database
sees; its refusal is told in the same words.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.errors import Invalid, ValidationFailed
from core.i18n.messages import Message, _
from core.query.among import among_rows
from core.registry.compose import RecordType

if TYPE_CHECKING:
    from core.env import Env

_SQLITE = re.compile(r"UNIQUE constraint failed: (.+)")


def sets(rtype: RecordType) -> Iterator[tuple[str, ...]]:
    """The fields, or sets of fields, whose values occur once among the live records of a type."""
    yield from ((n,) for n, field in rtype.fields.items() if field.unique and field.stored)
    yield from (tuple(names) for names in rtype.cls.record_unique)


def check(env: Env, rtype: RecordType, rows: Sequence[dict[str, Any]], changed: Collection[str] | None,
          errors: list[Invalid]) -> None:
    """An error for each row whose values another one has, in the batch or among live records; `changed` (None: all) are
    the fields that were written."""
    for names in sets(rtype):
        if changed is not None and not set(names) & set(changed) or rtype.fields[names[0]].type_name == "autonumber":
            continue
        columns = [rtype.table.c[rtype.fields[n].column_name] for n in names]
        seen: dict[tuple[Any, ...], Any] = {}
        for i, row in enumerate(rows):
            value = tuple(row.get(column.name) for column in columns)
            if None in value:
                continue
            if value in seen:
                errors.append(Invalid(i, names[-1], _twice(env, rtype, names)))
            seen[value] = row.get("id")
        if not seen:
            continue
        taken = env.execute(select(rtype.table.c.id, *columns).where(
            among_rows(env.dialect, columns, seen), rtype.table.c.deleted_at.is_(None)))
        clash = {tuple(value) for key, *value in taken if tuple(value) in seen and seen[tuple(value)] != key}
        errors.extend(Invalid(i, names[-1], _taken(env, rtype, names)) for i, row in enumerate(rows)
                      if tuple(row.get(column.name) for column in columns) in clash)


def refuse(env: Env, rtype: RecordType, rows: Sequence[dict[str, Any]]) -> None:
    """ValidationFailed when the values of records that come back were given away meanwhile."""
    errors: list[Invalid] = []
    check(env, rtype, rows, None, errors)
    if errors:
        raise ValidationFailed(errors)


def told(env: Env, error: IntegrityError) -> ValidationFailed | None:
    """The database's own refusal in our words; None when it is about something else."""
    constraint = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
    match = _SQLITE.match(str(error.orig))
    failed = set(match[1].split(", ")) if match else set()
    if not constraint and not failed:
        return None
    for rtype in env.registry.records.values():
        broken = [{str(c) for c in index.columns} for index in rtype.table.indexes if index.unique
                  and (index.name == constraint or {str(c) for c in index.columns} == failed)]
        for names in sets(rtype) if broken else ():
            if {str(rtype.table.c[rtype.fields[n].column_name]) for n in names} in broken:
                return ValidationFailed([Invalid(None, names[-1], _taken(env, rtype, names))])
    return None


def _taken(env: Env, rtype: RecordType, names: tuple[str, ...]) -> Message:
    if len(names) == 1:
        return _("“{field}”: another record already has this value.", field=rtype.fields[names[0]].label)
    return _("Another record already has the same {fields}. Change one of these values, or change that record.",
             fields=_named(env, rtype, names))


def _twice(env: Env, rtype: RecordType, names: tuple[str, ...]) -> Message:
    if len(names) == 1:
        return _("“{field}”: this value occurs twice.", field=rtype.fields[names[0]].label)
    return _("These {fields} occur twice. Leave one, or change one of the values.", fields=_named(env, rtype, names))


def _named(env: Env, rtype: RecordType, names: tuple[str, ...]) -> str:
    return " + ".join(f"“{env.t(rtype.fields[n].label)}”" for n in names)
