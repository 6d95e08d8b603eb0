"""The page of one record: header, related lists, timeline, files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from core.web.viewmodels.forms import FormPage, Step
from core.web.viewmodels.lists import Column, Row
from core.web.viewmodels.parts import Action, Badge, Cell, Flash, Person


@dataclass(slots=True)
class RelatedList:
    """Records that point to this one."""

    id: str
    label: str
    columns: list[Column] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    count: str = ""
    url: str = ""
    icon: str = ""
    actions: list[Action] = field(default_factory=list)
    empty: str = ""
    lazy_url: str = ""               # when set and rows are empty, fetched when it comes into sight


@dataclass(slots=True)
class Change:
    """One field's change in the history."""

    label: str
    old: str
    new: str


@dataclass(slots=True)
class FileView:
    """One attached file."""

    name: str
    url: str
    size: str = ""
    type: str = ""
    icon: str = "file-earmark"
    thumbnail_url: str = ""
    by: str = ""
    when: str = ""
    delete: Action | None = None


@dataclass(slots=True)
class TimelineEntry:
    """One entry of the timeline. `kind` is note, change, file, mail, call, sms, task, system..."""

    kind: str
    when: str
    when_exact: str = ""
    who: Person | None = None
    title: str = ""
    text: str = ""
    html: str = ""                   # sanitised Markup
    icon: str = ""
    changes: list[Change] = field(default_factory=list)
    files: list[FileView] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    pinned: bool = False
    id: str = ""
    main: Action | None = None       # what one does with it most, as a button
    late: bool = False               # planned, and its time is over


@dataclass(slots=True)
class Timeline:
    """The timeline with its filter and composer."""

    entries: list[TimelineEntry] = field(default_factory=list)
    planned: list[TimelineEntry] = field(default_factory=list)   # what is to come, the next one first
    kinds: list[Action] = field(default_factory=list)
    note_url: str = ""               # POST body=..., file=...; "" when notes are not allowed
    mention_url: str = ""            # lookup of people
    attach: bool = True              # whether files may come with a note
    composers: list[Action] = field(default_factory=list)   # further kinds (call, mail, SMS, task)
    next_url: str = ""
    url: str = ""


@dataclass(slots=True)
class RecordPage:
    """One record: header, form in view mode, related lists and timeline."""

    record: str
    id: int
    title: str
    form: FormPage
    url: str = ""
    subtitle: str = ""
    icon: str = ""
    badges: list[Badge] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    figures: list[Cell] = field(default_factory=list)       # key figures: `title` is the label, `text` the value
    owner: Person | None = None
    owner_action: Action | None = None
    actions: list[Action] = field(default_factory=list)     # first two are shown, the others go in the menu
    menu: list[Action] = field(default_factory=list)
    follow: Action | None = None
    followers: list[Person] = field(default_factory=list)
    previous_url: str = ""
    next_url: str = ""
    position: str = ""               # "3 of 120"
    back_url: str = ""
    related: list[RelatedList] = field(default_factory=list)
    timeline: Timeline | None = None
    files: list[FileView] = field(default_factory=list)
    file_upload_url: str = ""
    notices: list[Flash] = field(default_factory=list)
    created: str = ""                # "by Sara, 3 days ago"
    updated: str = ""
    image_url: str = ""
    links: list[Action] = field(default_factory=list)       # custom links
    blocks: list[Any] = field(default_factory=list)         # Panels beside the timeline
    charts: bool = False             # whether a block may be a chart
    presence_url: str = ""           # where open pages say that they are, and hear who else is


@dataclass(slots=True)
class BusinessCard:
    """What hovering a link shows, and a row on a phone."""

    title: str
    url: str
    subtitle: str = ""
    icon: str = ""
    badges: list[Badge] = field(default_factory=list)
    cells: list[tuple[str, Cell]] = field(default_factory=list)
    person: Person | None = None
    actions: list[Action] = field(default_factory=list)
