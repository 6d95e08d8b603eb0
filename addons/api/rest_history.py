"""What was written about a record and happened to it: notes, history."""

from __future__ import annotations

from typing import Any

from core.api import Env, Link, fields, past
from core.web_api import Request, Response

from .rest_actions import NOTE
from .rest_list import LISTING, chosen, page_of
from .rest_pages import VERSION, answer, api, known_parameters, number_in, type_of
from .rest_values import link_out, moment_out

ONE = f"{VERSION}/records/<record>/<int:key>"
MOST, USUAL = 200, 50
USER = "base.user"


@api.route(f"{ONE}/notes")
def notes(env: Env, request: Request, record: str, key: int) -> Response:
    """A page of the notes on a record."""
    return _about(env, request, record, key, NOTE)


@api.route(f"{ONE}/files")
def files_of(env: Env, request: Request, record: str, key: int) -> Response:
    """A page of the files on a record."""
    return _about(env, request, record, key, "base.file")


def _about(env: Env, request: Request, record: str, key: int, kind: str) -> Response:
    known_parameters(request, *LISTING)
    type_of(env, record)
    env.get(record, key, "id")
    return page_of(env, request, chosen(env, request, type_of(env, kind)).holding("about", [key], record), kind)


@api.route(f"{ONE}/history")
def history(env: Env, request: Request, record: str, key: int) -> Response:
    """The newest entries of a record's history, or those before an entry's number."""
    known_parameters(request, "limit", "before")
    type_of(env, record)
    limit = number_in(request, "limit", USUAL, MOST)
    before = number_in(request, "before", 10**9 - 1, 10**9 - 1) if request.arg("before") else None
    found = past(env, record, key, limit + 1, before)
    shown = found[:limit]
    people = env.labels(USER, {entry["actor"] for entry in shown if entry["actor"] is not None})
    labels = _labels(env, record, shown)
    entries = [{"id": e["id"], "at": moment_out(e["at"]), "action": e["action"], "batch": e["batch"],
                "actor": None if e["actor"] is None else link_out(Link(e["actor"], people.get(e["actor"]), USER)),
                "changes": [{"field": name, "old": _value(env, record, name, old, labels), "new": _value(env, record, name, new, labels)}
                            for name, (old, new) in e["changes"].items()]} for e in shown]
    return answer({"entries": entries, "next": shown[-1]["id"] if len(found) > limit else None})


def _labels(env: Env, record: str, entries: list[dict[str, Any]]) -> dict[tuple[str, int], str]:
    """Names of what links pointed to: one statement for each record type."""
    wanted: dict[str, set[int]] = {}
    for entry in entries:
        for name, pair in entry["changes"].items():
            target = getattr(env.registry.record(record).fields[name], "target", "")
            for value in pair if target else ():
                wanted.setdefault(target, set()).update(v for v in (value if isinstance(value, list) else [value]) if isinstance(v, int))
    return {(target, key): label for target, keys in wanted.items() for key, label in env.labels(target, keys).items()}


def _value(env: Env, record: str, name: str, value: Any, labels: dict[tuple[str, int], str]) -> Any:
    """A value of history; links with the names that the reader may see."""
    field = env.registry.record(record).fields[name]
    if isinstance(field, fields.AnyLink):
        return None if not isinstance(value, list) or len(value) != 2 else link_out(Link(value[1], None, value[0]))
    if not isinstance(field, (fields.Link, fields.Many)):
        return value
    if isinstance(value, list):
        return [link_out(Link(v, labels.get((field.target, v)), field.target)) for v in value if isinstance(v, int)]
    return link_out(Link(value, labels.get((field.target, value)), field.target)) if isinstance(value, int) else value
