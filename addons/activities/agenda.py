"""What is to be done by a person or a team: overdue, today, in the next seven days, later, without a day.

Two statements, however much there is, for what they own, for what they are co-owners of, and for what they take part in: counts, and the
first rows of all parts. What the actor may not see is not counted either.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.api import NOW, TODAY, Env, F, Message, Query, _, fn

from .choices import PLANNED
from .doing import ACTIVITY

OVERDUE, ON_DAY, WEEK, LATER, UNDATED = "overdue", "today", "week", "later", "undated"
BUCKETS: Mapping[str, tuple[Message, Any]] = {
    OVERDUE: (_("Overdue"), F.due_at < NOW),
    ON_DAY: (_("Today"), (F.due_at >= NOW) & (F.due_at == TODAY)),
    WEEK: (_("The next seven days"), (F.due_at > TODAY) & (F.due_at <= fn.add_days(TODAY, 7))),
    LATER: (_("Later"), F.due_at > fn.add_days(TODAY, 7)),
    UNDATED: (_("Without a day"), F.due_at.is_null())}
"""Parts of the day's work, in their order; conditions exclude each other."""
SHOWN = 50
PATHS = ("kind", "subject", "priority", "about", "all_day", "first_day", "last_day", "starts_at", "due_at", "owner", "private",
         "location", "online_url")
USER, TEAM = "base.user", "base.team"


@dataclass(frozen=True)
class Whose:
    """Whose work is looked at: `key` as it stands in the address ("me", "user:5", "team:2"), and the people."""

    key: str
    label: str
    people: tuple[int, ...]


@dataclass
class Bucket:
    """One part: how many there are, the first of them, and the condition for the list of all."""

    name: str
    label: str
    condition: Any
    count: int = 0
    rows: list[dict[str, Any]] = field(default_factory=list)


def whose(env: Env, key: str) -> Whose:
    """What an address asks for; anything that means nobody one may see is oneself."""
    kind, _colon, number = key.partition(":")
    if number.isdecimal() and len(number) < 18 and kind in ("user", "team"):
        record, chosen = (USER, int(number)) if kind == "user" else (TEAM, int(number))
        paths = ("name",) if kind == "user" else ("name", "members")
        rows = env.query(record).with_ids([chosen]).select(*paths).rows() if env.can("read", record) else []
        if rows:
            people = (chosen,) if kind == "user" else tuple(m.id for m in rows[0]["members"])
            return Whose(key, rows[0]["name"], people)
    return Whose("me", env.t(_("Me")), (env.actor.id or 0,))


def offered(env: Env) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """People and teams whose work one may ask for: those below oneself and one's own teams; all for who sees all."""
    users, teams = env.query(USER).where("active"), env.query(TEAM)
    if not env.access.unlimited and not env.can("view_all", ACTIVITY):
        users = users.with_ids({env.actor.id or 0, *env.actor.subordinate_ids})
        teams = teams.with_ids(env.actor.team_ids)
    return ([(r["id"], r["name"]) for r in users.order("name").select("name").rows(300)],
            [(r["id"], r["name"]) for r in teams.order("name").select("name").rows(100)])


def owned(env: Env, who: Whose) -> Query:
    """What these people own and have still to do."""
    return env.query(ACTIVITY).where(F.status == PLANNED, _one_of(F.owner, who.people)).order("due_at", "id")


def shared(env: Env, who: Whose) -> list[Query]:
    """What one of them is to do along with somebody else who owns it: as co-owner, or as participant only."""
    planned = env.query(ACTIVITY).where(F.status == PLANNED, ~_one_of(F.owner, who.people)).order("due_at", "id")
    return [planned.holding("co_owners", who.people),
            planned.holding("participants", who.people).where(~F.co_owners.any(_one_of(F.id, who.people)))]


def _one_of(path: Any, people: Sequence[int]) -> Any:
    return path == people[0] if len(people) == 1 else path.isin(list(people) or [0])


def buckets(env: Env, who: Whose) -> list[Bucket]:
    """All parts with their counts and first rows."""
    made = [Bucket(name, env.t(label), condition) for name, (label, condition) in BUCKETS.items()]
    for query in (owned(env, who), *shared(env, who)):
        counted = count(env, query)
        for one in made:
            one.count += counted[one.name]
        full = [one for one in made if counted[one.name]]
        for one, page in zip(full, query.select(*PATHS).first_pages([o.condition for o in full], SHOWN) if full else (), strict=True):
            one.rows += page.rows
    for one in made:
        one.rows.sort(key=lambda r: (r["due_at"] is None, r["due_at"] or env.now, r["id"]))
    return made


def count(env: Env, query: Query) -> dict[str, int]:
    """How many there are in each part, by one statement."""
    zone = env.tz
    midnights = [dt.datetime.combine(env.today + dt.timedelta(days=n), dt.time(), zone).astimezone(dt.UTC) for n in (1, 8)]
    rows = query.order("id").aggregate([], spans=("due_at", [env.now, *midnights]))
    found = dict.fromkeys(BUCKETS, 0)
    names = list(BUCKETS)
    for row in rows:
        found[UNDATED if row["span"] is None else names[row["span"]]] += row["count"]
    return found
