"""A list of records: columns, rows, groups, saved views, criteria."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.web.viewmodels.boards import Board
from core.web.viewmodels.calendars import CalendarView
from core.web.viewmodels.parts import Action, Cell, EmptyState, Kept, Option


@dataclass(slots=True)
class Column:
    """One column of a list. `align` is "start", "end" or "centre"; `width` in pixels, 0 for automatic."""

    name: str
    label: str
    type: str = "text"
    sort_url: str = ""               # "" when it cannot be sorted
    sorted: str = ""                 # "" | "asc" | "desc"
    align: str = "start"
    width: int = 0
    pinned: bool = False
    filterable: bool = False
    filter_kind: str = ""            # quick filter: text | number | date | choice | link | flag
    filter_value: str = ""
    filter_options: list[Option] = field(default_factory=list)
    menu: list[Action] = field(default_factory=list)
    total: str = ""
    edit: str = ""                   # name of the field that its cells edit in place: <row's address>/field/<edit>


@dataclass(slots=True)
class Row:
    """One record of a list."""

    id: int
    url: str
    cells: list[Cell]
    selected: bool = False
    version: int = 0
    label: str = ""                  # the record's name, for the check box's name
    muted: bool = False              # archived or in the recycle bin


class Rows(Sequence[Row]):
    """Rows that are made when a theme looks at them; one that lets the core write them (`quick_rows`) never does.

    `lines` gives what `quick_rows` needs, from the tags of the columns' cells and the macro for rare kinds.
    """

    def __init__(self, count: int, make: Callable[[], list[Row]], lines: Callable[..., Iterator[Any]]) -> None:
        self._count, self._make, self.lines = count, make, lines
        self._made: list[Row] | None = None

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: Any) -> Any:
        if self._made is None:
            self._made = self._make()
        return self._made[index]


@dataclass(slots=True)
class RowGroup:
    """A heading of a grouped list; `rows` are empty until opened (`url` opens it, also without scripts)."""

    label: str
    count: str
    url: str
    open: bool = False
    colour: str = ""
    totals: list[str] = field(default_factory=list)   # one per column, "" where none
    rows: Sequence[Row] = field(default_factory=list)
    more_url: str = ""


@dataclass(slots=True)
class ViewTab:
    """One saved view."""

    label: str
    url: str
    active: bool = False
    icon: str = ""
    private: bool = False
    pinned: bool = False
    changed: bool = False            # differs from what is saved
    count: str = ""


@dataclass(slots=True)
class FilterChip:
    """One condition in force: `label` the field, `text` the condition in words."""

    label: str
    text: str
    remove_url: str
    edit_path: str = ""              # path the criteria builder opens at


@dataclass(slots=True)
class CriteriaField:
    """One field the criteria builder offers. `operators` are (operator, label, argument) with argument one of
    "none", "one", "two", "many"."""

    path: str
    label: str
    type: str
    operators: list[tuple[str, str, str]] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    lookup_url: str = ""
    group: str = ""


@dataclass(slots=True)
class ListPage(Kept):
    """A list of records. `criteria_json` is the criteria in force as the expressions' JSON tree ("" for none).

    Form field names posted by it: `q` (search), `criteria`, `filter.<column>`, `order`, `group`, `columns`
    (comma-separated, in order), `ids` (repeated) or `all=1` for everything that matches, `csrf_token`.
    """

    record: str
    title: str
    url: str                         # the list's own address, without query
    columns: list[Column] = field(default_factory=list)
    rows: Sequence[Row] = field(default_factory=list)
    groups: list[RowGroup] = field(default_factory=list)
    query: dict[str, str] = field(default_factory=dict)   # what the address holds, kept by the search form
    all_columns: list[Option] = field(default_factory=list)
    columns_url: str = ""            # POST: columns=..., widths=name:px,...
    icon: str = ""
    tabs: list[ViewTab] = field(default_factory=list)
    view_actions: list[Action] = field(default_factory=list)      # save, save as, rename, share, pin, delete
    switches: list[Action] = field(default_factory=list)          # list / board / chart
    chips: list[FilterChip] = field(default_factory=list)
    clear_url: str = ""
    criteria_json: str = ""
    criteria_fields: list[CriteriaField] = field(default_factory=list)
    group_by: str = ""
    group_options: list[Action] = field(default_factory=list)
    sort_options: list[Action] = field(default_factory=list)
    search_text: str = ""
    count_text: str = ""
    count_url: str = ""              # the list with its exact count
    count_later: str = ""            # the count is fetched from here after the page (fragments/count.html)
    range_text: str = ""
    next_url: str = ""
    previous_url: str = ""
    page_sizes: list[Action] = field(default_factory=list)
    bulk_actions: list[Action] = field(default_factory=list)
    bulk_url: str = ""
    more_actions: list[Action] = field(default_factory=list)      # import, export, recycle bin
    empty: EmptyState | None = None
    can_create: bool = False
    can_edit: bool = False
    can_select: bool = True
    create_url: str = ""
    notice: str = ""
    board: Board | None = None       # instead of columns and rows (board.html)
    calendar: CalendarView | None = None   # the same (calendar.html)
    figures_url: str = ""            # figures over the whole list, fetched after the page (fragments/figures.html)
