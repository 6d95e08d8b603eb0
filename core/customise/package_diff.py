"""What applying a package would change, value by value, and where somebody else has changed the same meanwhile.

Three states are compared: what the package says, what is here, and what the package said when it was applied here last (of
which digests are kept). A value that only the package changed is taken over, one that only people here changed stays
theirs, and one that both changed is a clash: somebody has to say which one holds, it is never settled silently.

                 package new   package as before
    here as before   take          same
    here changed     CLASH         keep

Without a last time nothing says who changed what, so every value that differs from the one here is a clash.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

ABSENT: Any = type("Absent", (), {"__repr__": lambda self: "ABSENT", "__bool__": lambda self: False})()
"""Stands for a value that is not there, which None is not."""
PACKAGE, HERE = "package", "here"
Path = tuple[str, ...]
Base = Mapping[str, Mapping[str, str]]
"""Digests of what a package said last, by item and by the path of a value (as JSON)."""


@dataclass(frozen=True)
class Value:
    """One value that differs. `state`: "take" (the package's), "keep" (the one here), "clash"."""

    path: Path
    here: Any
    package: Any
    state: str

    @property
    def name(self) -> str:
        """The path as people read it."""
        return " › ".join(self.path)


@dataclass
class Change:
    """What happens to one item. `state`: "added", "changed", "removed", "kept" (only people here changed it), "same".

    `result` is the item's data afterwards (ABSENT when it goes) once clashes are decided; `decided` says how they were.
    """

    item: str
    state: str
    here: Any
    package: Any
    values: list[Value] = field(default_factory=list)
    result: Any = ABSENT
    decided: str = ""

    @property
    def clash(self) -> bool:
        """Whether somebody has to decide."""
        return any(value.state == "clash" for value in self.values)

    @property
    def open(self) -> bool:
        """Whether nobody has decided yet."""
        return self.clash and not self.decided

    @property
    def writes(self) -> bool:
        """Whether anything here becomes different."""
        return any(differing(self.result, self.here))


def digest(value: Any) -> str:
    """A short digest of a value."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:12]


def nodes(data: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """An item and everything inside of it by path; a list is one value, as its order matters."""
    yield path, data
    if isinstance(data, dict):
        for name, value in data.items():
            yield from nodes(value, (*path, name))


def differing(ours: Any, here: Any, path: Path = ()) -> Iterator[tuple[Path, Any, Any]]:
    """The places at which two items differ, as deep inside as both go the same way."""
    if isinstance(ours, dict) and isinstance(here, dict):
        for name in sorted({*ours, *here}):
            yield from differing(ours.get(name, ABSENT), here.get(name, ABSENT), (*path, name))
    elif ours is not here and (ours is ABSENT or here is ABSENT or digest(ours) != digest(here)):
        yield path, ours, here


def base_of(items: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """What is kept of a package for the next time."""
    return {item: {json.dumps(path, ensure_ascii=False): digest(value) for path, value in nodes(data)}
            for item, data in items.items()}


def compare(package: Mapping[str, Any], here: Mapping[str, Any], base: Base,
            decisions: Mapping[str, str] | str = "") -> list[Change]:
    """All items of a package, and those it no longer has, with what happens to them. `decisions` settle clashes: "package" or
    "here" for all of them or by item ("" stands for all others)."""
    found = []
    for item in sorted({*package, *base}):
        change = _item(item, package.get(item, ABSENT), here.get(item, ABSENT), base.get(item))
        if change is not None:
            said = decisions if isinstance(decisions, str) else decisions.get(item) or decisions.get("", "")
            found.append(_decided(change, said if said in (PACKAGE, HERE) and change.clash else ""))
    return found


def _item(item: str, ours: Any, here: Any, base: Mapping[str, str] | None) -> Change | None:
    if ours is ABSENT:
        return _removed(item, here, base or {})
    if here is ABSENT:
        return _missing(item, ours, base)
    values = [_value(path, new, now, base) for path, new, now in differing(ours, here)]
    if all(v.state == "keep" for v in values):
        return Change(item, "kept" if values else "same", here, ours, values)
    return Change(item, "changed", here, ours, values)


def _value(path: Path, ours: Any, here: Any, base: Mapping[str, str] | None) -> Value:
    """How one value fares."""
    if base is None:
        return Value(path, here, ours, "take" if here is ABSENT else "keep" if ours is ABSENT else "clash")
    before = base.get(json.dumps(path, ensure_ascii=False), "")
    now, new = ("" if v is ABSENT else digest(v) for v in (here, ours))
    return Value(path, here, ours, "take" if now == before else "keep" if new == before else "clash")


def _missing(item: str, ours: Any, base: Mapping[str, str] | None) -> Change:
    """An item that is not here: new, or taken away by somebody here since."""
    if base is None:
        return Change(item, "added", ABSENT, ours)
    state = "keep" if base_of({item: ours})[item] == dict(base) else "clash"
    return Change(item, "kept" if state == "keep" else "changed", ABSENT, ours, [Value((), ABSENT, ours, state)])


def _removed(item: str, here: Any, base: Mapping[str, str]) -> Change | None:
    """An item that the package no longer has."""
    if here is ABSENT:
        return None
    state = "take" if base_of({item: here})[item] == dict(base) else "clash"
    return Change(item, "removed", here, ABSENT, [Value((), here, ABSENT, state)])


def _decided(change: Change, decided: str) -> Change:
    """The item as it will be."""
    change.decided = decided
    if change.state in ("same", "kept"):
        change.result = change.here
    elif change.state == "added":
        change.result = change.package
    else:
        result = change.here
        for value in change.values:
            if value.state == "take" or (value.state == "clash" and decided == PACKAGE):
                result = _put(result, value.path, value.package)
        change.result = result
    return change


def _put(data: Any, path: Path, value: Any) -> Any:
    """A copy with another value at a path (ABSENT: without it)."""
    if not path:
        return value
    made = dict(data)
    inner = _put(made.get(path[0], ABSENT), path[1:], value)
    if inner is ABSENT:
        made.pop(path[0], None)
    else:
        made[path[0]] = inner
    return made


def summary(changes: Iterable[Change]) -> dict[str, int]:
    """How many items there are of each state, and how many clashes nobody decided."""
    found = dict.fromkeys(("added", "changed", "removed", "kept", "same", "clashes"), 0)
    for change in changes:
        found[change.state] += 1
        found["clashes"] += change.open
    return found
