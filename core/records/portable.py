"""Which records are configuration that moves between installations, and by what they are known there.

A record's number means another record elsewhere, so in a package every record is called by its key:
`@base.profile(name=Standard)`, or inside of another `@deals.stage(name=Won,pipeline=@deals.pipeline(name=Sales))`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol


class Swap(Protocol):
    """Gives for a record type and a number the name of that record, or on the way in for a name the number."""

    def __call__(self, record: str, value: Any, /) -> Any:
        """The name or the number; anything else stays as it is."""


_ESCAPED = re.compile(r"[%,()=@]")
_NAME = re.compile(r"@([a-z][a-z0-9_]*\.[a-z][a-z0-9_]*)\(")
MOST_DEPTH = 6


@dataclass(frozen=True)
class Portable:
    """Declares that records of a type are configuration: `record_portable = Portable(("name",))`.

    `key` are the fields that together name a record; links among them stand for the names of what they lead to. A record
    that has the field `word` filled is known by that instead: shipped profiles are called something else in each language.
    `without` are fields that belong to the installation. `only` is a condition on the records that travel. With `named`
    records are only ever referred to. `numbers(env, values, swap)` returns values in which the numbers of other records, where they
    stand inside of texts and data, are passed through `swap(record, number)`.
    """

    key: tuple[str, ...]
    word: str = ""
    without: tuple[str, ...] = ()
    only: Any = None
    named: bool = False
    numbers: Callable[[Any, dict[str, Any], Swap], dict[str, Any]] | None = None


def written(record: str, key: Mapping[str, Any]) -> str:
    """The name of a record in a package."""
    parts = (f"{name}={value if is_name(value) else escaped(str(value))}"
             for name, value in sorted(key.items()) if value is not None)
    return f"@{record}({','.join(parts)})"


def escaped(text: str) -> str:
    """A text in which nothing is taken for a part of the name."""
    return _ESCAPED.sub(lambda found: f"%{ord(found[0]):02X}", text)


def read(name: str, depth: int = 0) -> tuple[str, dict[str, str]]:
    """Record type and key of a name; values that are names themselves stay as they are. ValueError when it is none."""
    found = _NAME.match(name)
    if found is None or not name.endswith(")") or depth > MOST_DEPTH or len(name) > 4000:
        raise ValueError(name)
    key: dict[str, str] = {}
    for part in _parts(name[found.end():-1]):
        field, sign, value = part.partition("=")
        if not sign or not field or field in key:
            raise ValueError(name)
        if value.startswith("@"):
            read(value, depth + 1)
            key[field] = value
        else:
            key[field] = re.sub(r"%([0-9A-F]{2})", lambda code: chr(int(code[1], 16)), value)
    return found[1], key


def _parts(text: str) -> list[str]:
    """The text split at commas that are not inside of parentheses."""
    parts, depth, start = [], 0, 0
    for at, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if depth < 0:
            raise ValueError(text)
        if sign == "," and not depth:
            parts.append(text[start:at])
            start = at + 1
    if depth:
        raise ValueError(text)
    return [*parts, text[start:]] if text else []


def is_name(value: Any) -> bool:
    """Whether a value is written as the name of a record."""
    return isinstance(value, str) and value.endswith(")") and _NAME.match(value) is not None
