"""What is sent for an event: the record as the webhook's person may see it at that moment."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from core.api import Env

from .webhook_choices import TEST
from .webhook_values import names_for, plain

Rows = Sequence[Mapping[str, Any]]


def bodies(env: Env, hook: Mapping[str, Any], deliveries: Rows) -> dict[int, str | None]:
    """The body of each delivery, by two statements; None where the record is not (or no longer) for the eyes of the webhook's person.
    Elevated code only: it acts for that person."""
    person = env.as_actor(env.installation.load_actor(hook["user"].id))
    record = hook["record_type"]
    if record not in env.registry.records or not person.can("read", record):
        return {row["id"]: _test(row) if row["event"] == TEST else None for row in deliveries}
    ids = {row["record_id"] for row in deliveries if row["event"] != TEST}
    chosen = names_for(person, record, hook["sent"] or ())
    query = person.query(record).with_ids(ids).archived(None).deleted(None)
    found = {r["id"]: r for r in query.select(*dict.fromkeys((*chosen, "version"))).rows()} if ids else {}
    gone = ids - found.keys() - _there(env, record, ids - found.keys())
    return {row["id"]: _test(row) if row["event"] == TEST else _body(person, record, row, found.get(row["record_id"]), chosen, gone)
            for row in deliveries}


def _there(env: Env, record: str, ids: set[int]) -> set[int]:
    """Those that exist although the person does not see them. What was purged is not among them: that it was deleted may be told,
    since the person saw it when it was."""
    return set(env.query(record).with_ids(ids).archived(None).deleted(None).ids()) if ids else set()


def _body(person: Env, record: str, row: Mapping[str, Any], seen: Mapping[str, Any] | None, chosen: Sequence[str],
          gone: set[int]) -> str | None:
    if seen is None and not (row["record_id"] in gone and row["event"].endswith(".deleted")):
        return None
    changed = [n for n in row["changed"] or () if person.access.readable(record, n)]
    data: dict[str, Any] = {"record": record, "id": row["record_id"], "version": seen["version"] if seen else None, "changed": changed}
    if seen is not None:
        data["fields"] = {name: plain(seen[name]) for name in chosen if name in seen}
    return _written(row, data)


def _test(row: Mapping[str, Any]) -> str:
    return _written(row, {"record": row["record_type"], "message": "This is a test."})


def _written(row: Mapping[str, Any], data: Mapping[str, Any]) -> str:
    return json.dumps({"type": row["event"], "timestamp": plain(row["at"]), "data": data}, ensure_ascii=False)
