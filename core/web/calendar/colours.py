"""The colour of entries: by a choice or link of the record, or by whose they are; and the legend of what was drawn."""

from __future__ import annotations

from typing import Any

from core.env import Env
from core.records.fields import ChoiceField, Field, Link
from core.web.calendar.fields import When
from core.web.people import COLOURS
from core.web.viewmodels import Option

PLAIN = "teal"
PEOPLE, FIELD = "people", "field"
MOST_IN_LEGEND = 12


class Painter:
    """Gives each row its colour and remembers what the colours meant. `by` is "field", "people" or ""."""

    def __init__(self, env: Env, when: When, by: str) -> None:
        self.env, self.when, self.by = env, when, by
        self.seen: dict[tuple[str, str], Option] = {}
        field = when.colour
        self.options = {o.value: (env.t(o.label), o.colour or COLOURS[i % len(COLOURS)])
                        for i, o in enumerate(field.options)} if isinstance(field, ChoiceField) else {}

    def colour(self, row: dict[str, Any], person: int = 0) -> str:
        """The colour of a row, in the column of a person where there is one."""
        field = self.when.colour if self.by == FIELD else self.when.people if self.by == PEOPLE else None
        label, colour = self._meaning(field, row, person) if field is not None else ("", PLAIN)
        if label and len(self.seen) < MOST_IN_LEGEND:
            self.seen.setdefault((label, colour), Option(label, label, colour))
        return colour

    def _meaning(self, field: Field, row: dict[str, Any], person: int) -> tuple[str, str]:
        value = row.get(field.name)
        if field is self.when.people and isinstance(value, list):
            value = next((v for v in value if v.id == person), value[0] if value else None)
        if isinstance(value, Link):
            return value.label or "", COLOURS[value.id % len(COLOURS)]
        return self.options.get(str(value), ("", "grey"))

    def legend(self) -> list[Option]:
        """What the colours that were used mean; nothing where one would learn nothing."""
        return list(self.seen.values()) if len(self.seen) > 1 else []
