"""Where entries stand beside each other, so that none lies on another: pure arithmetic on whole numbers.

A stretch is (first, end) with `end` not included, both from 0 on: days of a week, or minutes of a day.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

Stretch = tuple[int, int]


class Place(NamedTuple):
    """The lane of a stretch, how many lanes its neighbourhood has, and over how many of them it may spread."""

    lane: int
    lanes: int
    span: int


def pack(stretches: Sequence[Stretch]) -> list[int]:
    """The lowest free lane for each, in the order given. What is taken of a lane is kept as the bits of one number."""
    taken: list[int] = []
    found = []
    for first, end in stretches:
        bits = (1 << end) - (1 << first)
        for lane, held in enumerate(taken):
            if not held & bits:
                taken[lane] = held | bits
                break
        else:
            lane = len(taken)
            taken.append(bits)
        found.append(lane)
    return found


def side_by_side(stretches: Sequence[Stretch]) -> list[Place]:
    """Places of what overlaps in time: each group of neighbours shares the width evenly, and what has nobody beside it on
    one side spreads there. The stretches may come in any order; each must be longer than nothing."""
    found: list[Place] = [Place(0, 1, 1)] * len(stretches)
    order = sorted(range(len(stretches)), key=lambda i: (stretches[i][0], -stretches[i][1], i))
    group: list[int] = []
    reach = 0
    for i in order:
        if group and stretches[i][0] >= reach:
            _settle(stretches, group, found)
            group, reach = [], 0
        group.append(i)
        reach = max(reach, stretches[i][1])
    if group:
        _settle(stretches, group, found)
    return found


def _settle(stretches: Sequence[Stretch], group: list[int], found: list[Place]) -> None:
    lanes = pack([stretches[i] for i in group])
    count = max(lanes) + 1
    by_lane: list[list[Stretch]] = [[] for _lane in range(count)]
    for i, lane in zip(group, lanes, strict=True):
        by_lane[lane].append(stretches[i])
    for i, lane in zip(group, lanes, strict=True):
        first, end = stretches[i]
        free = lane + 1
        while free < count and all(end <= a or b <= first for a, b in by_lane[free]):
            free += 1
        found[i] = Place(lane, count, free - lane)
