"""Whether the records that are there fit what fields are to be: counted before anything is changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Inspector, func, inspect, or_, select

from core.customise.pieces import Piece, Rows
from core.errors import Invalid, SarnakhError
from core.expressions import Expr, Node
from core.i18n.messages import _, n_
from core.records import fields as f
from core.records.creating import default_value
from core.records.field import Field
from core.registry.compose import RecordType
from core.registry.own.fields import filled_with, make_field
from core.registry.own.names import OWN, split_field
from core.registry.own.weeding import columns_of
from core.registry.registry import Registry
from core.registry.tables import short, table_name

if TYPE_CHECKING:
    from core.env import Env

WIDER = {("text", "longtext"), ("email", "text"), ("phone", "text"), ("url", "text"), ("email", "longtext"), ("phone", "longtext"),
         ("url", "longtext"), ("choice", "text"), ("choice", "longtext"), ("file", "image"), ("image", "file"),
         ("longtext", "richtext")}
"""Changes of type that every stored value survives."""


def problems(env: Env, registry: Registry, pieces: Sequence[Piece], before: Rows) -> Iterator[Invalid]:
    """Why the stored records, or the values in the definition itself, stand in the way of the pieces."""
    there, columns = inspect(env.connection), _stored_columns({**before, **registry.customising.rows})
    for index, piece in enumerate(pieces):
        if piece.kind == "record" and piece.data is None:
            yield from _children_left(index, piece, registry)
        if piece.kind != "field" or piece.data is None:
            continue
        record, name = split_field(piece.target)
        rtype = registry.records.get(record)
        field = rtype.fields.get(name) if rtype is not None else None
        if rtype is None or field is None:  # switched off
            continue
        was = before.get(piece.key)
        found = [*_retyped(there, piece.target, was, piece.data), *_taken(field, columns.get(record, ()))]
        if not found:  # the column, if there is one, is the field's own
            found = [*_default(env, registry, rtype, field), *_stored(env, there, rtype, field)]
        yield from (Invalid(index, piece.target, message) for message in found)


def _children_left(index: int, piece: Piece, registry: Registry) -> Iterator[Invalid]:
    """A deleted type may leave own fields behind only if they go with it."""
    left = [target for (kind, target) in registry.customising.rows if kind == "field" and target.startswith(f"{piece.target}.")]
    if left:
        yield Invalid(index, piece.target, _("{target} still has fields of its own: {fields}", target=piece.target,
                                             fields=", ".join(sorted(left)[:10])))


def _stored_columns(rows: Rows) -> dict[str, list[tuple[str, str]]]:
    """By record type the columns of its own fields, each with its field, those of fields that are switched off as well."""
    found: dict[str, list[tuple[str, str]]] = {}
    for (kind, target), data in rows.items():
        field = stored_as(target, data) if kind == "field" else None
        if field is not None and field.stored:
            found.setdefault(field.record, []).extend((column, field.name) for column in columns_of(field))
    return found


def _taken(field: Field, columns: Sequence[tuple[str, str]]) -> Iterator[Any]:
    """A column may still hold the values of a field that is switched off, or is deleted just now."""
    for column, other in columns if field.stored else ():
        if other != field.name and column in columns_of(field):
            yield _("{record}.{field} would be stored where {other} is: choose another name.", record=field.record, field=field.name,
                    other=other)


def _retyped(there: Inspector, target: str, was: Any, data: Any) -> Iterator[Any]:
    """A field keeps its type, for its values would mean something else; a few changes lose nothing."""
    if not isinstance(was, dict):
        return
    if was.get("type") == data.get("type"):
        yield from _moved(was, data)
        return
    old = stored_as(target, was)
    if (was.get("type"), data.get("type")) not in WIDER and old is not None and _present(there, old):
        yield _("A field keeps its type. Make a new field, bring the values over, and delete this one.")


def _moved(was: Any, data: Any) -> Iterator[Any]:
    for key in ("target", "children"):
        if was.get(key) != data.get(key) and data.get("type") in ("link", "many"):
            yield _("A link keeps leading to the same record type. Make a new field instead.")


def _present(there: Inspector, field: Field) -> bool:
    """Whether the database has the field's column, or its table, already."""
    table = table_name(field.record)
    if isinstance(field, f.ManyField):
        return there.has_table(short(f"{table}_{field.name}"))
    if not field.stored or not there.has_table(table):
        return False
    return any(column["name"] == field.column_name for column in there.get_columns(table))


def _default(env: Env, registry: Registry, rtype: RecordType, field: Field) -> Iterator[Any]:
    """A constant default is a value of the field."""
    if field.default is None or isinstance(field.default, (Node, Expr)):
        return
    try:
        default_value(env, rtype, field)
    except ValueError as error:
        yield _("The default does not fit: {reason}", reason=error.args[0] if error.args else "")


def _stored(env: Env, there: Inspector, rtype: RecordType, field: Field) -> Iterator[Any]:
    """Numbers of live records that the new definition would put in the wrong."""
    if not field.stored or not there.has_table(rtype.table.name):
        return
    present = _present(there, field)
    table = rtype.table
    live = table.c.deleted_at.is_(None)
    filled = filled_with(field) is not None and not present
    if filled and field.unique and _count(env, table) > 1:
        yield _("A unique field cannot be filled with the same value in all records.")
    if field.required and field.type_name not in ("flag", "autonumber") and not filled:
        empty = [live] if not present else [live, table.c[field.column_name].is_(None)]
        count = _count(env, table, *empty)
        if count:
            yield n_("{count} record has no value: give a constant default, or fill it first.",
                     "{count} records have no value: give a constant default, or fill them first.", count)
    if not present:
        return
    column = table.c[field.column_name]
    if isinstance(field, f.TextField) and field.size and field.type_name != "autonumber":
        count = _count(env, table, live, func.length(column) > field.size)
        if count:
            yield n_("{count} record has a longer value.", "{count} records have longer values.", count)
    if isinstance(field, f.ChoiceField) and field.type_name == "choice":
        values = [o.value for o in field.options]
        count = _count(env, table, live, column.is_not(None), column.not_in(values))
        if count:
            yield n_("{count} record has an option that would be gone: retire the option instead.",
                     "{count} records have an option that would be gone: retire the option instead.", count)
    low, high = getattr(field, "minimum", None), getattr(field, "maximum", None)
    outside = [*([column < low] if low is not None else []), *([column > high] if high is not None else [])]
    if outside:
        count = _count(env, table, live, or_(*outside))
        if count:
            yield n_("{count} record is outside of the bounds.", "{count} records are outside of the bounds.", count)


def _count(env: Env, table: Any, *conditions: Any) -> int:
    return env.connection.scalar(select(func.count()).select_from(table).where(*conditions)) or 0


def dropped(pieces: Sequence[Piece], before: Rows, present: Registry) -> dict[str, list[str]]:
    """By table what deletions take away: its columns, or nothing in the list where the whole table goes."""
    gone = [piece for piece in pieces if piece.data is None and piece.key in before]
    whole = {table_name(piece.target) for piece in gone if piece.kind == "record"}
    for rtype in present.records.values():
        if table_name(rtype.name) in whole:
            whole |= {many.name for many in rtype.many.values()}
    columns: dict[str, set[str]] = {}
    for piece in gone:
        field = stored_as(piece.target, before[piece.key]) if piece.kind == "field" else None
        table = table_name(piece.target.rpartition(".")[0])
        if isinstance(field, f.ManyField):
            whole.add(short(f"{table}_{field.name}"))
        elif field is not None and field.stored and table not in whole:
            columns.setdefault(table, set()).update(columns_of(field))
    return {**dict.fromkeys(whole, []), **{table: sorted(names) for table, names in columns.items()}}


def stored_as(target: str, data: Any) -> Field | None:
    """The field that stored data describes; None for data that can no longer be read."""
    record, name = split_field(target)
    try:
        return make_field(target, data).bound(name, record, OWN)
    except SarnakhError:
        return None
