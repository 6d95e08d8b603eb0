"""Comparing versions and reading requirements such as "leads>=1.2": the little of it that addons need.

Only dotted numbers with an optional pre-release tail are understood ("1.4", "1.4.0rc1"); a missing part counts as 0.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import zip_longest
from operator import eq, ge, gt, le, lt, ne

_VERSION = re.compile(r"v?(\d+(?:\.\d+)*)(?:[.-]?(a|b|rc|dev|post)\.?(\d*))?(?:\+[\w.]+)?$")
_TAILS = {"dev": -4, "a": -3, "b": -2, "rc": -1, "": 0, "post": 1}
_OPERATORS: dict[str, Callable[[int, int], bool]] = {">=": ge, "<=": le, "==": eq, "!=": ne, ">": gt, "<": lt}
_REQUIREMENT = re.compile(r"([A-Za-z][\w.-]*)\s*((?:(?:>=|<=|==|!=|>|<)\s*[\w.+-]+\s*(?:,\s*|$))*)$")
_CLAUSE = re.compile(r"(>=|<=|==|!=|>|<)\s*([\w.+-]+)")


def version_key(text: str) -> tuple[tuple[int, ...], int, int]:
    """Numbers, kind of tail and number of the tail of a version; raises ValueError when it is none."""
    match = _VERSION.match(text.strip())
    if match is None:
        raise ValueError(text)
    numbers, tail, number = match.groups()
    return tuple(int(part) for part in numbers.split(".")), _TAILS[tail or ""], int(number or 0)


def compare(left: str, right: str) -> int:
    """-1, 0 or 1 as `left` is older than, the same as or newer than `right`."""
    (numbers, *tail), (others, *other_tail) = version_key(left), version_key(right)
    for one, two in zip_longest(numbers, others, fillvalue=0):
        if one != two:
            return -1 if one < two else 1
    return (tail > other_tail) - (tail < other_tail)


@dataclass(frozen=True)
class Requirement:
    """A name and the versions of it that will do; `text` is what was written."""

    name: str
    clauses: tuple[tuple[str, str], ...]
    text: str

    @classmethod
    def parse(cls, text: str) -> Requirement:
        """Read "name", "name>=1.2" or "name>=1.2,<2"; raises ValueError otherwise."""
        match = _REQUIREMENT.match(text.strip())
        if match is None:
            raise ValueError(text)
        clauses = tuple(_CLAUSE.findall(match.group(2)))
        for _operator, version in clauses:
            version_key(version)
        return cls(match.group(1), clauses, text.strip())

    def met_by(self, version: str) -> bool:
        """Whether that version satisfies every clause."""
        return all(_OPERATORS[operator](compare(version, wanted), 0) for operator, wanted in self.clauses)
