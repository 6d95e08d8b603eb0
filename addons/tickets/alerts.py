"""Telling people of escalations: gathered, one line for many tickets, never a burst.

Who was told nothing for a while is told at once; what comes after is kept until that while has passed and is then one line.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from addons.base.notices import Notice, notify
from addons.worktime import service as worktime
from core.api import Env, F, n_
from core.web_api import with_query

from . import assigning
from .service_tabs import ESCALATED
from .sla_choices import ALERT, TICKET

if TYPE_CHECKING:
    from .escalating import Reached

QUIET = dt.timedelta(minutes=15)
"""After a line nobody gets another one for so long."""
ICON = "arrow-up-right-circle"


def recipients(sudo: Env, level: Mapping[str, Any], found: Sequence[Reached], above: Mapping[int, Sequence[int]]) -> dict[int, set[int]]:
    """Whom a level tells of each ticket."""
    queues = {r.queue for r in found if r.queue} if level["tell_queue"] else set()
    people = assigning.people(sudo, queues)
    always = {person.id for person in level["tell"] or ()}
    told = {}
    for one in found:
        users = set(always)
        if level["tell_owner"] and one.owner:
            users.add(one.owner)
        if level["tell_superior"] and one.owner:
            users.update(above.get(one.owner, ()))
        if level["tell_queue"] and one.queue:
            users.update(people.get(one.queue, ()))
        told[one.ticket] = users
    return told


def on_duty_first(sudo: Env, users: Collection[int]) -> list[int]:
    """People, those on duty first."""
    there = worktime.on_duty(sudo, users, sudo.now) if users else set()
    return sorted(users, key=lambda user: (user not in there, user))


def gather(sudo: Env, told: Mapping[int, Collection[int]]) -> None:
    """Keep whom to tell of which step."""
    rows = [{"step": step, "user": user} for step, users in told.items() for user in sorted(users)]
    if rows:
        sudo.create(ALERT, rows)


def send(env: Env) -> int:
    """Tell all who were told nothing for a while what was gathered for them; returns how many lines there were."""
    with env.elevated("escalation alerts") as sudo:
        waiting = sudo.query(ALERT).where(F.sent_at.is_null())
        people = [r["user"].id for r in waiting.aggregate(["user"], limit=10_000)]
        if not people:
            return 0
        quiet = {r["user"].id for r in sudo.query(ALERT).where(F.sent_at > sudo.now - QUIET).aggregate(["user"], limit=10_000)}
        rows: dict[int, list[dict[str, Any]]] = {}
        for row in waiting.where(F.user.isin(sorted(set(people) - quiet))).order("id").select(
                "user", "step.ticket", "step.name", "step.at").rows():
            rows.setdefault(row["user"].id, []).append(row)
        notify(sudo, [_line(sudo, user, found) for user, found in rows.items()])
        sudo.derive(ALERT, {row["id"]: {"sent_at": sudo.now} for found in rows.values() for row in found})
        return len(rows)


def _line(sudo: Env, user: int, rows: Sequence[Mapping[str, Any]]) -> Notice:
    """What was gathered for somebody: of one ticket its name, of several how many and the way to them."""
    tickets = list(dict.fromkeys(r["step.ticket"].id for r in rows))
    if len(tickets) == 1:
        return Notice(user, "escalation", rows[-1]["step.name"], (TICKET, tickets[0]), icon=ICON)
    names = list(dict.fromkeys(r["step.name"] for r in rows))
    since = min(r["step.at"] for r in rows).isoformat(timespec="seconds")
    text = n_("{count} ticket escalated ({names})", "{count} tickets escalated ({names})", len(tickets), names="; ".join(names[:3]))
    return Notice(user, "escalation", text, url=with_query(ESCALATED, {"since": since}), icon=ICON)
