"""Cleaning and checking a batch: every reason is collected before anything is refused, nothing is half-done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from core.errors import Invalid, ValidationFailed
from core.i18n.messages import _
from core.query.among import among
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


def check_within(env: Env, change: Change, errors: list[Invalid]) -> None:
    """A link with `within` leads to a record that holds the same values as this one: one statement per field.

    Checked when the link or what it hangs on gets another value. What elevated code moves along (a merge) or puts back
    (an undo) stood there before, and in an order that is not known here.
    """
    if env.access.trusted and change.source in ("merge", "undo"):
        return
    index = {id(record): i for i, record in enumerate(change.records)}
    for field in change.rtype.fields.values():
        if not isinstance(field, LinkField) or not field.within:
            continue
        asked = {id(r): r.__dict__ for r in change.changed(field.name, *field.beside) if r.__dict__[field.column_name]}
        if not asked:
            continue
        target = env.registry.record(field.target)
        there = [target.table.c[target.fields[name].column_name] for name in field.within.values()]
        own = [_held(env, change.rtype, name, asked.values()) for name in field.within]
        wanted = among(env.dialect, target.table.c.id, list({row[field.column_name] for row in asked.values()}))
        found = {key: values for key, *values in env.execute(select(target.table.c.id, *there).where(wanted))}
        others = ", ".join(env.t(change.rtype.fields[n].label) for n in field.beside)
        errors.extend(Invalid(index[i], field.name, _("“{field}”: choose one that belongs to what stands in “{others}”.",
                                                      field=field.label, others=others))
                      for i, row in asked.items() if not _fits(found.get(row[field.column_name]), [held(row) for held in own]))


ANY = object()
"""What stands for a value of a linked record when there is none to compare with."""


def _held(env: Env, rtype: RecordType, path: str, rows: Iterable[dict[str, Any]]) -> Callable[[dict[str, Any]], Any]:
    """What rows hold in a field, or the records that they link to: one statement for all of them."""
    first, _dot, rest = path.partition(".")
    column = rtype.fields[first].column_name
    if not rest:
        return lambda row: row[column]
    linked = env.registry.record(rtype.fields[first].target)  # type: ignore[attr-defined]
    keys = list({row[column] for row in rows} - {None})
    statement = select(linked.table.c.id, linked.table.c[linked.fields[rest].column_name])
    values = {key: value for key, value in env.execute(statement.where(among(env.dialect, linked.table.c.id, keys)))}
    return lambda row: ANY if row[column] is None else values.get(row[column])


def _fits(found: Sequence[Any] | None, wanted: Sequence[Any]) -> bool:
    return found is not None and all(w is ANY or w == f for f, w in zip(found, wanted, strict=True))


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
