"""Cleaning and checking a batch: every reason is collected before anything is refused, nothing is half-done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from core.errors import Invalid, ValidationFailed
from core.i18n.messages import _
from core.records.changes import Change, ChangeSet
from core.records.fields import USER, AnyLinkField, ChoiceField, Field, LinkField, ManyField
from core.registry.compose import RecordType

if TYPE_CHECKING:
    from core.env import Env


def check_names(env: Env, rtype: RecordType, names: Iterable[str]) -> None:
    """Refuse unknown and unwritable fields. Hidden ones are as unknown as those that do not exist."""
    errors = []
    for name in names:
        field = rtype.fields.get(name)
        if field is None or not (env.access.unlimited or env.access.readable(rtype.name, name)):
            errors.append(Invalid(None, None, _("{record} has no field “{field}”.", record=rtype.label, field=name)))
        elif not env.access.trusted and not env.access.writable(rtype.name, name):
            errors.append(Invalid(None, name, _("“{field}” is read-only.", field=field.label)))
        elif not field.stored and not isinstance(field, ManyField):
            errors.append(Invalid(None, name, _("“{field}” is computed.", field=field.label)))
    if errors:
        raise ValidationFailed(errors)


def clean_value(env: Env, field: Field, value: Any) -> Any:
    """One cleaned value; empty text means none. Raises ValueError with a Message."""
    if value is None or value == "":
        return False if field.type_name == "flag" else ([] if isinstance(field, ManyField) else None)
    return field.clean(value, env)


def put(field: Field, row: dict[str, Any], value: Any) -> None:
    """Store a cleaned value in a row under its column names."""
    if isinstance(field, AnyLinkField):
        row[field.type_column], row[field.column_name] = value if value is not None else (None, None)
    else:
        row[field.column_name] = value


def check_required(rtype: RecordType, rows: Sequence[dict[str, Any]], errors: list[Invalid]) -> None:
    """Add an error for each required field that is empty."""
    needed = [f for f in rtype.fields.values() if f.required and f.stored and f.type_name != "autonumber"]
    for field in needed:
        column = field.column_name
        errors.extend(Invalid(i, field.name, _("“{field}” is required.", field=field.label))
                      for i, row in enumerate(rows) if row.get(column) is None)


def check_links(env: Env, rtype: RecordType, rows: Sequence[dict[str, Any]], names: Iterable[str],
                errors: list[Invalid]) -> None:
    """A link may only be set to a live record that the acting user may see: one statement per field."""
    for name in names:
        field = rtype.fields[name]
        if isinstance(field, LinkField) and not field.system:
            wanted = {row.get(field.column_name) for row in rows} - {None, env.actor.id if field.target == USER else None}
            _missing(env, field.target, wanted, field, rows, errors)
        elif isinstance(field, AnyLinkField):
            kinds: set[Any] = {row.get(field.type_column) for row in rows} - {None}
            for target in kinds:
                part = [r if r.get(field.type_column) == target else {} for r in rows]
                _missing(env, target, {r.get(field.column_name) for r in part} - {None}, field, part, errors)


def _missing(env: Env, target: str, wanted: set[Any], field: Field, rows: Sequence[dict[str, Any]],
             errors: list[Invalid]) -> None:
    if not wanted:
        return
    hidden = wanted - set(env.visible_ids(target, wanted))
    if hidden:
        errors.extend(Invalid(i, field.name, _("“{field}”: this record does not exist, or you may not see it.",
                                               field=field.label))
                      for i, row in enumerate(rows) if row.get(field.column_name) in hidden)


def check_unique(env: Env, rtype: RecordType, rows: Sequence[dict[str, Any]], names: Iterable[str],
                 errors: list[Invalid]) -> None:
    """A friendly error before the database's own: within the batch and among live records, one statement per field."""
    for name in names:
        field = rtype.fields[name]
        if not field.unique or field.type_name == "autonumber":
            continue
        column = rtype.table.c[field.column_name]
        seen: dict[Any, Any] = {}
        for i, row in enumerate(rows):
            value = row.get(field.column_name)
            if value is None:
                continue
            if value in seen:
                errors.append(Invalid(i, name, _("“{field}”: this value occurs twice.", field=field.label)))
            seen[value] = row.get("id")
        if not seen:
            continue
        taken = env.execute(select(column, rtype.table.c.id).where(column.in_(list(seen)), rtype.table.c.deleted_at.is_(None)))
        clash = {value for value, key in taken if seen.get(value) != key}
        errors.extend(Invalid(i, name, _("“{field}”: another record already has this value.", field=field.label))
                      for i, row in enumerate(rows) if row.get(field.column_name) in clash)


def check_transitions(change: Change, errors: list[Invalid]) -> None:
    """Choice fields with declared transitions move only along them."""
    for name in change.fields:
        field = change.rtype.fields[name]
        if not isinstance(field, ChoiceField) or not field.transitions or change.action != "update" or change.source == "undo":
            continue
        for i, record in enumerate(change.records):
            old, new = change.was(record, name), record.__dict__.get(name)
            if old is not None and new != old and new not in field.transitions.get(old, ()):
                errors.append(Invalid(i, name, _("“{field}” cannot go from {old} to {new}.", field=field.label,
                                                 old=field.labels.get(old, old), new=field.labels.get(new, new))))


def run_validators(env: Env, change: Change, errors: list[Invalid]) -> None:
    """The validators of the type and the hook's, once for the batch."""
    index = {id(r): i for i, r in enumerate(change.records)}
    creating = change.action == "create"
    for validator in change.rtype.validators:
        if creating or not validator.fields or change.touches(*validator.fields):
            errors.extend(_indexed(validator.run(change.records, env) or (), index))
    for part in env.registry.plugins.hook.validate_changes(env=env, changes=ChangeSet([change])):
        errors.extend(_indexed(part or (), index))


def _indexed(found: Iterable[Invalid], index: dict[int, int]) -> Iterable[Invalid]:
    for error in found:
        error.index = index.get(id(error.record), error.index)
        yield error
