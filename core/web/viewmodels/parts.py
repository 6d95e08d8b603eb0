"""The small parts every page is made of: actions, options, badges, people, cells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class Kept:
    """Parts of a page that stay the same for as long as a person comes back to it are drawn once (core/memo.py)."""

    kept: dict[str, str] = field(default_factory=dict)

    def draw(self, name: str, macro: Callable[..., str], *given: object) -> str:
        """A part by its name: as it was drawn before, or as the macro draws it now."""
        if name not in self.kept:
            self.kept[name] = macro(*given)
        return self.kept[name]


@dataclass(slots=True)
class Action:
    """A button, link or menu entry. `kind` says what pressing it does:

    "link" opens `url`; "post" sends a form to `url` with `fields`; "dialog" and "sheet" fetch `url` as a fragment into
    a dialog or side sheet (and open it as a page without scripts); "submit" sends the surrounding form with
    `name=value`; "divider" and "heading" only order a menu.
    """

    label: str
    url: str = ""
    icon: str = ""                   # bootstrap-icons name
    kind: str = "link"
    style: str = ""                  # "primary" | "danger" | "quiet" | "" (ordinary)
    name: str = ""
    value: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    confirm: str = ""                # question asked first
    shortcut: str = ""               # shown beside the label, e.g. "e" or "Ctrl S"
    title: str = ""
    disabled: str = ""               # the reason why it cannot be pressed now
    active: bool = False
    id: str = ""                     # stable id for scripts and tests


@dataclass(slots=True)
class Option:
    """One choice of a picklist, picker or select."""

    value: str
    label: str
    colour: str = ""                 # grey red orange yellow green teal blue violet pink
    icon: str = ""
    selected: bool = False
    disabled: bool = False


@dataclass(slots=True)
class Badge:
    """A short word on a soft tint."""

    label: str
    colour: str = "grey"
    icon: str = ""


@dataclass(slots=True)
class EmptyState:
    """What this is, why it is empty, and the next step."""

    title: str
    text: str = ""
    icon: str = "inbox"
    reason: str = "nothing"          # nothing | filtered | forbidden
    actions: list[Action] = field(default_factory=list)


@dataclass(slots=True)
class Crumb:
    """One step of the breadcrumb."""

    label: str
    url: str = ""


@dataclass(slots=True)
class Flash:
    """A message of the last action, with an optional way back (undo)."""

    text: str
    level: str = "info"              # info | success | warning | error | locked
    action: Action | None = None


@dataclass(slots=True)
class Person:
    """A user as drawn: name, two letters or a picture, and a colour that stays with the person."""

    name: str
    initials: str = ""
    url: str = ""
    image_url: str = ""
    colour: str = "grey"
    detail: str = ""


@dataclass(slots=True)
class Cell:
    """One value as shown. `kind` is the field's type name, or "title" for the record's name.

    `text` is the formatted value; `url` makes it a link; `badges` are for choices and tags; `person` for users;
    `raw` is the plain value for copying (`data-raw`); `edit_url` makes it editable in place.
    """

    kind: str = "text"
    text: str = ""
    url: str = ""
    colour: str = ""                 # of a choice
    title: str = ""                  # shown on hover: exact Rial, absolute time
    dir: str = ""                    # "ltr" for codes, "auto" for user text, "" as the page
    raw: str = ""
    edit_url: str = ""
    name: str = ""                   # field name
    restricted: bool = False         # there is a value this person may not see
    badges: list[Badge] = field(default_factory=list)
    person: Person | None = None
    card: str = ""                   # "record/id" for the business card on hover
    icon: str = ""
    number: float | None = None      # percent and progress: 0 to 100
    checked: bool = False            # flag
    html: str = ""                   # rich text, already sanitised (Markup)
    drawn: str = ""                  # how it was written out, when a page has the same cell often
