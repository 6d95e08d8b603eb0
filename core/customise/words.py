"""Whether a definition speaks of a field or record type. Names count as whole words: `x_ab` does not speak of `x_a`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

OWN_NAME = re.compile(r"(?<!\w)x[._][a-z0-9]")
"""How the name of an own field or record type begins."""


@dataclass(frozen=True)
class Word:
    """The name of a field or record type (`kind`), as others write it."""

    kind: str
    target: str

    @cached_property
    def about(self) -> str:
        """The record type that is meant, or whose field it is."""
        return self.target if self.kind == "record" else self.target.rpartition(".")[0]

    @cached_property
    def name(self) -> str:
        """What stands in texts: the record type's name, or the field's alone."""
        return self.target if self.kind == "record" else self.target.rpartition(".")[2]

    @cached_property
    def _type(self) -> re.Pattern[str]:
        return re.compile(rf"(?<![\w.]){re.escape(self.about)}(?!\w)")

    @cached_property
    def _field(self) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w){re.escape(self.name)}(?!\w)")

    @cached_property
    def _behind(self) -> re.Pattern[str]:
        return re.compile(rf"\.{re.escape(self.name)}(?!\w)")

    def stands_in(self, value: Any) -> bool:
        """Whether the name is anywhere in a value."""
        word = self._type if self.kind == "record" else self._field
        return any(word.search(text) for text in texts(value))

    def meant_by(self, target: str, data: Any) -> bool:
        """Whether a piece of customising speaks of it: one about the same, or of a record type's field only what is about that
        type, leads to it or comes to the field through a link."""
        if target == self.target:
            return True
        mine = target == self.about or target.startswith((f"{self.about}|", f"{self.about}."))
        if self.kind == "record":
            return mine or self.stands_in(data)
        return self.stands_in(data) and (mine or self._led_to(data))

    def _led_to(self, data: Any) -> bool:
        """Whether data names the record type, or the field at the end of a path (`x_lead.x_code`, or as a list)."""
        if isinstance(data, str):
            return self._type.search(data) is not None or self._behind.search(data) is not None
        if isinstance(data, dict):
            return any(self._led_to(one) for one in data.values())
        return isinstance(data, (list, tuple)) and (self.name in data[1:] or any(self._led_to(one) for one in data))


def texts(value: Any) -> Iterator[str]:
    """All texts in data, keys among them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield str(key)
            yield from texts(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from texts(one)


def speaks_of_own(value: Any) -> bool:
    """Whether an own field or record type stands anywhere in data."""
    return any(OWN_NAME.search(text) for text in texts(value))
