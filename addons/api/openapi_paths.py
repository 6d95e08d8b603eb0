"""The addresses of the API as OpenAPI describes them: those of one record type, and those that all have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.api import Env, _

from .openapi_schemas import ref

Path = dict[str, Any]
PROBLEM = {"description": "Problem", "content": {"application/problem+json": {"schema": ref("Problem")}}}


def parameter(name: str, schema: Path, text: str = "", place: str = "query") -> Path:
    """One parameter."""
    return {"name": name, "in": place, "schema": schema, **({"required": True} if place == "path" else {}),
            **({"description": text} if text else {})}


ID = parameter("id", {"type": "integer", "minimum": 1, "maximum": 10**18 - 1}, place="path")
FIELDS = parameter("fields", {"type": "string"}, "Fields to tell, separated by commas, dotted through links.")
EXPAND = parameter("expand", {"type": "string"}, (
    "Fields separated by commas: links, whose records come along as `values`, and fields of children, of which the first 100 come along."))
IF_MATCH = parameter("If-Match", {"type": "string"}, "The ETag of the version that the caller knows.", "header")
ONCE = parameter("Idempotency-Key", {"type": "string", "maxLength": 200}, "Sent again under the same key, it is done once.", "header")
CHOOSING = [
    parameter("filter", {"type": "string"}, "An expression that must hold."), parameter("q", {"type": "string"}, "Words to search for."),
    parameter("archived", {"enum": ["false", "true", "all"]}), parameter("deleted", {"enum": ["false", "true"]}, "The recycle bin.")]
LISTING = [
    *CHOOSING, FIELDS, EXPAND, parameter("sort", {"type": "string"}, "Fields separated by commas; a minus turns one around."),
    parameter("limit", {"type": "integer", "minimum": 1, "maximum": 1000}),
    parameter("after", {"type": "string"}, "`next` of the last page."),
    parameter("count", {"enum": ["false", "true"]}, "Also count all.")]


def operation(name: str, tag: str, summary: str, answer: Path | None, *, parameters: list[Path] | None = None, given: Path | None = None,
              status: int = 200, further: dict[str, Path] | None = None, media: str = "application/json") -> Path:
    """One operation; everything else that may be answered is a problem."""
    done = {"description": "Done"} if answer is None else {"description": "Done", "content": {media: {"schema": answer}}}
    made: Path = {"operationId": name, "tags": [tag], "summary": summary, "responses": {
        str(status): done, **(further or {}), "default": PROBLEM}}
    if parameters:
        made["parameters"] = parameters
    if given is not None:
        made["requestBody"] = {"required": True, "content": {"application/json": {"schema": given}}}
    return made


def record_paths(env: Env, record: str) -> dict[str, Path]:
    """The addresses of one record type, with what the caller may do there."""
    rtype, slug, place = env.registry.record(record), record.replace(".", "_"), f"/records/{record}"
    tag, given, changes = record, ref(f"{record}.given"), ref(f"{record}.changes")
    shown = [FIELDS, EXPAND]
    many: Path = {"get": operation(f"list_{slug}", tag, env.t(rtype.plural), ref(f"{record}.page"), parameters=LISTING)}
    single: Path = {"parameters": [ID], "get": operation(f"get_{slug}", tag, env.t(rtype.label), ref(record), parameters=shown,
                                                        further={"304": {"description": "Not changed"}})}
    made = {place: many, f"{place}/{{id}}": single}
    if env.can("create", record):
        many["post"] = operation(f"create_{slug}", tag, env.t(_("Create")), ref(record), parameters=[*shown, ONCE], given=given,
                                 status=201)
    if env.can("update", record):
        single["patch"] = operation(f"update_{slug}", tag, env.t(_("Change")), ref(record), parameters=[*shown, IF_MATCH, ONCE],
                                    given=changes)
    if env.can("delete", record):
        single["delete"] = operation(f"delete_{slug}", tag, env.t(_("Delete")), None, parameters=[IF_MATCH, ONCE], status=204)
        made[f"{place}/{{id}}/restore"] = {"parameters": [ID], "post": operation(
            f"restore_{slug}", tag, env.t(_("Restore")), ref(record), parameters=[*shown, ONCE])}
    if any(env.can(right, record) for right in ("create", "update", "delete")):
        made[f"{place}/bulk"] = {"post": operation(f"bulk_{slug}", tag, env.t(_("Many at once")), ref("BulkResult"), parameters=[ONCE],
                                                   given=BULK)}
    return made


BULK: Path = {"type": "object", "required": ["operation", "rows"], "additionalProperties": False, "properties": {
    "operation": {"enum": ["create", "update", "upsert", "delete", "restore"]}, "mode": {"enum": ["all", "each"]},
    "key": {"type": "string", "description": "To upsert: a unique field, or external:<name of a program>."},
    "rows": {"type": "array", "minItems": 1, "maxItems": 1000, "items": {"type": "object"}}}}


def _object(**properties: Path) -> Path:
    return {"type": "object", "required": list(properties), "properties": properties}


def general_paths(env: Env, records: list[str]) -> dict[str, Path]:
    """The addresses that every record type has alike, and those beside records."""
    record = parameter("record", {"enum": records} if records else {"type": "string"}, place="path")
    name = parameter("name", {"type": "string"}, place="path")
    page = _object(records={"type": "array", "items": _object(id={"type": "integer"}, version={"type": "integer"})},
                   next={"type": ["string", "null"]})
    text, whole, place = {"type": "string"}, {"type": "integer"}, "/records/{record}"
    tag = "general"

    def op(slug: str, summary: str, answer: Path | None, **more: Any) -> Path:
        return operation(slug, tag, summary, answer, **more)

    action = {"type": "object"}
    binary = {"type": "string", "contentMediaType": "application/octet-stream"}
    upload: Path = {**op("add_file", "Attach a file", ref("base.file") if "base.file" in records else action, parameters=[
        parameter("name", text, "The file's name, when the content is sent as it is."), parameter("field", text), ONCE], status=201),
                    "requestBody": {"required": True, "content": {
                        "multipart/form-data": {"schema": {"type": "object", "required": ["file"], "properties": {"file": binary}}},
                        "application/octet-stream": {"schema": binary}}}}
    return {
        "": {"get": op("start", "Who calls", _object(user=ref("Link"), scopes={"type": "array", "items": text}, types=text, openapi=text))},
        "/types": {"get": op("types", "Record types", _object(types={"type": "array", "items": _object(name=text, label=text)}))},
        "/types/{record}": {"parameters": [record], "get": op("type", "One record type", _object(
            name=text, label=text, fields={"type": "array", "items": _object(name=text, type=text)}))},
        "/types/{record}/layouts/{kind}": {"parameters": [record, parameter("kind", {"enum": [
            "form", "list", "card", "search", "kanban", "calendar", "quick", "print"]}, place="path")],
            "get": op("layout", "A page layout", {"type": "object"})},
        "/search": {"get": op("search", "Search everything", _object(results={"type": "array", "items": ref("Link")}), parameters=[
            {**parameter("q", {"type": "string", "minLength": 1}), "required": True}, parameter("types", text),
            parameter("limit", {"type": "integer", "minimum": 1, "maximum": 50})])},
        "/undo": {"post": op("undo", "Take a batch back", _object(undone=whole, left=whole), given=_object(batch=text), parameters=[ONCE])},
        f"{place}/count": {"parameters": [record], "get": op("count", "Count", _object(count=whole), parameters=CHOOSING)},
        f"{place}/aggregate": {"parameters": [record], "get": op("aggregate", "Counts and sums", _object(groups={
            "type": "array", "items": _object(values={"type": "object"}, count=whole, sums={"type": "object"})}), parameters=[
                *CHOOSING, parameter("group", text), parameter("sum", text),
                parameter("limit", {"type": "integer", "minimum": 1, "maximum": 1000})])},
        f"{place}/actions": {"parameters": [record], "get": op("actions", "Actions", _object(
            actions={"type": "array", "items": _object(name=text, label=text, parameters={"type": "object"})}))},
        f"{place}/actions/{{name}}": {"parameters": [record, name], "post": op("run_on_many", "Run an action", ref("ActionResult"), given={
            "type": "object", "required": ["ids"], "properties": {
                "ids": {"type": "array", "items": {"type": "integer", "minimum": 1}, "minItems": 1, "maxItems": 1000}}},
            parameters=[ONCE])},
        f"{place}/by/{{key}}/{{value}}": {"parameters": [record, parameter("key", text, "A unique field, or external:<program>.", "path"),
                                                         parameter("value", text, place="path")],
                                          "get": op("get_by_key", "By a key", action, parameters=[FIELDS, EXPAND]),
                                          "put": op("upsert", "Change or create by a key", action, given=action,
                                                    parameters=[FIELDS, EXPAND, ONCE], further={"201": {
                                                        "description": "Created", "content": {"application/json": {"schema": action}}}})},
        **_of_one(op, record, name, page, upload),
        "/files/{id}": {"parameters": [ID], "get": op("file", "A file", _object(id=whole, name=text))},
        "/files/{id}/content": {"parameters": [ID], "get": op(
            "file_content", "A file's content", binary, media="application/octet-stream")},
    }


def _of_one(op: Callable[..., Path], record: Path, name: Path, page: Path, upload: Path) -> dict[str, Path]:
    """The addresses of what belongs to one record."""
    text, whole, action, one = {"type": "string"}, {"type": "integer"}, {"type": "object"}, "/records/{record}/{id}"
    share = {"type": "object", "additionalProperties": False, "properties": {
        "access": {"enum": ["read", "write"]}, "expires_at": {"type": ["string", "null"], "format": "date-time"}}}
    return {
        f"{one}/archive": {"parameters": [record, ID], "post": op("archive", "Archive", action, parameters=[FIELDS, EXPAND, ONCE]),
                           "delete": op("unarchive", "Back into lists", action, parameters=[FIELDS, EXPAND, ONCE])},
        f"{one}/actions/{{name}}": {"parameters": [record, ID, name], "post": {
            **op("run", "Run an action", ref("ActionResult"), parameters=[ONCE]),
            "requestBody": {"content": {"application/json": {"schema": action}}}}},
        f"{one}/links/{{name}}": {"parameters": [record, ID, name], "get": op("linked", "What a record holds", page, parameters=LISTING)},
        f"{one}/links/{{name}}/{{other}}": {"parameters": [record, ID, name, {**ID, "name": "other"}],
                                            "put": op("relate", "Tie", None, status=204, parameters=[ONCE]),
                                            "delete": op("unrelate", "Untie", None, status=204, parameters=[ONCE])},
        f"{one}/shares": {"parameters": [record, ID], "get": op("shares", "Shared with", _object(shares={
            "type": "array", "items": _object(principal=text, access=text)}))},
        f"{one}/shares/{{principal}}": {"parameters": [record, ID, parameter("principal", text, place="path")],
                                        "put": op("share", "Share", None, status=204, given=share, parameters=[ONCE]),
                                        "delete": op("unshare", "Stop sharing", None, status=204, parameters=[ONCE])},
        f"{one}/history": {"parameters": [record, ID], "get": op("history", "History", _object(
            entries={"type": "array", "items": _object(id=whole, at=text, action=text)}, next={"type": ["integer", "null"]}), parameters=[
                parameter("limit", {"type": "integer", "minimum": 1, "maximum": 200}),
                parameter("before", {"type": "integer", "minimum": 1})])},
        f"{one}/notes": {"parameters": [record, ID], "get": op("notes", "Notes", page, parameters=LISTING),
                         "post": op("add_note", "Write a note", _object(id=whole, version=whole), given=_object(body=text), status=201,
                                    parameters=[ONCE])},
        f"{one}/files": {"parameters": [record, ID], "get": op("files", "Files", page, parameters=LISTING), "post": upload},
    }
