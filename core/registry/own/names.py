"""Names, words and other values of own definitions, read from data that anybody may have written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from core.errors import DefinitionError, SarnakhError
from core.i18n.messages import Words, _
from core.i18n.text import clean
from core.schema.ledger import OWN as OWN

NAMESPACE = f"{OWN}."
"""What the names of own record types begin with."""
COLOURS = ("grey", "red", "orange", "amber", "yellow", "green", "teal", "blue", "violet", "purple", "pink")
MOST_LETTERS = 120
MOST_HELP = 500
_TYPE = re.compile(r"x\.[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_FIELD = re.compile(r"x_[a-z0-9]+(?:_[a-z0-9]+)*")
_RECORD = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
_KEY = re.compile(r"[a-z0-9][a-z0-9_.-]{0,59}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?")
_TAKEN = ("_fts", "_x_")


def type_name(target: str) -> str:
    """The name of an own record type; DefinitionError for what cannot be one."""
    if not _TYPE.fullmatch(target) or len(target) > 42 or any(part in f"{target}_" for part in _TAKEN):
        raise DefinitionError(_("“{name}” cannot name a record type: write x. and small Latin letters, digits and _, at most 40."),
                              name=shown(target))
    return target


def split_field(target: str) -> tuple[str, str]:
    """Record type and field of a target such as `leads.lead.x_region`."""
    record, _dot, name = target.rpartition(".")
    if not _RECORD.fullmatch(record) or not _FIELD.fullmatch(name) or len(name) > 40 or len(record) > 80:
        raise DefinitionError(
            _("“{name}” cannot name a field: write the record type, a dot, x_ and small Latin letters, digits and _, at most 40."),
            name=shown(target))
    return record, name


def split_rule(target: str) -> tuple[str, str]:
    """Record type and key of a target such as `leads.lead|national_id`."""
    record, _bar, key = target.partition("|")
    if not _RECORD.fullmatch(record) or not _KEY.fullmatch(key):
        raise DefinitionError(_("“{name}” cannot name a rule: write the record type, | and a short key."), name=shown(target))
    return record, key


def shown(value: Any) -> str:
    """A given value as a message may repeat it."""
    return clean(str(value))[:60]


def mapping(value: Any, where: str, known: Iterable[str]) -> dict[str, Any]:
    """Data as a dict without unknown keys."""
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise DefinitionError(_("{where}: an object with keys is wanted."), where=where)
    allowed = set(known)
    for key in value:
        if key not in allowed:
            raise DefinitionError(_("{where}: “{key}” is not known here; allowed: {allowed}"), where=where, key=shown(key),
                                  allowed=", ".join(sorted(allowed)))
    return value


def text_of(data: Mapping[str, Any], key: str, where: str, default: str = "", most: int = 200) -> str:
    """A text without control characters, or the default."""
    value = data.get(key)
    if value is None:
        return default
    if not isinstance(value, str) or len(value) > most:
        raise DefinitionError(_("{where}: “{key}” is a text of at most {most} characters."), where=where, key=key, most=most)
    return clean(value)


def flag_of(data: Mapping[str, Any], key: str, where: str, default: bool = False) -> bool:
    """True or False."""
    value = data.get(key, default)
    if not isinstance(value, bool):
        raise DefinitionError(_("{where}: “{key}” is true or false."), where=where, key=key)
    return value


def whole_of(data: Mapping[str, Any], key: str, where: str, low: int, high: int) -> int | None:
    """A whole number within bounds; None when there is none."""
    value = data.get(key)
    if value is None:
        return None
    if type(value) is not int or not low <= value <= high:
        raise DefinitionError(_("{where}: “{key}” is a whole number from {low} to {high}."), where=where, key=key, low=low, high=high)
    return value


def names_of(data: Mapping[str, Any], key: str, where: str, most: int = 50) -> list[str]:
    """A list of names."""
    value = data.get(key) or []
    if not isinstance(value, (list, tuple)) or len(value) > most or not all(isinstance(one, str) and len(one) <= 120 for one in value):
        raise DefinitionError(_("{where}: “{key}” is a list of names."), where=where, key=key)
    return list(value)


def words_of(data: Mapping[str, Any], key: str, where: str, instead: str = "", most: int = MOST_LETTERS) -> Words | str:
    """Text by language as a message; `instead` where there is none at all."""
    value = data.get(key) or {}
    if not isinstance(value, dict):
        raise DefinitionError(_("{where}: “{key}” has a text for each language."), where=where, key=key)
    found: dict[str, str] = {}
    for lang, text in value.items():
        if not isinstance(lang, str) or not _LANGUAGE.fullmatch(lang) or not isinstance(text, str) or len(text) > most:
            raise DefinitionError(_("{where}: “{key}” has a text of at most {most} characters for each language."), where=where,
                                  key=key, most=most)
        found[lang] = clean(text)
    known = {lang: text for lang, text in found.items() if text}
    return Words(known, instead) if known else instead


def one_of(data: Mapping[str, Any], key: str, where: str, allowed: Iterable[str], default: str) -> str:
    """One of a few words."""
    value = data.get(key) or default
    known = list(allowed)
    if value not in known:
        raise DefinitionError(_("{where}: “{key}” is one of {allowed}."), where=where, key=key, allowed=", ".join(known))
    return str(value)


def place(error: SarnakhError, where: str) -> SarnakhError:
    """The same error, saying where it arose."""
    return DefinitionError(_("{where}: {reason}", where=where, reason=error.message))
