"""A board: columns of cards that are moved by hand."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.web.viewmodels.parts import Action, Cell, Person


@dataclass(slots=True)
class BoardCard:
    """One record. `lines` are (label, value)."""

    id: int
    url: str
    title: str
    version: int
    lines: list[tuple[str, Cell]] = field(default_factory=list)
    owner: Person | None = None
    colour: str = ""
    stale: str = ""                  # what is said of a card that was left alone too long


@dataclass(slots=True)
class BarPart:
    """A stretch of the thin bar in a column's head: of 100, from where on and how wide."""

    label: str                       # "Overdue: 3"
    colour: str
    start: float
    width: float


@dataclass(slots=True)
class BoardColumn:
    """One column. A folded one keeps its count and holds no cards; `fixed` says why nothing can be dropped there."""

    key: str
    label: str
    count: str = ""
    count_label: str = ""            # "12 records", for the ear
    url: str = ""                    # the list of its records
    colour: str = ""
    total: str = ""
    total_exact: str = ""
    figures: list[tuple[str, str]] = field(default_factory=list)   # label, value: the probability of a stage
    bar: list[BarPart] = field(default_factory=list)
    cards: list[BoardCard] = field(default_factory=list)
    more_url: str = ""               # fragment with further cards (fragments/board_cards.html)
    cards_url: str = ""              # fragment with the first ones
    folded: bool = False
    fixed: str = ""
    create_url: str = ""


@dataclass(slots=True)
class BoardPicker:
    """A choice over the board: which pipeline, by which field."""

    label: str
    options: list[Action]
    icon: str = ""


@dataclass(slots=True)
class Board:
    """The columns, and where moves go. Posted to `move_url`: `id`, `version`, `from`, `to` (keys of columns); answered
    with JSON: `version`, `card` (markup) and `heads` (count and total by column), or 403, 409, 422 with `message`, and with
    409 also `column`, where the card is now. GET `moves_url` with `id` tells {column: {"reason": ..., "url": ...}}."""

    columns: list[BoardColumn]
    move_url: str
    moves_url: str
    fold_url: str
    can_move: bool = False
    pickers: list[BoardPicker] = field(default_factory=list)
    by: str = ""
