"""Forms: fields, sections, errors, and the conflict of two people saving at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from core.web.viewmodels.parts import Action, Cell, Flash, Option


class Reason(str):
    """Why something was refused; `url` (with its `label`) is where that is mended."""

    label = ""
    url = ""


@dataclass(slots=True)
class LineFields:
    """Lines of a form: those shown, and where further ones are."""

    rows: list[list[FieldView]] = field(default_factory=list)
    known: str | None = None         # numbers of the records among them, with commas; None: all lines are sent back
    after: str = ""                  # the place behind the last one, where there are more
    more_url: str = ""
    list_url: str = ""               # the list of all of them


@dataclass(slots=True)
class FieldView:
    """One field of a form. `kind` is the field's type name or a widget's name (password, select, radio, hidden,
    criteria, code).

    Posted names: the field's `name`, and `<name>__currency` for money, `<name>__label` for a link typed but not picked,
    `<name>__remove` for files to take away. A flag is posted as `1` or is absent, `<name>__present=1` goes with it;
    several values repeat the name. `children` (line items) carry `rows` posted as `<name>-<index>-<field>`.
    """

    name: str
    label: str
    kind: str = "text"
    value: Any = ""                  # what the input holds, as text (a list of texts for several values)
    display: Cell | None = None      # how it is read
    help: str = ""
    required: bool = False
    readonly: bool = False
    errors: list[str] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    selected: list[Option] = field(default_factory=list)   # records a link, many or tags field holds now
    attrs: dict[str, str] = field(default_factory=dict)     # maxlength, min, max, step, pattern, autocomplete, rows
    placeholder: str = ""
    prefix: str = ""
    suffix: str = ""                 # %, unit
    currency: str = ""
    currencies: list[Option] = field(default_factory=list)
    lookup_url: str = ""
    within: str = ""                 # fields (their names, with spaces between) whose present value narrows the lookup
    create_url: str = ""             # create in place (quick create sheet)
    edit_url: str = ""               # edit this field in place
    visible_if: str = ""             # JSON trees of the expressions language, evaluated live
    readonly_if: str = ""
    required_if: str = ""
    options_if: str = ""             # JSON: the field that its options hang on, which go with each of its values
    arranges: bool = False           # the form is arranged by its value
    width: int = 1                   # columns of the section it takes
    multiple: bool = False
    columns: list[FieldView] = field(default_factory=list)         # children: the line's fields, empty
    lines: LineFields | None = None                                # children: the lines
    check_url: str = ""              # GET with the value: gives {"message", "level"} while typing (duplicates)

    @property
    def id(self) -> str:
        """The HTML id of its input."""
        return "f-" + self.name.replace(".", "-")


@dataclass(slots=True)
class Section:
    """A titled group of fields."""

    id: str
    label: str = ""
    columns: int = 2
    fields: list[FieldView] = field(default_factory=list)
    help: str = ""
    collapsed: bool = False
    visible_if: str = ""
    tab: str = ""                    # id of the tab it belongs to
    html: str = ""                   # ready markup of a custom section
    panels: list[Any] = field(default_factory=list)   # blocks: Panels drawn in its place


@dataclass(slots=True)
class Tab:
    """A tab of a form or record page, or an entry of a menu of pages; `group` is a heading that stands before it."""

    id: str
    label: str
    count: str = ""
    url: str = ""
    active: bool = False
    icon: str = ""
    group: str = ""


@dataclass(slots=True)
class Step:
    """One stage of the status path. `state` is done, current, todo or lost; `missing` says why it cannot be reached."""

    label: str
    state: str = "todo"
    action: Action | None = None
    missing: str = ""
    colour: str = ""


@dataclass(slots=True)
class FormPage:
    """A form to create or edit one record, or to fill in anything else. `mode` is "create", "edit" or "view"."""

    title: str
    action_url: str
    sections: list[Section] = field(default_factory=list)
    tabs: list[Tab] = field(default_factory=list)
    mode: str = "edit"
    record: str = ""
    record_id: int | None = None
    version: int = 0
    errors: list[str] = field(default_factory=list)   # what is wrong with the whole
    actions: list[Action] = field(default_factory=list)    # save, save and new
    cancel_url: str = ""
    multipart: bool = False
    draft_key: str = ""              # under which an unsaved draft is kept in the browser
    intro: str = ""
    method: str = "post"
    hidden: dict[str, str] = field(default_factory=dict)
    kept: list[tuple[str, str]] = field(default_factory=list)   # inputs of what this arrangement does not show
    arranges: bool = False           # it comes again in another arrangement when some field of it is changed
    warnings: list[Flash] = field(default_factory=list)    # possible duplicates and the like
    conflict: Conflict | None = None
    icon: str = ""


@dataclass(slots=True)
class ConflictField:
    """One field two people changed."""

    name: str
    label: str
    mine: str
    theirs: str
    mine_value: str = ""


@dataclass(slots=True)
class Conflict:
    """Somebody else saved first: shown field by field, nothing is lost."""

    who: str
    when: str
    fields: list[ConflictField] = field(default_factory=list)
    version: int = 0
