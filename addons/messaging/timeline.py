"""Messages on the timeline of the records they concern, and the buttons that write new ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from core.api import Env, F, TimelineSource, _
from core.web_api import Action, TimelineEntry, record_url, with_query

from . import accounts, reach, showing
from .choices import ACCOUNT, CONCERN, MESSAGE, QUEUED

BADGE = Markup('<span class="badge tint-{}">{}<span class="clip">{}</span></span>')
ICON = Markup('<i class="bi bi-{}" aria-hidden="true"></i>')
HEAD = Markup('<div class="msg-head">{}</div>')
SUBJECT = Markup('<div class="msg-subject strong" dir="auto">{}</div>')
AHEAD = 20


def sources(env: Env, record_name: str) -> list[TimelineSource]:
    """Where messages may concern the records of a type."""
    if record_name.startswith("messaging.") or not env.can("read", MESSAGE) or "noted" not in env.registry.record(record_name).traits:
        return []
    return [TimelineSource("message", _("Messages"), fetch, planned, composers)]


def fetch(env: Env, record_name: str, record_id: int, before: dt.datetime | None, limit: int) -> list[tuple[dt.datetime, TimelineEntry]]:
    """What was written and came, the last first; what waits for its time is planned instead."""
    query = env.query(CONCERN).holding("about", [record_id], record_name).where(
        (F["message.state"] != QUEUED) | F["message.scheduled_at"].is_null())
    if before is not None:
        query = query.where(F.at < before)
    places = query.order("-at", "-id").select("message", "at").rows(limit)
    moments = {p["message"].id: p["at"] for p in places if p["message"] is not None}
    if not moments:
        return []
    rows = env.query(MESSAGE).with_ids(moments).select(*showing.paths(env)).rows()
    back = record_url(record_name, record_id)
    may = showing.deciding(env, rows)
    return sorted(((moments[r["id"]], _entry(env, r, back, r["id"] in may)) for r in rows), key=lambda pair: pair[0], reverse=True)


def planned(env: Env, record_name: str, record_id: int) -> list[TimelineEntry]:
    """What leaves later, the next first."""
    places = env.query(CONCERN).holding("about", [record_id], record_name).where(
        (F["message.state"] == QUEUED) & F["message.scheduled_at"].not_null()).order("at", "id").select("message").rows(AHEAD)
    ids = [p["message"].id for p in places if p["message"] is not None]
    if not ids:
        return []
    rows = env.query(MESSAGE).with_ids(ids).order("due_at", "id").select(*showing.paths(env)).rows()
    back = record_url(record_name, record_id)
    may = showing.deciding(env, rows)
    return [_entry(env, r, back, r["id"] in may, ahead=True) for r in rows]


def _entry(env: Env, row: dict[str, Any], back: str, may: bool, ahead: bool = False) -> TimelineEntry:
    one = showing.shown(env, row, back, may=may)
    moment = row["due_at"] if ahead and row["due_at"] is not None else row["at"]
    made = TimelineEntry("message", env.format.relative(moment, env.now), env.format.datetime(moment), id=f"msg{row['id']}", icon=one.icon)
    outside = (row["person"].label if row["person"] is not None else "") or one.address
    title = (_("{channel} from {name}", channel=one.channel, name=outside) if one.incoming else
             _("{channel} to {name}", channel=one.channel, name=outside))
    made.title = env.t(title)
    if not one.incoming and one.who is not None:
        made.who = one.who
    badges = [b for b in (one.state, *one.badges) if b is not None]
    head = Markup("").join(BADGE.format(b.colour, ICON.format(b.icon) if b.icon else "", b.label) for b in badges)
    for text in (one.waiting, one.facts, one.reason):
        head += Markup('<span class="msg-fact" dir="auto">{}</span>').format(text) if text else ""
    made.html = (HEAD.format(head) if head else Markup("")) + (SUBJECT.format(one.subject) if one.subject else "") + one.html
    made.files = one.files
    made.actions = showing.menu(env, row, one, back)
    if ahead and one.actions:
        made.main = one.actions[0]
    return made


def composers(env: Env, record_name: str, record_id: int) -> Sequence[Action]:
    """One button for each channel by which this record leads to somebody, and in which the person has an account."""
    rows = env.query(ACCOUNT).where(F.active).order("position", "id").select("channel", "provider").rows()
    there = {r["channel"] for r in rows if r["provider"] in accounts.providers(env, r["channel"])}
    found = []
    for name, channel in accounts.channels(env).items():
        if name in there and reach.recipients(env, record_name, [record_id], channel)[record_id]:
            url = with_query("/x/messaging/compose", {"record": record_name, "id": str(record_id), "channel": name,
                                                      "next": record_url(record_name, record_id)})
            found.append(Action(env.t(channel.label), url, channel.icon, kind="sheet"))
    return found
