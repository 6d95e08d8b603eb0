"""Values of records for texts: read set-based with the sender's rights, and written as the recipient's language does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any

from core.api import Edition, Env, Link, _

from .templating_fields import COMPANY, MOST_ROWS, Scope

BATCH = 20_000
LONGEST_VALUE = 20_000

Row = dict[str, Any]


class Speaker:
    """One language: what values look like in it, whoever sends."""

    def __init__(self, env: Env, lang: str) -> None:
        self.env, self.lang = env, lang
        self.edition = Edition(env, lang)
        self.format = self.edition.format

    @cached_property
    def built_in(self) -> dict[str, Any]:
        """`my.*`, `company.*` and `today`, read once."""
        return {"today": self.env.today} | _mine(self.env) | _company(self.env)

    @cached_property
    def currency(self) -> str:
        """What amounts without a currency are in."""
        return str(self.env.actor.settings.get("currency") or self.env.installation.settings.locale.currency)

    def text(self, value: Any) -> str:
        """A value that a template worked out."""
        if value is None:
            return ""
        if isinstance(value, str):
            return value[:LONGEST_VALUE]
        if isinstance(value, bool):
            return self.edition.t(_("yes")) if value else self.edition.t(_("no"))
        if isinstance(value, Link):
            return (value.label or "")[:LONGEST_VALUE]
        if isinstance(value, dt.datetime):
            return self.format.datetime(value)
        if isinstance(value, dt.date):
            return self.format.date(value)
        if isinstance(value, dt.timedelta):
            return self.format.duration(value)
        if isinstance(value, int | float | Decimal):
            return self.format.number(value)
        if isinstance(value, list | tuple):
            return ", ".join(self.text(one) for one in value)
        return str(value)[:LONGEST_VALUE]

    def shown(self, field: Any, value: Any) -> str:
        """A field's value as people read it."""
        kind = field.type_name
        if value is None:
            return ""
        if kind in ("choice", "multichoice"):
            chosen = value if isinstance(value, list | tuple) else [value]
            return ", ".join(self.edition.t(field.labels.get(one, one)) for one in chosen)
        if kind == "richtext":
            return str(field.text_of(value))[:LONGEST_VALUE]
        if kind == "phone":
            return self.format.phone(value)
        if kind == "autonumber":
            return str(value)
        return self.text(value)


def plain(value: Any) -> Any:
    """A value to compare and reckon with: links are their names."""
    if isinstance(value, Link):
        return value.label
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value


def _mine(env: Env) -> dict[str, Any]:
    rows = env.query("base.user").with_ids([env.actor.id]).select("name", "email").rows(1) if env.actor.id else []
    name = (rows[0]["name"] if rows else env.actor.name) or ""
    return {"my.name": name, "my.first_name": name.split(" ")[0], "my.email": (rows[0]["email"] or "") if rows else ""}


def _company(env: Env) -> dict[str, Any]:
    """The sender's own company, else the first: what stands on every letter is no secret."""
    names = [n for n in COMPANY if n in env.registry.record("base.company").fields]
    with env.elevated("own company in a text") as sudo:
        own = sorted(env.actor.company_ids)
        query = sudo.query("base.company").order("id")
        rows = (query.with_ids(own[:1]) if own else query).select(*names).rows(1)
    return {f"company.{n}": rows[0][n] if rows and n in names else None for n in COMPANY}


def load(env: Env, scope: Scope, keys: Iterable[int]) -> dict[int, Row]:
    """The rows of the records, each with those of its loops under `<path>[]`; one statement, and one for each loop (more where
    a loop has many thousand rows). What the sender may not see is not in it."""
    wanted = _paths(scope)
    query = env.query(scope.record).archived(None).with_ids(keys).select(*(wanted or ["id"])).spoken()
    rows = {r["id"]: r for r in query.rows()}
    _fill_loops(env, scope, list(rows.values()))
    return rows


def _paths(scope: Scope) -> list[str]:
    """What is read of a scope: its fields, and what its loops start from."""
    found = dict.fromkeys(scope.fields)
    for inner in scope.inner.values():
        if inner.collection.type_name != "children":
            found[inner.path] = None
        elif inner.link_path:
            found[inner.link_path] = None
    return list(found)


def _fill_loops(env: Env, scope: Scope, rows: list[Row]) -> None:
    for inner in scope.inner.values():
        fill = _fill_children if inner.collection.type_name == "children" else _fill_many
        fill(env, inner, rows)


def _fill_children(env: Env, inner: Scope, rows: list[Row]) -> None:
    """Rows that link to the record, or to what a link of it leads to; the first ones of each."""
    links, by = inner.link_path, inner.collection.by
    holders = [(row, row[links].id if row.get(links) else None) if links else (row, row["id"]) for row in rows]
    keys = sorted({key for _row, key in holders if key})
    if links and keys:
        keys = env.visible_ids(_owner_of(env, inner), keys)
    kept: dict[int, list[Row]] = {key: [] for key in keys}
    if keys:
        owner = _owner_of(env, inner)
        places: Any = {owner: keys} if env.registry.record(inner.record).fields[by].type_name == "anylink" else keys
        query = env.query(inner.record).holding(by, places).spoken()
        for row in query.stream(*dict.fromkeys([by, *_paths(inner)]), batch=BATCH):
            link = row[by]
            found = kept.get(link.id) if link is not None and link.record == owner else None
            if found is not None and len(found) < MOST_ROWS:
                found.append(row)
    for row, key in holders:
        row[f"{inner.path}[]"] = kept.get(key, []) if key else []
    _fill_loops(env, inner, [row for found in kept.values() for row in found])


def _owner_of(env: Env, inner: Scope) -> str:
    """The record type whose children a loop goes over."""
    record = inner.parent.record if inner.parent is not None else ""
    for name in filter(None, inner.link_path.split(".")):
        record = str(getattr(env.registry.record(record).fields[name], "target", ""))
    return record


def _fill_many(env: Env, inner: Scope, rows: list[Row]) -> None:
    """Rows of the records that a field names."""
    named = [(row, [link.id for link in row.get(inner.path) or () if link is not None][:MOST_ROWS]) for row in rows]
    keys = {key for _row, found in named for key in found}
    known = {r["id"]: r for r in env.query(inner.record).with_ids(keys).select(*(_paths(inner) or ["id"])).spoken().rows()} if keys else {}
    for row, found in named:
        row[f"{inner.path}[]"] = [known[key] for key in found if key in known]
    _fill_loops(env, inner, list(known.values()))


def language_path(env: Env, record: str) -> str:
    """Where the language of a record stands: in a field of its own, or in that of the contact, account or lead it links to."""
    own = _language_field(env, record)
    if own:
        return own
    rtype = env.registry.record(record)
    links: dict[str, Any] = dict(rtype.fields)
    for name, field in links.items():
        if field.type_name == "link" and not field.system and env.access.readable(record, name) and field.target != "base.user":
            further = _language_field(env, field.target)
            if further:
                return f"{name}.{further}"
    return ""


def _language_field(env: Env, record: str) -> str:
    rtype = env.registry.records.get(record)
    if rtype is None or not env.can("read", record):
        return ""
    return next((name for name, field in rtype.fields.items()
                 if field.semantic == "language" and env.access.readable(record, name)), "")


def languages_of(env: Env, record: str, keys: Iterable[int]) -> Mapping[int, str]:
    """The language of each record, in one statement; the installation's for those that say nothing of it."""
    usual = env.installation.settings.locale.default_language
    path = language_path(env, record)
    chosen = list(keys)
    if not path:
        return dict.fromkeys(chosen, usual)
    rows = env.query(record).archived(None).with_ids(chosen).select(path).rows()
    return dict.fromkeys(chosen, usual) | {r["id"]: r[path] for r in rows if r[path]}
