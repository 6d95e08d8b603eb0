"""What is sent for an event: the record as the webhook's person may see it at that moment."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from core.api import Env

from .rest_shape import Shape, is_told, told_fields
from .rest_values import plain_out
from .webhook_choices import TEST

Rows = Sequence[Mapping[str, Any]]


def bodies(env: Env, hook: Mapping[str, Any], deliveries: Rows) -> dict[int, str | None]:
    """The body of each delivery, by two statements; None where the record is not (or no longer) for the eyes of the webhook's person.
    Elevated code only: it acts for that person."""
    person = env.as_actor(env.installation.load_actor(hook["user"].id))
    record = hook["record_type"]
    if record not in env.registry.records or not person.can("read", record):
        return {row["id"]: _test(row) if row["event"] == TEST else None for row in deliveries}
    ids = {row["record_id"] for row in deliveries if row["event"] != TEST}
    shape = Shape(person, record, _chosen(person, record, hook["sent"] or ()))
    query = person.query(record).with_ids(ids).archived(None).deleted(None).select(*shape.select)
    found = {r["id"]: r for r in shape.rows(query.rows())} if ids else {}
    gone = ids - found.keys() - _there(env, record, ids - found.keys())
    return {row["id"]: _test(row) if row["event"] == TEST else _body(person, record, row, found.get(row["record_id"]), gone)
            for row in deliveries}


def _chosen(person: Env, record: str, names: Sequence[str]) -> list[str]:
    """The fields that go along: those that were chosen and that the person may (still) read, or all."""
    fields = person.registry.record(record).fields
    return [n for n in names if n in fields and is_told(person, record, fields[n])] if names else told_fields(person, record)


def _there(env: Env, record: str, ids: set[int]) -> set[int]:
    """Those that exist although the person does not see them. What was purged is not among them: that it was deleted may be told,
    since the person saw it when it was."""
    return set(env.query(record).with_ids(ids).archived(None).deleted(None).ids()) if ids else set()


def _body(person: Env, record: str, row: Mapping[str, Any], seen: Mapping[str, Any] | None, gone: set[int]) -> str | None:
    if seen is None and not (row["record_id"] in gone and row["event"].endswith(".deleted")):
        return None
    changed = [n for n in row["changed"] or () if person.access.readable(record, n)]
    data: dict[str, Any] = {"record": record, "id": row["record_id"], "version": seen["version"] if seen else None, "changed": changed}
    if seen is not None:
        data["fields"] = {name: value for name, value in seen.items() if name not in ("id", "version")}
    return _written(row, data)


def _test(row: Mapping[str, Any]) -> str:
    return _written(row, {"record": row["record_type"], "message": "This is a test."})


def _written(row: Mapping[str, Any], data: Mapping[str, Any]) -> str:
    return json.dumps({"type": row["event"], "timestamp": plain_out(row["at"]), "data": data}, ensure_ascii=False)
