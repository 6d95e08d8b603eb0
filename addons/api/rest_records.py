"""One record: made, read, changed, deleted, brought back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from core.api import Conflict, Env, NotFound
from core.web_api import Request, Response, value_at

from .rest_once import once
from .rest_pages import (
    VERSION,
    answer,
    api,
    expected_version,
    known_parameters,
    names_in,
    nothing,
    object_body,
    record_answer,
    type_of,
)
from .rest_problems import Changed
from .rest_shape import Shape, told_fields
from .rest_write import read_rows

PLACE = f"{VERSION}/records/<record>"
ONE = f"{PLACE}/<int:key>"
SHOWING = ("fields", "expand")


def shape_of(env: Env, request: Request, record: str) -> Shape:
    """What an address asks to be told of one record; without saying so all its own fields."""
    return Shape(env, record, names_in(request, "fields") or told_fields(env, record), names_in(request, "expand"))


def read(env: Env, shape: Shape, key: int, *, deleted: bool = False) -> dict[str, Any]:
    """One record as JSON; NotFound when the caller may not see it."""
    rows = env.query(shape.record).with_ids([key]).archived(None).deleted(deleted).select(*shape.select).rows(limit=1)
    if not rows:
        raise NotFound()
    return shape.rows(rows)[0]


def told(env: Env, request: Request, record: str, key: int, status: int = 200) -> Response:
    """The answer after a write: the record, or with `Prefer: return=minimal` its number and version."""
    headers = {"Location": f"/api{VERSION}/records/{record}/{key}"} if status == 201 else {}
    if "return=minimal" in request.raw.headers.get("Prefer", ""):
        headers["Preference-Applied"] = "return=minimal"
        return record_answer(request, read(env, Shape(env, record, ()), key), status, **headers)
    return record_answer(request, read(env, shape_of(env, request, record), key), status, **headers)


@api.route(ONE)
def get_record(env: Env, request: Request, record: str, key: int) -> Response:
    """One record."""
    known_parameters(request, *SHOWING)
    type_of(env, record)
    return record_answer(request, read(env, shape_of(env, request, record), key))


@api.route(PLACE, methods=("POST",))
@once
def create_record(env: Env, request: Request, record: str) -> Response:
    """A new record."""
    known_parameters(request, *SHOWING)
    type_of(env, record)
    env.require("create", record)
    values = read_rows(env, record, [object_body(request)])[0]
    return told(env, request, record, env.create(record, values, source="api"), 201)


@api.route(ONE, methods=("PATCH",))
@once
def update_record(env: Env, request: Request, record: str, key: int) -> Response:
    """Other values for some fields. With the version that the caller knows, nobody's change is overwritten."""
    known_parameters(request, *SHOWING)
    type_of(env, record)
    given = object_body(request)
    version = expected_version(request, given)
    values = read_rows(env, record, [given])[0]
    change(env, record, key, values, version, given)
    return told(env, request, record, key)


def change(env: Env, record: str, key: int, values: dict[str, Any], version: int | None, given: dict[str, Any]) -> None:
    """Update one record; `Changed` with what is different when it has another version."""
    try:
        with env.attempt():
            env.update(record, key, values, versions=None if version is None else {key: version}, source="api")
    except Conflict as error:
        raise Changed(difference(env, record, key, version or 0, given)) from error


def difference(env: Env, record: str, key: int, version: int, given: dict[str, Any]) -> dict[str, Any]:
    """Field by field what was changed since the caller's version: the value then, now, and the one that was sent."""
    shape = Shape(env, record, told_fields(env, record))
    rows = env.query(record).with_ids([key]).archived(None).select(*shape.select).rows(limit=1)
    if not rows:
        raise NotFound()
    now, then = shape.rows(rows)[0], shape.rows([value_at(env, record, key, rows[0], version)])[0]
    fields = env.registry.record(record).fields
    names = [n for n in shape.paths if not fields[n].system and (now[n] != then[n] or n in given and now[n] != given[n])]
    found = [{"field": n, "before": then[n], "current": now[n], **({"yours": _plain(given[n])} if n in given else {})} for n in names]
    return {"version": now["version"], "difference": found}


def _plain(value: Any) -> Any:
    """A value that was sent, as it was sent; exact numbers as texts."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, Decimal) else value


@api.route(ONE, methods=("DELETE",))
@once
def delete_record(env: Env, request: Request, record: str, key: int) -> Response:
    """Put a record into the recycle bin."""
    known_parameters(request)
    type_of(env, record)
    version = expected_version(request)
    if version is not None and env.get(record, key, "version").version != version:
        raise Changed(difference(env, record, key, version, {}))
    env.delete(record, key)
    return nothing()


@api.route(f"{ONE}/restore", methods=("POST",))
@once
def restore_record(env: Env, request: Request, record: str, key: int) -> Response:
    """Bring a record back from the recycle bin."""
    known_parameters(request, *SHOWING)
    type_of(env, record)
    env.restore(record, key)
    return told(env, request, record, key)


@api.route(f"{ONE}/archive", methods=("POST", "DELETE"))
@once
def archive_record(env: Env, request: Request, record: str, key: int) -> Response:
    """Take a record out of lists, or (DELETE) put it back into them."""
    known_parameters(request, *SHOWING)
    type_of(env, record)
    env.archive(record, key, archived=request.method == "POST")
    return told(env, request, record, key)


@api.route(VERSION)
def start(env: Env, request: Request) -> Response:
    """Who the caller is, what it may do, and where to go on."""
    known_parameters(request)
    caller = request.kept["caller"]
    return answer({"user": {"id": env.actor.id, "record": "base.user", "label": env.actor.name}, "scopes": sorted(caller.scopes),
                   "language": env.lang, "currency": env.actor.settings.get("currency"),
                   "types": f"/api{VERSION}/types", "openapi": f"/api{VERSION}/openapi.json"})


__all__ = ["change", "difference", "read", "shape_of", "told"]
