"""What a record holds: its children, and records that it is tied to many-to-many; read in pages, tied and untied one by one."""

from __future__ import annotations

from typing import Any

from core.api import Env, NotFound, Query, SarnakhError, _, fields
from core.web_api import Request, Response

from .rest_list import LISTING, chosen, page_of
from .rest_once import once
from .rest_pages import VERSION, api, known_parameters, nothing, type_of
from .rest_shape import holds_several, is_told

PLACE = f"{VERSION}/records/<record>/<int:key>/links/<name>"
ONE = f"{PLACE}/<int:other>"


def _field(env: Env, record: str, name: str) -> Any:
    found = env.registry.record(record).fields.get(name)
    if found is None or not holds_several(found) or not is_told(env, record, found):
        raise NotFound(_("{record} has no field “{field}”.", record=env.registry.record(record).label, field=name))
    return found


@api.route(PLACE)
def linked(env: Env, request: Request, record: str, key: int, name: str) -> Response:
    """A page of what a record holds in a field."""
    known_parameters(request, *LISTING)
    type_of(env, record)
    field = _field(env, record, name)
    held = env.get(record, key, "id" if isinstance(field, fields.Children) else name)
    target = type_of(env, field.target)
    query = chosen(env, request, target)
    if isinstance(field, fields.Children):
        return page_of(env, request, _children(env, query, record, key, field), target)
    return page_of(env, request, query.with_ids([link.id for link in getattr(held, name)]), target)


def _children(env: Env, query: Query, record: str, key: int, field: fields.Children) -> Query:
    by = env.registry.record(field.target).field(field.by)
    return query.holding(field.by, {record: [key]} if isinstance(by, fields.AnyLink) else [key])


@api.route(ONE, methods=("PUT",))
@once
def relate(env: Env, request: Request, record: str, key: int, name: str, other: int) -> Response:
    """Tie another record to this one; a child is moved here from where it was."""
    known_parameters(request)
    type_of(env, record)
    field = _field(env, record, name)
    if isinstance(field, fields.Children):
        env.get(record, key, "id")
        env.update(field.target, other, {field.by: _parent(env, field, record, key)}, source="api")
    else:
        _set(env, record, key, name, lambda ids: ids if other in ids else [*ids, other])
    return nothing()


@api.route(ONE, methods=("DELETE",))
@once
def unrelate(env: Env, request: Request, record: str, key: int, name: str, other: int) -> Response:
    """Untie a record from this one."""
    known_parameters(request)
    type_of(env, record)
    field = _field(env, record, name)
    if isinstance(field, fields.Children):
        env.get(record, key, "id")
        if not _children(env, env.query(field.target).archived(None), record, key, field).with_ids([other]).exists():
            raise NotFound()
        env.update(field.target, other, {field.by: None}, source="api")
    else:
        _set(env, record, key, name, lambda ids: [number for number in ids if number != other])
    return nothing()


def _parent(env: Env, field: fields.Children, record: str, key: int) -> Any:
    by = env.registry.record(field.target).field(field.by)
    if by.readonly:
        raise SarnakhError(_("“{field}” is read-only.", field=by.label))
    return (record, key) if isinstance(by, fields.AnyLink) else key


def _set(env: Env, record: str, key: int, name: str, change: Any) -> None:
    """Give a many-to-many field other records; who changed the record meanwhile is not overwritten."""
    held = env.get(record, key, name, "version")
    ids = [link.id for link in getattr(held, name)]
    made = change(ids)
    if made != ids:
        env.update(record, key, {name: made}, versions={key: held.version}, source="api")
