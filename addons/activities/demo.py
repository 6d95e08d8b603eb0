"""What the people of the demo company did and mean to do, about records of theirs: calls and meetings of the last weeks with
their outcomes, and for most records a next step that is overdue, for today, or to come.

The same in every installation of the same day. What was done is written as it was then, a person's week at a time.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from typing import Any

from core.api import Env, F, Query

from . import workdays
from .choices import CALL, DONE, EMAIL, MEETING, NOTE, PLANNED, TASK
from .demo_words import PLACES, REMARKS, SUBJECTS
from .doing import ACTIVITY

WEEKS = 10
KINDS = (CALL, CALL, CALL, MEETING, EMAIL, TASK, NOTE)
LENGTHS: Mapping[str, tuple[int, ...]] = {CALL: (240, 480, 900, 1500), MEETING: (1800, 2700, 3600, 5400)}
NEXT = ((14, (-9, -1)), (16, (0, 0)), (42, (1, 12)), (10, (13, 40)), (18, None))
"""How often the next activity lies so many days ahead, from and to; None: nothing is planned."""


def create(env: Env, record: str, query: Query, seed: int) -> None:
    """Activities about some records of a type, once."""
    if env.query(ACTIVITY).holding("about", query.ids(2000), record).deleted(None).exists():
        return
    dice = random.Random(seed)  # noqa: S311 - believable, not secret
    languages = {r["id"]: r["language"] for r in env.query("base.user").select("language").rows()}
    outcomes: dict[str, list[int]] = {}
    for row in env.query("activities.outcome").order("position").select("kind").rows():
        outcomes.setdefault(row["kind"], []).append(row["id"])
    weeks: dict[tuple[int, int], list[dict[str, Any]]] = {}
    ahead: dict[int, list[dict[str, Any]]] = {}
    for row in query.order("id").select("owner", "created_at").rows():
        if row["owner"] is None:
            continue
        owner, lang = row["owner"].id, languages.get(row["owner"].id, "en")
        for done in _past(env, dice, lang, outcomes, row["created_at"]):
            weeks.setdefault(((env.now - done["starts_at"]).days // 7, owner), []).append({**done, "about": (record, row["id"])})
        planned = _next(env, dice, lang)
        if planned:
            ahead.setdefault(owner, []).append({**planned, "about": (record, row["id"])})
    for (_week, owner), rows in sorted(weeks.items(), reverse=True):
        latest = max(r["starts_at"] for r in rows)
        env.back_then(min(latest + dt.timedelta(minutes=20), env.now), owner).create(ACTIVITY, rows)
    for owner, rows in sorted(ahead.items()):
        env.back_then(env.now - dt.timedelta(hours=20), owner).create(ACTIVITY, rows)
    _together(env, dice, [row for rows in ahead.values() for row in rows])


def _past(env: Env, dice: random.Random, lang: str, outcomes: Mapping[str, Sequence[int]], since: dt.datetime) -> list[dict[str, Any]]:
    """What was done about one record."""
    most = min(WEEKS * 7, (env.now - since).days)
    made = []
    for _turn in range(dice.choice((0, 1, 1, 2, 2, 3))):
        if most < 1:
            break
        kind = dice.choice(KINDS)
        day = env.today - dt.timedelta(days=dice.randint(1, most))
        starts = _at(env, dice, workdays.next_open(env, day))
        if starts >= env.now:
            continue
        made.append({"kind": kind, "subject": dice.choice(SUBJECTS[lang][kind]), "status": DONE, "starts_at": starts,
                     **_shape(dice, lang, kind),
                     "outcome": dice.choice(outcomes[kind][:4]) if outcomes.get(kind) and dice.random() < .85 else None,
                     "outcome_text": dice.choice(REMARKS[lang]) if dice.random() < .4 else None})
    return made


def _next(env: Env, dice: random.Random, lang: str) -> dict[str, Any] | None:
    """What is planned about one record."""
    span = dice.choices([days for _often, days in NEXT], [often for often, _days in NEXT])[0]
    if span is None:
        return None
    kind = dice.choice(KINDS)
    day = env.today + dt.timedelta(days=dice.randint(*span))
    if span != (0, 0):
        day = workdays.next_open(env, day) if span[0] > 0 else day
    made: dict[str, Any] = {"kind": kind, "subject": dice.choice(SUBJECTS[lang][kind]), "status": PLANNED,
                            "priority": dice.choices(("normal", "high", "low"), (80, 14, 6))[0], **_shape(dice, lang, kind)}
    if kind in (CALL, MEETING) or dice.random() < .15:
        made["starts_at"] = _at(env, dice, day)
    else:
        made |= {"all_day": True, "first_day": day}
    return made


def _shape(dice: random.Random, lang: str, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if kind in LENGTHS:
        found["duration"] = dice.choice(LENGTHS[kind])
    if kind in (CALL, EMAIL):
        found["direction"] = dice.choice(("out", "out", "out", "in"))
    if kind == MEETING:
        found |= {"location": dice.choice(PLACES[lang])} if dice.random() < .7 else {"online_url": "https://meet.example.com/sarnakh"}
    return found


def _at(env: Env, dice: random.Random, day: dt.date) -> dt.datetime:
    """A quarter of an hour of the working day."""
    return dt.datetime.combine(day, dt.time(dice.randint(9, 16), dice.choice((0, 15, 30, 45))), env.tz).astimezone(dt.UTC)


def _together(env: Env, dice: random.Random, rows: Sequence[dict[str, Any]]) -> None:
    """A colleague comes along to some of the meetings."""
    people = env.query("base.user").where(F.active, ~F.is_super).order("id").ids()
    meetings = env.query(ACTIVITY).where(F.status == PLANNED, F.kind == MEETING, ~F.participants.any()).order("id").select("owner").rows(40)
    if len(people) > 1:
        env.update_each(ACTIVITY, {r["id"]: {"participants": [dice.choice([p for p in people if p != r["owner"].id])]}
                                   for r in meetings if dice.random() < .5})
