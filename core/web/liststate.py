"""Everything a list's address holds: search, criteria, quick filters, order, grouping, columns, size, saved view.

The address alone says what is shown, so it can be shared, bookmarked and gone back to. `s=1` in it means that nothing
else is filled in: without it a list begins with its saved view's settings, or the layout's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from core.layouts import Layout
from core.web.urls import list_url, with_query

SIZES = (20, 40, 80, 200)
SIZE = 80
MOST_COLUMNS = 40
MOST_ORDER = 3
MOST_OPEN = 5
MOST_EXTRA = 20
FILTER = "filter."
BOARD, CALENDAR, FACE, BY, WITHIN = "board", "calendar", "face", "by", "within."
FACES = (BOARD, CALENDAR)
EXTRAS = frozenset({BY, "mode", "date", "people", "colour"})
"""What the address of a face holds besides: how a board is arranged, which days and whose a calendar shows."""


@dataclass(frozen=True)
class ListState:
    """See the module's text. `open` are the keys of opened groups; `show` is "", "archived" or "all";
    `own_columns` says that the address names the columns. `face` is how the records are shown: "" as a list, or one of
    `FACES`, whose address holds in `extra` what it shows."""

    record: str
    view: int = 0
    q: str = ""
    criteria: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    group: str = ""
    columns: tuple[str, ...] = ()
    widths: Mapping[str, int] = field(default_factory=dict)
    size: int = SIZE
    show: str = ""
    open: tuple[str, ...] = ()
    own_columns: bool = False
    face: str = ""
    extra: tuple[tuple[str, str], ...] = ()

    @property
    def path(self) -> str:
        """The address without its query."""
        return f"{list_url(self.record)}/{self.face}" if self.face else list_url(self.record)

    def pairs(self) -> list[tuple[str, str]]:
        """What stands in the address, besides the place in the list."""
        return [("view", str(self.view) if self.view else ""), ("s", "1"), ("q", self.q), ("criteria", self.criteria),
                *((FILTER + k, v) for k, v in self.filters.items()), ("order", ",".join(self.order)),
                ("group", self.group), ("columns", ",".join(self.columns) if self.own_columns else ""),
                ("size", str(self.size) if self.size != SIZE else ""), ("show", self.show), *self.extra]

    def query(self) -> dict[str, str]:
        """The same as a dict, for forms that change one part."""
        return {k: v for k, v in self.pairs() if v}

    def url(self, **changes: Any) -> str:
        """The list's address with some parts changed; `after`, `before` and `open` are given by name too."""
        place = [(k, changes.pop(k)) for k in ("after", "before", "count", "figures") if k in changes]
        opened = changes.pop("open", ())
        changed = replace(self, **changes)
        return with_query(changed.path, [*changed.pairs(), *place, *(("open", o) for o in opened)])

    def with_filter(self, name: str, value: str) -> ListState:
        """The state with one quick filter set, or with "" removed."""
        filters = {k: v for k, v in self.filters.items() if k != name}
        return replace(self, filters={**filters, name: value} if value else filters)

    def kept(self) -> dict[str, Any]:
        """What a saved view keeps: the settings, and whether it was made on the list, on a board of which columns or
        on a calendar (which opens on today)."""
        return {**self.settings(), FACE: self.face, "extra": [list(pair) for pair in self.extra if pair[0] != "date"]}

    def settings(self) -> dict[str, Any]:
        """What is shown, on the list and the board alike."""
        return {"q": self.q, "criteria": self.criteria, "filters": dict(self.filters), "order": list(self.order),
                "group": self.group, "columns": list(self.columns), "widths": dict(self.widths), "show": self.show}


def from_layout(record: str, layout: Layout) -> ListState:
    """The state a list has when nobody said anything."""
    return ListState(record, order=tuple(layout.get("order") or ()), group=layout.get("group_by") or "",
                     columns=layout.field_names(), size=int(layout.get("limit") or SIZE),
                     widths={n.id: n.get("pixels") for n in layout.of_kind("field") if n.get("pixels")})


def face_of(stored: Any) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    """The face that a saved view was made on, with what its address held; None for one from before views knew."""
    if not isinstance(stored, dict) or stored.get(FACE) not in ("", *FACES):
        return None
    pairs = [p for p in stored.get("extra") or () if isinstance(p, list | tuple) and len(p) == 2]
    extra = _sorted((str(name), str(value)) for name, value in pairs)[3] if stored[FACE] else []
    return stored[FACE], tuple(extra[:MOST_EXTRA])


def from_settings(state: ListState, stored: Any) -> ListState:
    """A state with what a saved view keeps; whatever in it has an unexpected form is passed over."""
    if not isinstance(stored, dict):
        return state
    changes: dict[str, Any] = {}
    for name in ("q", "criteria", "group", "show"):
        if isinstance(stored.get(name), str):
            changes[name] = stored[name]
    for name in ("order", "columns"):
        if isinstance(stored.get(name), list) and (stored[name] or name == "order"):
            changes[name] = tuple(str(x) for x in stored[name])
    for name in ("filters", "widths"):
        if isinstance(stored.get(name), dict):
            changes[name] = stored[name]
    return replace(state, **changes)


def is_extra(name: str) -> bool:
    """Whether a name in an address belongs to a face."""
    return name in EXTRAS or name.startswith(WITHIN)


def _sorted(pairs: Iterable[tuple[str, str]]
            ) -> tuple[dict[str, str], dict[str, str], list[str], list[tuple[str, str]]]:
    """What an address holds, by kind: single values, quick filters, opened groups, the board's own."""
    given: dict[str, str] = {}
    filters: dict[str, str] = {}
    opened: list[str] = []
    extra: list[tuple[str, str]] = []
    for name, value in pairs:
        if name.startswith(FILTER):
            if value:
                filters[name[len(FILTER):][:200]] = value[:500]
        elif name == "open":
            opened.append(value[:300])
        elif is_extra(name) and value:
            extra.append((name[:120], value[:120]))
        else:
            given.setdefault(name, value)
    return given, filters, opened, extra


def from_pairs(state: ListState, pairs: Iterable[tuple[str, str]]) -> ListState:
    """A state changed by what an address or a form holds. With `s` the address says everything but the columns."""
    given, filters, opened, extra = _sorted(pairs)
    if given.get("s"):
        state = replace(state, q="", criteria="", filters={}, order=(), group="", show="")
    changes: dict[str, Any] = {"open": tuple(opened[:MOST_OPEN])}
    for name in ("q", "criteria", "group", "show"):
        if name in given:
            changes[name] = given[name]
    if filters:
        changes["filters"] = {**state.filters, **filters}
    for name, most in (("order", MOST_ORDER), ("columns", MOST_COLUMNS)):
        if given.get(name):
            changes[name] = tuple(dict.fromkeys(x for x in given[name].split(",") if x))[:most]
    if given.get(FACE) in FACES:
        changes |= {"face": given[FACE], "extra": tuple(extra[:MOST_EXTRA])}
    changes["own_columns"] = "columns" in changes
    if given.get("size", "").isdecimal() and int(given["size"][:6]) in SIZES:
        changes["size"] = int(given["size"][:6])
    changes["view"] = int(given["view"]) if given.get("view", "").isdecimal() and len(given["view"]) < 19 else 0
    return replace(state, **changes)
