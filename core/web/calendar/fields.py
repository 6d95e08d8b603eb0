"""Which fields of a record type say when, whose and in what colour: what its calendar layout names, as its reader may see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from core.env import Env
from core.records.fields import USER, ChoiceField, Field, LinkField, ManyField
from core.registry.compose import RecordType
from core.web.showing import layout_for, resolve


@dataclass(frozen=True)
class When:
    """The fields of a calendar. `start` and `end` are moments or days; `day`, `last_day` and the flag `all_day` are for entries
    of whole days among moments."""

    start: Field
    end: Field | None = None
    day: Field | None = None
    last_day: Field | None = None
    all_day: Field | None = None
    people: Field | None = None
    colour: Field | None = None
    title: str = ""
    card: tuple[str, ...] = ()

    @property
    def timed(self) -> bool:
        """Whether entries have hours."""
        return self.start.type_name == "datetime"

    def placing(self) -> Iterator[Field]:
        """The fields that say when."""
        return (f for f in (self.start, self.end, self.day, self.last_day, self.all_day) if f is not None)


def when_of(env: Env, rtype: RecordType) -> When | None:
    """The calendar of a record type for this reader; None when there is none."""
    layout = layout_for(env, rtype, "calendar")

    def named(prop: str) -> Field | None:
        name = layout.get(prop)
        found = resolve(env, rtype, name) if isinstance(name, str) and "." not in name else None
        return found[1] if found is not None and found[1].stored else None

    start, end, day, last, flag = (named(p) for p in ("start", "end", "day", "last_day", "all_day"))
    if start is None or start.type_name not in ("datetime", "date"):
        return None
    if end is not None and end.type_name != start.type_name:
        end = None
    if start.type_name == "date" or day is None or flag is None:
        day = last = flag = None
    people, colour = named("people"), named("colour")
    if not isinstance(people, (LinkField, ManyField)) or people.target != USER:
        people = None
    if not isinstance(colour, (ChoiceField, LinkField)):
        colour = None
    title = layout.get("title") or rtype.title
    card = tuple(n for n in layout.field_names() if n != title and (found := resolve(env, rtype, n)) and found[1].type_name not in (
        "children", "richtext"))
    return When(start, end, day, last, flag, people, colour, title if resolve(env, rtype, title) else "", card)


def offered(env: Env, rtype: RecordType) -> bool:
    """Whether the type has a calendar."""
    return when_of(env, rtype) is not None


def is_movable(env: Env, rtype: RecordType, when: When) -> bool:
    """Whether this reader may move entries at all."""
    return env.can("update", rtype.name) and all(not f.readonly and env.access.writable(rtype.name, f.name)
                                                 for f in (when.start, when.end) if f is not None)
