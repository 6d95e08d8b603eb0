"""Personal data in a copy of an installation made unreadable, so that it can be given to somebody who tries something.

Every word becomes another one of the same length, script and capitals, every digit another digit: always the same one for
the same word, so that names still match between records, lists still sort, search still finds, and what was unique stays
so. Addresses become ones that nobody has. The key is made for one copy and thrown away: nobody finds the words again.

What is masked follows from the definitions: e-mails, telephone numbers and sensitive values everywhere; all texts of record
types that are about people (which have such fields, an owner or notes); nothing of configuration but addresses in it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import os
import re
from functools import cached_property, lru_cache
from typing import Any

from core.i18n.text import fold
from core.records.fields import AutoNumberField, ChoiceField, Field
from core.records.value_fields import TextField
from core.registry.compose import RecordType
from core.registry.own.names import OWN

PERSONAL = frozenset({"person_name", "first_name", "last_name", "full_name", "national_id", "street", "postal_code", "birth_date",
                      "tax_id", "registration_number", "fax", "mobile", "phone", "email"})
TECHNICAL = re.compile(
    r"(channel|provider|record_type|kind|type|purpose|time_zone|media_type|digest|\w*currency|icon|url|uid|rule|repeat_rule|begins|ends"
    r"|hours|at|from_time|until_time|pattern|closed_from|known_as|official|years|slug|group|batch|\w*_field|target|takes|folder|language"
    r"|sent_folder|template|dedupe|shipped|code|key|external|name_of_\w+)")
"""Names of text fields that hold words of the program, not of people."""
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
NUMBER = re.compile(r"\+?\d[\d ()-]{6,}\d")
_WORD = re.compile(EMAIL.pattern + r"|<[^>]*>|&\w+;|[^\W\d_]+|\d+")
_LATIN = ("bcdfghjklmnprstvz", "aeiou")
_PERSIAN = ("بتجخدرزسشفقکگلمنهپ", "اویا")


class Mask:
    """The words of one copy. Equal for equal words."""

    def __init__(self) -> None:
        self._key = os.urandom(32)
        self.word = lru_cache(200_000)(self._word)

    def _digest(self, text: str) -> bytes:
        return hmac.new(self._key, text.encode(), hashlib.sha512).digest()

    def _word(self, word: str) -> str:
        if word.isdecimal():
            found = str(int.from_bytes(self._digest(word)[:32]))[:len(word)].zfill(len(word))
            return ("1" + found[1:]) if word[0] not in "0۰٠" and found[0] == "0" else found
        consonants, vowels = _LATIN if word.isascii() or word[0] < "\u0600" else _PERSIAN
        digest = self._digest(fold(word)) * (len(word) // 64 + 1)
        made = "".join((vowels if i % 2 else consonants)[b % len(vowels if i % 2 else consonants)]
                       for i, b in zip(range(len(word)), digest, strict=False))
        return made.upper() if word.isupper() and len(word) > 1 else made.capitalize() if word[0].isupper() else made

    def text(self, text: str) -> str:
        """All words and numbers of a text; marks of formatted text stay."""
        return _WORD.sub(self._piece, text)

    def _piece(self, found: re.Match[str]) -> str:
        piece = found[0]
        if "@" in piece and piece[0] != "<":
            return self.email(piece)
        return piece if piece[0] in "<&" else self.word(piece)

    def email(self, address: str) -> str:
        """An address that nobody has."""
        return f"{self._digest(address.strip().lower()).hex()[:12]}@example.com"

    def phone(self, number: str) -> str:
        """A number of the same country and length."""
        kept = 4 if number.startswith("+") else 2
        return number[:kept] + re.sub(r"\d+", lambda found: self.word(found[0]), number[kept:])

    def scrubbed(self, text: str) -> str:
        """A text without the addresses and telephone numbers in it."""
        return NUMBER.sub(lambda f: self.phone(f[0]), EMAIL.sub(lambda f: self.email(f[0]), text))

    def data(self, value: Any) -> Any:
        """Data of unknown form: what reads like words of people is masked, keys and words of the program stay."""
        if isinstance(value, dict):
            return {name: self.data(one) for name, one in value.items()}
        if isinstance(value, list):
            return [self.data(one) for one in value]
        if not isinstance(value, str):
            return value
        scrubbed = self.scrubbed(value)
        return self.text(value) if scrubbed == value and (" " in value or not value.isascii()) else scrubbed


    def every(self, value: Any) -> Any:
        """Data of which nobody knows any more what it was: all its texts."""
        if isinstance(value, dict):
            return {name: self.every(one) for name, one in value.items()}
        if isinstance(value, list):
            return [self.every(one) for one in value]
        return self.text(value) if isinstance(value, str) else value


class Plan:
    """What is masked of one record type."""

    def __init__(self, rtype: RecordType, mask: Mask) -> None:
        self.rtype, self.mask = rtype, mask

    @cached_property
    def personal(self) -> bool:
        """Whether the type is about people; of own types nobody knows, so they are."""
        if self.rtype.addon == OWN:
            return True
        if self.rtype.cls.record_portable is not None:
            return False
        marked = any(f.type_name in ("email", "phone") or f.semantic in PERSONAL for f in self.rtype.fields.values())
        return marked or bool(self.rtype.traits & {"owned", "noted"}) or bool(self.rtype.parent) or self.rtype.remarks

    @cached_property
    def fields(self) -> list[Field]:
        """The stored fields that may hold something personal."""
        return [f for f in self.rtype.fields.values() if f.stored and not f.system and (
            f.sensitive or f.type_name in ("secret", "data", "names") or f.semantic == "birth_date"
            or (isinstance(f, TextField) and not isinstance(f, (AutoNumberField, ChoiceField))))]

    @cached_property
    def _by_name(self) -> dict[str, Field]:
        return {field.name: field for field in self.fields}

    def value(self, field: Field, value: Any, number: int) -> Any:
        """A stored value as the copy has it."""
        if value is None:
            return None
        if field.type_name == "secret" or field.sensitive:
            return None if self.rtype.table.c[field.column_name].nullable else self._instead(value, number)
        if field.semantic == "birth_date":
            return dt.date(value.year, 1, 1)
        if field.type_name in ("data", "names"):
            if field.addon == OWN:
                return self.mask.every(value)
            return self.mask.data(value) if self.personal and self.rtype.addon != "base" else value
        made = self.in_text(field, str(value))
        if field.unique and made != value and field.type_name == "text":  # short words may become the same one
            size = getattr(field, "size", None) or 255
            made = f"{made[:size - len(str(number))]}{number}"
        return made

    def _instead(self, value: Any, number: int) -> Any:
        return hashlib.sha256(f"{number}".encode()).hexdigest()[:len(value)] if isinstance(value, str) else value

    def in_text(self, field: Field, text: str) -> str:
        """A text as the copy has it."""
        if field.type_name == "email":
            return self.mask.email(text)
        if field.type_name == "phone":
            return self.mask.phone(text)
        if field.addon != OWN and (not self.personal or TECHNICAL.fullmatch(field.name) and field.semantic not in PERSONAL):
            return self.mask.scrubbed(text)
        if field.type_name == "url":
            return f"https://{self.mask.email(text).partition('@')[0]}.example.com"
        return self.mask.email(text) if EMAIL.fullmatch(text) else self.mask.text(text)

    def in_history(self, name: str, pair: Any) -> Any:
        """What history says of a field, before and after; of one that is gone all words."""
        field = self._by_name.get(name)
        if field is None or not isinstance(pair, list):
            return pair if name in self.rtype.fields else self.mask.every(pair)
        return [self.in_text(field, one) if isinstance(one, str) else self.mask.data(one) for one in pair]
