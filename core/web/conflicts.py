"""Two people saved the same record: what each of them changed, field by field, so that nothing is lost.

The form only knows the version it began with. History knows what was written since, so the values of that version can
be told; a field that only one side changed is merged without asking.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from core.env import Env
from core.i18n.messages import _
from core.records.audit import HIDDEN
from core.records.fields import Field, Link, LinkField, ManyField
from core.registry.compose import RecordType
from core.web.cells import value_cell
from core.web.forms import Filled, link_to
from core.web.request import Request
from core.web.showing import is_shown
from core.web.viewmodels import Conflict, ConflictField
from core.web.widgets import input_text

MOST = 200


def changes_since(env: Env, rtype: RecordType, key: int, versions: int) -> list[Any]:
    """The last so many history rows of a record that changed values, newest first."""
    table = env.registry.system.audit
    statement = select(table.c.at, table.c.actor_id, table.c.changes).where(
        table.c.record == rtype.name, table.c.record_id == key, table.c.changes.is_not(None)).order_by(table.c.id.desc())
    return list(env.execute(statement.limit(max(1, min(versions, MOST)))))


def base_row(env: Env, rtype: RecordType, key: int, row: dict[str, Any], version: int) -> dict[str, Any]:
    """The values as they were at a version: today's, with what history says was changed since taken back."""
    behind = int(row["version"]) - version
    if version <= 0 or behind <= 0:
        return row
    before: dict[str, Any] = {}
    for entry in changes_since(env, rtype, key, behind):
        for name, (old, _new) in ((k, v) for k, v in (entry.changes or {}).items() if isinstance(v, list) and len(v) == 2):
            if name in rtype.fields and name in row and old != HIDDEN:
                before[name] = old  # the oldest comes last
    return row | {name: revived(env, rtype.fields[name], old) for name, old in before.items()}


def value_at(env: Env, record: str, key: int, row: dict[str, Any], version: int) -> dict[str, Any]:
    """A record's row (with its version) as it was at an earlier version, as far as history tells."""
    return base_row(env, env.registry.record(record), key, row, version)


def revived(env: Env, field: Field, value: Any) -> Any:
    """A value of history in the form that rows have."""
    if value is None:
        return [] if isinstance(field, ManyField) else None
    if isinstance(field, ManyField):
        labels = env.labels(field.target, value)
        return [Link(k, labels.get(k), field.target) for k in value]
    if isinstance(field, LinkField):
        return link_to(env, field.target, int(value)) or Link(int(value), None, field.target)
    if field.type_name == "datetime":
        return dt.datetime.fromisoformat(value)
    if field.type_name in ("anylink", "file", "image"):
        return None
    try:
        return dt.timedelta(seconds=value) if field.type_name == "duration" else field.clean(value, env)
    except ValueError:
        return None


def keep_theirs(request: Request, filled: Filled) -> None:
    """Where the person chose the other's value, their own is dropped."""
    for name in list(filled.values):
        if request.value(f"keep.{name}") == "theirs":
            del filled.values[name]
            filled.typed.pop(name, None)


def compare(env: Env, rtype: RecordType, row: Mapping[str, Any], base: Mapping[str, Any], filled: Filled) -> Conflict | None:
    """The fields that both changed, to different values; None when there is none, so that both can be kept."""
    found = []
    for name, value in filled.values.items():
        field = rtype.fields[name]
        theirs, before = input_text(env, field, row.get(name)), input_text(env, field, base.get(name))
        mine = filled.typed.get(name, "")
        if theirs == before and base is not row or theirs == mine or not is_shown(env, rtype, field):
            continue
        shown = value_cell(env, field, row.get(name), dict(row)).text
        found.append(ConflictField(name, env.t(field.label), _typed(env, field, mine, value), shown, str(mine)))
    if not found:
        return None
    who, when = _last_change(env, rtype, int(row.get("id") or 0))
    return Conflict(who, when, found, int(row["version"]))


def _typed(env: Env, field: Field, mine: Any, value: Any) -> str:
    if isinstance(field, (LinkField, ManyField)):
        keys = [int(v) for v in (mine if isinstance(mine, list) else [mine]) if str(v).isdecimal()]
        return env.format.list(env.labels(field.target, keys).values())
    labels = getattr(field, "labels", None)
    if labels is not None:
        return env.format.list(env.t(labels.get(v, v)) for v in (mine if isinstance(mine, list) else [mine]))
    if isinstance(value, bool):
        return env.t(_("Yes") if value else _("No"))
    return str(mine)


def _last_change(env: Env, rtype: RecordType, key: int) -> tuple[str, str]:
    rows = changes_since(env, rtype, key, 1)
    if not rows:
        return env.t(_("Somebody")), ""
    names = env.labels("base.user", [rows[0].actor_id]) if rows[0].actor_id else {}
    return names.get(rows[0].actor_id, env.t(_("Somebody"))), env.format.relative(rows[0].at, env.now)
