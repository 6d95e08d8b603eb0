"""What may be done with records besides writing them: actions of their types, and sharing them by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

from core.api import AccessDenied, Env, Message, NotFound, ProgramAction, SarnakhError, _, share, shares_of, unshare
from core.web_api import BadRequest, Request, Response

from .rest_once import once
from .rest_pages import VERSION, answer, api, known_parameters, nothing, object_body, type_of
from .rest_values import moment_in, moment_out, plain_out
from .rest_write import read_rows

__all__ = ["actions_of"]
PLACE = f"{VERSION}/records/<record>"
ONE = f"{PLACE}/<int:key>"
MOST = 1000
LEVELS = {"read": 1, "write": 2}


# ---------------------------------------------------------------- actions
def actions_of(env: Env, record: str) -> list[dict[str, Any]]:
    """The actions of a type that the caller may run at all."""
    made = {name: {"name": name, "label": env.t(action.label), "parameters": {}}
            for name, action in env.registry.record(record).actions.items() if env.can_run(record, name)}
    for action in _further(env, record):
        made[action.name] = {"name": action.name, "label": env.t(action.label), "parameters": dict(action.parameters)}
    return list(made.values())


def _further(env: Env, record: str) -> list[ProgramAction]:
    return [a for a in env.registry.collected("program_actions", env=env, record_name=record) if env.can(a.right, record)]


@api.route(f"{PLACE}/actions")
def list_actions(env: Env, request: Request, record: str) -> Response:
    """What may be done with these records."""
    known_parameters(request)
    type_of(env, record)
    return answer({"actions": actions_of(env, record)})


@api.route(f"{PLACE}/actions/<name>", methods=("POST",))
@once
def run_on_many(env: Env, request: Request, record: str, name: str) -> Response:
    """Run an action on several records."""
    given = object_body(request)
    ids = given.pop("ids", None)
    if not isinstance(ids, list) or not 0 < len(ids) <= MOST or not all(type(i) is int and 0 < i < 2**62 for i in ids):
        raise BadRequest(_("“ids” is a list of 1 to {most} numbers of records.", most=MOST))
    return _run(env, request, record, name, ids, given)


@api.route(f"{ONE}/actions/<name>", methods=("POST",))
@once
def run_on_one(env: Env, request: Request, record: str, key: int, name: str) -> Response:
    """Run an action on one record."""
    return _run(env, request, record, name, [key], object_body(request) if request.raw.content_length else {})


def _run(env: Env, request: Request, record: str, name: str, ids: list[int], given: dict[str, Any]) -> Response:
    known_parameters(request)
    type_of(env, record)
    if len(env.browse(record, ids, "id")) < len(set(ids)):
        raise NotFound()
    further = next((a for a in _further(env, record) if a.name == name), None)
    if further is not None:
        result = plain_out(further.run(env, ids, given))
        env.registry.plugins.hook.after_action(env=env, record_name=record, action=name, ids=ids)
        return answer({"message": None, "url": None, "result": result, "batch": env.batch})
    if given:
        raise SarnakhError(_("This action takes no values."))
    if name in env.registry.record(record).actions and not env.can_run(record, name):
        raise AccessDenied(_("You may not do this with {record}.", record=env.registry.record(record).plural))
    found = env.run_action(record, name, ids)
    message = env.t(found) if isinstance(found, Message) else None
    url = found if isinstance(found, str) and message is None and found.startswith("/") else None
    return answer({"message": message, "url": url, "result": None, "batch": env.batch})


@api.route(f"{VERSION}/undo", methods=("POST",))
@once
def undo(env: Env, request: Request) -> Response:
    """Take back what a bulk request or an action did (its `batch`), as far as nobody touched it since."""
    known_parameters(request)
    batch = object_body(request).get("batch")
    if not isinstance(batch, str) or len(batch) > 36:
        raise BadRequest(_("Send the “batch” that is to be taken back."))
    done = env.undo(batch)
    return answer({"undone": done.undone, "left": done.left})


# ---------------------------------------------------------------- sharing
@api.route(f"{ONE}/shares")
def list_shares(env: Env, request: Request, record: str, key: int) -> Response:
    """With whom a record is shared."""
    known_parameters(request)
    type_of(env, record)
    levels = {level: name for name, level in LEVELS.items()}
    return answer({"shares": [{"principal": s.principal, "access": levels[s.access],
                               "expires_at": moment_out(s.expires_at) if s.expires_at else None} for s in shares_of(env, record, key)]})


@api.route(f"{ONE}/shares/<principal>", methods=("PUT",))
@once
def put_share(env: Env, request: Request, record: str, key: int, principal: str) -> Response:
    """Share a record with `user:5`, `role:3`, `below:3` (the role and those under it) or `team:2`."""
    known_parameters(request)
    type_of(env, record)
    given = object_body(request)
    access = given.get("access", "read")
    if set(given) - {"access", "expires_at"} or not isinstance(access, str) or access not in LEVELS:
        raise BadRequest(_("“access” is read or write."))
    env.get(record, key, "id")
    share(env, record, [key], principal, LEVELS[access], _end(given.get("expires_at")))
    return nothing()


def _end(text: Any) -> dt.datetime | None:
    try:
        return None if text is None else moment_in(text)
    except ValueError as error:
        raise BadRequest(error.args[0]) from None


@api.route(f"{ONE}/shares/<principal>", methods=("DELETE",))
@once
def delete_share(env: Env, request: Request, record: str, key: int, principal: str) -> Response:
    """Stop sharing."""
    known_parameters(request)
    type_of(env, record)
    env.get(record, key, "id")
    unshare(env, record, [key], principal[:60])
    return nothing()


# ---------------------------------------------------------------- notes
NOTE = "base.note"


@api.route(f"{ONE}/notes", methods=("POST",))
@once
def add_note(env: Env, request: Request, record: str, key: int) -> Response:
    """Write a note on a record."""
    known_parameters(request)
    type_of(env, record)
    given = object_body(request)
    given.pop("about", None)
    values = read_rows(env, NOTE, [given])[0]
    env.get(record, key, "id")
    made = env.create(NOTE, {**values, "about": (record, key)}, source="api")
    return answer({"id": made, "version": 1}, 201, Location=f"/api{VERSION}/records/{NOTE}/{made}")
