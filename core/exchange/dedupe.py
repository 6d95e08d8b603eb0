"""Finding the same person or company twice: normalised keys, and a memory of the keys seen in a file.

A policy is a list of alternatives, each one or more fields that have to agree together:
`MatchPolicy((("email",), ("mobile",), ("name", "company")))` says that two rows are the same when their addresses,
their mobiles, or both their names and companies are. A row without a value for one of the fields has no such key.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from core.exchange.fields import Lookup, Several
from core.i18n.text import fold, latin_digits

_NON_WORD: Final = re.compile(r"[\W_]+")
_LEGAL_FORMS: Final = re.compile(
    r"^(?:شرکت|موسسه) (?=.)|(?<=.) (?:سهامی خاص|سهامی عام|با مسولیت محدود|با مسیولیت محدود|co ltd|company limited|"
    r"ltd sti|limited sirketi|anonim sirketi|ltd|llc|inc|gmbh|a s|as|co|corp|corporation|company|limited)$")
_TITLES: Final = re.compile(r"^(?:اقای|اقا|خانم|سرکار خانم|جناب اقای|دکتر|مهندس|mr|mrs|ms|dr|sayin|bay|bayan) (?=.)")


@dataclass(frozen=True, slots=True)
class MatchPolicy:
    """Which fields tell that two rows are the same (alternatives of fields that agree together).

    `kinds` says how a field is normalised ("email", "phone", "url", "person", "company", "code" or "text"); a field
    not named there is compared as text.
    """

    alternatives: Sequence[Sequence[str]]
    kinds: Mapping[str, str] = field(default_factory=dict)


def keys(row: Mapping[str, Any], policy: MatchPolicy) -> list[tuple[int, str]]:
    """The match keys of a row of converted values: (number of the alternative, normalised text)."""
    found = []
    for number, names in enumerate(policy.alternatives):
        parts = [normalised(row.get(name), policy.kinds.get(name, "text")) for name in names]
        if parts and all(parts):
            found.append((number, "\x1f".join(parts)))
    return found


def normalised(value: Any, kind: str = "text") -> str:
    """A value without what does not tell two apart; "" when nothing is left."""
    if value is None:
        return ""
    if isinstance(value, Several):
        value = value.first
    elif isinstance(value, Lookup):
        value = value.text
    text = str(value)
    if kind == "email":
        return _email(text)
    if kind == "phone":
        return _phone(text)
    if kind == "url":
        return _host(text)
    if kind == "code":
        return _NON_WORD.sub("", fold(text))
    words = _NON_WORD.sub(" ", fold(text)).strip()
    if kind == "company":
        return _stripped(_LEGAL_FORMS, words)
    if kind == "person":
        return _stripped(_TITLES, words)
    return words


def _email(text: str) -> str:
    """Lower case; the part behind a plus is the same letter box."""
    local, at, domain = latin_digits(text).strip().lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}" if at and local else ""


def _phone(text: str) -> str:
    number = latin_digits(text).partition(";")[0]
    digits = re.sub(r"\D", "", number)
    return "+" + digits if number.lstrip().startswith("+") else digits.lstrip("0")


def _host(text: str) -> str:
    try:
        host = urlsplit(text if "://" in text else "https://" + text).hostname or ""
    except ValueError:
        return fold(text)
    return host.removeprefix("www.")


def _stripped(pattern: re.Pattern[str], words: str) -> str:
    """Without legal forms or titles, as often as there are some; never empty."""
    shorter = pattern.sub("", words).strip()
    return _stripped(pattern, shorter) if shorter and shorter != words else words


class SeenKeys:
    """Which keys occurred before in this file, and in which row; about 100 bytes a key, whatever the texts are.

    Only 64-bit hashes are kept, so two different keys are taken for one with a chance of one in 3 * 10^7 among a
    million keys. They are Python's own, salted for each process: nobody can make a file of keys that collide.
    """

    def __init__(self) -> None:
        self._rows: dict[int, int] = {}

    def check(self, found: Sequence[tuple[int, str]], row: int) -> int | None:
        """The first earlier row with one of these keys (None when there is none), remembering them for `row`."""
        earlier: int | None = None
        for key in found:
            known = self._rows.setdefault(hash(key), row)
            if known != row and (earlier is None or known < earlier):
                earlier = known
        return earlier

    def find(self, found: Sequence[tuple[int, str]]) -> int | None:
        """The first earlier row with one of these keys, remembering nothing."""
        return min((self._rows[key] for key in map(hash, found) if key in self._rows), default=None)

    def __len__(self) -> int:
        return len(self._rows)


def duplicates(rows: Iterator[Mapping[str, Any]], policy: MatchPolicy) -> Iterator[tuple[int, int]]:
    """(row, earlier row) for every row that repeats another, by their positions in the iterator."""
    seen = SeenKeys()
    for number, row in enumerate(rows):
        if (earlier := seen.check(keys(row, policy), number)) is not None:
            yield number, earlier
