"""Guessing which column belongs to which field: by what the column is called and by what is in it.

    for guess in guess_mapping(table.headers, table.sample(50), fields):
        guess.column, guess.field, guess.confidence, guess.reason

The labels of the field and the many ways of writing its meaning (see :mod:`core.exchange.synonyms`) are compared with
the headers; contents that contradict the field's type lower a guess, contents that prove it raise it. The surest pair
is settled first and each field is used once. A guess below `SURE` is shown to the person as a question.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rapidfuzz import fuzz, process

from core.exchange.fields import ImportField
from core.exchange.looks import Look, look_of
from core.exchange.synonyms import FIELD_NAMES, SYNONYMS
from core.i18n.messages import Message, _
from core.i18n.text import fold

SURE = 0.75
ENOUGH = 0.5
_WORDS = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NUMBER_END = re.compile(r" \(\d+\)$")
_ADDRESS = {"street", "street_2", "city", "state", "country", "postal_code", "district"}
# What the words around a part of an address say: the kind of address, not another field.
_SIDE_WORDS = frozenset({"other", "shipping", "secondary", "alternate", "assistant", "asst", "second", "home"})


@dataclass(frozen=True, slots=True)
class Guess:
    """Column number `column` (0-based) seems to be the field `field`; `reason` says by what."""

    column: int
    field: str
    confidence: float
    reason: Message


@dataclass(frozen=True, slots=True)
class _Names:
    """All known ways to write one field, folded and squeezed; the sure ones are its own labels."""

    field: ImportField
    semantic: str
    sure: frozenset[str]
    known: frozenset[str]


def squeeze(text: str) -> str:
    """The words of a header without case, accents, punctuation and spaces: `E-Mail_Address` is `emailaddress`."""
    return "".join(_words(text))


def _words(text: str) -> list[str]:
    plain = _NUMBER_END.sub("", text)
    return _WORDS.findall(fold(_CAMEL.sub(" ", plain) if plain.isascii() else plain).replace(".", " "))


@lru_cache(maxsize=512)
def _squeezed_synonyms(semantic: str) -> frozenset[str]:
    return frozenset(squeeze(text) for text in SYNONYMS.get(semantic, ()))


def semantic_of(field: ImportField) -> str:
    """The key of the field's meaning: the one it names, or its own name's."""
    return field.semantic or FIELD_NAMES.get(field.name, field.name)


def guess_mapping(headers: Sequence[str], sample_rows: Sequence[Sequence[Any]], fields: Sequence[ImportField],
                  remembered: Mapping[str, str] | None = None) -> list[Guess]:
    """The likely field of each column, in the order of the columns; a column without one is left out.

    `remembered` are earlier decisions of this installation: header (squeezed by :func:`squeeze`) to field name.
    """
    names = [_names_of(field) for field in fields]
    scored: list[Guess] = []
    for column, header in enumerate(headers):
        look = look_of([row[column] for row in sample_rows if column < len(row)])
        learnt = (remembered or {}).get(squeeze(header))
        scored += [guess for one in names if (guess := _score(column, header, look, one, learnt)) is not None]
    return _settle(scored)


def _names_of(field: ImportField) -> _Names:
    semantic = semantic_of(field)
    sure = {squeeze(text) for text in (*field.all_labels(), field.name, *field.aliases)}
    return _Names(field, semantic, frozenset(sure - {""}), _squeezed_synonyms(semantic) | sure - {""})


def _settle(scored: list[Guess]) -> list[Guess]:
    """The surest first; each column and each field once."""
    columns: set[int] = set()
    used: set[str] = set()
    settled = []
    for guess in sorted(scored, key=lambda one: (-one.confidence, one.column)):
        if guess.column not in columns and guess.field not in used and guess.confidence >= ENOUGH:
            columns.add(guess.column)
            used.add(guess.field)
            settled.append(guess)
    return sorted(settled, key=lambda one: one.column)


def _score(column: int, header: str, look: Look, names: _Names, learnt: str | None) -> Guess | None:
    field = names.field
    if learnt == field.name:
        return Guess(column, field.name, 1.0, _("Chosen in an earlier import."))
    confidence, reason = _by_name(header, names)
    share = look.share_for(field.type, names.semantic)
    if confidence:
        if share is not None:
            confidence *= 0.55 + 0.45 * share
        return Guess(column, field.name, round(confidence, 3), reason) if confidence >= ENOUGH else None
    if share is not None and share >= 0.8 and (proof := _BY_LOOK.get(names.semantic)) and look.proves(names.semantic):
        known = _known_elsewhere(header)
        return None if known else Guess(column, field.name, round(0.5 + 0.15 * share, 3), proof(share))
    return None


def _by_name(header: str, names: _Names) -> tuple[float, Message]:
    words = _words(header)
    squeezed = "".join(words)
    if not squeezed or header.startswith("("):
        return 0.0, Message("")
    if squeezed in names.sure:
        return 1.0, _("The column has the name of the field.")
    if squeezed in names.known:
        return 0.95, _("The column's name is a usual one for this field.")
    if _known_elsewhere(header):
        return 0.0, Message("")
    inner = _by_part(words, names)
    if inner:
        return inner, _("The column's name contains that of the field.")
    best = process.extractOne(squeezed, names.known, scorer=fuzz.ratio, score_cutoff=84)
    if best and len(squeezed) >= 4:
        return best[1] / 100 * 0.85, _("The column's name is like that of the field.")
    return 0.0, Message("")


def _by_part(words: Sequence[str], names: _Names) -> float:
    """A header of several words ("Primary e-mail of contact", "Billing City") that contains a known name."""
    if len(words) < 2 or len(words) > 7 or _SIDE_WORDS & set(words):
        return 0.0
    best = 0.0
    for start in range(len(words)):
        for end in range(start + 1, len(words) + 1):
            part = "".join(words[start:end])
            if len(part) >= 3 and part in names.known and end - start < len(words):
                cover = len(part) / sum(map(len, words))
                at_edge = 0.1 if end == len(words) or start == 0 else 0.0
                best = max(best, 0.45 + 0.3 * cover + at_edge)
    return best


@lru_cache(maxsize=4096)
def _known_elsewhere(header: str) -> bool:
    """Whether the header is exactly the usual name of some meaning: then it is not a misspelling of another."""
    return squeeze(header) in _all_known()


@lru_cache(maxsize=1)
def _all_known() -> frozenset[str]:
    return frozenset().union(*(_squeezed_synonyms(semantic) for semantic in SYNONYMS))


_BY_LOOK: Mapping[str, Callable[[float], Message]] = {
    "email": lambda share: _("{percent} % of the cells are e-mail addresses.", percent=round(share * 100)),
    "mobile": lambda share: _("{percent} % of the cells are mobile numbers.", percent=round(share * 100)),
    "phone": lambda share: _("{percent} % of the cells are phone numbers.", percent=round(share * 100)),
    "website": lambda share: _("{percent} % of the cells are web addresses.", percent=round(share * 100)),
    "national_id": lambda share: _("{percent} % of the cells are national numbers.", percent=round(share * 100)),
}
