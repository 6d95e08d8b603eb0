"""What concerns a person without being theirs: where they were mentioned, and what others did to records they follow.

A few statements whatever there is: the notes that name the person, the records they follow, and what history and notes of
the last month say of these, all within what the person may see now. A record that was closed to them since says nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, or_, select

from core.env import Env
from core.expressions import ME, F
from core.i18n.messages import _
from core.records.audit import WRITES
from core.web.showing import is_shown
from core.web.timeline import FOLLOW, NOTE, TITLES
from core.web.urls import record_url
from core.web.viewmodels import EmptyState, Panel, WorkItem

DAYS = 30
SHOWN = 8
READ = 120
"""So many lines of history are looked through: several may be of one record, or of fields that the person does not see."""
FOLLOWED = 500
"""The records followed last; older ones say nothing here."""

Place = tuple[str, int]


@dataclass
class Event:
    """The last thing that somebody else did to a record."""

    at: dt.datetime
    place: Place
    who: int | None
    what: str
    fields: list[str] = field(default_factory=list)
    anchor: str = ""


def panels(env: Env) -> list[Panel]:
    """The panels for the home page; none for whom nobody mentioned and who follows nothing."""
    made = []
    mentioned = mentions(env)
    if mentioned:
        made.append(Panel(env.t(_("You were mentioned")), mentioned, icon="at"))
    names = followed(env)
    if names:
        empty = EmptyState(env.t(_("Nothing new")), env.t(_("What others do to records you follow is told here.")), "bell")
        made.append(Panel(env.t(_("Records you follow")), news(env, names), icon="bell", empty=empty))
    return made


def mentions(env: Env) -> list[WorkItem]:
    """The last notes that name this person, on records they may see."""
    if NOTE not in env.registry.records or not env.can("read", NOTE):
        return []
    link = env.registry.record(NOTE).many["mentions"]  # first the few that name this person, not all notes of a month
    chosen = select(link.c.record_id).where(link.c.other_id == env.actor.id).order_by(link.c.record_id.desc()).limit(READ)
    keys = list(env.execute(chosen).scalars())
    if not keys:
        return []
    query = env.query(NOTE).with_ids(keys).where(F.created_at > _since(env), F.created_by != ME)
    rows = query.order("-created_at").select("about", "summary", "created_at", "created_by").rows(limit=SHOWN)
    return [WorkItem(r["about"].label or f"#{r['about'].id}", record_url(r["about"].record, r["about"].id) + f"#n{r['id']}",
                     f"{_name(env, r['created_by'])}: {r['summary'] or ''}", env.format.relative(r["created_at"], env.now),
                     "at") for r in rows if r["about"] is not None]


def followed(env: Env) -> dict[Place, str]:
    """The records this person follows and may see, with their names."""
    if FOLLOW not in env.registry.records or not env.can("read", FOLLOW):
        return {}
    rows = env.query(FOLLOW).where(F.user == ME).order("-id").select("about").rows(limit=FOLLOWED)
    return {(r["about"].record, r["about"].id): r["about"].label or f"#{r['about'].id}" for r in rows
            if r["about"] is not None and r["about"].record in env.registry.records}


def news(env: Env, names: dict[Place, str]) -> list[WorkItem]:
    """The last thing that others did to each of these records, the newest first."""
    latest: dict[Place, Event] = {}
    for event in sorted([*_changes(env, names), *_notes(env, names)], key=lambda e: e.at, reverse=True):
        latest.setdefault(event.place, event)
    found = list(latest.values())[:SHOWN]
    people = env.labels("base.user", {e.who for e in found if e.who is not None})
    return [WorkItem(names[e.place], record_url(*e.place) + e.anchor, _sentence(env, e, people),
                     env.format.relative(e.at, env.now), "bell") for e in found]


def _changes(env: Env, names: Iterable[Place]) -> list[Event]:
    """What history says, without changes of fields that the person does not see."""
    table = env.registry.system.audit
    by_type = _by_type(names)
    places = or_(*(and_(table.c.record == record, table.c.record_id.in_(ids)) for record, ids in by_type.items()))
    rows = env.execute(select(table.c.at, table.c.record, table.c.record_id, table.c.actor_id, table.c.action, table.c.changes)
                       .where(places, table.c.action.in_(set(TITLES) - {"export", "purge", "delete"}), table.c.at > _since(env),
                              or_(table.c.actor_id.is_(None), table.c.actor_id != env.actor.id))
                       .order_by(table.c.id.desc()).limit(READ))
    found = []
    for row in rows:
        fields = _seen(env, row.record, row.changes) if row.action in WRITES else []
        if row.action != "update" or fields:
            found.append(Event(row.at, (row.record, row.record_id), row.actor_id, env.t(TITLES[row.action]), fields))
    return found


def _seen(env: Env, record: str, changes: Any) -> list[str]:
    rtype = env.registry.record(record)
    known = (rtype.fields.get(name) for name in (changes if isinstance(changes, dict) else ()))
    return [env.t(f.label) for f in known if f is not None and is_shown(env, rtype, f)]


def _notes(env: Env, names: Iterable[Place]) -> list[Event]:
    if NOTE not in env.registry.records or not env.can("read", NOTE):
        return []
    query = env.query(NOTE).holding("about", _by_type(names)).where(F.created_at > _since(env), F.created_by != ME)
    rows = query.order("-created_at").select("about", "created_at", "created_by").rows(limit=READ)
    return [Event(r["created_at"], (r["about"].record, r["about"].id), r["created_by"].id if r["created_by"] else None,
                  env.t(_("wrote a note")), anchor=f"#n{r['id']}") for r in rows]


def _by_type(names: Iterable[Place]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for record, key in names:
        found.setdefault(record, []).append(key)
    return found


def _sentence(env: Env, event: Event, people: dict[int, str]) -> str:
    name = people.get(event.who, env.t(_("Somebody"))) if event.who is not None else env.t(_("The system"))
    text = env.t(_("{name} {what}", name=name, what=event.what))
    return env.t(_("{text}: {fields}", text=text, fields=env.format.list(event.fields[:5]))) if event.fields else text


def _name(env: Env, link: Any) -> str:
    return link.label or env.t(_("Somebody")) if link is not None else env.t(_("The system"))


def _since(env: Env) -> dt.datetime:
    return env.now - dt.timedelta(days=DAYS)
