"""How long a ticket's clock has run and when its time is up: arithmetic alone, no database.

A ticket keeps a log of the categories its status was in, `[[since, category], ...]` (seconds since 1970, the first entry is its
beginning). Which categories stop the clock is the policy's affair, in which hours it runs the calendar's. So whatever of these
is changed later, the whole count is made anew and comes out as if it had always been so.

    09:00 open        13:30 waiting for the customer   Sat 08:30 open                  11:00 resolved
    |=== runs ===lunch=|            stopped             |=========== runs ==============|

The clock of the first response runs through: a customer is promised an answer, whatever the status says.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from addons.worktime.service import Clock

ENDED = frozenset({"resolved", "closed"})
"""In these categories no clock runs, whatever the policy says."""

Log = Sequence[Sequence[int | str]]


def moment(seconds: int) -> dt.datetime:
    """The moment of an entry of a log."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


def seconds(at: dt.datetime) -> int:
    """A moment as a log keeps it."""
    return int(at.timestamp())


def noted(log: Log | None, category: str, at: dt.datetime) -> list[list[int | str]]:
    """The log with a new category from a moment on; an entry of the same second gives way."""
    found = [list(entry) for entry in log or ()]
    if found and found[-1][1] == category:
        return found
    while found and int(found[-1][0]) >= seconds(at) and len(found) > 1:
        found.pop()
    if found and found[-1][1] == category:
        return found
    return [*found, [seconds(at), category]]


def runs(log: Log, stops: Collection[str]) -> Iterator[tuple[dt.datetime, dt.datetime | None]]:
    """The stretches in which the clock runs; the last one is open (None) while it still does."""
    began: int | None = None
    for since, category in log:
        stopped = category in ENDED or category in stops
        if began is None and not stopped:
            began = int(since)
        elif began is not None and stopped:
            if int(since) > began:
                yield moment(began), moment(int(since))
            began = None
    if began is not None:
        yield moment(began), None


def elapsed(clock: Clock, log: Log, stops: Collection[str], at: dt.datetime) -> int:
    """Seconds of working time in which the clock has run until a moment."""
    return sum(clock.between(begins, min(ends or at, at)) for begins, ends in runs(log, stops) if begins < at)


def due(clock: Clock, log: Log, stops: Collection[str], target: int, onward: bool = False) -> dt.datetime | None:
    """When a target of so many seconds is used up. None when the clock stopped before it was; `onward` then tells when it would
    have been, had the clock run on."""
    left, at = target, moment(int(log[0][0]))
    for begins, ends in runs(log, stops):
        used = None if ends is None else clock.between(begins, ends)
        if ends is None or used is None or used >= left:
            return clock.add(begins, left)
        left, at = left - used, ends
    return clock.add(at, left) if onward else None


@dataclass(frozen=True)
class Targets:
    """What a policy promises for a priority, in seconds of working time (None: nothing), and from which share of it on a due
    time is near."""

    response: int | None = None
    resolution: int | None = None
    near: int = 75


@dataclass(frozen=True)
class Times:
    """What a ticket's row says about its promises; see `count`."""

    first_response_due: dt.datetime | None = None
    resolution_due: dt.datetime | None = None
    response_until: dt.datetime | None = None
    resolution_until: dt.datetime | None = None
    breach_at: dt.datetime | None = None
    warn_at: dt.datetime | None = None
    next_due: dt.datetime | None = None
    response_used: int | None = None
    resolution_used: int | None = None


def count(clock: Clock, log: Log, stops: Collection[str], targets: Targets, responded: dt.datetime | None,
          ended: dt.datetime | None) -> Times:
    """Everything that follows from a ticket's log.

    `first_response_due` and `resolution_due` are what was promised; `..._until` the same while that clock runs, None otherwise.
    `breach_at` is when the first promise is broken, or was; None when none can be any more, or while the clock stands still.
    `..._used` is the working time until the answer and until the end, once they happened.
    """
    began = moment(int(log[0][0]))
    answered = responded or ended
    first = None if targets.response is None else clock.add(began, targets.response)
    second = None if targets.resolution is None else due(clock, log, stops, targets.resolution, onward=ended is not None)
    running = ended is None and log[-1][1] not in ENDED and log[-1][1] not in stops
    first_until = first if answered is None else None
    second_until = second if running else None
    breaches = [at for at, end in ((first, answered), (second, ended)) if at is not None and (end is None or end > at)]
    near = []
    if first_until is not None and targets.response is not None:
        near.append(clock.add(began, targets.response * targets.near // 100))
    if second_until is not None and targets.resolution is not None:
        near.append(due(clock, log, stops, targets.resolution * targets.near // 100) or second_until)
    return Times(first, second, first_until, second_until, min(breaches, default=None), min(near, default=None),
                 min((at for at in (first_until, second_until) if at is not None), default=None),
                 None if responded is None else clock.between(began, responded),
                 None if ended is None else elapsed(clock, log, stops, ended))
