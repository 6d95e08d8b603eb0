"""What there is: record types, their fields, keys, actions and layouts, as far as the caller may see them."""

from __future__ import annotations

from typing import Any

from core.api import Env, NotFound, _, fields
from core.web_api import Request, Response, layout_data

from .rest_actions import actions_of
from .rest_keys import keys_of
from .rest_pages import VERSION, answer, api, known_parameters, type_of
from .rest_shape import is_told
from .rest_values import kind_of

LAYOUTS = ("form", "list", "card", "search", "kanban", "calendar", "quick", "print")


def types_of(env: Env) -> list[str]:
    """Names of the record types that the caller may read."""
    return sorted(name for name in env.registry.records if env.can("read", name))


@api.route(f"{VERSION}/types")
def list_types(env: Env, request: Request) -> Response:
    """All record types that the caller may read, and what else it may do with them."""
    known_parameters(request)
    return answer({"types": [described_type(env, name) for name in types_of(env)]})


def described_type(env: Env, record: str) -> dict[str, Any]:
    """A record type in few words."""
    rtype = env.registry.record(record)
    return {"name": record, "label": env.t(rtype.label), "plural": env.t(rtype.plural), "icon": rtype.icon, "addon": rtype.addon,
            "title": rtype.title, "parent": rtype.parent, "traits": sorted(rtype.traits), "searchable": bool(rtype.search_fields),
            "rights": [op for op in ("read", "create", "update", "delete", "share", "transfer") if env.can(op, record)],
            "url": f"/api{VERSION}/records/{record}"}


@api.route(f"{VERSION}/types/<record>")
def get_type(env: Env, request: Request, record: str) -> Response:
    """A record type with its fields."""
    known_parameters(request)
    type_of(env, record)
    found = described_type(env, record)
    found["fields"] = [described_field(env, f) for f in env.registry.record(record).fields.values()
                       if is_told(env, record, f) or f.opaque and env.access.writable(record, f.name)]
    found["keys"] = [key.name for key in keys_of(env, record)]
    found["actions"] = actions_of(env, record)
    found["layouts"] = {kind: f"/api{VERSION}/types/{record}/layouts/{kind}" for kind in LAYOUTS}
    return answer(found)


def described_field(env: Env, field: fields.Field) -> dict[str, Any]:
    """A field: what it is called, of which type its values are, what may be done with it."""
    made: dict[str, Any] = {
        "name": field.name, "type": field.type_name, "values": kind_of(field), "label": env.t(field.label),
        "help": env.t(field.help) if field.help else None, "required": field.required, "unique": field.unique,
        "writable": env.access.writable(field.record, field.name) and is_written(field), "readable": not field.opaque,
        "sortable": field.sortable and not field.opaque, "filterable": field.filterable and not field.opaque, "addon": field.addon}
    if isinstance(field, fields.Choice):
        made["options"] = [{"value": o.value, "label": env.t(o.label), "colour": o.colour, "active": o.active} for o in field.offered(env)]
    if isinstance(field, fields.AnyLink):
        made["targets"] = [name for name in field.targets or env.registry.records if env.can("read", name)]
    elif isinstance(field, (fields.Link, fields.Many, fields.Children)):
        made["target"] = field.target
    for name in ("size", "places", "minimum", "maximum", "currency"):
        value = getattr(field, name, None)
        if value is not None:
            made[name] = value if isinstance(value, (int, str)) else str(value)
    return made


def is_written(field: fields.Field) -> bool:
    """Whether a field holds values that are given, rather than worked out."""
    return not field.readonly and (field.stored or isinstance(field, fields.Many))


@api.route(f"{VERSION}/types/<record>/layouts/<kind>")
def get_layout(env: Env, request: Request, record: str, kind: str) -> Response:
    """A page layout as the caller's user gets it."""
    known_parameters(request)
    type_of(env, record)
    if kind not in LAYOUTS:
        raise NotFound(_("There is no such layout."))
    return answer(layout_data(env, record, kind))
