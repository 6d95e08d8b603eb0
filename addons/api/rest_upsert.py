"""By a key: reading a record, and creating or changing it without knowing whether it is there."""

from __future__ import annotations

from typing import Any

from core.api import Env, NotFound
from core.web_api import Request, Response

from . import rest_keys
from .rest_once import once
from .rest_pages import VERSION, api, expected_version, known_parameters, object_body, record_answer, type_of
from .rest_records import SHOWING, change, read, shape_of, told
from .rest_write import read_rows

BY = f"{VERSION}/records/<record>/by/<field>/<path:value>"


@api.route(BY)
def get_by_key(env: Env, request: Request, record: str, field: str, value: str) -> Response:
    """The record with a key."""
    known_parameters(request, *SHOWING)
    type_of(env, record)
    found = _find(env, record, field, value)[1]
    if found is None:
        raise NotFound()
    return record_answer(request, read(env, shape_of(env, request, record), found))


@api.route(BY, methods=("PUT",))
@once
def upsert_record(env: Env, request: Request, record: str, field: str, value: str) -> Response:
    """Change the record with a key (200), or create it (201)."""
    known_parameters(request, *SHOWING)
    type_of(env, record)
    key, found, row = _find(env, record, field, value, object_body(request))
    version = expected_version(request, row)
    values = read_rows(env, record, [rest_keys.without_key(key, row)])[0]
    if found is not None:
        change(env, record, found, values, version, row)
        return told(env, request, record, found)
    made = env.create(record, values, source="api")
    rest_keys.remember(env, key, [row], [made])
    return told(env, request, record, made, 201)


def _find(env: Env, record: str, field: str, value: str, given: dict[str, Any] | None = None) -> tuple[rest_keys.Key, Any, dict[str, Any]]:
    key = rest_keys.key_named(env, record, field, "field")
    held = env.registry.record(record).fields[key.fields[0]] if key.fields else None
    parts = value.split(",", len(key.fields) - 1) if len(key.fields) > 1 else [value]
    names = key.fields or (key.name,)
    typed = {name: _typed(env, record, name, part) if held is not None else part for name, part in zip(names, parts, strict=False)}
    row = {**(given or {}), **typed}
    return key, rest_keys.find(env, key, [row])[0], row


def _typed(env: Env, record: str, name: str, text: str) -> Any:
    """A value of an address as JSON would have it."""
    kind = env.registry.record(record).fields[name].type_name
    return int(text) if kind in ("integer", "link", "file", "image") and text.isascii() and text.isdecimal() and len(text) < 19 else text
