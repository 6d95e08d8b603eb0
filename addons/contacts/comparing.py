"""The page on which records are compared before a merge: which fields differ, how values look, what was chosen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from core.api import Env, Link, _
from core.web_api import Cell, MergeField, MergePage, list_url, record_url

from .linked import MANY

DERIVED = {"contacts.contact": frozenset({"name"})}
"""Fields that follow others and are therefore not chosen themselves."""


def may_merge(env: Env, record: str) -> bool:
    """Whether the person may merge records of this type at all."""
    return env.can("update", record) and env.can("delete", record)


def choosable(env: Env, record: str) -> list[str]:
    """Fields whose value can be chosen in a merge: stored, readable and writable ones."""
    found = []
    for name, item in env.registry.record(record).fields.items():
        if item.system or not item.stored or item.readonly or item.type_name in ("children", *MANY):
            continue
        if name in DERIVED.get(record, ()) or not (env.can("read", record, name) and env.can("update", record, name)):
            continue
        if name == "owner" and not env.can("transfer", record):
            continue
        found.append(name)
    return found


def _rows(env: Env, record: str, ids: Sequence[int], names: Sequence[str]) -> dict[int, dict[str, Any]]:
    title = env.registry.record(record).title
    shown = [title] if env.can("read", record, title) else []
    return {r["id"]: r for r in env.query(record).with_ids(ids).archived(None).select(*shown, *names, "created_at").rows()}


def merge_page(env: Env, record: str, ids: Sequence[int], keep: int, url: str) -> MergePage:
    """The records side by side; only fields in which they differ, the kept record's value chosen unless it is empty."""
    rtype = env.registry.record(record)
    rows = _rows(env, record, ids, choosable(env, record))
    order = [keep, *(i for i in ids if i != keep)]
    fields = [
        MergeField(
            "keep",
            env.t(_("Record that stays")),
            [
                (str(i), Cell(text=env.t(_("created {when}", when=env.format.relative(rows[i]["created_at"])))))
                for i in order
            ],
            str(keep),
        )
    ]
    for name in choosable(env, record):
        values = {i: rows[i][name] for i in order}
        if len({_plain(v) for v in values.values()}) < 2:
            continue
        chosen = next((i for i in order if not _empty(values[i])), keep)
        fields.append(MergeField(f"pick.{name}", env.t(rtype.fields[name].label), [
            (str(i), Cell(text=shown(env, rtype.fields[name], values[i]), dir="auto")) for i in order], str(chosen)))
    heads = [Cell(kind="title", text=str(rows[i].get(rtype.title) or f"#{i}"), url=record_url(record, i)) for i in order]
    text = env.t(_("Choose for each field the value that stays. Everything that belongs to the records moves to the one "
                   "that stays; tags and co-owners are put together; the others go to the recycle bin. You can take it back."))
    return MergePage(env.t(_("Merge {records}", records=env.t(rtype.plural))), url, heads, fields, text,
                     cancel_url=list_url(record))


def picked_values(env: Env, record: str, ids: Sequence[int], keep: int, picks: Mapping[str, int]) -> dict[str, Any]:
    """Values for the kept record: those of the chosen records, where they differ from its own."""
    names = [n for n in choosable(env, record) if picks.get(n) in ids and picks[n] != keep]
    rows = _rows(env, record, ids, names) if names else {}
    return {n: _stored(rows[picks[n]][n]) for n in names if _plain(rows[picks[n]][n]) != _plain(rows[keep][n])}


def _stored(value: Any) -> Any:
    return value.id if isinstance(value, Link) else value


def _plain(value: Any) -> Any:
    if isinstance(value, Link):
        return value.id
    return tuple(value) if isinstance(value, list) else value


def _empty(value: Any) -> bool:
    return value is None or value is False or value == []


def shown(env: Env, item: Any, value: Any) -> str:
    """A value as the reader sees it."""
    labels = getattr(item, "labels", {})
    if value is None:
        return ""
    if isinstance(value, Link):
        return env.t(_("Restricted")) if value.label is None else value.label
    if isinstance(value, bool):
        return env.t(_("Yes")) if value else env.t(_("No"))
    if isinstance(value, list):
        return ", ".join(env.t(labels.get(v, str(v))) for v in value)
    if isinstance(value, (int, Decimal)):
        return str(env.format.number(value))
    if isinstance(value, dt.datetime):
        return env.format.datetime(value)
    if isinstance(value, dt.date):
        return env.format.date(value)
    return env.t(labels[value]) if value in labels else str(value)
