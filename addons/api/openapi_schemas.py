"""Values, fields and records as JSON schemas, as the API writes them (`told`) and reads them (`given`)."""

from __future__ import annotations

from typing import Any

from core.api import Env, fields

from .rest_meta import is_written
from .rest_shape import MOST_CHILDREN, is_held, is_told
from .rest_values import kind_of

Schema = dict[str, Any]
LARGEST = 10**18 - 1
TEXTS = ("text", "longtext", "richtext", "email", "phone", "url", "choice", "autonumber", "secret")


def ref(name: str) -> Schema:
    """A reference to a schema of the document."""
    return {"$ref": f"#/components/schemas/{name}"}


def common(env: Env) -> dict[str, Schema]:
    """The schemas that all record types share."""
    number = {"type": "integer", "minimum": 1, "maximum": LARGEST}
    link = {"id": {"type": "integer"}, "record": {"type": "string"}, "label": {"type": ["string", "null"]}}
    return {
        "Link": {"type": "object", "required": ["id", "record", "label"], "additionalProperties": False, "properties": {
            **link, "values": {"type": ["object", "null"], "description": "The record's own values, with `expand`."}}},
        "LinkGiven": {"oneOf": [number, {"type": "object", "required": ["id"], "properties": {"id": number}}]},
        "AnyLinkGiven": {"type": "object", "required": ["record", "id"], "properties": {"record": {"type": "string"}, "id": number}},
        "Money": {"type": "object", "required": ["amount", "currency"], "additionalProperties": False, "properties": {
            "amount": {"type": "string", "format": "decimal"}, "currency": {"type": ["string", "null"]}}},
        "Number": {"oneOf": [{"type": "string", "pattern": "^-?[0-9]{1,11}([.][0-9]{1,6})?$"}, {"type": "number"}]},
        "MoneyGiven": {"oneOf": [*_number_forms(), {"type": "object", "required": ["amount"], "additionalProperties": False, "properties": {
            "amount": {"oneOf": _number_forms()}, "currency": {"type": "string", "pattern": "^[A-Z]{3}$"}}}]},
        "Problem": {"type": "object", "required": ["type", "title", "status"], "properties": {
            "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"}, "detail": {"type": "string"},
            "instance": {"type": "string"}, "parameter": {"type": "string"}, "position": {"type": "integer"},
            "reference": {"type": "string"}, "version": {"type": "integer"},
            "errors": {"type": "array", "items": {"type": "object", "required": ["field", "message"], "properties": {
                "field": {"type": ["string", "null"]}, "message": {"type": "string"}, "row": {"type": "integer"}}}},
            "difference": {"type": "array", "items": {"type": "object", "required": ["field", "before", "current"], "properties": {
                "field": {"type": "string"}, "before": {}, "current": {}, "yours": {}}}}}},
        "BulkResult": {"type": "object", "required": ["succeeded", "failed", "batch", "results"], "properties": {
            "succeeded": {"type": "integer"}, "failed": {"type": "integer"}, "batch": {"type": "string"},
            "results": {"type": "array", "items": {"type": "object", "required": ["status"], "properties": {
                "status": {"type": "integer"}, "id": {"type": "integer"}, "version": {"type": ["integer", "null"]},
                "problem": ref("Problem")}}}}},
        "ActionResult": {"type": "object", "required": ["message", "url", "result", "batch"], "properties": {
            "message": {"type": ["string", "null"]}, "url": {"type": ["string", "null"]}, "result": {}, "batch": {"type": "string"}}}}


def _number_forms() -> list[Schema]:
    return [{"type": "string", "pattern": "^-?[0-9]{1,11}([.][0-9]{1,4})?$"}, {"type": "number"}]


def told(env: Env, field: fields.Field) -> Schema:
    """A field's values in answers; every value may be null."""
    kind = kind_of(field)
    if isinstance(field, fields.Many):
        made: Schema = {"type": "array", "items": ref("Link")}
    elif isinstance(field, (fields.Link, fields.AnyLink)):
        made = {"oneOf": [ref("Link"), {"type": "null"}]}
    elif kind == "money":
        made = {"oneOf": [ref("Money"), {"type": "null"}]}
    elif kind in ("decimal", "percent"):
        made = {"type": ["string", "null"], "format": "decimal"}
    elif kind == "multichoice":
        made = {"type": ["array", "null"], "items": {"type": "string"}}
    elif kind in PLAIN:
        name, form = PLAIN[kind]
        made = {"type": [name, "null"], **({"format": form} if form else {})}
    else:
        made = {"type": ["string", "null"]} if kind in TEXTS else {}
    return {**made, **_about(env, field)}


PLAIN = {"integer": ("integer", "int64"), "duration": ("integer", ""), "flag": ("boolean", ""), "date": ("string", "date"),
         "datetime": ("string", "date-time")}


def _about(env: Env, field: fields.Field) -> Schema:
    """What people call a field and what is said about it."""
    made: Schema = {"title": env.t(field.label)} if field.label else {}
    if field.help:
        made["description"] = env.t(field.help)
    if not is_written(field) or not env.access.writable(field.record, field.name):
        made["readOnly"] = True
    target = getattr(field, "target", None)
    if target:
        made["x-record"] = target
    if isinstance(field, fields.Choice):
        made["x-options"] = {o.value: env.t(o.label) for o in field.offered(env)}
    return made


def given(env: Env, field: fields.Field) -> Schema:
    """A field's values in requests."""
    made = _given(env, field)
    if field.required:
        made["x-required"] = True
    else:
        made = {"oneOf": [made, {"type": "null"}]}
    return {**made, "title": env.t(field.label)} if field.label else made


def _given(env: Env, field: fields.Field) -> Schema:
    kind = field.type_name
    if isinstance(field, fields.Many):
        return {"type": "array", "items": ref("LinkGiven")}
    if isinstance(field, fields.AnyLink):
        return ref("AnyLinkGiven")
    if isinstance(field, fields.Link):
        return ref("LinkGiven")
    if kind == "money":
        return ref("MoneyGiven")
    if kind in ("decimal", "percent"):
        return ref("Number")
    if isinstance(field, fields.MultiChoice):
        return {"type": "array", "items": {"enum": [o.value for o in field.offered(env)]}}
    if isinstance(field, fields.Choice):
        return {"enum": [o.value for o in field.offered(env)]}
    if kind in PLAIN:
        name, form = PLAIN[kind]
        return {"type": name, **({"format": form} if form else {}), **_bounds(field)}
    if kind in TEXTS:
        size = getattr(field, "size", None)
        return {"type": "string", **({"maxLength": size} if size else {})}
    return {}


def _bounds(field: fields.Field) -> Schema:
    return {name: getattr(field, name) for name in ("minimum", "maximum") if isinstance(getattr(field, name, None), int)}


def children(env: Env, field: fields.Children) -> Schema:
    """The first of the records that a field holds, as `expand` brings them along."""
    return {"type": "object", "required": ["record", "records", "more"], "additionalProperties": False, "readOnly": True, "properties": {
        "record": {"const": field.target}, "records": {"type": "array", "maxItems": MOST_CHILDREN, "items": ref(field.target)},
        "more": {"type": "boolean", "description": "Whether there are further ones, under /links/."}}, "x-record": field.target,
        "description": "Only with `expand`.", **({"title": env.t(field.label)} if field.label else {})}


def record_schemas(env: Env, record: str) -> dict[str, Schema]:
    """A record type as it is told, and as it is given by those who may write it."""
    rtype = env.registry.record(record)
    shown = {n: f for n, f in rtype.fields.items() if is_told(env, record, f) and not isinstance(f, fields.Children)}
    names: Schema = {"title": env.t(rtype.label)}
    held = {n: children(env, f) for n, f in rtype.fields.items()
            if isinstance(f, fields.Children) and is_told(env, record, f) and is_held(env, f)}
    made: dict[str, Schema] = {record: {"type": "object", **names, "required": ["id", "version"], "properties": {
        **{n: told(env, f) for n, f in shown.items()}, **held}}}
    if env.can("create", record) or env.can("update", record):
        written = {n: given(env, f) for n, f in rtype.fields.items()
                   if is_written(f) and env.access.writable(record, n) and not f.system}
        made[f"{record}.given"] = {"type": "object", **names, "additionalProperties": False, "properties": written}
        version = {"type": "integer", "description": "The version that the caller knows; another one is refused with 409."}
        made[f"{record}.changes"] = {"type": "object", **names, "additionalProperties": False, "properties": {
            **written, "version": version}}
    made[f"{record}.page"] = {"type": "object", "required": ["records", "next"], "additionalProperties": False, "properties": {
        "records": {"type": "array", "items": ref(record)}, "next": {"type": ["string", "null"]}, "count": {"type": "integer"}}}
    return made
