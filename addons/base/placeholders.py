"""Placeholders in texts: `{{subject}}`, `{{requester.first_name}}`, filled in with what the acting person may read.

    problems(env, "tickets.ticket", text)       what is wrong with a text, for its writer
    fill(env, "tickets.ticket", 7, text)        the text for one record; a field that is hidden or empty leaves nothing

A placeholder is a path of fields and nothing more: no code, no expression, so a text written by one person does nothing
with the rights of another.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from html import escape
from typing import Any

from core.api import Env, Link, Message, _

PLACE = re.compile(r"\{\{\s*([a-z_][a-z0-9_.]*)\s*\}\}")
MY = "my."
MINE = ("my.name", "my.first_name", "my.email")
TODAY = "today"
FALLBACK_DEPTH = 4


def problems(env: Env, record: str, text: str) -> Iterator[Message]:
    """Placeholders that name nothing, or nothing that the writer may read."""
    for path in dict.fromkeys(PLACE.findall(text or "")):
        if path not in MINE and path != TODAY and field_of(env, record, path) is None:
            yield _("There is no field “{path}” for a placeholder.", path=path)


def field_of(env: Env, record: str, path: str) -> Any:
    """The last field of a path of links, as far as the acting person may read it, else None."""
    names = path.split(".")
    if len(names) > FALLBACK_DEPTH:
        return None
    field: Any = None
    for i, name in enumerate(names):
        rtype = env.registry.records.get(record)
        field = rtype.fields.get(name) if rtype is not None else None
        if field is None or not env.can("read", record) or not env.access.readable(record, name) or field.type_name in (
                "children", "data", "secret", "names"):
            return None
        if i < len(names) - 1:
            if field.type_name != "link":
                return None
            record = field.target
    return field


def fill(env: Env, record: str, key: int, text: str, *, html: bool = True) -> str:
    """The text with its placeholders filled in from one record; escaped for formatted text."""
    return fill_each(env, record, [key], text, html=html)[key]


def fill_each(env: Env, record: str, keys: Sequence[int], text: str, *, html: bool = True) -> dict[int, str]:
    """The text for each of many records, read in one statement."""
    paths = dict.fromkeys(PLACE.findall(text or ""))
    fields = {p: f for p in paths if p not in MINE and p != TODAY and (f := field_of(env, record, p)) is not None}
    rows = {r["id"]: r for r in env.query(record).archived(None).with_ids(keys).select(*fields).rows()} if fields else {}
    common = (_mine(env) if any(p in MINE for p in paths) else {}) | {TODAY: env.format.date(env.today)}
    made = {}
    for key in keys:
        values = common | ({p: shown(env, f, rows[key][p]) for p, f in fields.items()} if key in rows else {})
        made[key] = PLACE.sub(_putter(values, html), text or "")
    return made


def _putter(values: dict[str, str], html: bool) -> Callable[[re.Match[str]], str]:
    def put(found: re.Match[str]) -> str:
        value = values.get(found.group(1), "")
        return escape(value, quote=False) if html else value
    return put


def _mine(env: Env) -> dict[str, str]:
    rows = env.query("base.user").with_ids([env.actor.id]).select("name", "email").rows(1) if env.actor.id else []
    name = rows[0]["name"] if rows else env.actor.name
    return {"my.name": name or "", "my.first_name": (name or "").split(" ")[0], "my.email": (rows[0]["email"] or "") if rows else ""}


def shown(env: Env, field: Any, value: Any) -> str:
    """A value as the person writes it."""
    if value is None:
        return ""
    if isinstance(value, Link):
        return value.label or ""
    if isinstance(value, bool):
        return env.t(_("yes")) if value else env.t(_("no"))
    if field.type_name == "choice":
        return env.t(field.labels.get(value, value))
    if isinstance(value, list | tuple):
        return ", ".join(shown(env, field, one) for one in value)
    if isinstance(value, dt.datetime):
        return env.format.datetime(value)
    if isinstance(value, dt.date):
        return env.format.date(value)
    if isinstance(value, int | Decimal) and field.type_name != "autonumber":
        return env.format.number(value)
    return field.text_of(value) if field.type_name == "richtext" else str(value)


def escaped(text: str) -> str:
    """A plain text for use as formatted text; placeholders stay."""
    return escape(text, quote=False).replace("\r\n", "\n").replace("\n", "<br>")
