"""What happened to a record: history and notes in one column, newest first, as far as the reader may see it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import nh3
from markupsafe import Markup
from sqlalchemy import select

from core.env import Env
from core.expressions import F
from core.i18n.messages import _
from core.records.audit import HIDDEN
from core.records.fields import ChoiceField, Field, Link, LinkField, ManyField
from core.registry.compose import RecordType
from core.web.cells import value_cell
from core.web.conflicts import revived
from core.web.people import person
from core.web.showing import is_shown
from core.web.urls import record_url, with_query
from core.web.viewmodels import Action, Change, Timeline, TimelineEntry

NOTE = "base.note"
FOLLOW = "base.follow"
PAGE = 25
TITLES = {"create": _("created this"), "update": _("changed this"), "delete": _("put this into the recycle bin"),
          "restore": _("brought this back"), "share": _("shared this"), "unshare": _("stopped sharing this"),
          "purge": _("deleted this for good"), "convert": _("converted this"), "import": _("imported this"),
          "export": _("exported this"), "merge": _("merged this")}
ICONS = {"create": "plus-lg", "delete": "trash", "restore": "arrow-counterclockwise", "share": "share",
         "unshare": "share", "convert": "shuffle", "merge": "intersect"}
KINDS = (("", _("Everything")), ("note", _("Notes")), ("change", _("Changes")))


def build(env: Env, rtype: RecordType, key: int, kind: str = "", before: str = "") -> Timeline:
    """A page of the timeline. `before` is the moment of the oldest entry shown so far."""
    base = f"{record_url(rtype.name, key)}/timeline"
    until = _moment(before)
    rows: list[tuple[dt.datetime, int, Any]] = []
    if kind in ("", "change"):
        rows += [(r.at, r.id, r) for r in _audit(env, rtype, key, until)]
    if kind in ("", "note"):
        rows += [(n["created_at"], n["id"], n) for n in notes(env, rtype, key, until)]
    sources = env.registry.collected("timeline_sources", env=env, record_name=rtype.name)
    for n, source in enumerate(sources):
        if kind in ("", source.kind):
            rows += [(at, -n, entry) for at, entry in source.fetch(env, rtype.name, key, until, PAGE + 1)]
    rows.sort(key=lambda item: (item[0], item[1]), reverse=True)
    shown = rows[:PAGE]
    people = _names(env, [r for _at, _id, r in shown])
    made = Timeline(url=base)
    made.entries = [e for _at, _id, r in shown if (e := _entry(env, rtype, key, r, people)) is not None]
    made.kinds = [Action(env.t(label), with_query(record_url(rtype.name, key), {"t": name}), active=name == kind)
                  for name, label in (*KINDS, *((s.kind, s.label) for s in sources))]
    if until is None:
        for source in sources:
            made.planned += source.planned(env, rtype.name, key) if source.planned else []
            made.composers += source.composers(env, rtype.name, key) if source.composers else []
    if len(rows) > PAGE:
        made.next_url = with_query(base, {"t": kind, "before": shown[-1][0].isoformat()})
    if NOTE in env.registry.records and env.can("create", NOTE):
        made.note_url = f"{record_url(rtype.name, key)}/note"
        made.mention_url = "/lookup/base.user"
    return made


def _moment(text: str) -> dt.datetime | None:
    try:
        found = dt.datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return found.replace(tzinfo=found.tzinfo or dt.UTC) if found is not None else None


def _audit(env: Env, rtype: RecordType, key: int, until: dt.datetime | None) -> Iterable[Any]:
    table = env.registry.system.audit
    statement = select(table).where(table.c.record == rtype.name, table.c.record_id == key)
    if until is not None:
        statement = statement.where(table.c.at < until)
    return env.execute(statement.order_by(table.c.id.desc()).limit(PAGE + 1)).all()  # type: ignore[no-any-return]


def notes(env: Env, rtype: RecordType, key: int, until: dt.datetime | None = None) -> list[dict[str, Any]]:
    """Notes about a record, newest first."""
    if NOTE not in env.registry.records or not env.can("read", NOTE):
        return []
    query = about(env, NOTE, rtype.name, key).order("-created_at")
    if until is not None:
        query = query.where(F.created_at < until)
    found: list[dict[str, Any]] = query.select("body", "created_at", "created_by", "pinned").rows(limit=PAGE + 1)
    return found


def about(env: Env, record: str, target: str, key: int) -> Any:
    """A query over records of a type that hang on another record by their field `about`."""
    return env.query(record).holding("about", [key], target)


def _names(env: Env, rows: list[Any]) -> dict[int, str]:
    ids = {r.actor_id for r in rows if not isinstance(r, (dict, TimelineEntry)) and r.actor_id is not None}
    return env.labels("base.user", ids)


def _entry(env: Env, rtype: RecordType, key: int, row: Any, people: dict[int, str]) -> TimelineEntry | None:
    if isinstance(row, TimelineEntry):
        return row
    if isinstance(row, dict):
        return _note(env, rtype, key, row)
    changes = shown_changes(env, rtype, row.changes or {})
    if row.action == "update" and not changes:
        return None
    made = TimelineEntry("change" if row.action == "update" else row.action, env.format.relative(row.at, env.now),
                         env.format.datetime(row.at), id=f"h{row.id}", icon=ICONS.get(row.action, "pencil"))
    name = people.get(row.actor_id) if row.actor_id else env.t(_("The system"))
    made.who = person(row.actor_id or 0, name or env.t(_("Somebody")))
    made.title = env.t(TITLES[row.action]) if row.action in TITLES else (row.note or row.action)
    made.changes = changes if row.action == "update" else []
    return made


def _note(env: Env, rtype: RecordType, key: int, row: dict[str, Any]) -> TimelineEntry:
    author = row["created_by"]
    made = TimelineEntry("note", env.format.relative(row["created_at"], env.now), env.format.datetime(row["created_at"]),
                         pinned=bool(row["pinned"]), id=f"n{row['id']}")
    made.who = person(author.id, author.label or env.t(_("Somebody"))) if author else None
    made.title = env.t(_("wrote a note"))
    made.html = Markup(nh3.clean(row["body"] or ""))  # noqa: S704 - cleaned
    if author and author.id == env.actor.id:
        made.actions = [Action(env.t(_("Delete")), f"{record_url(rtype.name, key)}/note/{row['id']}", "trash", kind="post",
                               style="danger", confirm=env.t(_("Delete this note?")))]
    return made


def shown_changes(env: Env, rtype: RecordType, changes: dict[str, Any]) -> list[Change]:
    """Old and new values of the fields the reader may see, formatted."""
    found = []
    for name, pair in changes.items():
        field = rtype.fields.get(name)
        if field is None or not is_shown(env, rtype, field) or not isinstance(pair, list) or len(pair) != 2:
            continue
        found.append(Change(env.t(field.label), *(_text(env, field, v) for v in pair)))
    return found


def changes_text(env: Env, changes: list[Change]) -> str:
    """All changes on one line; which way the arrow points is up to the language."""
    return env.t(_("; ")).join(env.t(_("{field}: {old} → {new}", field=c.label, old=c.old or "—", new=c.new or "—"))
                               for c in changes)


def _text(env: Env, field: Field, value: Any) -> str:
    if value in (None, "", []):
        return ""
    if value == HIDDEN:
        return HIDDEN
    if isinstance(field, (LinkField, ManyField)) and not isinstance(field, ChoiceField):
        keys = value if isinstance(value, list) else [value]
        labels = _cached_labels(env, field.target, keys)
        return env.format.list(labels.get(k) or f"#{k}" for k in keys)
    try:
        found = revived(env, field, value)
    except (TypeError, ValueError):
        return str(value)[:200]
    return value_cell(env, field, found).text if found is not None and not isinstance(found, Link) else str(value)[:200]


def _cached_labels(env: Env, target: str, keys: list[int]) -> dict[int, str]:
    known: dict[int, str] = env.cache.setdefault(("labels", target), {})
    missing = [k for k in keys if k not in known]
    if missing:
        found = env.labels(target, missing) if env.can("read", target) else {}
        known.update({k: found.get(k, "") for k in missing})
    return known
