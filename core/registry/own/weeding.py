"""Leaving out own definitions that do not fit what is there: first by structure, then by what their expressions read.

Leaving out a link may leave children without it, and a roll-up without children, so it goes on until nothing more
falls. What is left compiles; why something fell stands in `Own.faults`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from core.errors import DefinitionError, SarnakhError
from core.expressions import Node
from core.i18n.messages import _
from core.records import fields as f
from core.records.field import Field
from core.registry.own import names as n
from core.registry.own.inferring import Inferring
from core.registry.own.types import TITLES

if TYPE_CHECKING:
    from core.registry.compose import RecordType
    from core.registry.own import Own
    from core.registry.registry import Registry

Types = "dict[str, RecordType]"
MOST_FIELDS = 400
"""Own fields of one record type. PostgreSQL ends at 1,600 columns, SQLite at 2,000."""


def own_fields(types: dict[str, RecordType]) -> Iterator[tuple[RecordType, Field]]:
    """Every own field that is still there, with its record type."""
    for rtype in types.values():
        yield from ((rtype, field) for field in list(rtype.fields.values()) if field.addon == n.OWN and field.name.startswith("x_"))


def drop(own: Own, rtype: RecordType, field: Field, error: SarnakhError) -> None:
    """Leave out one field."""
    own.refuse("field", f"{rtype.name}.{field.name}", error)
    del rtype.fields[field.name]
    if field.name in vars(rtype.cls):
        delattr(rtype.cls, field.name)


def weed(own: Own, types: dict[str, RecordType]) -> None:
    """Leave out what does not fit the record types."""
    for record, made in own.fields.items():
        if record not in types and not _is_off(own, record):
            for name in made:
                own.refuse("field", f"{record}.{name}", DefinitionError(_("There is no record type “{record}”."), record=record))
    own.rules = {record: rules for record, rules in own.rules.items() if record in types or not _is_off(own, record)}
    dropped = True
    while dropped:
        dropped = False
        for rtype, field in own_fields(types):
            try:
                _check(rtype, field, types)
            except SarnakhError as error:
                drop(own, rtype, field, error)
                dropped = True
    for name, one in own.types.items():
        if name in types:
            _fit_type(own, types[name], one)


def _is_off(own: Own, record: str) -> bool:
    """Whether this is an own record type that is switched off: what belongs to it rests with it."""
    return ("record", record) in own.data and ("record", record) not in own.faults


def _check(rtype: RecordType, field: Field, types: dict[str, RecordType]) -> None:
    where = f"{rtype.name}.{field.name}"
    if sum(1 for one in rtype.fields.values() if one.addon == n.OWN) > MOST_FIELDS:
        raise DefinitionError(_("{record} has {most} own fields already; more are not possible."), record=rtype.name, most=MOST_FIELDS)
    if field.stored:
        _check_columns(rtype, field)
    for target in [field.target] if hasattr(field, "target") else getattr(field, "targets", ()):
        if target not in types:
            raise DefinitionError(_("{where}: there is no record type “{record}”."), where=where, record=n.shown(target))
    if isinstance(field, f.ManyField) and _link_table(rtype.name, field.name) in {name.replace(".", "_") for name in types}:
        raise DefinitionError(_("{where}: a record type has this name already."), where=where)
    if isinstance(field, f.ChildrenField):
        by = types[field.target].fields.get(field.by)
        leads = by.target == rtype.name if isinstance(by, f.LinkField) else isinstance(by, f.AnyLinkField) and (
            not by.targets or rtype.name in by.targets)
        if not leads:
            raise DefinitionError(_("{where}: {target} has no link “{by}” that leads here."), where=where, target=field.target,
                                  by=n.shown(field.by))
    elif isinstance(field, f.RollupField) and not isinstance(rtype.fields.get(field.children), f.ChildrenField):
        raise DefinitionError(_("{record}.{field} rolls up {children}, which is not a children field."), record=rtype.name,
                              field=field.name, children=n.shown(field.children))
    elif isinstance(field, f.ChoiceField) and field.depends is not None:
        _check_depends(rtype, field, field.depends, where)


def _link_table(record: str, field: str) -> str:
    return f"{record.replace('.', '_')}_{field}"


def columns_of(field: Field) -> set[str]:
    """The columns in which a field is stored."""
    found = {field.column_name}
    return found | {field.type_column} if isinstance(field, f.AnyLinkField) else found


def _check_columns(rtype: RecordType, field: Field) -> None:
    mine = columns_of(field)
    for other in rtype.fields.values():
        if other is not field and other.stored and mine & columns_of(other):
            raise DefinitionError(_("{record}.{field} would be stored where {other} is: choose another name."), record=rtype.name,
                                  field=field.name, other=other.name)


def _check_depends(rtype: RecordType, field: f.ChoiceField, depends: f.Depends, where: str) -> None:
    other = rtype.fields.get(depends.field)
    if other is field or not isinstance(other, f.ChoiceField) or other.type_name != "choice" or not other.stored:
        raise DefinitionError(_("{where}: “{field}” is no choice of this record type."), where=where, field=n.shown(depends.field))
    if isinstance(other.depends, f.Depends) and other.depends.field == field.name:
        raise DefinitionError(_("{where}: these two hang on each other."), where=where)
    own_values = {o.value for o in field.options}
    unknown = [v for values in depends.allowed.values() for v in values if v not in own_values]
    if unknown:
        raise DefinitionError(_("{where}: there is no option “{value}”."), where=where, value=n.shown(unknown[0]))


# ---------------------------------------------------------------- record types
def _fit_type(own: Own, rtype: RecordType, made: Any) -> None:
    """What a type says about its own fields; what does not fit is left away, so that its records stay in reach."""
    title = rtype.fields.get(rtype.title)
    if title is None or (title.type_name not in TITLES):
        own.refuse("record", rtype.name, DefinitionError(_("{record}: “{field}” cannot name its records."), record=rtype.name,
                                                         field=n.shown(rtype.title)))
        rtype.title = rtype.cls.record_title = "number" if "number" in rtype.fields else "id"
    rtype.order = ("-created_at",)
    parent = rtype.fields.get(rtype.parent or "")
    if rtype.parent and not isinstance(parent, f.LinkField):
        own.refuse("record", rtype.name, DefinitionError(_("{record}: “{field}” is no link."), record=rtype.name,
                                                         field=n.shown(rtype.parent)))
        rtype.parent = rtype.cls.record_parent = None
    fitting = made
    if made.status and not (isinstance(rtype.fields.get(made.status), f.ChoiceField)
                            and rtype.fields[made.status].type_name == "choice"):
        own.refuse("record", rtype.name, DefinitionError(_("{record}: “{field}” is no choice."), record=rtype.name,
                                                         field=n.shown(made.status)))
        fitting = replace(fitting, status="")
    dates = [rtype.fields.get(name) for name in (made.start, made.end) if name]
    kinds = {getattr(one, "type_name", "") for one in dates}
    if dates and (len(kinds) > 1 or not kinds <= {"date", "datetime"} or not made.start):
        own.refuse("record", rtype.name, DefinitionError(
            _("{record}: a calendar goes from one day to another, or from one moment to another."), record=rtype.name))
        fitting = replace(fitting, start="", end="")
    unknown = [name for names in rtype.cls.record_match for name in names if name not in rtype.fields]
    if unknown:
        own.refuse("record", rtype.name, DefinitionError(_("{record} has no field “{field}”."), record=rtype.name,
                                                         field=n.shown(unknown[0])))
        rtype.cls.record_match = ()
    if fitting.status:
        rtype.moves = rtype.cls.record_moves = fitting.status
        rtype.fields[fitting.status].semantic = "status"
    own.types[rtype.name] = fitting


# ---------------------------------------------------------------- expressions
def weed_expressions(own: Own, registry: Registry) -> None:
    """Leave out fields and rules whose expressions read what is not there, or read themselves in a circle."""
    dropped = True
    while dropped:
        dropped = False
        registry.forget_checked()
        inferring = Inferring(registry)
        for rtype, field in own_fields(registry.records):
            try:
                inferring.field(rtype, field)
            except SarnakhError as error:
                drop(own, rtype, field, n.place(error, f"{rtype.name}.{field.name}"))
                dropped = True
        if dropped:
            weed(own, registry.records)
    registry.forget_checked()
    for record, rules in own.rules.items():
        for rule in rules:
            try:
                _check_rule(registry, record, rule.where, rule.fields)
            except SarnakhError as error:
                own.refuse("rule", rule.target, n.place(error, rule.target))
        own.rules[record] = [rule for rule in rules if ("rule", rule.target) not in own.faults]


def _check_rule(registry: Registry, record: str, where: Node, fields: tuple[str, ...]) -> None:
    rtype = registry.record(record)
    for name in fields:
        rtype.field(name)
    for path in registry.paths(record, registry.node(record, where, "flag")):
        at: Any = rtype
        for name in path.split("."):
            found = at.fields[name]
            if isinstance(found, (f.ManyField, f.ChildrenField)):
                raise DefinitionError(_("A rule reads fields of the record and of records it links to, not lists of records."))
            at = registry.records.get(getattr(found, "target", None) or "", at)
