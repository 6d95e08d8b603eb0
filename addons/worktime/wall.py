"""From the clock on the wall to moments, where clocks are put forward and back.

A wall time is a day and minutes after its midnight (1440 is the next midnight, more is the night after it). Clocks that are
put forward skip an hour: a time in it stands for the moment of the jump. Clocks that are put back show an hour twice: a time
in it is the first of the two. So later wall times are never earlier moments, and intervals that touch on the wall touch in
reality: one over the jump is shorter, one that holds the repeated hour longer, than the wall says.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

SECOND = 1_000_000
"""Microseconds: moments are whole numbers of them since 1970, so nothing is rounded."""
MINUTE, DAY = 60 * SECOND, 1440
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_TICK = dt.timedelta(microseconds=1)


def ticks(moment: dt.datetime) -> int:
    """Microseconds from 1970 to an aware moment."""
    return (moment - EPOCH) // _TICK


def moment(at: int) -> dt.datetime:
    """The aware UTC moment so many microseconds after 1970."""
    return EPOCH + dt.timedelta(microseconds=at)


def wall_ticks(zone: ZoneInfo, day: dt.date, minutes: int) -> int:
    """The moment at which clocks in a zone show a wall time."""
    naive = dt.datetime.combine(day, dt.time()) + dt.timedelta(minutes=minutes)
    first, second = naive.replace(tzinfo=zone, fold=0), naive.replace(tzinfo=zone, fold=1)
    ahead, behind = first.utcoffset(), second.utcoffset()
    assert ahead is not None and behind is not None
    at = (naive.replace(tzinfo=dt.UTC) - EPOCH) // _TICK
    if behind <= ahead:  # no jump, or an hour shown twice
        return at - ahead // _TICK
    return _jump(zone, at - behind // _TICK, at - ahead // _TICK, ahead)


def _jump(zone: ZoneInfo, before: int, after: int, old: dt.timedelta) -> int:
    """The moment between two at which a zone leaves its old offset, by halving."""
    while after - before > SECOND:
        middle = (before + after) // 2
        if moment(middle).astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after // SECOND * SECOND


class Days:
    """Wall times of a zone as moments. The zone is looked at once a week where clocks run evenly, which is nearly always."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._midnights: dict[int, int] = {}

    def midnight(self, ordinal: int) -> int:
        """The moment at which a day (`date.toordinal`) begins."""
        found = self._midnights.get(ordinal)
        if found is None:
            self._look(ordinal - ordinal % 7)
            found = self._midnights[ordinal]
        return found

    def _look(self, first: int) -> None:
        """Learn the midnights of a week; no zone changes and changes back within one."""
        begins, ends = (wall_ticks(self._zone, dt.date.fromordinal(day), 0) for day in (first, first + 7))
        even = ends - begins == 7 * DAY * MINUTE
        for number in range(7):
            self._midnights[first + number] = begins + number * DAY * MINUTE if even else wall_ticks(
                self._zone, dt.date.fromordinal(first + number), 0)

    def spans(self, ordinal: int, minutes: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """Intervals of a day, in minutes after its midnight, as moments."""
        begins = self.midnight(ordinal)
        if self.midnight(ordinal + 1) - begins == DAY * MINUTE and minutes[-1][1] <= DAY:
            return [(begins + one * MINUTE, begins + two * MINUTE) for one, two in minutes]
        return [(self._at(ordinal, one), self._at(ordinal, two)) for one, two in minutes]

    def _at(self, ordinal: int, minutes: int) -> int:
        day, rest = ordinal + minutes // DAY, minutes % DAY
        begins = self.midnight(day)
        even = self.midnight(day + 1) - begins == DAY * MINUTE
        return begins + rest * MINUTE if even else wall_ticks(self._zone, dt.date.fromordinal(day), rest)
