"""What came of activities, and what follows: doing planned ones, logging what was done without a plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.api import Env, F, Link, Message, NotFound, SarnakhError, _, n_

from . import shifting, workdays
from .choices import CALL, DONE, EMAIL, KINDS, TASK
from .doing import ACTIVITY

OUTCOME = "activities.outcome"
AUTO, NONE, ON_DAY = "auto", "none", "day"
AFTER: Mapping[str, tuple[Message, int]] = {
    "0": (_("Today"), 0), "1": (_("Tomorrow"), 1), "3": (_("In three days"), 3), "7": (_("In a week"), 7), "30": (_("In a month"), 30)}


@dataclass(frozen=True)
class FollowUp:
    """What comes next: `when` is a key of AFTER, "auto" (as the outcome says), "none", or "day" with the `day`."""

    when: str = AUTO
    kind: str = TASK
    day: dt.date | None = None

    def on(self, env: Env, outcome_days: int | None) -> dt.date | None:
        """The working day on which to follow up; None when nothing follows."""
        if self.when == ON_DAY:
            return self.day
        days = outcome_days if self.when == AUTO else AFTER[self.when][1] if self.when in AFTER else None
        return None if days is None else workdays.next_open(env, env.today + dt.timedelta(days=days))


def outcomes(env: Env, kind: str) -> list[dict[str, Any]]:
    """The outcomes to choose from, the usual one first."""
    return env.query(OUTCOME).where(F.active, F.kind == kind).order("position", "id").select("name", "colour", "follow_up_days").rows(50)


def finish(env: Env, ids: Sequence[int], outcome: int | None = None, text: str = "", follow: FollowUp | None = None) -> int:
    """Mark planned activities as done; each is followed by one about the same record."""
    rows = shifting.planned(env, ids)
    days = _days_of(env, outcome, {r["kind"] for r in rows})
    count = env.update(ACTIVITY, [r["id"] for r in rows], {"status": DONE, "outcome": outcome, **({"outcome_text": text} if text else {})})
    _follow(env, [(_seen(r["about"]), r["subject"], r["private"]) for r in rows], days, follow)
    return count


def _seen(about: Link | None) -> Link | None:
    """What an activity is about, unless it is hidden from the actor: they can plan nothing there."""
    return about if about and about.label is not None else None


def log(env: Env, kind: str, about: Sequence[Link], values: Mapping[str, Any], outcome: int | None, follow: FollowUp | None) -> int:
    """Write down something that was done, about each of some records (or about none)."""
    days = _days_of(env, outcome, {kind})
    values = dict(values)
    length = _length(env, values.pop("duration", None))
    begun, extra = env.now - length, {"duration": length} if length else {}
    same = {**values, **extra, "kind": kind, "status": DONE, "outcome": outcome, "starts_at": begun}
    made = [{**same, "subject": values.get("subject") or subject_of(env, kind, one), "about": (one.record, one.id) if one else None}
            for one in about or (None,)]
    env.create(ACTIVITY, made)
    _follow(env, [(row["about"], row["subject"], False) for row in made], days, follow)
    return len(made)


def _length(env: Env, typed: Any) -> dt.timedelta:
    """How long it took, as it was typed."""
    try:
        found: dt.timedelta = env.registry.record(ACTIVITY).field("duration").clean(typed, env) if typed else dt.timedelta()
    except ValueError as error:
        raise SarnakhError(error.args[0]) from None
    if found < dt.timedelta() or found > dt.timedelta(days=31):
        raise SarnakhError(_("Write a length of time, such as 1:30."))
    return found


def subject_of(env: Env, kind: str, about: Link | None) -> str:
    """What an activity is called when nobody says."""
    name = env.t(next(o.label for o in KINDS if o.value == kind))
    return env.t(_("{kind}: {record}", kind=name, record=about.label))[:200] if about and about.label else name


def _days_of(env: Env, outcome: int | None, kinds: Iterable[str]) -> int | None:
    if outcome is None:
        return None
    found = env.query(OUTCOME).with_ids([outcome]).select("kind", "follow_up_days").rows()
    if not found:
        raise NotFound
    if {found[0]["kind"]} != set(kinds):
        raise SarnakhError(_("This outcome is one of another kind of activity."))
    days: int | None = found[0]["follow_up_days"]
    return days


def _follow(env: Env, done: Sequence[tuple[Any, str, bool]], outcome_days: int | None, follow: FollowUp | None) -> None:
    day = follow.on(env, outcome_days) if follow else None
    if follow is None or day is None:
        return
    same = {"kind": follow.kind, "all_day": True, "first_day": day, "direction": "out" if follow.kind in (CALL, EMAIL) else None}
    env.create(ACTIVITY, [{**same, "subject": env.t(_("Follow up: {subject}", subject=subject))[:200], "about": about, "private": private}
                          for about, subject, private in done])


def told(count: int) -> Message:
    """What is said when activities were done."""
    return n_("{count} activity is done.", "{count} activities are done.", count)


def logged(count: int) -> Message:
    """What is said when something was written down."""
    return n_("{count} activity was logged.", "{count} activities were logged.", count)


def plan(env: Env, about: Sequence[Link], owners: Mapping[int, int], values: Mapping[str, Any]) -> int:
    """Plan the same activity about many records of a type; `owners` says whose each is, otherwise it is the actor's."""
    rows = [{**values, "subject": values.get("subject") or subject_of(env, values["kind"], one), "about": (one.record, one.id),
             **({"owner": owners[one.id]} if one.id in owners else {})} for one in about]
    env.create(ACTIVITY, rows)
    return len(rows)
